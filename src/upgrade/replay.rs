//! Recorded traffic, held against both contracts: what of it uses what differs, and what keeps the older contract and
//! breaks the newer.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::link::Link;
use super::usage::{Recorded, Usage, Uses};
use super::{Compared, Comparison, Models};
use crate::check::{Catalog, Input, Judged, Onlooker, Options, run};
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::finding::{Finding, Location, Severity};
use crate::gate::{Broken, Replay, Tally};
use crate::rules;
use crate::text::place;

/// Recorded traffic, and how to weigh by it.
pub struct Traffic<'a> {
    /// Files and folders.
    pub paths: &'a [PathBuf],
    /// What a difference weighs at most that no exchange has anything of; as ever without it.
    pub unused_as: Option<Severity>,
    /// Threads; 0 is one for each processor.
    pub threads: usize,
    /// Called with the bytes of each piece that was read. Everything is read twice.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// The rule on what cannot be read.
const MALFORMED: &str = "malformed-recording";

/// Exchanges by their place, with the operation that the older contract knows and what the newer finds in them.
type Found = BTreeMap<Location, (String, Vec<Finding>)>;

/// Says of each difference in how many exchanges what it is about occurs, and which exchanges the upgrade breaks.
///
/// # Errors
/// A path is not there, a model cannot be read, or no exchange of the services compared was read.
pub fn replay(
    old: &Models,
    new: &Models,
    comparison: &mut Comparison,
    traffic: &Traffic<'_>,
) -> Result<(Replay, Tally)> {
    let [older, newer] = [old, new].map(Models::catalog);
    let before = Before::default();
    let services: BTreeSet<String> = comparison.services.iter().map(|one| one.service.clone()).collect();
    let is_compared = |judged: &Judged<'_>| services.contains(&judged.contract.service().name);
    let (tally, unreadable) = read(&older, traffic, &|judged| {
        // A recording that does not name its service may be of any; without the operation it is of another.
        let is_known = judged.contract.service().operations.contains_key(&*judged.exchange.operation);
        if is_compared(judged) && is_known {
            before.add(judged);
        }
        Ok(())
    })?;
    let Before { usage, sound, broken } = before;
    let (usage, sound_before, broken_before) = (inner(usage), inner(sound), inner(broken));
    let exchanges = services.iter().map(|service| usage.of_service(service)).sum();
    if exchanges == 0 {
        let names = services.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
        let told = format!("no exchange of the services compared ({names}) was read in the traffic");
        return Err(Error::new(told + &why(&unreadable)).remedy(
            "`shapegate list --model SOURCE PATH` shows what the files hold; without traffic leave --traffic out.",
        ));
    }
    let found = Mutex::new(Found::new());
    read(&newer, traffic, &|judged| {
        let errors = errors(judged);
        if let Some(operation) =
            sound_before.get(&judged.location).filter(|_| is_compared(judged) && !errors.is_empty())
        {
            let broken = (operation.clone(), errors);
            found.lock().unwrap_or_else(PoisonError::into_inner).insert(judged.location.clone(), broken);
        }
        Ok(())
    })?;
    let broken_by_it = explained([&older, &newer], comparison, inner(found))?;
    let downgraded = weigh(comparison, &usage, traffic.unused_as);
    Ok((Replay { exchanges, broken_before, broken_by_it, downgraded, unreadable }, tally))
}

/// What traffic is like by the older contract.
#[derive(Default)]
struct Before {
    usage: Mutex<Usage>,
    /// Where exchanges stand that keep it, with their operations.
    sound: Mutex<HashMap<Location, String>>,
    /// How many do not.
    broken: Mutex<usize>,
}

impl Before {
    fn add(&self, judged: &Judged<'_>) {
        let uses = Uses::of(judged);
        self.usage.lock().unwrap_or_else(PoisonError::into_inner).add(uses);
        if errors(judged).is_empty() {
            let operation = judged.exchange.operation.to_string();
            self.sound.lock().unwrap_or_else(PoisonError::into_inner).insert(judged.location.clone(), operation);
        } else {
            *self.broken.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        }
    }
}

fn inner<T>(of: Mutex<T>) -> T {
    of.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn errors(judged: &Judged<'_>) -> Vec<Finding> {
    judged.findings.iter().filter(|finding| finding.severity == Severity::Error).cloned().collect()
}

/// Shows the traffic to `onlooker`; what cannot be read of it comes back with the tally.
fn read(catalog: &Catalog, traffic: &Traffic<'_>, onlooker: &Onlooker<'_>) -> Result<(Tally, Vec<Finding>)> {
    let options = Options {
        catalog,
        // What the traffic should have beyond its types is the same before and after.
        expectations: &Expectations::default(),
        format: None,
        service: None,
        operations: &[],
        threads: traffic.threads,
        list: false,
        progress: traffic.progress,
        onlooker: Some(onlooker),
    };
    let inputs = traffic.paths.iter().cloned().map(Input::Path).collect();
    let mut checked = run(inputs, &options)?;
    checked.findings.retain(|finding| finding.rule == MALFORMED && finding.severity == Severity::Error);
    Ok((checked.tally, checked.findings))
}

/// What kept traffic from being read, as the end of a sentence.
fn why(unreadable: &[Finding]) -> String {
    let Some(first) = unreadable.first() else { return String::new() };
    format!("; {} cannot be: {}", place(&first.location), rules::message(first))
}

/// Puts each broken exchange down to the differences that break it, and shows it with these.
fn explained([before, after]: [&Catalog; 2], comparison: &mut Comparison, found: Found) -> Result<Vec<Broken>> {
    let mut all = Vec::new();
    for (operation, findings) in found.into_values() {
        let service = findings.first().and_then(|finding| finding.service.clone()).unwrap_or_default();
        let (Some(old), Some(new)) = (before.contract(&service)?, after.contract(&service)?) else { continue };
        let link = Link([old.service(), new.service()]);
        let compared = comparison.services.iter_mut().find(|one| one.service == service);
        let by = compared.map_or_else(Vec::new, |compared| put_down(compared, &findings, &operation, link));
        let more = findings.len().saturating_sub(1);
        all.extend(findings.into_iter().next().map(|finding| Broken { finding, more, by }));
    }
    Ok(all)
}

/// The difference that each finding of an exchange comes from, by its fingerprint. Each is shown with the first exchange
/// that it breaks.
fn put_down(compared: &mut Compared, findings: &[Finding], operation: &str, link: Link<'_>) -> Vec<Option<String>> {
    let mut by = Vec::new();
    for broken in findings {
        let changes = compared.differences.iter().zip(&compared.findings).enumerate();
        let near = changes.filter_map(|(at, change)| Some((link.explains(change, broken, operation)?, at)));
        let Some((_, at)) = near.min() else {
            by.push(None);
            continue;
        };
        let top = compared.under[at].unwrap_or(at);
        for index in [at, top] {
            let values = &mut compared.findings[index].values;
            // What was recorded shows more than what was generated.
            if values.get("witness").is_none_or(|known| known.get("recorded").is_none()) {
                values.insert("witness", witness(broken));
            }
        }
        by.push(Some(compared.findings[top].fingerprint().to_string()));
    }
    by
}

/// A recorded exchange that keeps the older contract and breaks the newer, as a value of the difference that breaks it.
fn witness(broken: &Finding) -> Value {
    let Location { file, position, entry } = &broken.location;
    json!({
        "recorded": {"file": file, "line": position.map(|(line, _)| line), "column": position.map(|(_, column)| column),
            "entry": entry},
        "operation": broken.operation,
        "pointer": broken.pointer,
        "rule": broken.rule,
        "message": rules::message(broken),
    })
}

/// Notes with each difference in how many exchanges it occurs, where the traffic can tell; how many weigh less because
/// it is none.
fn weigh(comparison: &mut Comparison, usage: &Usage, unused_as: Option<Severity>) -> usize {
    let mut downgraded = 0;
    for compared in &mut comparison.services {
        let of = usage.of_service(&compared.service);
        for (difference, finding) in compared.differences.iter().zip(&mut compared.findings) {
            let Some(recorded) = usage.of(&compared.service, difference) else { continue };
            if let Some(most) = unused_as.filter(|most| recorded.exchanges == 0 && finding.severity > *most) {
                finding.severity = most;
                downgraded += 1;
            }
            let Recorded { what, exchanges } = recorded;
            finding.values.insert("recorded", json!({"what": what, "exchanges": exchanges, "of": of}));
        }
    }
    downgraded
}

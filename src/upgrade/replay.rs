//! Recorded traffic, read once and held against both contracts: what of it uses what differs, and what breaks the newer contract where it
//! kept the older.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::path::PathBuf;

use super::link::Link;
use super::standing::{After, Before, Breakage, Fates, Shared, fates};
use super::usage::Usage;
use super::{Compared, Comparison, Models, Options, each, question};
#[cfg(feature = "generate")]
use super::{pool, witness};
use crate::check::{self, Catalog, Input, Naming, Onlooker, ServiceOfPaths, run_each};
use crate::diff::Difference;
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::finding::{Finding, Location, Note, Witness};
use crate::limits::Limits;
use crate::outcome::{Broken, Replay, Tally};
use crate::recording::{Filter, Format};
use crate::text::plural;
#[cfg(feature = "generate")]
use rayon::iter::{IntoParallelRefMutIterator as _, ParallelIterator as _};

/// Recorded traffic, and how to weigh by it.
pub struct Traffic<'a> {
    /// Files and folders.
    pub paths: &'a [PathBuf],
    /// Threads; 0 is one for each processor.
    pub threads: usize,
    /// What is left out below folders.
    pub filter: &'a Filter,
    /// How large what is read may be.
    pub limits: Limits,
    /// Reads every file in this format instead of recognising it.
    pub format: Option<&'static dyn Format>,
    /// Operations of single responses that nothing names.
    pub operations: &'a [Naming],
    /// Services of recordings that do not name theirs, by path.
    pub services: &'a [ServiceOfPaths],
    /// Whether services without traffic are compared as well.
    pub all_services: bool,
    /// Called with the bytes of each piece that was read.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

impl fmt::Debug for Traffic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traffic").field("paths", &self.paths).finish_non_exhaustive()
    }
}

/// What recorded traffic says of an upgrade.
#[derive(Debug, Default)]
pub struct Replayed {
    /// How it stands by both contracts.
    pub replay: Replay,
    /// What was read.
    pub tally: Tally,
    /// Parts that cannot be read, so that they say nothing.
    pub unreadable: Vec<Finding>,
}

/// Compares what recorded traffic uses: says of each difference in how many exchanges its subject occurs, and which
/// exchanges the upgrade breaks. Services without traffic are compared where they are named, or all are asked for.
///
/// # Errors
/// A path is not there, a model cannot be read, or no exchange of the services in question was read.
pub fn replay(
    old: &Models,
    new: &Models,
    options: &Options<'_>,
    traffic: &Traffic<'_>,
) -> Result<(Comparison, Replayed)> {
    let [older, newer] = [old, new].map(Models::catalog);
    let mut services = question::services(old, new, options.services)?;
    let (before, after) = (Shared::<Before>::default(), Shared::<HashMap<Location, After>>::default());
    let (tally, unreadable) = read([&older, &newer], traffic, &|judged| {
        if std::ptr::eq(judged.catalog, std::ptr::from_ref(&older)) {
            Before::note(&before, judged, &services);
        } else {
            after.with(|after| drop(after.insert(judged.location.clone(), After::of(judged))));
        }
        Ok(())
    })?;
    let Before { usage, calls, broken: broken_before, not_compared } = before.into_inner();
    let exchanges = services.iter().map(|service| usage.of_service(service)).sum();
    if exchanges == 0 {
        return Err(nothing(&services, options.services, traffic, &tally, &unreadable));
    }
    let mut without_traffic = Vec::new();
    if options.services.is_empty() && !traffic.all_services {
        let is_unused = |service: &String| usage.of_service(service) == 0;
        without_traffic.extend(services.iter().filter(|service| is_unused(service)).cloned());
        services.retain(|service| !is_unused(service));
    }
    let mut comparison = each(old, new, services, &Options { witnesses: false, ..*options })?;
    let Fates { broken, mended, undecided } = fates(calls, after.into_inner(), &newer)?;
    let broken_by_it = explained([&older, &newer], &mut comparison, broken)?;
    note_usage(&mut comparison, &usage);
    if options.witnesses {
        #[cfg(feature = "generate")]
        find_witnesses([&older, &newer], &mut comparison, options.threads)?;
    }
    let replay = Replay {
        exchanges,
        broken_before,
        mended,
        broken_by_it,
        unlisted: 0,
        undecided,
        not_compared,
        without_traffic,
    };
    Ok((comparison, Replayed { replay, tally, unreadable }))
}

/// Why there is nothing to weigh by. `named` are the services that were asked for, of those compared.
fn nothing(
    services: &BTreeSet<String>,
    named: &[String],
    traffic: &Traffic<'_>,
    tally: &Tally,
    unreadable: &[Finding],
) -> Error {
    let remedy = "`shapegate list --model SOURCE PATH` shows what the files hold; without traffic leave --traffic out.";
    let paths: Vec<String> = traffic.paths.iter().map(|path| path.display().to_string()).collect();
    let paths = paths.join(", ");
    let told = if tally.recordings == 0 && unreadable.is_empty() {
        let skipped = match tally.skipped.len() {
            0 => String::new(),
            some => format!(" ({} skipped)", plural(some, "file")),
        };
        format!("no recorded traffic was found in {paths}{skipped}")
    } else if named.is_empty() && services.len() > NAMED {
        format!("no exchange in {paths} is of a service that is compared")
    } else {
        let first = services.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let more = if services.len() > NAMED { ", …" } else { "" };
        format!("no exchange of the services compared ({first}{more}) was read in {paths}")
    };
    Error::new(told + &why(unreadable)).remedy(remedy)
}

/// Services that an error names; of more the first.
const NAMED: usize = 3;

/// Looks for payloads that show what no recorded exchange does.
#[cfg(feature = "generate")]
fn find_witnesses([before, after]: [&Catalog; 2], comparison: &mut Comparison, threads: usize) -> Result<()> {
    pool(threads)?.install(|| {
        comparison.services.par_iter_mut().try_for_each(|compared| {
            let [old, new] = [before, after].map(|catalog| catalog.contract_for_traffic(&compared.service));
            if let (Some(old), Some(new)) = (old?, new?) {
                witness::find(compared, witness::Contracts::Shared([old, new]));
            }
            Ok(())
        })
    })
}

/// Reads the traffic once and shows it to `onlooker` as each catalog judges it; what cannot be read of it comes back with the
/// tally, as the first has it, with the contracts of both.
fn read(catalogs: [&Catalog; 2], traffic: &Traffic<'_>, onlooker: &Onlooker<'_>) -> Result<(Tally, Vec<Finding>)> {
    // What the traffic should have beyond its types is the same before and after.
    let expectations = Expectations::default();
    let options = check::Options {
        threads: traffic.threads,
        filter: traffic.filter,
        services: traffic.services,
        format: traffic.format,
        operations: traffic.operations,
        limits: traffic.limits,
        progress: traffic.progress,
        onlooker: Some(onlooker),
        ..check::Options::new(catalogs[0], &expectations)
    };
    let inputs = traffic.paths.iter().cloned().map(Input::Path).collect();
    let mut all = run_each(inputs, &options, &catalogs)?;
    let mut checked = all.swap_remove(0);
    // It was held against all of them.
    for (service, sources) in all.into_iter().flat_map(|other| other.tally.contracts) {
        checked.tally.contracts.entry(service).or_default().extend(sources);
    }
    checked.findings.retain(Finding::is_unread);
    Ok((checked.tally, checked.findings))
}

/// What kept traffic from being read, as the end of a sentence.
fn why(unreadable: &[Finding]) -> String {
    let Some(first) = unreadable.first() else { return String::new() };
    format!("; {} cannot be: {}", first.location.text(), first.message())
}

/// Puts each broken exchange down to the differences that break it, and shows it with these.
fn explained(
    [before, after]: [&Catalog; 2],
    comparison: &mut Comparison,
    found: BTreeMap<Location, Breakage>,
) -> Result<Vec<Broken>> {
    let broken: BTreeSet<String> = found.values().map(|breakage| breakage.operation.clone()).collect();
    let concerning = |one: &Compared| (one.service.clone(), Concerning::of(&one.differences, &broken));
    let concerning: HashMap<String, Concerning> = comparison.services.iter().map(concerning).collect();
    let mut all = Vec::new();
    for Breakage { service, operation, findings } in found.into_values() {
        let Some(old) = before.contract_for_traffic(&service)? else { continue };
        // Of a service that is gone no member is looked at.
        let new = after.contract_for_traffic(&service)?.unwrap_or(old);
        let link = Link([old.service(), new.service()]);
        let compared = comparison.services.iter_mut().find(|one| one.service == service);
        let by = match (compared, concerning.get(&service)) {
            (Some(compared), Some(concerning)) => {
                let open: Vec<usize> = concerning.operation(&operation).collect();
                put_down(compared, &open, &findings, &operation, link)
            }
            _ => vec![None; findings.len()],
        };
        all.push(Broken { findings, by });
    }
    Ok(all)
}

/// Numbers of differences by the operations that they concern and that were broken: there may be tens of thousands of both.
struct Concerning {
    all: Vec<usize>,
    by_operation: HashMap<String, Vec<usize>>,
}

impl Concerning {
    fn of(differences: &[Difference], broken: &BTreeSet<String>) -> Self {
        let mut concerning = Self { all: Vec::new(), by_operation: HashMap::new() };
        for (at, difference) in differences.iter().enumerate() {
            if difference.operations.is_empty() {
                concerning.all.push(at);
            }
            for operation in difference.operations.iter().filter(|operation| broken.contains(*operation)) {
                concerning.by_operation.entry(operation.clone()).or_default().push(at);
            }
        }
        concerning
    }

    fn operation(&self, name: &str) -> impl Iterator<Item = usize> {
        self.all.iter().chain(self.by_operation.get(name).into_iter().flatten()).copied()
    }
}

/// The difference that each finding of an exchange comes from, by its fingerprint, among those at `open`. Each is shown with
/// the first exchange that it breaks.
fn put_down(
    compared: &mut Compared,
    open: &[usize],
    findings: &[Finding],
    operation: &str,
    link: Link<'_>,
) -> Vec<Option<String>> {
    let mut by = Vec::new();
    for broken in findings {
        let change = |at: usize| (&compared.differences[at], &compared.findings[at]);
        let near = open.iter().filter_map(|at| Some((link.explains(change(*at), broken, operation)?, *at)));
        let Some((_, at)) = near.min() else {
            by.push(None);
            continue;
        };
        let top = compared.under[at].unwrap_or(at);
        for index in [at, top] {
            compared.findings[index].show(Witness::recorded(broken));
        }
        by.push(Some(compared.findings[top].fingerprint().to_string()));
    }
    by
}

/// Notes with each difference in how many exchanges it occurs, where the traffic can tell.
fn note_usage(comparison: &mut Comparison, usage: &Usage) {
    for compared in &mut comparison.services {
        for (difference, finding) in compared.differences.iter().zip(&mut compared.findings) {
            finding.notes.extend(usage.of(&compared.service, difference).map(Note::Recorded));
        }
    }
}

//! Recordings → [`Snapshot`]: what travels when each operation is called, without ids, times and free text.
//!
//! Exchanges come from [`check::run`](crate::check::run), identified and decoded; recordings that keep no HTTP messages
//! contribute what they have: members, forms of values, statuses. What is there how often is counted here and told as
//! always or sometimes.

mod headers;
mod members;
mod operation;
mod switch;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use self::operation::Counted;
use crate::check::{Checked, Input, Judged, Options, run};
use crate::contract::BreachKind;
use crate::error::{Error, Result};
use crate::finding::{Finding, Location};
use crate::outcome::{NAME_RECORDINGS, Outcome, Particulars, Scope, Tally, Wire};
use crate::recording::Fidelity;
use crate::rules::wire::judge;
use crate::text::plural;
use crate::wire::{self, Snapshot};

/// A snapshot with what it was taken from.
#[derive(Debug, Default)]
pub struct Taken {
    /// The facts.
    pub snapshot: Snapshot,
    /// What was read.
    pub tally: Tally,
    /// What was looked at.
    pub scope: Scope,
    /// What of it could not be read.
    pub unseen: Vec<Finding>,
    /// The first exchange of each operation, by service and operation.
    pub first: BTreeMap<(String, String), Location>,
}

#[derive(Default)]
struct Collected {
    operations: BTreeMap<(String, String), Counted>,
    unknown: usize,
    retold: usize,
}

/// Takes a snapshot of all exchanges of `inputs`. Of `options`, the onlooker is put aside.
///
/// # Errors
/// Those of [`check::run`](crate::check::run), and where there is neither an exchange of a known operation nor a part that
/// cannot be read: nothing read is no snapshot.
pub fn take(inputs: Vec<Input>, options: &Options<'_>) -> Result<Taken> {
    let all = Mutex::new(Collected::default());
    let onlooker = |judged: &Judged<'_>| {
        all.lock().unwrap_or_else(PoisonError::into_inner).add(judged);
        Ok(())
    };
    let Checked { mut tally, scope, mut findings, .. } =
        run(inputs, &Options { onlooker: Some(&onlooker), ..*options })?;
    let is_undecoded =
        |finding: &&Finding| matches!(finding.deviation.breach(), Some(BreachKind::Undecodable { root: None, .. }));
    let undecoded = findings.iter().filter(is_undecoded).count();
    findings.retain(Finding::is_unread);
    let Collected { operations, unknown, retold } = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    for (what, count) in [
        ("exchanges of no known operation", unknown),
        ("exchanges that a log or a document tells", retold),
        ("bodies that cannot be decoded", undecoded),
    ] {
        if count > 0 {
            *tally.passed_over.entry(what.into()).or_default() += count;
        }
    }
    if operations.is_empty() && findings.is_empty() {
        return Err(nothing(&tally));
    }
    let mut taken = Taken { tally, scope, unseen: findings, ..Taken::default() };
    for ((service, name), counted) in operations {
        let (facts, first) = counted.finish();
        taken.first.insert((service.clone(), name.clone()), first);
        taken.snapshot.services.entry(service).or_default().insert(name, facts);
    }
    Ok(taken)
}

impl Taken {
    /// What differs from an older snapshot, which is called `label`. `accepted` says that its file is written anew.
    pub fn against(self, old: &Snapshot, label: &str, accepted: bool) -> (Outcome, Snapshot) {
        let Self { snapshot: new, tally, scope, unseen, first } = self;
        let judged = wire::compare(old, &new).into_iter().map(|difference| {
            let key = (difference.service.clone(), difference.operation.clone());
            let finding = judge(&difference, first.get(&key).cloned().unwrap_or_default());
            (difference, finding)
        });
        let (judged, fallout) = switch::folded(judged.collect());
        let findings = unseen.into_iter().chain(judged).collect();
        let all = [old, &new].into_iter().flat_map(Snapshot::operations);
        let operations: BTreeSet<(String, String)> = all.map(|(a, b, _)| (a.to_owned(), b.to_owned())).collect();
        let particulars = Particulars::Wire(Wire {
            snapshot: label.to_owned(),
            before: old.clone(),
            after: new.clone(),
            operations: operations.into_iter().collect(),
            fallout,
            accepted,
        });
        (Outcome { tally, scope, findings, coverage: None, particulars }, new)
    }
}

impl Collected {
    fn add(&mut self, judged: &Judged<'_>) {
        let service = judged.contract.service();
        let Some(operation) = service.operations.get(&*judged.exchange.operation) else {
            self.unknown += 1;
            return;
        };
        // Placeholders, masks and examples are not what travelled.
        if matches!(judged.exchange.fidelity, Fidelity::Placeholders | Fidelity::Logged | Fidelity::Illustrated) {
            self.retold += 1;
            return;
        }
        let key = (service.name.clone(), operation.name.clone());
        self.operations.entry(key).or_default().add(judged, operation);
    }
}

fn nothing(tally: &Tally) -> Error {
    if let Some(told) = tally.without_files() {
        return Error::new(format!("nothing to take a snapshot of: {told}")).remedy(NAME_RECORDINGS);
    }
    let unchecked = tally.unchecked.iter().map(|(service, count)| format!("{service} ({count}, without a contract)"));
    let passed_over = tally.passed_over.iter().map(|(what, count)| format!("{what} ({count})"));
    let there: Vec<String> = unchecked.chain(passed_over).collect();
    let there = match &there[..] {
        [] => {
            let (recordings, others) = (tally.recordings, tally.skipped.len());
            format!("{} and {}", plural(recordings, "recording"), plural(others, "other file"))
        }
        some => some.join(", "),
    };
    Error::new(format!("nothing to take a snapshot of: there are only {there}")).remedy(
        "`shapegate check` says what is wrong with recordings; --model SOURCE brings other services than Clean Rooms.",
    )
}

//! [`Scorecard`]: how each service answers, what to mend first, and what changed since an earlier one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Reported, Verdict};
use crate::finding::Severity;
use crate::model::Direction;
use crate::outcome::{Before, Card, Particulars};

/// How each service answers.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Scorecard<'v> {
    /// Numbers by service.
    pub services: BTreeMap<&'v str, Card>,
    /// Operations that have an error in what was answered, by service.
    pub failing: BTreeMap<&'v str, BTreeSet<&'v str>>,
    /// What is wrong, what mends most first.
    pub fixes: Vec<Fix<'v>>,
    /// What changed.
    pub trend: Option<Trend<'v>>,
}

/// One thing that is wrong, wherever it stands.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fix<'v> {
    /// The service.
    pub service: &'v str,
    /// Id of the rule that it breaks.
    pub rule: &'static str,
    /// The shape that it is about, with its member; empty for whole messages.
    pub subject: String,
    /// Operations that have it.
    pub operations: BTreeSet<&'v str>,
    /// Operations that have no other error, so that mending this makes them conform.
    pub mends: usize,
    /// Findings about it.
    pub findings: usize,
    /// One of them.
    pub example: &'v Reported,
}

/// What changed since an earlier scorecard.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trend<'v> {
    /// The earlier one.
    pub before: &'v Before,
    /// Fingerprints of findings that are gone.
    pub fixed: Vec<&'v str>,
    /// Those that are of operations that were not called this time, so that nothing is known of them.
    pub not_called: Vec<&'v str>,
    /// Those that were not there before.
    pub new: Vec<&'v str>,
    /// Those of operations that were not called before, so that nothing was known of them.
    pub not_called_before: Vec<&'v str>,
    /// How many are there as before.
    pub unchanged: usize,
}

impl<'v> Scorecard<'v> {
    /// The scorecard of a verdict on traffic whose coverage was counted.
    pub fn of(verdict: &'v Verdict) -> Self {
        let fixes = fixes(verdict);
        let mut failing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for fix in &fixes {
            failing.entry(fix.service).or_default().extend(&fix.operations);
        }
        let mut services = BTreeMap::new();
        for (service, covered) in verdict.coverage.iter().flat_map(|coverage| &coverage.services) {
            let fails = |operation: &str| failing.get(service.as_str()).is_some_and(|all| all.contains(operation));
            let mut card = Card { operations: covered.operations.len(), ..Card::default() };
            for (operation, _, calls) in covered.called() {
                let is_failing = fails(operation);
                // Saying no in the way that the model states is an answer, too.
                let is_modelled = calls.answered > 0 || calls.errors.values().any(|times| *times > 0);
                card.called += 1;
                card.answered += usize::from(calls.answered > 0);
                card.failing += usize::from(is_failing);
                card.conforming += usize::from(is_modelled && !is_failing);
            }
            services.insert(service.as_str(), card);
        }
        Self { services, failing, fixes, trend: trend(verdict) }
    }

    /// The changes alone, without the numbers; `None` where there is no earlier scorecard.
    pub fn trend_of(verdict: &'v Verdict) -> Option<Trend<'v>> {
        trend(verdict)
    }

    /// The numbers of all services together.
    pub fn total(&self) -> Card {
        let mut total = Card::default();
        self.services.values().for_each(|card| total.add(card));
        total
    }
}

/// What is wrong, what mends most first.
fn fixes(verdict: &Verdict) -> Vec<Fix<'_>> {
    let mut fixes: BTreeMap<(&str, &str, String), Fix<'_>> = BTreeMap::new();
    // How many things are wrong with an operation.
    let mut wrong: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    // One that was accepted is not mended; one in a request is the client's.
    let all = verdict.open().chain(verdict.approved.iter().map(|one| &one.finding));
    let is_wrong = |one: &&Reported| one.level == Severity::Error && one.direction != Some(Direction::Request);
    for finding in all.filter(is_wrong) {
        let (Some(service), Some(operation)) = (&finding.service, &finding.operation) else { continue };
        let subject = [finding.shape.as_deref(), finding.member.as_deref()];
        let subject = subject.into_iter().flatten().collect::<Vec<_>>().join(".");
        let fix = fixes.entry((service.as_str(), finding.rule.id, subject.clone())).or_insert_with(|| Fix {
            service,
            rule: finding.rule.id,
            subject,
            operations: BTreeSet::new(),
            mends: 0,
            findings: 0,
            example: finding,
        });
        fix.findings += 1;
        if fix.operations.insert(operation) {
            *wrong.entry((service, operation)).or_default() += 1;
        }
    }
    let mut fixes: Vec<Fix<'_>> = fixes.into_values().collect();
    for fix in &mut fixes {
        fix.mends =
            fix.operations.iter().filter(|operation| wrong.get(&(fix.service, **operation)) == Some(&1)).count();
    }
    fixes.sort_by_key(|fix| (Reverse(fix.mends), Reverse(fix.operations.len()), Reverse(fix.findings)));
    fixes
}

fn trend(verdict: &Verdict) -> Option<Trend<'_>> {
    let Particulars::Scorecard(Some(before)) = &verdict.particulars else { return None };
    let approved = verdict.approved.iter().map(|one| &one.finding);
    let now: BTreeSet<&str> = verdict.open().chain(approved).map(|one| one.fingerprint.as_str()).collect();
    let was: BTreeSet<&str> = before.findings.iter().map(String::as_str).collect();
    let gone = was.difference(&now).copied();
    let (not_called, fixed) = gone.partition(|print| is_not_called(print, verdict));
    let came = now.difference(&was).copied();
    let (not_called_before, new) = came.partition(|print| is_not_called_before(print, before));
    Some(Trend { before, fixed, not_called, new, not_called_before, unchanged: now.intersection(&was).count() })
}

/// Whether a fingerprint is of an operation that was not called.
fn is_not_called(fingerprint: &str, verdict: &Verdict) -> bool {
    let Some((service, operation)) = operation_of(fingerprint) else { return false };
    let covered = verdict.coverage.as_ref().and_then(|coverage| coverage.services.get(service));
    let calls = covered.and_then(|covered| covered.operations.get(operation)).and_then(|one| one.calls.as_ref());
    calls.is_none()
}

/// Whether a fingerprint is of an operation that the earlier traffic did not call.
fn is_not_called_before(fingerprint: &str, before: &Before) -> bool {
    let (Some((service, operation)), Some(called)) = (operation_of(fingerprint), &before.called) else { return false };
    !called.get(service).is_some_and(|operations| operations.contains(operation))
}

/// The service and the operation that a fingerprint names.
fn operation_of(fingerprint: &str) -> Option<(&str, &str)> {
    let mut parts = fingerprint.split(':').skip(1);
    let (service, operation) = (parts.next()?, parts.next()?);
    (!operation.is_empty()).then_some((service, operation))
}

//! Findings by what becomes of them: open, approved, or hidden.

use std::collections::{BTreeMap, BTreeSet};

use super::Settings;
use super::approvals::Ledger;
use super::reported::{Approved, Reported};
use crate::finding::{Finding, Fingerprint, Rule};
use crate::outcome::{Fallout, Upgrade};

/// Findings by what becomes of them.
#[derive(Default)]
pub(super) struct Sorted {
    /// Those that nobody approved.
    pub(super) open: Vec<Reported>,
    pub(super) approved: Vec<Approved>,
    /// Those that are off, or without effect: their rules and fingerprints.
    pub(super) off: Vec<(&'static Rule, Fingerprint)>,
    /// Those that nobody asked for, likewise.
    pub(super) beside: Vec<(&'static Rule, Fingerprint)>,
}

pub(super) fn sort(all: Vec<Finding>, settings: &Settings, ledger: &mut Ledger<'_>) -> Sorted {
    // Most are open. Grown step by step, there would be three lists of them for a while.
    let mut sorted = Sorted { open: Vec::with_capacity(all.len()), ..Sorted::default() };
    for finding in all {
        if !settings.only.has(&finding) {
            // Who asks for it again needs the approval.
            ledger.meet(&finding);
            sorted.beside.push((finding.rule, finding.fingerprint()));
            continue;
        }
        let Some(level) = settings.level(&finding) else {
            // Who switches it on again needs the approval.
            ledger.meet(&finding);
            sorted.off.push((finding.rule, finding.fingerprint()));
            continue;
        };
        let finding = Reported::of(finding, level);
        match ledger.accept(&finding, finding.fingerprint.as_str()) {
            Some(approval) => sorted.approved.push(Approved { finding, reason: approval.reason.clone() }),
            None => sorted.open.push(finding),
        }
    }
    sorted
}

/// Takes out of an upgrade the fallout that is hidden, or that comes with a difference that is, and says what it was.
pub(super) fn drop_fallout(
    upgrade: &mut Upgrade,
    hidden: &[(&'static Rule, Fingerprint)],
    is_hidden: impl Fn(&Fallout) -> bool,
) -> Vec<(&'static Rule, Fingerprint)> {
    let roots: BTreeSet<&str> = hidden.iter().map(|(_, fingerprint)| fingerprint.as_str()).collect();
    let drops = |of: &mut Fallout| roots.contains(of.under.as_str()) || is_hidden(of);
    let dropped = upgrade.fallout.extract_if(.., drops).map(|of| (of.finding.rule, of.finding.fingerprint()));
    dropped.collect()
}

/// Numbers of findings by rule.
pub(super) fn counted(rules: &[&'static Rule]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for rule in rules {
        *counts.entry(rule.id).or_default() += 1;
    }
    counts
}

//! [`Ledger`]: approvals as one run uses them: what each accepted, which have expired, which nothing needs any more.

use std::collections::BTreeMap;
use std::path::Path;

use super::pattern::Pattern;
use super::{Approval, Approvals, Day};
use crate::finding::Finding;
use crate::outcome::{Outcome, Particulars};
use crate::rules;

/// Approvals in use.
pub(in crate::gate) struct Ledger<'a> {
    approvals: &'a Approvals,
    today: Day,
    /// Findings that each approval accepted.
    accepted: Vec<usize>,
    /// Whether each was met by a finding at all, accepted or not.
    met: Vec<bool>,
    /// Fingerprints whose approval has expired, with its last day.
    pub(in crate::gate) expired: BTreeMap<String, Day>,
}

impl<'a> Ledger<'a> {
    pub(in crate::gate) fn open(approvals: &'a Approvals, today: Day) -> Self {
        let count = approvals.all.len();
        Self { approvals, today, accepted: vec![0; count], met: vec![false; count], expired: BTreeMap::new() }
    }

    /// The approval that accepts a finding, which it counts.
    pub(in crate::gate) fn accept(&mut self, finding: &Finding, fingerprint: &str) -> Option<&'a Approval> {
        let mut expired = None;
        for at in self.approvals.of(fingerprint) {
            let approval = &self.approvals.all[at];
            if !self.is_in_paths(approval, &finding.location.file) {
                continue;
            }
            self.met[at] = true;
            if let Some(day) = approval.expires.filter(|day| self.today > *day) {
                expired = Some(day);
            } else if approval.at_most.is_none_or(|most| self.accepted[at] < most) {
                self.accepted[at] += 1;
                return Some(approval);
            }
        }
        if let Some(day) = expired {
            self.expired.insert(fingerprint.to_owned(), day);
        }
        None
    }

    /// Notes that a finding is there, though another one stands for it.
    pub(in crate::gate) fn meet(&mut self, fingerprint: &str) {
        for at in self.approvals.of(fingerprint) {
            self.met[at] = true;
        }
    }

    /// Fingerprints of approvals that accepted findings, with their reasons and how many each accepted.
    pub(in crate::gate) fn used(&self) -> Vec<(&'a Approval, usize)> {
        self.approvals.all.iter().zip(self.accepted.iter().copied()).filter(|(_, count)| *count > 0).collect()
    }

    /// Fingerprints of approvals that nothing needs any more. An approval says nothing where the job does not have its rule,
    /// or the run did not judge its operation, or no file that it is about.
    pub(in crate::gate) fn stale(&self, outcome: &Outcome) -> Vec<String> {
        let is_stale = |(approval, met): &(&Approval, &bool)| {
            let area = rules::find(approval.pattern.rule()).map(|rule| rule.area);
            let is_ours = area.is_some_and(|area| outcome.particulars.areas().contains(&area));
            let is_read =
                approval.paths.is_none() || outcome.scope.files.iter().any(|file| self.is_in_paths(approval, file));
            !**met && is_ours && is_read && is_judged(outcome, &approval.pattern)
        };
        let stale = self.approvals.all.iter().zip(&self.met).filter(is_stale);
        stale.map(|(approval, _)| approval.fingerprint.clone()).collect()
    }

    /// Whether a file is one that an approval is about: as it was named, or seen from the folder of the approvals.
    fn is_in_paths(&self, approval: &Approval, file: &str) -> bool {
        let Some(globs) = &approval.paths else { return true };
        let plain = file.replace('\\', "/");
        let plain = plain.trim_start_matches("./");
        let from_folder = Path::new(plain).strip_prefix(&self.approvals.folder);
        globs.is_match(plain) || from_folder.is_ok_and(|path| globs.is_match(path))
    }
}

/// Whether the run would have found what an approval is about.
fn is_judged(outcome: &Outcome, pattern: &Pattern) -> bool {
    match &outcome.particulars {
        Particulars::Upgrade(upgrade) => {
            // Every operation of a service was compared; of a part, nothing is concluded.
            let mut whole = upgrade.services.iter().filter(|service| !upgrade.partial.contains(service));
            whole.any(|service| pattern.concerns_service(service))
        }
        Particulars::Wire(wire) => {
            wire.operations.iter().any(|(service, operation)| pattern.concerns(service, operation))
        }
        Particulars::Traffic
        | Particulars::History(_)
        | Particulars::Score(_)
        | Particulars::Listing(_)
        | Particulars::Differences(_) => outcome
            .scope
            .operations
            .iter()
            .any(|(service, operations)| operations.iter().any(|operation| pattern.concerns(service, operation))),
    }
}

//! [`Ledger`]: approvals as one run uses them: what each accepted, which have expired, which nothing needs any more.

use std::collections::BTreeMap;

use super::{Approval, Approvals, Day, ToApprove};
use crate::finding::Finding;
use crate::outcome::{Outcome, Particulars};
use crate::paths::glob;
use crate::rules;

/// Approvals in use.
pub(in crate::gate) struct Ledger<'a> {
    approvals: &'a Approvals,
    today: Day,
    /// What became of each.
    uses: Vec<Use>,
}

/// What became of an approval.
#[derive(Clone, Copy, Default)]
struct Use {
    /// Findings that it accepted.
    accepted: usize,
    /// Findings that it did not accept, for it has expired.
    late: usize,
    /// Findings that it did not accept, for it accepts no more.
    beyond: usize,
    /// A finding has its fingerprint, though another one may stand for it.
    met: bool,
}

impl<'a> Ledger<'a> {
    pub(in crate::gate) fn open(approvals: &'a Approvals, today: Day) -> Self {
        Self { approvals, today, uses: vec![Use::default(); approvals.all.len()] }
    }

    /// The approval that accepts a finding, which it counts.
    pub(in crate::gate) fn accept(&mut self, finding: &Finding, fingerprint: &str) -> Option<&'a Approval> {
        let mut last = None;
        for at in self.met(finding, fingerprint) {
            let (approval, used) = (&self.approvals.all[at], &mut self.uses[at]);
            if approval.expired(self.today).is_some() {
                last.get_or_insert((at, true));
            } else if approval.at_most.is_none_or(|most| used.accepted < most) {
                used.accepted += 1;
                return Some(approval);
            } else {
                last.get_or_insert((at, false));
            }
        }
        match last {
            Some((at, true)) => self.uses[at].late += 1,
            Some((at, false)) => self.uses[at].beyond += 1,
            None => {}
        }
        None
    }

    /// Notes that a finding is there, though another one stands for it.
    pub(in crate::gate) fn meet(&mut self, finding: &Finding) {
        self.met(finding, finding.fingerprint().as_str());
    }

    /// Notes that a finding has the fingerprint of approvals that are about its file, and says which.
    fn met(&mut self, finding: &Finding, fingerprint: &str) -> Vec<usize> {
        let approvals = self.approvals;
        let is_about = |at: &usize| approvals.all[*at].is_about(&finding.location.file);
        let all: Vec<usize> = approvals.of(fingerprint).filter(is_about).collect();
        for at in &all {
            self.uses[*at].met = true;
        }
        all
    }

    /// Takes over what became of the same approvals in another reading of the same traffic: of counts, the greater.
    pub(in crate::gate) fn learn(&mut self, other: &Self) {
        for (own, other) in self.uses.iter_mut().zip(&other.uses) {
            own.accepted = own.accepted.max(other.accepted);
            own.late = own.late.max(other.late);
            own.beyond = own.beyond.max(other.beyond);
            own.met |= other.met;
        }
    }

    /// Approvals that accepted findings, and how many each accepted.
    pub(in crate::gate) fn used(&self) -> impl Iterator<Item = (&'a Approval, usize)> {
        self.each().map(|(approval, used)| (approval, used.accepted)).filter(|(_, count)| *count > 0)
    }

    /// Approvals that have expired and would accept findings, with their last days.
    pub(in crate::gate) fn expired(&self) -> BTreeMap<String, Day> {
        let late = self.each().filter(|(_, used)| used.late > 0);
        late.filter_map(|(approval, _)| Some((approval.fingerprint.clone(), approval.expired(self.today)?))).collect()
    }

    /// Approvals that would accept more findings than they may, with how many they may and how many there are.
    pub(in crate::gate) fn exceeded(&self) -> BTreeMap<String, (usize, usize)> {
        let beyond = self.each().filter(|(_, used)| used.beyond > 0);
        let count = |(approval, used): (&Approval, &Use)| {
            Some((approval.fingerprint.clone(), (approval.at_most?, used.accepted + used.beyond)))
        };
        beyond.filter_map(count).collect()
    }

    /// Fingerprints of approvals that nothing needs any more. An approval says nothing where the job does not have its rule,
    /// or the run did not judge its operation in a file that it is about.
    pub(in crate::gate) fn stale(&self, outcome: &Outcome) -> Vec<String> {
        let is_ours = |approval: &Approval| {
            let area = rules::find(approval.pattern.rule()).map(|rule| rule.area);
            area.is_some_and(|area| outcome.particulars.areas().contains(&area))
        };
        let unmet = self.each().filter(|(_, used)| !used.met).map(|(approval, _)| approval);
        let stale = unmet.filter(|approval| is_ours(approval) && is_judged(outcome, approval));
        stale.map(|approval| approval.fingerprint.clone()).collect()
    }

    /// The line that findings with one fingerprint need, all of them unapproved.
    pub(in crate::gate) fn needed(&self, fingerprint: &str, findings: &[&Finding]) -> ToApprove {
        let all = || self.approvals.of(fingerprint).map(|at| (&self.approvals.all[at], &self.uses[at]));
        let has_line = self.approvals.exact.contains_key(fingerprint);
        // Without a line of its own it is as limited as one with wildcards says that others are.
        let line = all().find(|(line, _)| has_line || line.paths.is_some() || line.at_most.is_some());
        let by_path = line.filter(|(line, _)| line.paths.is_some());
        let mut paths = Vec::new();
        for finding in findings.iter().filter(|finding| by_path.is_some() || finding.rule.needs_paths) {
            let file = &finding.location.file;
            let glob = glob(file, &self.approvals.folder);
            let is_known = by_path.is_some_and(|(line, _)| line.is_about(file));
            if !is_known && !paths.contains(&glob) {
                paths.push(glob);
            }
        }
        let at_most = line.and_then(|(line, used)| {
            let count = findings.len() + if has_line { used.accepted } else { 0 };
            line.at_most.filter(|most| !has_line || *most < count).map(|_| count)
        });
        ToApprove { fingerprint: fingerprint.to_owned(), paths, at_most, has_line }
    }

    fn each(&self) -> impl Iterator<Item = (&'a Approval, &Use)> {
        self.approvals.all.iter().zip(&self.uses)
    }
}

/// Whether the run would have found what an approval is about.
fn is_judged(outcome: &Outcome, approval: &Approval) -> bool {
    let pattern = &approval.pattern;
    let is_read = |file: &str| approval.is_about(file);
    match &outcome.particulars {
        Particulars::Upgrade(upgrade) => {
            // Every operation of a service was compared; of a part, nothing is concluded.
            let mut whole = upgrade.services.iter().filter(|service| !upgrade.partial.contains(service));
            whole.any(|service| pattern.concerns_service(service))
        }
        Particulars::Wire(wire) => {
            let mut all = wire.operations.iter();
            all.any(|(service, operation)| pattern.concerns(service, operation))
                && (approval.paths.is_none() || outcome.scope.files.keys().any(|file| is_read(file)))
        }
        Particulars::Traffic
        | Particulars::History(_)
        | Particulars::Score(_)
        | Particulars::Listing(_)
        | Particulars::Differences(_)
        | Particulars::Coverage
        | Particulars::Scorecard(_) => {
            // What is about no service is about whole files.
            if pattern.is_of_files() {
                return outcome.scope.files.keys().any(|file| is_read(file));
            }
            let mut all = outcome.scope.operations();
            all.any(|(file, service, operation, halves)| {
                pattern.concerns(service, operation) && pattern.concerns_halves(halves) && is_read(file)
            })
        }
    }
}

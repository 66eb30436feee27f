//! [`Verdict`]: whether a run passes, with each finding's level and what was approved.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Deref;

use super::approvals::Ledger;
use super::{Approval, Approvals, Day, Settings, ToApprove, nothing};
use crate::error::Result;
use crate::finding::{Finding, Fingerprint, Severity};
use crate::outcome::{Broken, Outcome, Particulars, Tally};

/// A finding with what it counts for the team.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// The finding.
    pub finding: Finding,
    /// Its level; reports call it severity.
    pub level: Severity,
    /// Its identity.
    pub fingerprint: Fingerprint,
}

impl Reported {
    fn of(finding: Finding, settings: Settings) -> Self {
        Self { level: settings.level(&finding), fingerprint: finding.fingerprint(), finding }
    }
}

impl Deref for Reported {
    type Target = Finding;

    fn deref(&self) -> &Finding {
        &self.finding
    }
}

/// A finding that was approved.
#[derive(Debug, Clone, PartialEq)]
pub struct Approved {
    /// The finding.
    pub finding: Reported,
    /// Why it is accepted.
    pub reason: String,
}

/// The result of a run.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Verdict {
    /// Whether nothing reaches the severity that fails, and nothing is missing that should not be.
    pub passed: bool,
    /// What was read.
    pub tally: Tally,
    /// Findings that nobody approved, in the order of the input.
    pub findings: Vec<Reported>,
    /// Findings in recorded exchanges that an upgrade breaks and no difference explains, unless somebody approved them.
    /// They fail whatever their level.
    pub unexplained: Vec<Reported>,
    /// Findings that were approved, in the order of the input.
    pub approved: Vec<Approved>,
    /// Approvals that accepted findings, by fingerprint, with their reasons and how many findings each accepted.
    pub accepted: Vec<(String, String, usize)>,
    /// Fingerprints of approvals that nothing needs any more.
    pub stale: Vec<String>,
    /// Approvals that have expired and would accept findings, by fingerprint, with their last days.
    pub expired: BTreeMap<String, Day>,
    /// Approvals of so many findings at most where there are more, by fingerprint, with both numbers.
    pub exceeded: BTreeMap<String, (usize, usize)>,
    /// What would have to be approved for the run to pass, in the order of the findings.
    pub to_approve: Vec<ToApprove>,
    /// Differences whose level is lower than their weight, for no recorded exchange uses them.
    pub downgraded: usize,
    /// What only this job has.
    pub particulars: Particulars,
}

impl Verdict {
    /// Every finding that nobody approved, those that no difference explains last.
    pub fn open(&self) -> impl Iterator<Item = &Reported> + Clone {
        self.findings.iter().chain(&self.unexplained)
    }

    /// Number of open findings of a level.
    pub fn count(&self, level: Severity) -> usize {
        self.open().filter(|finding| finding.level == level).count()
    }
}

/// Judges what a job found.
///
/// # Errors
/// The job judges traffic and nothing was read: no recording, and no finding that says why. That is never a pass.
pub fn judge(mut outcome: Outcome, settings: &Settings, approvals: &Approvals, today: Day) -> Result<Verdict> {
    nothing::refuse(&outcome)?;
    let mut ledger = Ledger::open(approvals, today);
    let all = std::mem::take(&mut outcome.findings).into_iter();
    let (findings, mut approved) = sort(all.map(|finding| Reported::of(finding, *settings)), &mut ledger);
    let mut unexplained = Vec::new();
    let mut downgraded = 0;
    if let Particulars::Upgrade(upgrade) = &outcome.particulars {
        upgrade.fallout.iter().for_each(|of| ledger.meet(&of.finding));
        let broken = upgrade.replay.iter().flat_map(|replay| &replay.broken_by_it);
        let alone = broken.flat_map(Broken::unexplained).map(|finding| Reported::of(finding.clone(), *settings));
        let (open, taken) = sort(alone, &mut ledger);
        unexplained = open;
        approved.extend(taken);
        let is_lower = |finding: &&Finding| finding.is_unused() && settings.level(finding) < finding.weight;
        let own = findings.iter().chain(approved.iter().map(|one| &one.finding)).map(Deref::deref);
        downgraded = own.chain(upgrade.fallout.iter().map(|of| &of.finding)).filter(is_lower).count();
    }
    if let Particulars::History(history) = &mut outcome.particulars {
        history.stand(|findings| {
            // Each release has the findings anew, so what one accepts uses up nothing of the next.
            let mut own = Ledger::open(approvals, today);
            let (open, _) = sort(findings.into_iter().map(|finding| Reported::of(finding, *settings)), &mut own);
            ledger.learn(&own);
            open.into_iter().map(|one| (one.finding, one.level)).collect()
        });
    }
    let stale = ledger.stale(&outcome);
    let accepted = |(approval, count): (&Approval, _)| (approval.fingerprint.clone(), approval.reason.clone(), count);
    let mut verdict = Verdict {
        passed: false,
        to_approve: Vec::new(),
        findings,
        unexplained,
        approved,
        accepted: ledger.used().map(accepted).collect(),
        stale,
        expired: ledger.expired(),
        exceeded: ledger.exceeded(),
        downgraded,
        tally: outcome.tally,
        particulars: outcome.particulars,
    };
    verdict.passed = passes(&verdict, *settings);
    verdict.to_approve = to_approve(&verdict, &ledger, *settings);
    Ok(verdict)
}

/// Findings that nobody approved, and those that somebody did.
fn sort(all: impl Iterator<Item = Reported>, ledger: &mut Ledger<'_>) -> (Vec<Reported>, Vec<Approved>) {
    let (mut open, mut approved) = (Vec::new(), Vec::new());
    for finding in all {
        match ledger.accept(&finding, finding.fingerprint.as_str()) {
            Some(approval) => approved.push(Approved { finding, reason: approval.reason.clone() }),
            None => open.push(finding),
        }
    }
    (open, approved)
}

fn passes(verdict: &Verdict, settings: Settings) -> bool {
    let is_sound = settings.fail_on.is_none_or(|least| verdict.findings.iter().all(|finding| finding.level < least));
    let is_complete = verdict.tally.unchecked.is_empty() || !settings.fail_on_unchecked;
    let is_needed = verdict.stale.is_empty() || !settings.fail_on_stale;
    let own = match &verdict.particulars {
        Particulars::Upgrade(_) => {
            settings.fail_on.is_none() || (breaking(verdict).is_empty() && verdict.unexplained.is_empty())
        }
        Particulars::Wire(wire) if wire.accepted => return true,
        Particulars::Score(score) => score.undetected.is_empty(),
        Particulars::Differences(differences) => !settings.fail_on_difference || differences.count() == 0,
        Particulars::Traffic | Particulars::Wire(_) | Particulars::History(_) | Particulars::Listing(_) => true,
    };
    is_sound && is_complete && is_needed && own
}

/// Differences that break recorded exchanges and that nobody approved, by fingerprint.
fn breaking(verdict: &Verdict) -> BTreeSet<&str> {
    let Particulars::Upgrade(upgrade) = &verdict.particulars else { return BTreeSet::new() };
    let approved: BTreeSet<&str> = verdict.approved.iter().map(|one| one.finding.fingerprint.as_str()).collect();
    let broken = upgrade.replay.iter().flat_map(|replay| &replay.broken_by_it);
    broken
        .flat_map(|broken| broken.by.iter().flatten())
        .map(String::as_str)
        .filter(|by| !approved.contains(by))
        .collect()
}

/// What fails, and what breaks recorded exchanges; of a history, what makes exchanges fail under the newest release. One
/// line approves all that has its fingerprint.
fn to_approve(verdict: &Verdict, ledger: &Ledger<'_>, settings: Settings) -> Vec<ToApprove> {
    let least = match &verdict.particulars {
        Particulars::History(history) => Some(history.least),
        _ => settings.fail_on,
    };
    let Some(least) = least else { return Vec::new() };
    let breaks = breaking(verdict);
    let fails = |finding: &&Reported| finding.level >= least || breaks.contains(finding.fingerprint.as_str());
    let failing = verdict.findings.iter().filter(fails).chain(&verdict.unexplained);
    let mut alike: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in verdict.findings.iter().chain(&verdict.unexplained) {
        alike.entry(finding.fingerprint.as_str()).or_default().push(finding);
    }
    let mut known = BTreeSet::new();
    let first = failing.map(|finding| finding.fingerprint.as_str()).filter(|fingerprint| known.insert(*fingerprint));
    first.map(|fingerprint| ledger.needed(fingerprint, &alike[fingerprint])).collect()
}

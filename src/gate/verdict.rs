//! [`Verdict`]: whether a run passes, with each finding's level and what was approved.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Deref;

use super::approvals::Ledger;
use super::listed::{Kind, beyond};
use super::reported::{Approved, Reported};
use super::sorted::{counted, drop_fallout, sort};
use super::{Approval, Approvals, Day, Settings, Shortfall, ToApprove, nothing};
use crate::error::{ErrorKind, Result};
use crate::finding::{Finding, Severity};
use crate::outcome::{Broken, Coverage, Fallout, Outcome, Particulars, Scope, Tally, Upgrade};

/// Why a run does not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Findings reach the severity from which they fail.
    Findings(Severity),
    /// Recorded exchanges break.
    Broken,
    /// Exchanges were not checked.
    Unchecked,
    /// Approvals are stale.
    Stale,
    /// Faults went undetected.
    Undetected,
    /// Models differ.
    Differences,
    /// Parts of recordings could not be read, where findings are told and do not fail.
    Unread,
    /// Traffic touches less of its contracts than it has to.
    Coverage,
}

/// The result of a run.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Verdict {
    /// Whether nothing reaches the severity that fails, and nothing is missing that should not be.
    pub passed: bool,
    /// Why it does not pass; empty where it does.
    pub causes: Vec<Cause>,
    /// The counts of everything that was read.
    pub tally: Tally,
    /// The operations and files that were looked at.
    pub scope: Scope,
    /// What of the contracts was touched, where that was counted.
    pub coverage: Option<Coverage>,
    /// Thresholds of coverage that are not reached.
    pub shortfalls: Vec<Shortfall>,
    /// Findings that nobody approved, in the order of the input.
    pub findings: Vec<Reported>,
    /// Findings in recorded exchanges that an upgrade breaks and no difference explains, unless somebody approved them.
    /// They fail whatever their level.
    pub unexplained: Vec<Reported>,
    /// The first finding in each recorded exchange that an upgrade breaks, unless that or what it comes from is approved
    /// or hidden. They are shown, and counted by the differences that lead to them.
    pub broken: Vec<Reported>,
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
    /// The findings that would have to be approved for the run to pass, in their order.
    pub to_approve: Vec<ToApprove>,
    /// Numbers of findings that are off, by rule. Of a history, those of the newest release.
    pub off: BTreeMap<&'static str, usize>,
    /// Numbers of findings without effect on anybody that are not listed, by rule.
    pub without_effect: BTreeMap<&'static str, usize>,
    /// Numbers of open findings that are not in the lists, for these would be too long.
    pub unlisted: BTreeMap<Kind, usize>,
    /// How many of the broken exchanges are not in their list.
    pub unlisted_broken: usize,
    /// How many findings there are that nobody asked for. Of a history, those of the newest release.
    pub beside: usize,
    /// Differences whose level is lower than their weight, for no recorded exchange uses them.
    pub downgraded: usize,
    /// The results that only this job has.
    pub particulars: Particulars,
}

impl Verdict {
    /// Every finding that nobody approved, those that no difference explains last.
    pub fn open(&self) -> impl Iterator<Item = &Reported> + Clone {
        self.findings.iter().chain(&self.unexplained)
    }

    /// Whether there is nothing to tell: neither open findings nor any that were approved, are off, or were not asked for.
    pub fn has_nothing(&self) -> bool {
        self.open().next().is_none()
            && self.unlisted.is_empty()
            && self.approved.is_empty()
            && self.off.is_empty()
            && self.without_effect.is_empty()
            && self.beside == 0
    }

    /// Number of open findings of a level, listed or not.
    pub fn count(&self, level: Severity) -> usize {
        let unlisted = self.unlisted.iter().filter(|(kind, _)| kind.level == level).map(|(_, count)| count);
        self.open().filter(|finding| finding.level == level).count() + unlisted.sum::<usize>()
    }

    /// Numbers of open findings by their kinds, listed or not.
    pub fn kinds(&self) -> BTreeMap<Kind, usize> {
        let mut kinds = self.unlisted.clone();
        self.open().for_each(|finding| *kinds.entry(finding.kind()).or_default() += 1);
        kinds
    }
}

/// Judges what a job found.
///
/// # Errors
/// The job judges traffic and nothing was read: no recording, and no finding that says why. That is never a pass.
pub fn judge(mut outcome: Outcome, settings: &Settings, approvals: &Approvals, today: Day) -> Result<Verdict> {
    nothing::refuse(&outcome).map_err(|error| error.kinded(ErrorKind::NothingToJudge))?;
    if let Some(coverage) = &mut outcome.coverage {
        settings.only.narrow(coverage);
    }
    let mut ledger = Ledger::open(approvals, today);
    let mut sorted = sort(std::mem::take(&mut outcome.findings), settings, &mut ledger);
    let (mut unexplained, mut downgraded) = (Vec::new(), 0);
    match &mut outcome.particulars {
        Particulars::Upgrade(upgrade) => {
            let is_off = |of: &Fallout| settings.level(&of.finding).is_none();
            let beyond = drop_fallout(upgrade, &sorted.off, is_off);
            sorted.off.extend(beyond);
            let beyond = drop_fallout(upgrade, &sorted.beside, |_| false);
            sorted.beside.extend(beyond);
            upgrade.fallout.iter().for_each(|of| ledger.meet(&of.finding));
            let broken = upgrade.replay.iter().flat_map(|replay| &replay.broken_by_it);
            let mut alone = sort(broken.flat_map(Broken::unexplained).cloned().collect(), settings, &mut ledger);
            unexplained = std::mem::take(&mut alone.open);
            sorted.off.append(&mut alone.off);
            sorted.beside.append(&mut alone.beside);
            sorted.approved.append(&mut alone.approved);
            let is_lower = |finding: &&Finding| {
                finding.is_unused() && settings.level(finding).is_some_and(|own| own < finding.weight)
            };
            let own = sorted.open.iter().chain(sorted.approved.iter().map(|one| &one.finding)).map(Deref::deref);
            downgraded = own.chain(upgrade.fallout.iter().map(|of| &of.finding)).filter(is_lower).count();
        }
        Particulars::Wire(wire) => wire.fallout.iter().for_each(|of| ledger.meet(&of.finding)),
        Particulars::History(history) => history.stand(|findings| {
            // Each release has the findings anew, so what one accepts uses up nothing of the next.
            let mut own = Ledger::open(approvals, today);
            let open = sort(findings, settings, &mut own).open;
            ledger.learn(&own);
            open.into_iter().map(|one| (one.finding, one.level)).collect()
        }),
        _ => {}
    }
    let stale = ledger.stale(&outcome);
    let (noise, off): (Vec<_>, Vec<_>) = sorted.off.iter().map(|(rule, _)| *rule).partition(|rule| rule.is_noise);
    let accepted = |(approval, count): (&Approval, _)| (approval.fingerprint.clone(), approval.reason.clone(), count);
    let mut verdict = Verdict {
        passed: false,
        causes: Vec::new(),
        to_approve: Vec::new(),
        findings: sorted.open,
        unexplained,
        broken: Vec::new(),
        approved: sorted.approved,
        accepted: ledger.used().map(accepted).collect(),
        stale,
        expired: ledger.expired(),
        exceeded: ledger.exceeded(),
        off: counted(&off),
        without_effect: counted(&noise),
        unlisted: BTreeMap::new(),
        unlisted_broken: 0,
        beside: sorted.beside.len(),
        downgraded,
        tally: outcome.tally,
        shortfalls: outcome.coverage.as_ref().map_or_else(Vec::new, |coverage| settings.minimums.missed(coverage)),
        scope: outcome.scope,
        coverage: outcome.coverage,
        particulars: outcome.particulars,
    };
    let hidden = sorted.off.iter().chain(&sorted.beside);
    let off: BTreeSet<&str> = hidden.map(|(_, fingerprint)| fingerprint.as_str()).collect();
    verdict.broken = broken(&verdict.particulars, &verdict.approved, &verdict.unexplained, &off, settings);
    verdict.causes = causes(&verdict, &off, settings);
    verdict.passed = verdict.causes.is_empty();
    mark_failing(&mut verdict, &off, settings);
    verdict.to_approve = to_approve(&verdict, &ledger);
    let lists = &mut [&mut verdict.findings, &mut verdict.unexplained];
    // A scorecard is counted from its list.
    let most = settings.max_findings.filter(|_| !matches!(verdict.particulars, Particulars::Scorecard(_)));
    for finding in beyond(most, lists, |finding| finding.level) {
        *verdict.unlisted.entry(finding.kind()).or_default() += 1;
    }
    verdict.unlisted_broken = beyond(settings.max_findings, &mut [&mut verdict.broken], |finding| finding.level).len();
    if let (Particulars::Upgrade(Upgrade { replay: Some(replay), .. }), Some(most)) =
        (&mut verdict.particulars, settings.max_findings)
    {
        replay.cut(most);
    }
    Ok(verdict)
}

/// Why a run does not pass.
fn causes(verdict: &Verdict, off: &BTreeSet<&str>, settings: &Settings) -> Vec<Cause> {
    if matches!(&verdict.particulars, Particulars::Wire(wire) if wire.accepted) {
        return Vec::new();
    }
    let reached = settings.fail_on.filter(|least| verdict.findings.iter().any(|finding| finding.level >= *least));
    let own = match &verdict.particulars {
        Particulars::Upgrade(_) => {
            let breaks = !breaking(verdict, off).is_empty() || !verdict.unexplained.is_empty();
            (settings.fail_on.is_some() && breaks).then_some(Cause::Broken)
        }
        Particulars::Score(score) => (!score.undetected.is_empty()).then_some(Cause::Undetected),
        Particulars::Differences(differences) => {
            (settings.fail_on_difference && differences.count() > 0).then_some(Cause::Differences)
        }
        Particulars::History(_) | Particulars::Coverage | Particulars::Scorecard(_) => {
            verdict.findings.iter().any(is_lost).then_some(Cause::Unread)
        }
        Particulars::Traffic | Particulars::Wire(_) | Particulars::Listing(_) => None,
    };
    let is_unchecked = settings.fail_on_unchecked.fails(&verdict.tally.unchecked);
    let is_stale = settings.fail_on_stale && !verdict.stale.is_empty();
    let all = [
        reached.map(Cause::Findings),
        own,
        (!verdict.shortfalls.is_empty()).then_some(Cause::Coverage),
        is_unchecked.then_some(Cause::Unchecked),
        is_stale.then_some(Cause::Stale),
    ];
    all.into_iter().flatten().collect()
}

/// Whether it is about a part of a recording that is missing from all that was judged.
fn is_lost(finding: &Reported) -> bool {
    finding.is_unread() && finding.level == Severity::Error
}

/// Differences that break recorded exchanges, are not off and that nobody approved, by fingerprint.
fn breaking<'v>(verdict: &'v Verdict, off: &BTreeSet<&str>) -> BTreeSet<&'v str> {
    let Particulars::Upgrade(upgrade) = &verdict.particulars else { return BTreeSet::new() };
    let approved: BTreeSet<&str> = verdict.approved.iter().map(|one| one.finding.fingerprint.as_str()).collect();
    let broken = upgrade.replay.iter().flat_map(|replay| &replay.broken_by_it);
    broken
        .flat_map(|broken| broken.by.iter().flatten())
        .map(String::as_str)
        .filter(|by| !approved.contains(by) && !off.contains(by))
        .collect()
}

/// The first finding in each broken exchange that keeps a run from passing: neither it nor the difference that it comes
/// from is approved or hidden.
fn broken(
    particulars: &Particulars,
    approved: &[Approved],
    unexplained: &[Reported],
    hidden: &BTreeSet<&str>,
    settings: &Settings,
) -> Vec<Reported> {
    let Particulars::Upgrade(upgrade) = particulars else { return Vec::new() };
    let approved: BTreeSet<&str> = approved.iter().map(|one| one.finding.fingerprint.as_str()).collect();
    let unexplained: BTreeSet<&str> = unexplained.iter().map(|one| one.fingerprint.as_str()).collect();
    let is_open = |finding: &Finding, by: &Option<String>| match by {
        Some(by) => !approved.contains(by.as_str()) && !hidden.contains(by.as_str()),
        None => unexplained.contains(finding.fingerprint().as_str()),
    };
    let first = |one: &Broken| {
        let (finding, by) = one.findings.iter().zip(&one.by).find(|(finding, by)| is_open(finding, by))?;
        // The difference is what a team weighs. A rule of traffic that is off makes the exchange no less broken.
        let level = settings.level(finding).unwrap_or(finding.weight);
        let fails = settings.fail_on.is_some();
        Some(Reported { fails, comes_from: by.clone(), ..Reported::of(finding.clone(), level) })
    };
    upgrade.replay.iter().flat_map(|replay| &replay.broken_by_it).filter_map(first).collect()
}

/// Marks what fails, and what breaks recorded exchanges. What is reported and not judged fails for nothing.
fn mark_failing(verdict: &mut Verdict, off: &BTreeSet<&str>, settings: &Settings) {
    let Some(least) = settings.fail_on else { return };
    let breaks: BTreeSet<String> = breaking(verdict, off).into_iter().map(str::to_owned).collect();
    for finding in &mut verdict.findings {
        finding.fails = finding.level >= least || breaks.contains(finding.fingerprint.as_str());
    }
    verdict.unexplained.iter_mut().for_each(|finding| finding.fails = true);
}

/// The findings that would have to be approved; of a history, those that make exchanges fail under the newest release. One
/// line approves all that has its fingerprint.
fn to_approve(verdict: &Verdict, ledger: &Ledger<'_>) -> Vec<ToApprove> {
    let failing = verdict.open().filter(|finding| match &verdict.particulars {
        Particulars::History(history) => finding.level >= history.least,
        _ => finding.fails,
    });
    let mut alike: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in verdict.findings.iter().chain(&verdict.unexplained) {
        alike.entry(finding.fingerprint.as_str()).or_default().push(finding);
    }
    let mut known = BTreeSet::new();
    let first = failing.map(|finding| finding.fingerprint.as_str()).filter(|fingerprint| known.insert(*fingerprint));
    first.map(|fingerprint| ledger.needed(fingerprint, &alike[fingerprint])).collect()
}

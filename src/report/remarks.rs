//! [`Remark`]: what a report says beside findings, whatever the form.

use super::facts::{counts_of, covered, rows, undetected};
use super::models::judged_otherwise;
use super::order::is_unused;
use super::sentence::is_of_program;
use crate::finding::Severity;
use crate::gate::{Scorecard, Verdict};
use crate::outcome::{OfService, Particulars, Replay};
use crate::text::plural;

/// The command that approves what the report of another job says that fails.
pub(super) const APPROVE: &str = "shapegate approve --report report.json --reason WHY";

/// Something to know of a run that is no finding.
pub(super) struct Remark {
    /// How much it matters.
    pub(super) level: Severity,
    /// A line on it.
    pub(super) text: String,
    /// A table of the document has it too.
    pub(super) is_tabled: bool,
}

impl Remark {
    fn note(text: String) -> Self {
        Self { level: Severity::Note, text, is_tabled: false }
    }

    fn warning(text: String) -> Self {
        Self { level: Severity::Warning, text, is_tabled: false }
    }

    /// Numbers that a table has as well.
    fn tabled(text: String) -> Self {
        Self { is_tabled: true, ..Self::note(text) }
    }
}

/// What was compared with what.
pub(super) fn compared(particulars: &Particulars) -> Option<Remark> {
    let (from, to) = match particulars {
        Particulars::Upgrade(upgrade) => (&upgrade.from, &upgrade.to),
        Particulars::Differences(differences) => (&differences.from, &differences.to),
        Particulars::Wire(wire) => return Some(Remark::note(format!("compared with the snapshot {}", wire.snapshot))),
        _ => return None,
    };
    Some(Remark::note(format!("compared: {from} → {to}")))
}

/// How many differences have no effect on anybody, and how to list them.
pub(super) fn without_effect(verdict: &Verdict) -> Option<String> {
    let rules: Vec<String> = verdict.without_effect.iter().map(|(rule, count)| format!("{count} {rule}")).collect();
    let count = verdict.without_effect.values().sum();
    (count > 0).then(|| {
        let differences = plural(count, "difference");
        format!("{differences} without effect not listed: {} (--only-rule lists those of a rule)", rules.join(", "))
    })
}

/// What else to know: what the job leaves open, what was not checked, approvals that did not count, what to do.
pub(super) fn remarks(verdict: &Verdict) -> Vec<Remark> {
    let of_job: Vec<Remark> = match &verdict.particulars {
        Particulars::Upgrade(upgrade) => {
            upgrade.replay.as_ref().and_then(without_traffic).map(Remark::note).into_iter().collect()
        }
        Particulars::Differences(differences) => {
            let of_service = |one: &OfService| -> Vec<Remark> {
                let lines = rows(one.facts()).into_iter().map(|row| format!("{}: {}", one.name, row.line()));
                lines.map(Remark::note).collect()
            };
            differences.services.iter().flat_map(of_service).collect()
        }
        Particulars::Score(score) => {
            score.undetected.iter().map(|one| Remark::warning(format!("undetected: {}", undetected(one)))).collect()
        }
        Particulars::Scorecard(_) => of_scorecard(verdict),
        _ => Vec::new(),
    };
    let coverage = verdict.coverage.iter().flat_map(|coverage| &coverage.services);
    let coverage = coverage.map(|(service, own)| Remark::tabled(format!("coverage of {service}: {}", covered(own))));
    let unchecked = verdict.tally.unchecked.iter();
    let unchecked =
        unchecked.map(|(service, count)| format!("not checked for want of a contract: {service} ({count})"));
    let approvals = of_approvals(verdict).into_iter().flat_map(|(_, lines)| lines);
    let pruning = pruning(verdict).map(str::to_owned);
    let hints = outdated(verdict).into_iter().chain(unused(verdict)).chain(acceptance(verdict)).chain(pruning);
    let hints = hints.map(Remark::note);
    of_job.into_iter().chain(coverage).chain(unchecked.chain(approvals).map(Remark::warning)).chain(hints).collect()
}

/// How each service answers, and what changed.
fn of_scorecard(verdict: &Verdict) -> Vec<Remark> {
    let card = Scorecard::of(verdict);
    let trend = card
        .trend
        .as_ref()
        .map(|trend| Remark::note(format!("compared with {}: {}", file_name(&trend.before.label), counts_of(trend))));
    let otherwise = judged_otherwise(verdict).map(Remark::note);
    let services = card.services.iter().map(|(service, one)| {
        Remark::tabled(format!(
            "{service}: {} conforming, {} failing, {} refused, {} never called of {}",
            one.conforming,
            one.failing,
            one.refused(),
            one.never_called(),
            plural(one.operations, "operation")
        ))
    });
    trend.into_iter().chain(otherwise).chain(services).collect()
}

/// The name of a file without its folders, which concern nobody who reads a page.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit(['/', std::path::MAIN_SEPARATOR]).next().unwrap_or(path)
}

/// What the comparison of two models leaves open of an upgrade, where recorded traffic is there to compare by.
pub(super) fn beyond_models(particulars: &Particulars) -> Option<&'static str> {
    let Particulars::Upgrade(upgrade) = particulars else { return None };
    upgrade.replay.as_ref().map(
        |_| "what the SDK does beyond its models (headers, checksums, retries) is for `shapegate snapshot --compare`",
    )
}

/// `3 services without traffic: not compared`, where there are such.
pub(super) fn without_traffic(replay: &Replay) -> Option<String> {
    let count = replay.without_traffic.len();
    (count > 0).then(|| format!("{} without traffic: not compared", plural(count, "service")))
}

/// What a form says that counts compatible differences instead of listing them.
pub(super) fn not_listed(compatible: usize) -> String {
    format!("{} not listed: `--verbose` lists all", plural(compatible, "compatible difference"))
}

/// What to do where an upgrade fails for what no recorded exchange uses.
pub(super) fn unused(verdict: &Verdict) -> Option<String> {
    let count = verdict.findings.iter().filter(|one| one.fails && is_unused(one)).count();
    let fail = if count == 1 { "fails" } else { "fail" };
    (count > 0).then(|| {
        let what = plural(count, "difference");
        format!("{what} that no recorded exchange uses {fail}: `--unused-as note` makes such differences notes")
    })
}

/// What to do where exchanges lack a member that are older than the contract that they were held against.
pub(super) fn outdated(verdict: &Verdict) -> Vec<String> {
    let told = |(contract, count): (&String, &usize)| {
        let service = contract.split('@').next().unwrap_or(contract);
        let (exchanges, lack) = match count {
            1 => ("1 exchange".to_owned(), "lacks a member and was"),
            _ => (plural(*count, "exchange"), "lack a member and were"),
        };
        let recorded = if is_of_program(&verdict.tally) {
            format!("`.contract(\"{service}@recorded\")`")
        } else {
            format!("`--contract {service}@recorded`")
        };
        format!("{exchanges} {lack} recorded before {contract}: {recorded} holds each against the contract of its day")
    };
    verdict.tally.outdated.iter().filter(|_| !verdict.passed).map(told).collect()
}

/// How a team accepts what fails, where an approval would do.
fn acceptance(verdict: &Verdict) -> Option<String> {
    let job = verdict.particulars.job();
    let is_upgrade = matches!(verdict.particulars, Particulars::Upgrade(_) | Particulars::Wire(_));
    let is_open = is_upgrade && !verdict.passed && verdict.to_approve.iter().any(|one| !one.has_line);
    is_open.then(|| {
        format!(
            "to accept what fails: write a report (`shapegate {job} … --report json=report.json`), then `{APPROVE}`"
        )
    })
}

/// What removes approvals that are stale, where there are such.
pub(super) fn pruning(verdict: &Verdict) -> Option<&'static str> {
    let takes_a_report =
        matches!(verdict.particulars, Particulars::Upgrade(_) | Particulars::Wire(_) | Particulars::History(_));
    match (verdict.stale.is_empty(), takes_a_report) {
        (true, _) => None,
        (false, true) => Some(
            "`shapegate approve --report report.json --prune` (from `--report json=report.json`) removes approvals that are stale",
        ),
        (false, false) => {
            Some("`shapegate approve --prune` with all traffic that shares the file removes approvals that are stale")
        }
    }
}

/// What is to be said of approvals that did not count, by what became of them.
pub(super) fn of_approvals(verdict: &Verdict) -> [(&'static str, Vec<String>); 3] {
    let expired = verdict.expired.iter().map(|(print, day)| format!("expired on {day}: the approval of {print}"));
    let exceeded = verdict.exceeded.iter().map(|(print, (most, count))| {
        format!("exceeded: the approval of {print} accepts at most {most}, and there are {count}")
    });
    let unneeded =
        verdict.stale.iter().map(|print| format!("stale: the approval of {print}, which no finding needs now"));
    [("expired", expired.collect()), ("exceeded", exceeded.collect()), ("stale", unneeded.collect())]
}

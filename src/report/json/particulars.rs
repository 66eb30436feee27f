//! What only one job has, as an object of its own beside the findings.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::super::wire_diff::wire_diff;
use super::coverage::{self, Score as Scorecard};
use super::row::{Row, row};
use super::summary::Counts;
use crate::diff::Difference;
use crate::finding::{Finding, Location, Severity, Values};
use crate::gate::Verdict;
use crate::model::Direction;
use crate::outcome::{self, OfService, Particulars, Span, State};

/// The object of the job, under its own key.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Own<'v> {
    Upgrade(Upgrade<'v>),
    Wire(Wire<'v>),
    History(History<'v>),
    Score(Score<'v>),
    Exchanges(Vec<Exchange<'v>>),
    Diff(Diff<'v>),
    Scorecard(Box<Scorecard<'v>>),
}

impl<'v> Own<'v> {
    /// `is_whole` says that lists which NDJSON has as lines are within.
    pub(super) fn of(verdict: &'v Verdict, is_whole: bool) -> Option<Self> {
        match &verdict.particulars {
            Particulars::Traffic | Particulars::Coverage => None,
            Particulars::Upgrade(upgrade) => Some(Self::Upgrade(Upgrade::of(upgrade, verdict.downgraded))),
            Particulars::Wire(wire) => Some(Self::Wire(Wire::of(wire, verdict))),
            Particulars::History(history) => Some(Self::History(History::of(history, is_whole))),
            Particulars::Score(score) => Some(Self::Score(Score::of(score, is_whole))),
            Particulars::Listing(seen) => is_whole.then(|| Self::Exchanges(seen.iter().map(Exchange::of).collect())),
            Particulars::Differences(differences) => Some(Self::Diff(Diff::of(differences, is_whole))),
            Particulars::Scorecard(_) => Some(Self::Scorecard(Box::new(Scorecard::of(verdict)))),
        }
    }
}

/// The lines of NDJSON that are no findings.
pub(super) fn write_lines(verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    fn each<T: Serialize>(items: impl IntoIterator<Item = T>, out: &mut dyn Write) -> io::Result<()> {
        for item in items {
            serde_json::to_writer(&mut *out, &item)?;
            writeln!(out)?;
        }
        Ok(())
    }
    if let Some(covered) = &verdict.coverage {
        each(coverage::operations(covered), out)?;
    }
    match &verdict.particulars {
        Particulars::Traffic
        | Particulars::Upgrade(_)
        | Particulars::Wire(_)
        | Particulars::Coverage
        | Particulars::Scorecard(_) => Ok(()),
        Particulars::History(history) => each(history.releases.iter().map(Release::of), out),
        Particulars::Score(score) => each(score.undetected.iter().map(Undetected::of), out),
        Particulars::Listing(seen) => each(seen.iter().map(Exchange::of), out),
        Particulars::Differences(differences) => each(facts(differences), out),
    }
}

/// What was compared.
#[derive(Serialize)]
pub(super) struct Upgrade<'v> {
    from: &'v str,
    to: &'v str,
    profile: &'static str,
    services: usize,
    partial: &'v [String],
    fallout: Vec<Fallout<'v>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replay: Option<Replay<'v>>,
}

/// What comes with another finding.
#[derive(Serialize)]
struct Fallout<'v> {
    under: &'v str,
    finding: Row<'v>,
}

/// What recorded traffic says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replay<'v> {
    exchanges: usize,
    broken_before: usize,
    mended: usize,
    broken_by_it: Vec<Broken<'v>>,
    #[serde(skip_serializing_if = "is_zero")]
    broken_unlisted: usize,
    undecided: usize,
    not_compared: usize,
    without_traffic: &'v [String],
    downgraded: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// An exchange that the upgrade breaks.
#[derive(Serialize)]
struct Broken<'v> {
    finding: Row<'v>,
    more: usize,
    by: &'v [Option<String>],
}

impl<'v> Upgrade<'v> {
    fn of(upgrade: &'v outcome::Upgrade, downgraded: usize) -> Self {
        let plain = |finding: &'v Finding| row(finding, finding.weight);
        let fallout = |of: &'v outcome::Fallout| Fallout { under: &of.under, finding: plain(&of.finding) };
        let broken = |one: &'v outcome::Broken| {
            let (first, others) = one.findings.split_first()?;
            Some(Broken { finding: plain(first), more: others.len(), by: &one.by })
        };
        Self {
            from: &upgrade.from,
            to: &upgrade.to,
            profile: upgrade.profile,
            services: upgrade.services.len(),
            partial: &upgrade.partial,
            fallout: upgrade.fallout.iter().map(fallout).collect(),
            replay: upgrade.replay.as_ref().map(|replay| Replay {
                exchanges: replay.exchanges,
                broken_before: replay.broken_before,
                mended: replay.mended,
                broken_by_it: replay.broken_by_it.iter().filter_map(broken).collect(),
                broken_unlisted: replay.unlisted,
                undecided: replay.undecided,
                not_compared: replay.not_compared,
                without_traffic: &replay.without_traffic,
                downgraded,
            }),
        }
    }
}

/// A comparison with an older snapshot.
#[derive(Serialize)]
pub(super) struct Wire<'v> {
    snapshot: &'v str,
    operations: usize,
    accepted: bool,
    diff: String,
}

impl<'v> Wire<'v> {
    fn of(wire: &'v outcome::Wire, verdict: &Verdict) -> Self {
        let outcome::Wire { snapshot, operations, accepted, .. } = wire;
        Self { snapshot, operations: operations.len(), accepted: *accepted, diff: wire_diff(verdict, wire) }
    }
}

/// Traffic from release to release.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct History<'v> {
    service: &'v str,
    /// Severity from which on a finding makes its exchange fail.
    severity: &'static str,
    fails_always: usize,
    fails_until: Option<&'v str>,
    fails_from: Option<&'v str>,
    spans: Vec<Turn<'v>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    releases: Option<Vec<Release<'v>>>,
}

/// Releases under which traffic stands alike.
#[derive(Serialize)]
struct Turn<'v> {
    fails: bool,
    first: &'v str,
    last: &'v str,
}

/// One release.
#[derive(Serialize)]
struct Release<'v> {
    /// Its day.
    #[serde(rename = "release")]
    day: &'v str,
    botocore: &'v str,
    findings: Counts,
    failing: usize,
    come: Vec<Row<'v>>,
    gone: Vec<Row<'v>>,
}

impl<'v> History<'v> {
    fn of(history: &'v outcome::History, is_whole: bool) -> Self {
        let spans = history.spans();
        let fails = |span: Option<&Span<'v>>| span.copied().filter(|span| span.fails);
        let turn = |span: &Span<'v>| Turn { fails: span.fails, first: &span.first.day, last: &span.last.day };
        Self {
            service: &history.service,
            severity: history.least.as_str(),
            fails_always: history.always,
            fails_until: fails(spans.first()).map(|span| &*span.last.day),
            fails_from: fails(spans.last()).map(|span| &*span.first.day),
            spans: spans.iter().map(turn).collect(),
            releases: is_whole.then(|| history.releases.iter().map(Release::of).collect()),
        }
    }
}

impl<'v> Release<'v> {
    fn of(standing: &'v outcome::Standing) -> Self {
        let rows = |findings: &'v [(Finding, Severity)]| findings.iter().map(|(finding, level)| row(finding, *level));
        Self {
            day: &standing.release.day,
            botocore: &standing.release.botocore,
            findings: Counts::of(|severity| standing.counts.get(&severity).copied().unwrap_or(0)),
            failing: standing.failing,
            come: rows(&standing.come).collect(),
            gone: rows(&standing.gone).collect(),
        }
    }
}

/// How many deliberate faults were detected.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Score<'v> {
    rules: BTreeMap<&'static str, Count>,
    all: Count,
    broken: usize,
    unclean: usize,
    undetected_in_all: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    undetected: Option<Vec<Undetected<'v>>>,
}

#[derive(Serialize)]
struct Count {
    faults: usize,
    detected: usize,
    excused: usize,
}

/// A fault that its rule did not find.
#[derive(Serialize)]
struct Undetected<'v> {
    location: &'v Location,
    operation: &'v str,
    direction: &'static str,
    pointer: &'v str,
    rule: &'static str,
    instead: Vec<Instead<'v>>,
}

#[derive(Serialize)]
struct Instead<'v> {
    rule: &'static str,
    pointer: &'v str,
}

impl<'v> Score<'v> {
    fn of(score: &'v outcome::Score, is_whole: bool) -> Self {
        let count = |of: &outcome::Count| Count { faults: of.faults, detected: of.detected, excused: of.excused };
        Self {
            rules: score.rules.iter().map(|(rule, own)| (*rule, count(own))).collect(),
            all: count(&score.total()),
            broken: score.broken,
            unclean: score.unclean,
            undetected_in_all: score.undetected.len(),
            undetected: is_whole.then(|| score.undetected.iter().map(Undetected::of).collect()),
        }
    }
}

impl<'v> Undetected<'v> {
    fn of(one: &'v outcome::Undetected) -> Self {
        Self {
            location: &one.location,
            operation: &one.operation,
            direction: one.direction.as_str(),
            pointer: &one.pointer,
            rule: one.rule,
            instead: one.instead.iter().map(|(rule, pointer)| Instead { rule, pointer }).collect(),
        }
    }
}

/// One exchange, as it was understood.
#[derive(Serialize)]
pub(super) struct Exchange<'v> {
    location: &'v Location,
    service: &'v str,
    operation: Option<&'v str>,
    protocol: Option<&'static str>,
    status: Option<u16>,
    /// Number of findings; `null` where there was no contract to check it against.
    findings: Option<usize>,
    /// `checked`, `unchecked`, or `elsewhere` for what calls no modelled AWS API.
    state: &'static str,
    /// Reasons why it is taken for one of its service.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    why: &'v [String],
}

impl<'v> Exchange<'v> {
    fn of(seen: &'v outcome::Seen) -> Self {
        Self {
            location: &seen.location,
            service: &seen.service,
            operation: Some(seen.operation.as_str()).filter(|operation| !operation.is_empty()),
            protocol: seen.protocol.map(crate::model::Protocol::as_str),
            status: seen.status,
            findings: match seen.state {
                State::Checked(findings) => Some(findings),
                State::Unchecked | State::Elsewhere => None,
            },
            state: match seen.state {
                State::Checked(_) => "checked",
                State::Unchecked => "unchecked",
                State::Elsewhere => "elsewhere",
            },
            why: &seen.why,
        }
    }
}

/// What differs between two models, without weights.
#[derive(Serialize)]
pub(super) struct Diff<'v> {
    from: &'v str,
    to: &'v str,
    services: usize,
    /// Services of which only a part was compared.
    partial: Vec<&'v str>,
    count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<Vec<Fact<'v>>>,
}

/// One fact.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fact<'v> {
    kind: &'static str,
    service: &'v str,
    operations: &'v [String],
    direction: Option<&'static str>,
    shape: Option<&'v str>,
    older_shape: Option<&'v str>,
    member: Option<&'v str>,
    message: String,
    values: &'v Values,
}

impl<'v> Diff<'v> {
    fn of(differences: &'v outcome::Differences, is_whole: bool) -> Self {
        Self {
            from: &differences.from,
            to: &differences.to,
            services: differences.services.len(),
            partial: differences.partial(),
            count: differences.count(),
            differences: is_whole.then(|| facts(differences).collect()),
        }
    }
}

fn facts(differences: &outcome::Differences) -> impl Iterator<Item = Fact<'_>> {
    differences.services.iter().flat_map(of_service)
}

fn of_service(service: &OfService) -> impl Iterator<Item = Fact<'_>> {
    service.facts().map(|(difference, finding)| fact(&service.name, difference, finding))
}

fn fact<'v>(service: &'v str, difference: &'v Difference, finding: &'v Finding) -> Fact<'v> {
    Fact {
        kind: finding.rule.id,
        service,
        operations: &difference.operations,
        direction: difference.direction.map(Direction::as_str),
        shape: difference.shape.as_deref(),
        older_shape: difference.older_shape.as_deref(),
        member: difference.member.as_deref(),
        message: finding.message(),
        values: &finding.values,
    }
}

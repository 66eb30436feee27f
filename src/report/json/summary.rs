//! What was read and found in numbers, and what approvals did.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::row::Row;
use crate::finding::Severity;
use crate::gate::{ToApprove, Verdict};
use crate::outcome::ContractSource;

/// What was read and found, in numbers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary<'v> {
    recordings: usize,
    exchanges: usize,
    payloads: usize,
    /// Absent where the recordings keep each body.
    #[serde(skip_serializing_if = "is_none")]
    unrecorded_bodies: usize,
    retries: usize,
    streams: usize,
    events: usize,
    skipped: usize,
    /// Absent where nothing was left out.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    omitted: BTreeMap<&'v str, usize>,
    unchecked: &'v BTreeMap<String, usize>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    elsewhere: &'v BTreeMap<String, usize>,
    passed_over: &'v BTreeMap<Cow<'static, str>, usize>,
    /// Absent where the exchanges' times choose no contract.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    releases: &'v BTreeMap<String, usize>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    undated: &'v BTreeMap<String, usize>,
    /// Absent where no exchange that lacks a member is older than the newest contract that it was held against.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    outdated: &'v BTreeMap<String, usize>,
    findings: Counts,
    approved: usize,
    /// Absent where nothing is off.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    off: &'v BTreeMap<&'static str, usize>,
    /// Absent where there are none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    without_effect: &'v BTreeMap<&'static str, usize>,
    /// Absent where everything was asked for.
    #[serde(skip_serializing_if = "is_none")]
    not_asked_for: usize,
    /// Absent where all are listed.
    #[serde(skip_serializing_if = "is_none")]
    not_listed: usize,
    passed: bool,
}

/// Findings by severity.
#[derive(Serialize)]
pub(super) struct Counts {
    error: usize,
    warning: usize,
    note: usize,
}

impl Counts {
    pub(super) fn of(count: impl Fn(Severity) -> usize) -> Self {
        Self { error: count(Severity::Error), warning: count(Severity::Warning), note: count(Severity::Note) }
    }
}

impl<'v> Summary<'v> {
    pub(super) fn of(verdict: &'v Verdict) -> Self {
        let tally = &verdict.tally;
        Self {
            recordings: tally.recordings,
            exchanges: tally.exchanges,
            payloads: tally.payloads,
            unrecorded_bodies: tally.unrecorded,
            retries: tally.retries,
            streams: tally.streams,
            events: tally.events,
            skipped: tally.skipped.len(),
            omitted: tally.omissions(),
            unchecked: &tally.unchecked,
            elsewhere: &tally.elsewhere,
            passed_over: &tally.passed_over,
            releases: &tally.releases,
            undated: &tally.undated,
            outdated: &tally.outdated,
            findings: Counts::of(|severity| verdict.count(severity)),
            approved: verdict.approved.len(),
            off: &verdict.off,
            without_effect: &verdict.without_effect,
            not_asked_for: verdict.beside,
            not_listed: verdict.unlisted.values().sum(),
            passed: verdict.passed,
        }
    }
}

/// What approvals accepted, and what would need one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Approvals<'v> {
    approved: Vec<Approved<'v>>,
    accepted: Vec<Accepted<'v>>,
    stale: &'v [String],
    expired: BTreeMap<&'v str, String>,
    /// Absent where there are none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    exceeded: BTreeMap<&'v str, Exceeded>,
    to_approve: Vec<Open<'v>>,
}

#[derive(Serialize)]
struct Approved<'v> {
    reason: &'v str,
    finding: Row<'v>,
}

/// An approval with how many findings it accepted.
#[derive(Serialize)]
struct Accepted<'v> {
    fingerprint: &'v str,
    reason: &'v str,
    findings: usize,
}

/// An approval of so many findings at most where there are more.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Exceeded {
    at_most: usize,
    findings: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Open<'v> {
    fingerprint: &'v str,
    /// Absent where the fingerprint alone is enough.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    paths: &'v [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<usize>,
}

impl<'v> Approvals<'v> {
    pub(super) fn of(verdict: &'v Verdict) -> Self {
        let approved =
            |one: &'v crate::gate::Approved| Approved { reason: &one.reason, finding: Row::of(&one.finding) };
        let accepted = |(fingerprint, reason, findings): &'v (String, String, usize)| Accepted {
            fingerprint,
            reason,
            findings: *findings,
        };
        let open = |one: &'v ToApprove| Open { fingerprint: &one.fingerprint, paths: &one.paths, at_most: one.at_most };
        let exceeded = |(fingerprint, (at_most, findings)): (&'v String, &(usize, usize))| {
            (fingerprint.as_str(), Exceeded { at_most: *at_most, findings: *findings })
        };
        Self {
            approved: verdict.approved.iter().map(approved).collect(),
            accepted: verdict.accepted.iter().map(accepted).collect(),
            stale: &verdict.stale,
            expired: verdict.expired.iter().map(|(fingerprint, day)| (fingerprint.as_str(), day.to_string())).collect(),
            exceeded: verdict.exceeded.iter().map(exceeded).collect(),
            to_approve: verdict.to_approve.iter().map(open).collect(),
        }
    }
}

/// A contract that traffic was held against.
#[derive(Serialize)]
pub(super) struct ContractRow<'v> {
    service: &'v str,
    origin: &'v str,
    version: &'v str,
    /// The product that the model is of, with its version; absent where nobody knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<&'v str>,
}

impl<'v> ContractRow<'v> {
    /// All contracts of a run, by service.
    pub(super) fn all(verdict: &'v Verdict) -> Vec<Self> {
        let contracts = verdict.tally.contracts.iter();
        let rows = contracts.flat_map(|(service, sources)| sources.iter().map(move |source| (service, source)));
        let row = |(service, source): (&'v String, &'v ContractSource)| Self {
            service,
            origin: &source.origin,
            version: &source.version,
            release: source.release.as_deref(),
        };
        rows.map(row).collect()
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over the field")]
fn is_none(count: &usize) -> bool {
    *count == 0
}

//! One JSON object; its schema is `schemas/formats/report.v1.schema.json`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::{Report, Style};
use crate::finding::{Finding, Severity};
use crate::gate::Verdict;
use crate::model::Direction;
use crate::rules;

pub(super) struct Json;

/// Version of the form of JSON and NDJSON reports.
pub(super) const VERSION: u32 = 1;

impl Report for Json {
    fn id(&self) -> &'static str {
        "json"
    }

    fn write(&self, verdict: &Verdict, _: Style, out: &mut dyn Write) -> io::Result<()> {
        let report = Whole {
            report: VERSION,
            summary: Summary::of(verdict),
            findings: verdict.findings.iter().map(Row::of).collect(),
        };
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)
    }
}

#[derive(Serialize)]
struct Whole<'v> {
    report: u32,
    summary: Summary<'v>,
    findings: Vec<Row<'v>>,
}

/// What was read and found, in numbers.
#[derive(Serialize)]
pub(super) struct Summary<'v> {
    recordings: usize,
    exchanges: usize,
    payloads: usize,
    retries: usize,
    streams: usize,
    events: usize,
    skipped: usize,
    unchecked: &'v BTreeMap<String, usize>,
    #[serde(rename = "passedOver")]
    passed_over: &'v BTreeMap<&'static str, usize>,
    /// Absent where the exchanges' times choose no contract.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    releases: &'v BTreeMap<String, usize>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    undated: &'v BTreeMap<String, usize>,
    findings: Counts,
    passed: bool,
    /// Absent where traffic was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    upgrade: Option<Upgrade<'v>>,
}

/// What was compared.
#[derive(Serialize)]
struct Upgrade<'v> {
    from: &'v str,
    to: &'v str,
    profile: &'static str,
    services: usize,
    partial: &'v [String],
    fallout: Vec<Fallout<'v>>,
    approved: Vec<Approved<'v>>,
    stale: &'v [String],
    expired: &'v BTreeMap<String, String>,
    #[serde(rename = "toApprove")]
    to_approve: &'v [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    replay: Option<Replay<'v>>,
}

/// What comes with another finding.
#[derive(Serialize)]
struct Fallout<'v> {
    under: &'v str,
    finding: Row<'v>,
}

#[derive(Serialize)]
struct Approved<'v> {
    reason: &'v str,
    finding: Row<'v>,
}

/// What recorded traffic says.
#[derive(Serialize)]
struct Replay<'v> {
    exchanges: usize,
    #[serde(rename = "brokenBefore")]
    broken_before: usize,
    #[serde(rename = "brokenByIt")]
    broken_by_it: Vec<Broken<'v>>,
    downgraded: usize,
    unreadable: Vec<Row<'v>>,
}

/// An exchange that the upgrade breaks.
#[derive(Serialize)]
struct Broken<'v> {
    finding: Row<'v>,
    more: usize,
    by: &'v [Option<String>],
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
        Self {
            recordings: verdict.tally.recordings,
            exchanges: verdict.tally.exchanges,
            payloads: verdict.tally.payloads,
            retries: verdict.tally.retries,
            streams: verdict.tally.streams,
            events: verdict.tally.events,
            skipped: verdict.tally.skipped.len(),
            unchecked: &verdict.tally.unchecked,
            passed_over: &verdict.tally.passed_over,
            releases: &verdict.tally.releases,
            undated: &verdict.tally.undated,
            findings: Counts::of(|severity| verdict.count(severity)),
            passed: verdict.passed,
            upgrade: verdict.upgrade.as_ref().map(|upgrade| Upgrade {
                from: &upgrade.from,
                to: &upgrade.to,
                profile: upgrade.profile,
                services: upgrade.services.len(),
                partial: &upgrade.partial,
                fallout: upgrade
                    .fallout
                    .iter()
                    .map(|of| Fallout { under: &of.under, finding: Row::of(&of.finding) })
                    .collect(),
                approved: upgrade
                    .approved
                    .iter()
                    .map(|(finding, reason)| Approved { reason, finding: Row::of(finding) })
                    .collect(),
                stale: &upgrade.stale,
                expired: &upgrade.expired,
                to_approve: &upgrade.to_approve,
                replay: upgrade.replay.as_ref().map(|replay| Replay {
                    exchanges: replay.exchanges,
                    broken_before: replay.broken_before,
                    broken_by_it: replay
                        .broken_by_it
                        .iter()
                        .map(|broken| Broken { finding: Row::of(&broken.finding), more: broken.more, by: &broken.by })
                        .collect(),
                    downgraded: replay.downgraded,
                    unreadable: replay.unreadable.iter().map(Row::of).collect(),
                }),
            }),
        }
    }
}

/// One finding.
#[derive(Serialize)]
pub(super) struct Row<'v> {
    rule: &'static str,
    severity: &'static str,
    service: Option<&'v str>,
    operation: Option<&'v str>,
    direction: Option<&'static str>,
    shape: Option<&'v str>,
    member: Option<&'v str>,
    pointer: &'v str,
    location: Place<'v>,
    /// Absent where the recording does not keep HTTP messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin<'v>>,
    message: String,
    values: &'v BTreeMap<&'static str, Value>,
    fingerprint: String,
}

#[derive(Serialize)]
struct Place<'v> {
    file: &'v str,
    line: Option<usize>,
    column: Option<usize>,
    entry: Option<usize>,
}

/// A part of an HTTP message.
#[derive(Serialize)]
struct Origin<'v> {
    part: &'static str,
    name: Option<&'v str>,
    line: Option<usize>,
    column: Option<usize>,
}

impl<'v> Row<'v> {
    pub(super) fn of(finding: &'v Finding) -> Self {
        let (line, column) = finding.location.position.unzip();
        Self {
            rule: finding.rule,
            severity: finding.severity.as_str(),
            service: finding.service.as_deref(),
            operation: finding.operation.as_deref(),
            direction: finding.direction.map(Direction::as_str),
            shape: finding.shape.as_deref(),
            member: finding.member.as_deref(),
            pointer: &finding.pointer,
            location: Place { file: &finding.location.file, line, column, entry: finding.location.entry },
            origin: finding.origin.as_ref().map(|origin| {
                let (line, column) = origin.position.unzip();
                Origin { part: origin.part, name: origin.name.as_deref(), line, column }
            }),
            message: rules::message(finding),
            values: &finding.values,
            fingerprint: finding.fingerprint().to_string(),
        }
    }
}

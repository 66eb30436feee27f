//! Two snapshots of traffic as text: what differs as a diff, then what it means, the heaviest first.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::super::wire_diff::wire_diff;
use super::aside::omitted;
use super::{Style, approvals, write_skipped};
use crate::finding::{Finding, Severity};
use crate::gate::{Reported, Verdict};
use crate::outcome::{Tally, Wire};
use crate::text::plural;

/// Names of operations that are listed of one row without `--verbose`.
const LISTED: usize = 4;

/// Writes the report on two snapshots.
pub(super) fn write(verdict: &Verdict, about: &Wire, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let diff = wire_diff(verdict, about);
    for line in diff.lines() {
        match color(line).filter(|_| style.color) {
            Some(color) => writeln!(out, "\x1b[{color}m{line}\x1b[0m")?,
            None => writeln!(out, "{line}")?,
        }
    }
    if !diff.is_empty() {
        writeln!(out)?;
    }
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let rows = rows(&verdict.findings, severity);
        if !rows.is_empty() {
            writeln!(out, "{}s:", severity.as_str())?;
            rows.iter().try_for_each(|row| row.write(style, out))?;
            writeln!(out)?;
        }
    }
    write_skipped(&verdict.tally, style, out)?;
    approvals::write(verdict, style, out)?;
    writeln!(out, "{}", summary(verdict, about))?;
    match (about.accepted, diff.is_empty()) {
        (true, _) if about.before != about.after => writeln!(out, "{} holds the new state now", about.snapshot),
        (false, false) => writeln!(out, "where this is meant, --accept writes it into {}", about.snapshot),
        _ => Ok(()),
    }
}

fn color(line: &str) -> Option<u8> {
    match line.as_bytes().first()? {
        _ if line.starts_with("--- ") || line.starts_with("+++ ") => Some(1),
        b'-' => Some(31),
        b'+' => Some(32),
        b'@' => Some(36),
        _ => None,
    }
}

/// Findings that say the same of several operations.
struct Row<'v> {
    first: &'v Finding,
    message: String,
    operations: Vec<String>,
}

fn rows(findings: &[Reported], severity: Severity) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut known: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.level == severity) {
        let message = finding.sentence();
        let operation = match (&finding.service, &finding.operation) {
            (Some(service), Some(operation)) => format!("{service} {operation}"),
            _ => finding.location.text(),
        };
        let at = *known.entry((finding.rule.id, message.clone())).or_insert(rows.len());
        if at == rows.len() {
            rows.push(Row { first: finding, message, operations: Vec::new() });
        }
        rows[at].operations.push(operation);
    }
    rows
}

impl Row<'_> {
    fn write(&self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "  {} [{}]", self.message, self.first.rule.id)?;
        let listed = if style.is_verbose() { self.operations.len() } else { LISTED.min(self.operations.len()) };
        let more = match self.operations.len() - listed {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        writeln!(out, "      {}{more}", self.operations[..listed].join(", "))
    }
}

fn summary(verdict: &Verdict, about: &Wire) -> String {
    let found = [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| plural(verdict.count(severity), severity.as_str()))
        .join(", ");
    let word = match (about.accepted, verdict.passed, verdict.has_nothing()) {
        (true, ..) => "accepted",
        (_, true, true) => "no differences",
        (_, true, false) => "passed",
        (_, false, _) => "failed",
    };
    let differing: BTreeSet<_> = verdict.kinds().into_keys().map(|kind| (kind.service, kind.operation)).collect();
    let differing = differing.iter().filter(|(service, _)| service.is_some()).count();
    let tally = &verdict.tally;
    let read = format!("{} with {}", plural(tally.exchanges, "exchange"), plural(tally.payloads, "payload"));
    let mut line = format!(
        "{word}: {found}; {differing} of {} in {read} of {}",
        plural(about.operations.len(), "operation"),
        plural(tally.recordings, "recording")
    );
    line.push_str(&approvals::count(verdict));
    line.push_str(&left_out(tally));
    line
}

/// What was read and is not part of the snapshot.
pub(crate) fn left_out(tally: &Tally) -> String {
    let passed_over = tally.passed_over.iter().map(|(what, count)| format!("{what} ({count})"));
    let unchecked =
        tally.unchecked.iter().map(|(service, count)| format!("{service}, for want of a contract ({count})"));
    let parts: Vec<String> = passed_over.chain(unchecked).collect();
    let left_out = if parts.is_empty() { String::new() } else { format!("; left out: {}", parts.join(", ")) };
    let skipped = match tally.skipped.len() {
        0 => String::new(),
        some => format!("; {} skipped", plural(some, "other file")),
    };
    left_out + &skipped + &omitted(tally)
}

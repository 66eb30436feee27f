//! Two snapshots of traffic as text: what differs as a diff, then what it means, the heaviest first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::super::facts::fallout;
use super::super::sentence::sentence;
use super::super::wire_diff::wire_diff;
use super::{Style, approvals, tables, write_skipped};
use crate::finding::{Finding, Severity};
use crate::gate::{Reported, Verdict};
use crate::outcome::Wire;

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
    tables::statistics(verdict, style, out)?;
    approvals::write(verdict, style, out)?;
    writeln!(out, "{}", sentence(verdict))?;
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
    findings: Vec<&'v Finding>,
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
            rows.push(Row { findings: Vec::new(), message, operations: Vec::new() });
        }
        rows[at].findings.push(finding);
        rows[at].operations.push(operation);
    }
    rows
}

impl Row<'_> {
    fn write(&self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let rule = self.findings.first().map_or("", |first| first.rule.id);
        writeln!(out, "  {} [{rule}]", self.message)?;
        let listed = if style.is_verbose() { self.operations.len() } else { LISTED.min(self.operations.len()) };
        let more = match self.operations.len() - listed {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        writeln!(out, "      {}{more}", self.operations[..listed].join(", "))?;
        fallout(self.findings.iter().copied()).map_or(Ok(()), |with_it| writeln!(out, "      {with_it}"))
    }
}

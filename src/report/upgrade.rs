//! Text for people about an upgrade: a line for each difference, the heaviest first, and what to do about them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Style;
use crate::finding::{Finding, Severity};
use crate::gate::{APPROVALS, Approvals, Replay, Upgrade, Verdict};
use crate::model::Direction;
use crate::rules;

/// Compatible differences that are listed without `--verbose`; more are counted by rule.
const LISTED: usize = 12;
/// Lines to paste that are shown without `--verbose`.
const PASTED: usize = 8;

pub(super) fn write(verdict: &Verdict, about: &Upgrade, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} → {}, for {}\n", about.from, about.to, users(about.profile))?;
    let many = about.services > 1;
    for (severity, word) in
        [(Severity::Error, "breaking"), (Severity::Warning, "risky"), (Severity::Note, "compatible")]
    {
        let rows = rows(&verdict.findings, severity);
        if rows.is_empty() {
            continue;
        }
        writeln!(out, "{word}:")?;
        if severity == Severity::Note && rows.len() > LISTED && !style.verbose {
            counted(&verdict.findings, out)?;
        } else {
            for row in &rows {
                row.write(many, out)?;
            }
        }
        writeln!(out)?;
    }
    if let Some(replay) = &about.replay {
        replayed(replay, style, out)?;
    }
    approvals(verdict, about, style, out)?;
    writeln!(out, "{}", summary(verdict, about))
}

fn users(profile: &str) -> &'static str {
    match profile {
        "typed" => "SDKs with compiled types",
        "replay" => "recorded traffic, mocks and emulators",
        _ => "SDKs that read models as they run",
    }
}

/// Findings with one sentence, in one half of the exchange or in both.
struct Row<'v> {
    first: &'v Finding,
    message: String,
    halves: Vec<Direction>,
}

/// Findings of that weight; what is the same in requests and responses is one row.
fn rows(findings: &[Finding], severity: Severity) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut known: BTreeMap<(&str, Option<&str>, String), usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == severity) {
        let message = rules::message(finding);
        let key = (finding.rule, finding.service.as_deref(), message.clone());
        let half = finding.direction;
        match known.get(&key) {
            Some(at) if half.is_some_and(|half| !rows[*at].halves.contains(&half)) => rows[*at].halves.extend(half),
            _ => {
                known.insert(key, rows.len());
                rows.push(Row { first: finding, message, halves: half.into_iter().collect() });
            }
        }
    }
    rows
}

impl Row<'_> {
    fn write(&self, many: bool, out: &mut dyn Write) -> io::Result<()> {
        let halves = match self.halves[..] {
            [] => String::new(),
            [one] => format!(" ({one})"),
            _ => " (both)".to_owned(),
        };
        let service = match &self.first.service {
            Some(service) if many => format!("{service}: "),
            _ => String::new(),
        };
        writeln!(out, "  {service}{}{halves} [{}]", self.message, self.first.rule)?;
        if self.first.shape.is_some() {
            writeln!(out, "      in {}", concerned(self.first))?;
        }
        for (name, label) in [("uses", "recorded"), ("witness", "for example")] {
            if let Some(value) = self.first.values.get(name) {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                writeln!(out, "      {label}: {text}")?;
            }
        }
        Ok(())
    }
}

/// The operations that a shape's difference concerns.
fn concerned(finding: &Finding) -> String {
    let names = finding.values.get("operations").and_then(serde_json::Value::as_array).into_iter().flatten();
    let names: Vec<&str> = names.filter_map(serde_json::Value::as_str).collect();
    match names.len() {
        0..=4 => names.join(", "),
        many => format!("{}, … ({many} operations)", names[..3].join(", ")),
    }
}

fn counted(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Note) {
        *counts.entry(finding.rule).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    for (rule, count) in counts {
        writeln!(out, "  {count:>6} {rule}")?;
    }
    writeln!(out, "  (--verbose lists them)")
}

fn replayed(replay: &Replay, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Replay { exchanges, broken_before, broken_by_it, downgraded } = replay;
    writeln!(
        out,
        "recorded traffic: {} of {exchanges} exchanges keep the old contract and break the new",
        broken_by_it.len()
    )?;
    let shown = if style.verbose { broken_by_it.len() } else { PASTED.min(broken_by_it.len()) };
    for broken in &broken_by_it[..shown] {
        let finding = &broken.finding;
        let line = finding.location.position.map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
        let more = if broken.more == 0 { String::new() } else { format!(", and {} more", broken.more) };
        let message = rules::message(finding);
        writeln!(out, "  {}{line}: {message} [{}]{more}", finding.location.file, finding.rule)?;
    }
    if broken_by_it.len() > shown {
        writeln!(out, "  and {} more (--verbose lists them)", broken_by_it.len() - shown)?;
    }
    if *broken_before > 0 {
        writeln!(out, "  {broken_before} break the old contract already")?;
    }
    if *downgraded > 0 {
        writeln!(out, "  {downgraded} differences weigh less, for no exchange has what they are about")?;
    }
    writeln!(out)
}

fn approvals(verdict: &Verdict, about: &Upgrade, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for (finding, reason) in about.approved.iter().filter(|_| style.verbose) {
        writeln!(out, "approved: {} [{}], for: {reason}", rules::message(finding), finding.rule)?;
    }
    for (fingerprint, day) in &about.expired {
        writeln!(out, "expired on {day}: the approval of {fingerprint}")?;
    }
    for fingerprint in &about.stale {
        writeln!(out, "stale: the approval of {fingerprint}, which nothing has any more")?;
    }
    if !about.expired.is_empty() || !about.stale.is_empty() || style.verbose && !about.approved.is_empty() {
        writeln!(out)?;
    }
    let failing: Vec<String> = verdict
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.fingerprint().to_string())
        .filter(|fingerprint| !about.expired.contains_key(fingerprint))
        .collect();
    if verdict.passed || failing.is_empty() {
        return Ok(());
    }
    writeln!(out, "to take what breaks, say why below [approvals] in {APPROVALS}:")?;
    let shown = if style.verbose { failing.len() } else { PASTED.min(failing.len()) };
    for fingerprint in &failing[..shown] {
        writeln!(out, "  {}", Approvals::line(fingerprint))?;
    }
    if failing.len() > shown {
        writeln!(out, "  and {} more (--verbose lists them)", failing.len() - shown)?;
    }
    writeln!(out)
}

fn summary(verdict: &Verdict, about: &Upgrade) -> String {
    let count = |severity| verdict.count(severity);
    let (breaking, risky, compatible) = (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    let word = match (verdict.passed, verdict.findings.is_empty() && about.approved.is_empty()) {
        (true, true) if about.partial.is_empty() => "no differences",
        (true, true) => "nothing is shown that differs",
        (true, false) => "passed",
        (false, _) => "failed",
    };
    let services = if about.services == 1 { "1 service".to_owned() } else { format!("{} services", about.services) };
    let approved = match about.approved.len() {
        0 => String::new(),
        many => format!("; {many} approved"),
    };
    let partial = match &about.partial[..] {
        [] => String::new(),
        services => format!("; of {} a part alone is known, so this proves nothing compatible", services.join(", ")),
    };
    format!("{word}: {breaking} breaking, {risky} risky, {compatible} compatible in {services}{approved}{partial}")
}

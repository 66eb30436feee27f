//! Text for people about an upgrade: a line for each difference, the heaviest first, and what to do about them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde_json::Value;

use super::Style;
use crate::finding::{Finding, Severity};
use crate::gate::{APPROVALS, Approvals, Broken, Replay, Upgrade, Verdict};
use crate::model::Direction;
use crate::rules;
use crate::text::place;

/// Compatible differences that are listed without `--verbose`; more are counted by rule.
const LISTED: usize = 12;
/// The heaviest first.
const WEIGHTS: [(Severity, &str); 3] =
    [(Severity::Error, "breaking"), (Severity::Warning, "risky"), (Severity::Note, "compatible")];
/// Lines to paste that are shown without `--verbose`.
const PASTED: usize = 8;

pub(super) fn write(verdict: &Verdict, about: &Upgrade, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} → {}, for {}\n", about.from, about.to, users(about.profile))?;
    let many = about.services.len() > 1;
    let mut hidden = false;
    // What is the same in both halves is one line, and counts as one.
    let mut lines = Vec::new();
    for (severity, word) in WEIGHTS {
        let rows = rows(&verdict.findings, severity);
        lines.push(format!("{} {word}", rows.len()));
        if rows.is_empty() {
            continue;
        }
        writeln!(out, "{word}:")?;
        // What nobody recorded and breaks nothing is for those who ask.
        let (unused, rows): (Vec<Row<'_>>, Vec<Row<'_>>) =
            rows.into_iter().partition(|row| !style.verbose && severity != Severity::Error && row.is_unused());
        if severity == Severity::Note && rows.len() > LISTED && !style.verbose {
            for (rule, count) in counts(&rows) {
                writeln!(out, "  {count:>6} {rule}")?;
            }
            hidden = true;
        } else {
            for row in &rows {
                row.write(many, style, out)?;
            }
        }
        if !unused.is_empty() {
            let told: Vec<String> = counts(&unused).iter().map(|(rule, count)| format!("{count} {rule}")).collect();
            writeln!(out, "  not used by the traffic: {}", told.join(", "))?;
            hidden = true;
        }
        writeln!(out)?;
    }
    if let Some(replay) = &about.replay {
        replayed(replay, style, out)?;
    }
    approvals(verdict, about, style, out)?;
    let hint = if hidden { " (--verbose lists all)" } else { "" };
    writeln!(out, "{}{hint}", summary(verdict, about, &lines.join(", ")))
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
    /// The same in the other half.
    second: Option<&'v Finding>,
    message: String,
}

/// Findings of that weight; what is the same in requests and responses is one row.
fn rows(findings: &[Finding], severity: Severity) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut known: BTreeMap<(&str, Option<&str>, String), usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == severity) {
        let message = rules::message(finding);
        let key = (finding.rule, finding.service.as_deref(), message.clone());
        match known.get(&key) {
            Some(at) if rows[*at].second.is_none() && rows[*at].first.direction != finding.direction => {
                rows[*at].second = Some(finding);
            }
            _ => {
                known.insert(key, rows.len());
                rows.push(Row { first: finding, second: None, message });
            }
        }
    }
    rows
}

impl Row<'_> {
    fn both(&self) -> impl Iterator<Item = &Finding> {
        std::iter::once(self.first).chain(self.second)
    }

    /// No recorded exchange has what it is about, and nothing recorded is broken by it.
    fn is_unused(&self) -> bool {
        self.both().all(|finding| {
            let recorded = finding.values.get("recorded").and_then(|recorded| recorded.get("exchanges"));
            let broken = finding.values.get("witness").is_some_and(|witness| witness.get("recorded").is_some());
            recorded.is_some_and(|count| count == 0) && !broken
        })
    }

    /// The operations that a shape's difference concerns, in either half.
    fn concerned(&self) -> String {
        let names = |finding: &Finding| finding.values.get("operations").and_then(Value::as_array).cloned();
        let names: Vec<Value> = self.both().filter_map(names).flatten().collect();
        let names: BTreeSet<&str> = names.iter().filter_map(Value::as_str).collect();
        let first: Vec<&str> = names.iter().copied().take(if names.len() <= 4 { 4 } else { 3 }).collect();
        match names.len() {
            0..=4 => first.join(", "),
            many => format!("{}, … ({many} operations)", first.join(", ")),
        }
    }

    /// In how many exchanges its subject was recorded, where the traffic can tell.
    fn recorded(&self) -> Option<String> {
        let recorded: Vec<(&Finding, &Value)> =
            self.both().filter_map(|finding| Some((finding, finding.values.get("recorded")?))).collect();
        let (_, first) = recorded.first()?;
        let (what, of) = (first.get("what")?.as_str()?, first.get("of")?);
        let count = |half| {
            let (_, recorded) = recorded.iter().find(|(finding, _)| finding.direction == Some(half))?;
            Some(format!("{} {half}s", recorded.get("exchanges")?))
        };
        let halves: Vec<String> = [Direction::Request, Direction::Response].into_iter().filter_map(count).collect();
        Some(match self.second {
            Some(_) => format!("recorded: {what} in {} of {of} exchanges", halves.join(" and ")),
            None => format!("recorded: {what} in {} of {of} exchanges", first.get("exchanges")?),
        })
    }

    fn write(&self, many: bool, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let halves = match (self.first.direction, self.second) {
            (None, _) => String::new(),
            (Some(one), None) => format!(" ({one})"),
            (Some(_), Some(_)) => " (both)".to_owned(),
        };
        let service = match &self.first.service {
            Some(service) if many => format!("{service}: "),
            _ => String::new(),
        };
        writeln!(out, "  {service}{}{halves} [{}]", self.message, self.first.rule)?;
        if self.first.shape.is_some() {
            writeln!(out, "      in {}", self.concerned())?;
        }
        let witness = self.both().find_map(|finding| witness(finding, style));
        for line in [fallout(self.first), self.recorded(), witness].into_iter().flatten() {
            writeln!(out, "      {line}")?;
        }
        Ok(())
    }
}

/// What comes with a finding, the commonest first.
fn fallout(finding: &Finding) -> Option<String> {
    let counts = finding.values.get("fallout")?.as_object()?;
    let mut counts: Vec<(&str, u64)> =
        counts.iter().map(|(rule, count)| (rule.as_str(), count.as_u64().unwrap_or(0))).collect();
    counts.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    let told: Vec<String> = counts.iter().map(|(rule, count)| format!("{count} {rule}")).collect();
    Some(format!("with it: {}", told.join(", ")))
}

/// Something that is legal before and illegal after.
fn witness(finding: &Finding, style: Style) -> Option<String> {
    let witness = finding.values.get("witness")?;
    let text = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let message = text(witness, "message");
    let Some(place) = witness.get("recorded") else {
        let payload = if style.verbose { witness.get("generated")?.to_string() } else { text(witness, "pointer") };
        return Some(format!("refused now: {message} (generated: {payload})"));
    };
    let part = |name: &str| place.get(name).and_then(Value::as_u64).map_or_else(String::new, |part| format!(":{part}"));
    Some(format!("refused now: {}{}{}: {message}", text(place, "file"), part("line"), part("column")))
}

/// Numbers of rows by rule, the commonest first.
fn counts<'v>(rows: &[Row<'v>]) -> Vec<(&'v str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(row.first.rule).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    counts
}

fn replayed(replay: &Replay, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Replay { exchanges, broken_before, broken_by_it, downgraded, unreadable } = replay;
    writeln!(
        out,
        "recorded traffic: {} of {exchanges} exchanges keep the old contract and break the new",
        broken_by_it.len()
    )?;
    let alike = alike(broken_by_it, style);
    let shown = if style.verbose { alike.len() } else { PASTED.min(alike.len()) };
    for (message, all) in &alike[..shown] {
        let finding = &all[0].finding;
        let others = match all.len() {
            1 => String::new(),
            many => format!(", and {} more like it", many - 1),
        };
        let operation = finding.operation.as_deref().unwrap_or_default();
        writeln!(out, "  {}: {operation}: {message} [{}]{others}", place(&finding.location), finding.rule)?;
    }
    if alike.len() > shown {
        writeln!(out, "  and {} others (--verbose lists them)", alike.len() - shown)?;
    }
    if *broken_before > 0 {
        writeln!(out, "  {broken_before} break the old contract already")?;
    }
    if *downgraded > 0 {
        writeln!(out, "  {downgraded} differences weigh less, for no exchange has what they are about")?;
    }
    for finding in unreadable.iter().take(if style.verbose { usize::MAX } else { PASTED }) {
        writeln!(out, "  not read: {}: {} [{}]", place(&finding.location), rules::message(finding), finding.rule)?;
    }
    if unreadable.len() > PASTED && !style.verbose {
        writeln!(out, "  nor {} others (--verbose lists them)", unreadable.len() - PASTED)?;
    }
    writeln!(out)
}

/// Broken exchanges whose first finding says the same, in the order of the first of them; each by itself where all are
/// asked for.
fn alike(broken: &[Broken], style: Style) -> Vec<(String, Vec<&Broken>)> {
    let mut all: Vec<(String, Vec<&Broken>)> = Vec::new();
    let mut known: BTreeMap<(&str, Option<&str>, String), usize> = BTreeMap::new();
    for one in broken {
        let message = rules::message(&one.finding);
        let key = (one.finding.rule, one.finding.operation.as_deref(), message.clone());
        match known.get(&key) {
            Some(at) if !style.verbose => all[*at].1.push(one),
            _ => {
                known.insert(key, all.len());
                all.push((message, vec![one]));
            }
        }
    }
    all
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
    let failing = &about.to_approve;
    if verdict.passed || failing.is_empty() {
        return Ok(());
    }
    writeln!(out, "to take what fails, say why below [approvals] in {APPROVALS}:")?;
    let shown = if style.verbose { failing.len() } else { PASTED.min(failing.len()) };
    for fingerprint in &failing[..shown] {
        writeln!(out, "  {}", Approvals::line(fingerprint))?;
    }
    if failing.len() > shown {
        writeln!(out, "  and {} more (--verbose lists them)", failing.len() - shown)?;
    }
    writeln!(out)
}

fn summary(verdict: &Verdict, about: &Upgrade, lines: &str) -> String {
    let word = match (verdict.passed, verdict.findings.is_empty() && about.approved.is_empty()) {
        (true, true) if about.partial.is_empty() => "no differences",
        (true, true) => "nothing is shown that differs",
        (true, false) => "passed",
        (false, _) => "failed",
    };
    let services = match about.services.len() {
        1 => "1 service".to_owned(),
        many => format!("{many} services"),
    };
    let approved = match about.approved.len() {
        0 => String::new(),
        many => format!("; {many} approved"),
    };
    let partial = match &about.partial[..] {
        [] => String::new(),
        services => format!("; of {} a part alone is known, so this proves nothing compatible", services.join(", ")),
    };
    format!("{word}: {lines} in {services}{approved}{partial}")
}

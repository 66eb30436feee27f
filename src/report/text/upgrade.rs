//! An upgrade as text: a line for each difference, the heaviest first, and what to do about them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::{Style, approvals, aside, write_skipped};
use crate::finding::{Finding, Recorded, Severity, Witness};
use crate::gate::{Reported, Verdict};
use crate::model::Direction;
use crate::outcome::{Broken, Replay, Upgrade};
use crate::text::plural;

/// Compatible differences that are listed without `--verbose`; more are counted by rule.
const LISTED: usize = 12;
/// The heaviest first.
const WEIGHTS: [(Severity, &str); 3] =
    [(Severity::Error, "breaking"), (Severity::Warning, "risky"), (Severity::Note, "compatible")];
/// Exchanges that are shown without `--verbose`.
const PASTED: usize = 8;

/// Writes the report on an upgrade.
pub(super) fn write(verdict: &Verdict, about: &Upgrade, style: &Style, out: &mut dyn Write) -> io::Result<()> {
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
            rows.into_iter().partition(|row| !style.is_verbose() && severity != Severity::Error && row.is_unused());
        if severity == Severity::Note && rows.len() > LISTED && !style.is_verbose() {
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
        write_skipped(&verdict.tally, style, out)?;
        replayed(replay, verdict, style, out)?;
    }
    approvals::write(verdict, style, out)?;
    let hint = if hidden { " (--verbose lists all)" } else { "" };
    writeln!(out, "{}{hint}", summary(verdict, about, &lines.join(", ")))
}

fn users(profile: &str) -> &'static str {
    match profile {
        "typed" => "SDKs with compiled types",
        "replay" => "recorded traffic, mocks and emulators",
        _ => "SDKs that load models at run time",
    }
}

/// Findings with one sentence, in one half of the exchange or in both.
struct Row<'v> {
    first: &'v Reported,
    /// The same in the other half.
    second: Option<&'v Reported>,
    message: String,
}

/// Findings of that weight; what is the same in requests and responses is one row.
fn rows(findings: &[Reported], severity: Severity) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut known: BTreeMap<(&str, Option<&str>, String), usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.level == severity && is_difference(finding)) {
        let message = finding.sentence();
        let key = (finding.rule.id, finding.service.as_deref(), message.clone());
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
        std::iter::once(self.first).chain(self.second).map(|one| &one.finding)
    }

    /// No recorded exchange has what it is about, and nothing recorded is broken by it.
    fn is_unused(&self) -> bool {
        self.both().all(|finding| {
            let is_broken = finding.witness().is_some_and(|witness| witness.recorded.is_some());
            finding.is_unused() && !is_broken
        })
    }

    /// The operations that a shape's difference concerns, in either half.
    fn concerned(&self) -> String {
        let names: BTreeSet<&str> = self.both().flat_map(|finding| &finding.operations).map(String::as_str).collect();
        let first: Vec<&str> = names.iter().copied().take(if names.len() <= 4 { 4 } else { 3 }).collect();
        match names.len() {
            0..=4 => first.join(", "),
            many => format!("{}, … ({many} operations)", first.join(", ")),
        }
    }

    /// In how many exchanges its subject was recorded, where the traffic can tell.
    fn recorded(&self) -> Option<String> {
        let recorded: Vec<(&Finding, &Recorded)> =
            self.both().filter_map(|finding| Some((finding, finding.recorded()?))).collect();
        let (_, Recorded { what, exchanges, of }) = recorded.first()?;
        let count = |half| {
            let (_, recorded) = recorded.iter().find(|(finding, _)| finding.direction == Some(half))?;
            Some(format!("{} {half}s", recorded.exchanges))
        };
        let halves: Vec<String> = [Direction::Request, Direction::Response].into_iter().filter_map(count).collect();
        Some(match self.second {
            Some(_) => format!("recorded: {what} in {} of {of} exchanges", halves.join(" and ")),
            None => format!("recorded: {what} in {exchanges} of {of} exchanges"),
        })
    }

    fn write(&self, many: bool, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let halves = match (self.first.direction, self.second) {
            (None, _) => String::new(),
            (Some(one), None) => format!(" ({one})"),
            (Some(_), Some(_)) => " (both)".to_owned(),
        };
        let service = match &self.first.service {
            Some(service) if many => format!("{service}: "),
            _ => String::new(),
        };
        writeln!(out, "  {service}{}{halves} [{}]", self.message, self.first.rule.id)?;
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
    let mut counts: Vec<(&str, usize)> = finding.fallout()?.iter().map(|(rule, count)| (*rule, *count)).collect();
    counts.sort_by_key(|(rule, count)| (Reverse(*count), *rule));
    let listed: Vec<String> = counts.iter().map(|(rule, count)| format!("{count} {rule}")).collect();
    Some(format!("with it: {}", listed.join(", ")))
}

/// Something that is legal before and illegal after.
fn witness(finding: &Finding, style: &Style) -> Option<String> {
    let Witness { recorded, generated, pointer, message, .. } = finding.witness()?;
    let Some(place) = recorded else {
        let payload = if style.is_verbose() { generated.as_ref()?.to_string() } else { pointer.clone() };
        return Some(format!("now rejected: {message} (generated: {payload})"));
    };
    Some(format!("now rejected: {}: {message}", place.text()))
}

/// Numbers of rows by rule, the commonest first.
fn counts<'v>(rows: &[Row<'v>]) -> Vec<(&'v str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *counts.entry(row.first.rule.id).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(rule, count)| (Reverse(*count), *rule));
    counts
}

fn replayed(replay: &Replay, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Replay { exchanges, broken_before, broken_by_it, undecided, not_compared } = replay;
    let unreadable: Vec<&Reported> = verdict.findings.iter().filter(|finding| !is_difference(finding)).collect();
    writeln!(
        out,
        "recorded traffic: {} of {exchanges} exchanges keep the old contract and break the new",
        broken_by_it.len()
    )?;
    let open = open(broken_by_it, verdict);
    if broken_by_it.len() > open.len() {
        writeln!(out, "  {} of them for differences that are approved", broken_by_it.len() - open.len())?;
    }
    let alike = alike(&open, style);
    let shown = if style.is_verbose() { alike.len() } else { PASTED.min(alike.len()) };
    for (message, all) in &alike[..shown] {
        let Some(finding) = all.first() else { continue };
        let others = match all.len() {
            1 => String::new(),
            many => format!(", and {} more like it", many - 1),
        };
        let operation = finding.operation.as_deref().unwrap_or_default();
        writeln!(out, "  {}: {operation}: {message} [{}]{others}", finding.location.text(), finding.rule.id)?;
    }
    if alike.len() > shown {
        writeln!(out, "  and {} others (--verbose lists them)", alike.len() - shown)?;
    }
    if *broken_before > 0 {
        writeln!(out, "  {broken_before} break the old contract already")?;
    }
    if *undecided > 0 {
        writeln!(out, "  of {undecided} the new contract says nothing")?;
    }
    if *not_compared > 0 {
        writeln!(out, "  {} of services or operations that are not compared", plural(*not_compared, "more exchange"))?;
    }
    let aside = [aside::passed_over(&verdict.tally, style), aside::without_contract(&verdict.tally, "")].concat();
    if let Some(aside) = aside.strip_prefix("; ") {
        writeln!(out, "  {aside}")?;
    }
    if verdict.downgraded > 0 {
        writeln!(out, "  {} differences weigh less, for no exchange has what they are about", verdict.downgraded)?;
    }
    for finding in unreadable.iter().take(if style.is_verbose() { usize::MAX } else { PASTED }) {
        writeln!(out, "  not read: {}: {} [{}]", finding.location.text(), finding.sentence(), finding.rule.id)?;
    }
    if unreadable.len() > PASTED && !style.is_verbose() {
        writeln!(out, "  nor {} others (--verbose lists them)", unreadable.len() - PASTED)?;
    }
    writeln!(out)
}

/// The first finding in each broken exchange that nobody approved: neither itself nor the difference that it comes from.
fn open<'b>(broken: &'b [Broken], verdict: &Verdict) -> Vec<&'b Finding> {
    let approved: BTreeSet<&str> = verdict.approved.iter().map(|one| one.finding.fingerprint.as_str()).collect();
    let unexplained: BTreeSet<&str> = verdict.unexplained.iter().map(|one| one.fingerprint.as_str()).collect();
    let is_open = |finding: &Finding, by: &Option<String>| match by {
        Some(by) => !approved.contains(by.as_str()),
        None => unexplained.contains(finding.fingerprint().as_str()),
    };
    let first = |one: &'b Broken| one.findings.iter().zip(&one.by).find(|(finding, by)| is_open(finding, by));
    broken.iter().filter_map(first).map(|(finding, _)| finding).collect()
}

/// Broken exchanges whose finding says the same, in the order of the first of them; each by itself where all are asked
/// for.
fn alike<'b>(broken: &[&'b Finding], style: &Style) -> Vec<(String, Vec<&'b Finding>)> {
    let mut all: Vec<(String, Vec<&Finding>)> = Vec::new();
    let mut known: BTreeMap<(&str, Option<&str>, String), usize> = BTreeMap::new();
    for first in broken.iter().copied() {
        let message = first.sentence();
        let key = (first.rule.id, first.operation.as_deref(), message.clone());
        match known.get(&key) {
            Some(at) if !style.is_verbose() => all[*at].1.push(first),
            _ => {
                known.insert(key, all.len());
                all.push((message, vec![first]));
            }
        }
    }
    all
}

/// Whether it is a difference, rather than traffic that cannot be read.
fn is_difference(finding: &Finding) -> bool {
    finding.deviation.change().is_some()
}

fn summary(verdict: &Verdict, about: &Upgrade, lines: &str) -> String {
    let word = match (verdict.passed, verdict.has_nothing()) {
        (true, true) if about.partial.is_empty() => "no differences",
        (true, true) => "nothing is shown that differs",
        (true, false) => "passed",
        (false, _) => "failed",
    };
    let services = plural(about.services.len(), "service");
    let approved = approvals::count(verdict);
    let partial = match &about.partial[..] {
        [] => String::new(),
        services => format!("; of {} only a part is known, so this proves nothing compatible", services.join(", ")),
    };
    format!("{word}: {lines} in {services}{approved}{partial}")
}

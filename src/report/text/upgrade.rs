//! An upgrade as text: a line for each difference, the heaviest first, and what to do about them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::super::aside;
use super::super::order::in_turn;
use super::super::remarks::{beyond_models, unused, without_effect, without_traffic};
use super::super::sentence::{WEIGHTS, sentence};
use super::change_rows::{Row, counts, is_difference, listed, rows};
use super::{Style, approvals, tables, write_skipped};
use crate::finding::Severity;
use crate::gate::{Reported, Verdict};
use crate::ingest::embedded;
use crate::outcome::{Replay, Upgrade};
use crate::text::plural;

/// Compatible differences that are listed without `--verbose`; more are counted by rule.
const LISTED: usize = 12;
/// Breaking or risky differences that are shown without `--verbose`; more are counted by rule.
const IN_FULL: usize = 14;
/// Services without traffic that are named with `--verbose`; more are counted.
const NAMED: usize = 20;
/// Exchanges that are shown without `--verbose`.
const PASTED: usize = 8;

/// Writes the report on an upgrade. The verdict comes first and last.
pub(super) fn write(verdict: &Verdict, about: &Upgrade, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let verdict_line = sentence(verdict);
    writeln!(out, "{verdict_line}\n{} → {}, for {}\n", about.from, about.to, users(about.profile))?;
    let many = about.services.len() > 1;
    let mut hidden = false;
    for (severity, word) in WEIGHTS {
        let rows = rows(&verdict.findings, severity);
        if !rows.is_empty() {
            writeln!(out, "{word}:")?;
            hidden |= section(rows, severity, many, style, out)?;
            writeln!(out)?;
        }
    }
    if let Some(told) = without_effect(verdict) {
        writeln!(out, "{told}\n")?;
    }
    if let Some(replay) = &about.replay {
        write_skipped(&verdict.tally, style, out)?;
        replayed(replay, &about.from, verdict, style, out)?;
    }
    tables::statistics(verdict, style, out)?;
    approvals::write(verdict, style, out)?;
    if let Some(beyond) = beyond_models(&verdict.particulars) {
        writeln!(out, "{beyond}")?;
    }
    let hint = if hidden { " (--verbose lists all)" } else { "" };
    writeln!(out, "{verdict_line}{hint}")
}

/// Writes the differences of one weight; says whether some are only counted.
fn section(rows: Vec<Row<'_>>, severity: Severity, many: bool, style: &Style, out: &mut dyn Write) -> io::Result<bool> {
    // What nobody recorded and breaks nothing is for those who ask.
    let (unused, rows): (Vec<Row<'_>>, Vec<Row<'_>>) =
        rows.into_iter().partition(|row| !style.is_verbose() && severity != Severity::Error && row.is_unused());
    let shown = match severity {
        _ if style.is_verbose() => rows.len(),
        Severity::Note if rows.len() > LISTED => 0,
        _ => IN_FULL.min(rows.len()),
    };
    // A whole list is read by service.
    let mut rows = if shown < rows.len() { in_turn(rows, Row::first, Row::is_unused) } else { rows };
    rows.sort_by_key(Row::is_unused);
    let more = rows.split_off(shown);
    rows.iter().try_for_each(|row| row.write(many, style, out))?;
    if shown > 0 && !more.is_empty() {
        writeln!(out, "  and {} more: {}", more.iter().map(Row::count).sum::<usize>(), listed(&more))?;
    } else {
        for (rule, count) in counts(&more) {
            writeln!(out, "  {count:>6} {rule}")?;
        }
    }
    if !unused.is_empty() {
        writeln!(out, "  not used by the traffic: {}", listed(&unused))?;
    }
    Ok(!more.is_empty() || !unused.is_empty())
}

fn users(profile: &str) -> &'static str {
    match profile {
        "typed" => "SDKs with compiled types",
        "replay" => "recorded traffic, mocks and emulators",
        _ => "SDKs that load models at run time",
    }
}

fn replayed(replay: &Replay, from: &str, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Replay { exchanges, broken_before, mended, undecided, not_compared, without_traffic: silent, .. } = replay;
    let unreadable: Vec<&Reported> = verdict.findings.iter().filter(|finding| !is_difference(finding)).collect();
    writeln!(
        out,
        "recorded traffic: {} of {exchanges} exchanges break the new contract where they kept the old",
        replay.broken()
    )?;
    let accepted = replay.broken() - verdict.broken.len() - verdict.unlisted_broken;
    if accepted > 0 {
        let how = if verdict.off.is_empty() { "approved" } else { "approved or off" };
        writeln!(out, "  {accepted} of them for differences that are {how}")?;
    }
    rejected(verdict, style, out)?;
    if *broken_before > 0 {
        let mended = if *mended > 0 { format!(", {mended} of which keep the new") } else { String::new() };
        // What a source is called is no path where it is a lock file, or a file that is gone.
        let old = embedded::find(from).map_or("--model OLD".to_owned(), |_| format!("--contract {from}"));
        writeln!(
            out,
            "  {broken_before} break the old contract already{mended} (`shapegate check {old} PATH` says how)"
        )?;
    }
    if *undecided > 0 {
        writeln!(out, "  of {undecided} the new contract says nothing")?;
    }
    if *not_compared > 0 {
        writeln!(out, "  {} of services or operations that are not compared", plural(*not_compared, "more exchange"))?;
    }
    if let Some(count) = without_traffic(replay) {
        let names = match (style.is_verbose(), silent.len() > NAMED) {
            (true, _) => named(silent),
            (false, true) => "JSON lists them".to_owned(),
            (false, false) => "--verbose lists them".to_owned(),
        };
        writeln!(out, "  {count} ({names}; --all-services compares all)")?;
    }
    let aside = [aside::passed_over(&verdict.tally), aside::without_contract(&verdict.tally, "")].concat();
    if let Some(aside) = aside.strip_prefix("; ") {
        writeln!(out, "  {aside}")?;
    }
    if verdict.downgraded > 0 {
        writeln!(out, "  {} differences weigh less, for no exchange has what they are about", verdict.downgraded)?;
    }
    if let Some(hint) = unused(verdict) {
        writeln!(out, "  {hint}")?;
    }
    for finding in unreadable.iter().take(if style.is_verbose() { usize::MAX } else { PASTED }) {
        writeln!(out, "  not read: {}: {} [{}]", finding.location.text(), finding.sentence(), finding.rule.id)?;
    }
    if unreadable.len() > PASTED && !style.is_verbose() {
        writeln!(out, "  nor {} others (--verbose lists them)", unreadable.len() - PASTED)?;
    }
    writeln!(out)
}

/// Recorded exchanges that the newer contract rejects.
fn rejected(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let alike = alike(&verdict.broken, style);
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
    if verdict.unlisted_broken > 0 {
        writeln!(out, "  {} not listed (--max-findings)", plural(verdict.unlisted_broken, "more exchange"))?;
    }
    Ok(())
}

/// The first of some services; a release of botocore has hundreds, which JSON lists.
fn named(services: &[String]) -> String {
    let more = services.len().saturating_sub(NAMED);
    let first = services[..services.len() - more].join(", ");
    if more == 0 { first } else { format!("{first} and {more} more") }
}

/// Broken exchanges whose finding says the same, in the order of the first of them; each by itself where all are asked
/// for.
fn alike<'b>(broken: &'b [Reported], style: &Style) -> Vec<(String, Vec<&'b Reported>)> {
    let mut all: Vec<(String, Vec<&Reported>)> = Vec::new();
    let mut known: BTreeMap<(&str, Option<&str>, String), usize> = BTreeMap::new();
    for first in broken {
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

//! Since when recorded traffic fails: as text for people, as JSON and as NDJSON, whose schema is
//! `schemas/formats/history.v1.schema.json`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::Style;
use super::json::{Counts, Row};
use crate::finding::{Finding, Fingerprint, Severity};
use crate::history::{History, Span, Standing};
use crate::rules;
use crate::text::{place, plural};

/// Version of the form of JSON and NDJSON.
const VERSION: u32 = 1;
/// Kinds of findings that come or go with a release and are shown without `--verbose`.
const SHOWN: usize = 3;

/// Writes a history in the format of that id; `false` where there is no such format.
///
/// # Errors
/// The stream does not take it.
pub fn write(history: &History, format: &str, style: Style, out: &mut dyn Write) -> io::Result<bool> {
    match format {
        "text" => text(history, style, out)?,
        "json" => json(history, out)?,
        "ndjson" => ndjson(history, out)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn text(history: &History, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "release     botocore    errors  warnings  failing")?;
    for standing in &history.releases {
        let count = |severity| standing.counts.get(&severity).copied().unwrap_or(0);
        writeln!(
            out,
            "{:<10}  {:<10} {:>7}  {:>8}  {:>7}",
            standing.release.release,
            standing.release.botocore,
            count(Severity::Error),
            count(Severity::Warning),
            standing.failing
        )?;
    }
    writeln!(out)?;
    for standing in &history.releases {
        boundary(standing, style, out)?;
    }
    if style.verbose {
        for (path, reason) in &history.tally.skipped {
            writeln!(out, "skipped {}: {reason}", path.display())?;
        }
    }
    writeln!(out, "{}", summary(history))
}

/// What a release changed about the traffic.
fn boundary(standing: &Standing, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Standing { release, come, gone, .. } = standing;
    if come.is_empty() && gone.is_empty() {
        return Ok(());
    }
    let counts = format!("{} come, {} go", plural(come.len(), "finding"), gone.len());
    writeln!(out, "{} (botocore {}): {counts}", release.release, release.botocore)?;
    for (word, findings) in [("comes", come), ("goes", gone)] {
        let kinds = kinds(findings);
        let shown = if style.verbose { kinds.len() } else { SHOWN.min(kinds.len()) };
        for alike in &kinds[..shown] {
            kind(word, alike, style, out)?;
        }
        if kinds.len() > shown {
            writeln!(out, "  {word}: {} of other kinds (--verbose lists them)", count_of(&kinds[shown..]))?;
        }
    }
    writeln!(out)
}

fn count_of(kinds: &[Vec<&Finding>]) -> usize {
    kinds.iter().map(Vec::len).sum()
}

/// Findings with one fingerprint together, in the order of the first of each.
fn kinds(findings: &[Finding]) -> Vec<Vec<&Finding>> {
    let mut kinds: Vec<(Fingerprint, Vec<&Finding>)> = Vec::new();
    for finding in findings {
        let own = finding.fingerprint();
        match kinds.iter_mut().find(|(fingerprint, _)| *fingerprint == own) {
            Some((_, alike)) => alike.push(finding),
            None => kinds.push((own, vec![finding])),
        }
    }
    kinds.into_iter().map(|(_, alike)| alike).collect()
}

fn kind(word: &str, alike: &[&Finding], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some((first, others)) = alike.split_first() else { return Ok(()) };
    writeln!(out, "  {word}: {}[{}]: {}", first.severity.as_str(), first.rule, rules::message(first))?;
    let (more, listed) = if style.verbose { (0, others) } else { (others.len(), &others[..0]) };
    let more = if more == 0 { String::new() } else { format!(", and {more} more like it") };
    writeln!(out, "      {}{}{more}", place(&first.location), called(first))?;
    for other in listed {
        writeln!(out, "      {}{}", place(&other.location), called(other))?;
    }
    Ok(())
}

fn called(finding: &Finding) -> String {
    let direction = finding.direction.map_or(String::new(), |direction| format!(" {direction}"));
    finding.operation.as_ref().map_or(String::new(), |operation| format!(" ({operation}{direction})"))
}

/// One line: when the traffic fails, and how much of it there is.
fn summary(history: &History) -> String {
    let spans = history.spans();
    let count = spans.len();
    let told: Vec<String> = spans.iter().enumerate().map(|(at, span)| turn(*span, at == 0, at + 1 == count)).collect();
    let always = match history.always {
        0 => String::new(),
        1 => "; besides, 1 fails under every release".to_owned(),
        many => format!("; besides, {many} fail under every release"),
    };
    let tally = &history.tally;
    let read = match tally.exchanges {
        0 => plural(tally.payloads, "payload"),
        some => format!("{} with {}", plural(some, "exchange"), plural(tally.payloads, "payload")),
    };
    let mut line = format!("{}{always}: {read} of {}", told.join(", "), plural(tally.recordings, "recording"));
    if !tally.skipped.is_empty() {
        let _ = write!(line, "; {} skipped", plural(tally.skipped.len(), "other file"));
    }
    if !tally.unchecked.is_empty() {
        let services: Vec<String> =
            tally.unchecked.iter().map(|(service, count)| format!("{service} ({count})")).collect();
        let _ = write!(line, "; not of {}: {}", history.service, services.join(", "));
    }
    line
}

/// `fails until 2023-07-31`, `holds from 2023-08-30 to 2023-10-03`, `fails from 2023-11-14 on`.
fn turn(span: Span, is_first: bool, is_last: bool) -> String {
    let word = if span.fails { "fails" } else { "holds" };
    match (is_first, is_last) {
        (true, true) => format!("{word} under every release from {} to {}", span.first.release, span.last.release),
        (true, false) => format!("{word} until {}", span.last.release),
        (false, true) => format!("{word} from {} on", span.first.release),
        (false, false) if span.first == span.last => format!("{word} under {}", span.first.release),
        (false, false) => format!("{word} from {} to {}", span.first.release, span.last.release),
    }
}

#[derive(Serialize)]
struct Whole<'h> {
    history: u32,
    summary: Summary<'h>,
    releases: Vec<Line<'h>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'h> {
    service: &'h str,
    /// Severity from which on a finding makes its exchange fail.
    severity: &'static str,
    recordings: usize,
    exchanges: usize,
    payloads: usize,
    skipped: usize,
    unchecked: &'h BTreeMap<String, usize>,
    fails_always: usize,
    fails_until: Option<&'h str>,
    fails_from: Option<&'h str>,
    spans: Vec<Turn<'h>>,
}

#[derive(Serialize)]
struct Turn<'h> {
    fails: bool,
    first: &'h str,
    last: &'h str,
}

impl<'h> Summary<'h> {
    fn of(history: &'h History) -> Self {
        let spans = history.spans();
        let fails = |span: Option<&Span>| span.copied().filter(|span| span.fails);
        let tally = &history.tally;
        Self {
            service: history.service,
            severity: history.least.as_str(),
            recordings: tally.recordings,
            exchanges: tally.exchanges,
            payloads: tally.payloads,
            skipped: tally.skipped.len(),
            unchecked: &tally.unchecked,
            fails_always: history.always,
            fails_until: fails(spans.first()).map(|span| span.last.release),
            fails_from: fails(spans.last()).map(|span| span.first.release),
            spans: spans
                .iter()
                .map(|span| Turn { fails: span.fails, first: span.first.release, last: span.last.release })
                .collect(),
        }
    }
}

/// One release.
#[derive(Serialize)]
struct Line<'h> {
    release: &'h str,
    botocore: &'h str,
    findings: Counts,
    failing: usize,
    come: Vec<Row<'h>>,
    gone: Vec<Row<'h>>,
}

impl<'h> Line<'h> {
    fn of(standing: &'h Standing) -> Self {
        Self {
            release: standing.release.release,
            botocore: standing.release.botocore,
            findings: Counts::of(|severity| standing.counts.get(&severity).copied().unwrap_or(0)),
            failing: standing.failing,
            come: standing.come.iter().map(Row::of).collect(),
            gone: standing.gone.iter().map(Row::of).collect(),
        }
    }
}

fn json(history: &History, out: &mut dyn Write) -> io::Result<()> {
    let releases = history.releases.iter().map(Line::of).collect();
    serde_json::to_writer_pretty(&mut *out, &Whole { history: VERSION, summary: Summary::of(history), releases })?;
    writeln!(out)
}

fn ndjson(history: &History, out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Last<'h> {
        history: u32,
        summary: Summary<'h>,
    }
    for standing in &history.releases {
        serde_json::to_writer(&mut *out, &Line::of(standing))?;
        writeln!(out)?;
    }
    serde_json::to_writer(&mut *out, &Last { history: VERSION, summary: Summary::of(history) })?;
    writeln!(out)
}

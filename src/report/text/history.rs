//! Since when recorded traffic fails, as text: that in a sentence, a line for each release, or for several under which traffic
//! stands alike, then what comes and goes with each.

use std::collections::HashMap;
use std::io::{self, Write};

use super::super::sentence::sentence;
use super::{Style, approvals, write_skipped};
use crate::finding::{Finding, Fingerprint, Severity};
use crate::gate::Verdict;
use crate::outcome::{History, Release, Standing};
use crate::text::plural;

/// Kinds of findings that come or go with a release and are shown without `--verbose`.
const SHOWN: usize = 3;

/// Writes the report on a history.
pub(super) fn write(verdict: &Verdict, history: &History, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let told = sentence(verdict);
    writeln!(out, "{told}\n")?;
    releases(&history.releases, style, out)?;
    for standing in &history.releases {
        boundary(standing, style, out)?;
    }
    write_skipped(&verdict.tally, style, out)?;
    approvals::write(verdict, style, out)?;
    writeln!(out, "{told}")
}

/// A line for each release; those in a row under which the traffic stands alike have one, unless all are asked for.
fn releases(all: &[Standing], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let is_alike = |one: &Standing, next: &Standing| {
        let changes_nothing = next.come.is_empty() && next.gone.is_empty();
        changes_nothing && one.counts == next.counts && one.failing == next.failing && !style.is_verbose()
    };
    let range = |one: &str, last: &str| if one == last { one.to_owned() } else { format!("{one} to {last}") };
    let rows: Vec<(String, String, &Standing)> = all
        .chunk_by(is_alike)
        .filter_map(|alike| {
            let (first, last) = (alike.first()?, alike.last()?);
            let days = range(&first.release.day, &last.release.day);
            Some((days, range(version(&first.release), version(&last.release)), first))
        })
        .collect();
    let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or_default();
    let days = width(&mut rows.iter().map(|(days, ..)| days.len()).chain(["release".len()]));
    let versions = width(&mut rows.iter().map(|(_, version, _)| version.len()).chain(["botocore".len()]));
    writeln!(out, "{:<days$}  {:<versions$}  errors  warnings  failing", "release", "botocore")?;
    for (release, version, standing) in &rows {
        let count = |severity| standing.counts.get(&severity).copied().unwrap_or(0);
        writeln!(
            out,
            "{release:<days$}  {version:<versions$}  {:>6}  {:>8}  {:>7}",
            count(Severity::Error),
            count(Severity::Warning),
            standing.failing
        )?;
    }
    writeln!(out)
}

fn version(release: &Release) -> &str {
    if release.botocore.is_empty() { "-" } else { &release.botocore }
}

/// What a release changed about the traffic.
fn boundary(standing: &Standing, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Standing { release, come, gone, .. } = standing;
    if come.is_empty() && gone.is_empty() {
        return Ok(());
    }
    let counts = format!("{} come, {} go", plural(come.len(), "finding"), gone.len());
    match &*release.botocore {
        "" => writeln!(out, "{}: {counts}", release.day)?,
        version => writeln!(out, "{} (botocore {version}): {counts}", release.day)?,
    }
    for (word, findings) in [("comes", come), ("goes", gone)] {
        let kinds = kinds(findings);
        let shown = if style.is_verbose() { kinds.len() } else { SHOWN.min(kinds.len()) };
        for alike in &kinds[..shown] {
            kind(word, alike, style, out)?;
        }
        if kinds.len() > shown {
            writeln!(out, "  {word}: {} of other kinds (--verbose lists them)", count_of(&kinds[shown..]))?;
        }
    }
    writeln!(out)
}

fn count_of(kinds: &[Vec<&Leveled>]) -> usize {
    kinds.iter().map(Vec::len).sum()
}

/// A finding with its level.
type Leveled = (Finding, Severity);

/// Findings with one fingerprint together, in the order of the first of each.
fn kinds(findings: &[Leveled]) -> Vec<Vec<&Leveled>> {
    let mut kinds: Vec<Vec<&Leveled>> = Vec::new();
    let mut known: HashMap<Fingerprint, usize> = HashMap::new();
    for finding in findings {
        let at = *known.entry(finding.0.fingerprint()).or_insert(kinds.len());
        if at == kinds.len() {
            kinds.push(Vec::new());
        }
        kinds[at].push(finding);
    }
    kinds
}

fn kind(word: &str, alike: &[&Leveled], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(((first, level), others)) = alike.split_first() else { return Ok(()) };
    writeln!(out, "  {word}: {}[{}]: {}", level.as_str(), first.rule.id, first.sentence())?;
    let (more, listed) = if style.is_verbose() { (0, others) } else { (others.len(), &others[..0]) };
    let more = if more == 0 { String::new() } else { format!(", and {more} more like it") };
    writeln!(out, "      {}{}{more}", first.location.text(), called(first))?;
    for (other, _) in listed {
        writeln!(out, "      {}{}", other.location.text(), called(other))?;
    }
    Ok(())
}

fn called(finding: &Finding) -> String {
    let direction = finding.direction.map_or(String::new(), |direction| format!(" {direction}"));
    finding.operation.as_ref().map_or(String::new(), |operation| format!(" ({operation}{direction})"))
}

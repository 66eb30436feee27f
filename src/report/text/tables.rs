//! Tables above the verdict: findings by service, and on demand by rule.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Style;
use crate::finding::Severity;
use crate::gate::{Kind, Verdict};

/// Numbers of errors, warnings and notes.
type Counts = [usize; 3];

/// Writes findings by service where there are several, and by rule where that is asked for.
pub(super) fn write(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let kinds = verdict.kinds();
    let by_service = counted(&kinds, |service, _| service.unwrap_or("(no service)"));
    if by_service.len() > 1 {
        table("service", &by_service, out)?;
    }
    statistics(verdict, style, out)
}

/// Writes findings by rule, where that is asked for.
pub(super) fn statistics(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if style.statistics { table("rule", &counted(&verdict.kinds(), |_, rule| rule), out) } else { Ok(()) }
}

fn counted<'v>(
    kinds: &'v BTreeMap<Kind, usize>,
    name: impl Fn(Option<&'v str>, &'v str) -> &'v str,
) -> BTreeMap<&'v str, Counts> {
    let mut all: BTreeMap<&str, Counts> = BTreeMap::new();
    for (kind, count) in kinds {
        all.entry(name(kind.service.as_deref(), kind.rule)).or_default()[column(kind.level)] += count;
    }
    all
}

fn column(level: Severity) -> usize {
    Severity::ALL.iter().position(|one| *one == level).expect("every level is one of all")
}

/// The names with the most severe findings first.
fn table(title: &str, counts: &BTreeMap<&str, Counts>, out: &mut dyn Write) -> io::Result<()> {
    let mut rows: Vec<(&str, Counts)> = counts.iter().map(|(name, counts)| (*name, *counts)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    rows.sort_by_key(|(_, counts)| std::cmp::Reverse(*counts));
    let width = rows.iter().map(|(name, _)| name.chars().count()).chain([title.len()]).max().unwrap_or_default();
    let [first, second, third] = Severity::ALL.map(|level| format!("{level}s"));
    writeln!(out, "{title:width$}  {first:>8}  {second:>8}  {third:>8}")?;
    for (name, [first, second, third]) in rows {
        writeln!(out, "{name:width$}  {first:>8}  {second:>8}  {third:>8}")?;
    }
    writeln!(out)
}

//! Coverage as text: a table with bars for each service, its operations, and what was never seen.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::super::facts::{Ratio, never_seen};
use super::super::sentence::sentence;
use super::{Style, write_skipped};
use crate::gate::Verdict;
use crate::outcome::{Calls, Covered, CoveredOperation, Measure};
use crate::text::plural;

/// Names of a list that are shown without `--verbose`.
const SHOWN: usize = 6;
/// Operations that have a line without `--verbose`.
const LINES: usize = 40;
/// Characters of a bar.
const BAR: usize = 20;
/// Characters of a bar in a line of an operation.
const SHORT_BAR: usize = 8;

/// Writes what of the contracts was touched.
pub(super) fn write(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    tables(verdict, style, out)?;
    write_skipped(&verdict.tally, style, out)?;
    writeln!(out, "{}", sentence(verdict))
}

/// Writes the tables alone, where coverage was counted.
pub(super) fn tables(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(coverage) = &verdict.coverage else { return Ok(()) };
    for (service, covered) in &coverage.services {
        of_service(service, covered, style, out)?;
    }
    for short in &verdict.shortfalls {
        writeln!(out, "too little: {short}")?;
    }
    if verdict.shortfalls.is_empty() { Ok(()) } else { writeln!(out) }
}

fn of_service(service: &str, covered: &Covered, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{service}: {}", plural(covered.exchanges(), "exchange"))?;
    let (seen, all) = (covered.seen(), covered.all(false));
    for measure in Measure::ALL.into_iter().filter(|measure| measure.of(&all) > 0) {
        let ratio = Ratio::of(measure, &seen, &all);
        writeln!(
            out,
            "  {:22} {:>6} of {:<6} {:>7}  {}",
            measure.about(),
            ratio.seen,
            ratio.of,
            ratio.percent(),
            bar(ratio, BAR)
        )?;
    }
    writeln!(out)?;
    operations(covered, style, out)?;
    let never: Vec<&str> = covered.never_called().collect();
    list("never called", never.len(), never.iter().map(|name| (*name).to_owned()), style, out)?;
    let never = never_seen(covered);
    list("enum values never seen", never.values.len(), never.values.iter().cloned(), style, out)?;
    list("union variants never seen", never.variants.len(), never.variants.iter().cloned(), style, out)?;
    list("optional members never present", never.optional.len(), never.optional.iter().cloned(), style, out)?;
    list("optional members always present", never.always.len(), never.always.iter().cloned(), style, out)?;
    list("required members never present", never.required.len(), never.required.iter().cloned(), style, out)?;
    list("errors never answered", never.errors.len(), never.errors.iter().cloned(), style, out)?;
    writeln!(out)
}

/// A line for each operation that was called.
fn operations(covered: &Covered, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let called: Vec<_> = covered.called().collect();
    let shown = if style.is_verbose() { called.len() } else { called.len().min(LINES) };
    let width = called[..shown].iter().map(|(name, ..)| name.len()).chain(["operation".len()]).max().unwrap_or(0);
    if shown > 0 {
        let header = format!(
            "  {:width$}  {:>9}  {:17}  {:17}  {:>9}  {:>7}  statuses and errors",
            "operation", "exchanges", "input", "output", "values", "errors"
        );
        writeln!(out, "{}", header.trim_end())?;
    }
    for (name, operation, calls) in &called[..shown] {
        operation_line(name, width, operation, calls, out)?;
    }
    if called.len() > shown {
        writeln!(out, "  and {} (--verbose lists all)", plural(called.len() - shown, "more operation"))?;
    }
    if called.is_empty() { Ok(()) } else { writeln!(out) }
}

fn operation_line(
    name: &str,
    width: usize,
    operation: &CoveredOperation,
    calls: &Calls,
    out: &mut dyn Write,
) -> io::Result<()> {
    let seen = operation.seen();
    let ratio = |measure| Ratio::of(measure, &seen, &operation.all);
    let half = |measure| {
        let ratio = ratio(measure);
        if ratio.of == 0 { "-".to_owned() } else { format!("{} {}/{}", bar(ratio, SHORT_BAR), ratio.seen, ratio.of) }
    };
    let part = |measure| {
        let ratio = ratio(measure);
        if ratio.of == 0 { "-".to_owned() } else { format!("{}/{}", ratio.seen, ratio.of) }
    };
    let statuses = calls.statuses.iter().map(|(status, count)| told(&status.to_string(), *count));
    let errors = calls.errors.iter().filter(|(_, count)| **count > 0).chain(&calls.undeclared);
    let answers: Vec<String> = statuses.chain(errors.map(|(name, count)| told(name, *count))).collect();
    let line = format!(
        "  {name:width$}  {:>9}  {:17}  {:17}  {:>9}  {:>7}  {}",
        calls.exchanges,
        half(Measure::Input),
        half(Measure::Output),
        part(Measure::Values),
        part(Measure::Errors),
        answers.join(", ")
    );
    writeln!(out, "{}", line.trim_end())
}

fn told(name: &str, count: usize) -> String {
    if count == 1 { name.to_owned() } else { format!("{name} ({count})") }
}

fn bar(ratio: Ratio, width: usize) -> String {
    // Something is never nothing, and all that is full is complete.
    let full = match (ratio.seen * width).checked_div(ratio.of) {
        Some(0) if ratio.seen > 0 => 1,
        Some(full) => full,
        None => 0,
    };
    format!("{}{}", "█".repeat(full), "░".repeat(width - full))
}

/// A list of names by what stands before their last dot.
fn list(
    title: &str,
    count: usize,
    names: impl Iterator<Item = String>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if count == 0 {
        return Ok(());
    }
    if style.is_verbose() {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for name in names {
            let (group, last) =
                name.rsplit_once('.').map_or((String::new(), name.as_str()), |(a, b)| (a.to_owned(), b));
            let last = last.to_owned();
            groups.entry(group).or_default().push(last);
        }
        writeln!(out, "  {title} ({count}):")?;
        for (group, names) in groups {
            let group = if group.is_empty() { group } else { format!("{group}: ") };
            writeln!(out, "    {group}{}", names.join(", "))?;
        }
        return Ok(());
    }
    let shown: Vec<String> = names.take(SHOWN).collect();
    let more = match count - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    writeln!(out, "  {title} ({count}): {}{more}", shown.join(", "))
}

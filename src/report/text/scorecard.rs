//! A scorecard as text: how each service answers, what to mend first, what changed.

use std::io::{self, Write};

use super::super::facts::{LEGEND, Ratio, counts_of};
use super::super::models::{judged_by, judged_otherwise};
use super::super::sentence::sentence;
use super::{Style, write_skipped};
use crate::gate::{Fix, Scorecard, Trend, Verdict};
use crate::text::plural;

/// Fixes that are shown without `--verbose`.
const SHOWN: usize = 15;

/// Writes how services answer.
pub(super) fn write(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let card = Scorecard::of(verdict);
    let names = card.services.keys().copied().chain(["service", "all"]);
    let width = names.map(str::len).max().unwrap_or_default();
    writeln!(
        out,
        "{:width$}  {:>6}  {:>8}  {:>10}  {:>7}  {:>7}  {:>12}  {:>12}  conforming of called",
        "service", "called", "answered", "conforming", "failing", "refused", "never called", "in the model"
    )?;
    let total = card.total();
    let all = (card.services.len() > 1).then_some(("all", &total));
    for (service, one) in card.services.iter().map(|(name, one)| (*name, one)).chain(all) {
        let ratio = Ratio { seen: one.conforming, of: one.called };
        writeln!(
            out,
            "{service:width$}  {:>6}  {:>8}  {:>10}  {:>7}  {:>7}  {:>12}  {:>12}  {}",
            one.called,
            one.answered,
            one.conforming,
            one.failing,
            one.refused(),
            one.never_called(),
            one.operations,
            ratio.percent().trim_start()
        )?;
    }
    writeln!(out, "{LEGEND}")?;
    if let Some(judged_by) = judged_by(verdict) {
        writeln!(out, "{judged_by}")?;
    }
    writeln!(out)?;
    fixes(&card.fixes, style, out)?;
    if let Some(trend) = &card.trend {
        writeln!(out, "compared with {}: {}", trend.before.label, counts_of(trend))?;
        if let Some(otherwise) = judged_otherwise(verdict) {
            writeln!(out, "  {otherwise}")?;
        }
        changes(trend, &card, style, out)?;
    }
    write_skipped(&verdict.tally, style, out)?;
    writeln!(out, "{}", sentence(verdict))
}

fn fixes(fixes: &[Fix<'_>], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if fixes.is_empty() {
        return Ok(());
    }
    writeln!(out, "to mend first (operations that would then conform, operations that have it, findings):")?;
    let shown = if style.is_verbose() { fixes.len() } else { SHOWN };
    for fix in fixes.iter().take(shown) {
        let Fix { service, rule, operations, mends, findings, example, .. } = fix;
        let place = example.location.text();
        writeln!(
            out,
            "  {mends:>3}  {:>3}  {findings:>4}  {service} [{rule}] {}",
            operations.len(),
            example.sentence()
        )?;
        writeln!(out, "                  {place}")?;
    }
    if fixes.len() > shown {
        writeln!(out, "  and {} (--verbose lists all)", plural(fixes.len() - shown, "more thing"))?;
    }
    writeln!(out)
}

fn changes(trend: &Trend<'_>, card: &Scorecard<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (service, now) in &card.services {
        let Some(was) = trend.before.services.get(*service) else { continue };
        let counts = [
            ("conforming", was.conforming, now.conforming),
            ("failing", was.failing, now.failing),
            ("answered", was.answered, now.answered),
        ];
        // The model may have more operations than before, and answers be what they were.
        if counts.iter().all(|(_, was, now)| was == now) {
            continue;
        }
        let counts = counts.map(|(what, was, now)| format!("{what} {was} → {now}")).join(", ");
        writeln!(out, "  {service}: {counts}")?;
    }
    let shown = if style.is_verbose() { usize::MAX } else { SHOWN };
    let lists = [("fixed", &trend.fixed), ("new", &trend.new), ("first called", &trend.not_called_before)];
    let width = lists.iter().filter(|(_, prints)| !prints.is_empty()).map(|(word, _)| word.len()).max();
    let width = width.unwrap_or_default();
    for (word, prints) in lists {
        for print in prints.iter().take(shown) {
            writeln!(out, "  {word:width$}  {print}")?;
        }
        if prints.len() > shown {
            writeln!(out, "  {word:width$}  and {} more (--verbose lists all)", prints.len() - shown)?;
        }
    }
    writeln!(out)
}

//! What approvals did in a run, and the lines to paste for what fails: the same for every job.

use std::io::{self, Write};

use super::super::remarks::{APPROVE, of_approvals, pruning};
use super::Style;
use crate::gate::{APPROVALS, Approvals, Verdict};
use crate::outcome::Particulars;
use crate::text::plural;

/// Lines to paste, and lines of what approvals did, that are shown without `--verbose`.
const SHOWN: usize = 8;

/// Writes what is approved, off, expired and stale, and what would have to be approved.
pub(super) fn write(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let accepted = verdict.accepted.iter().filter(|_| style.is_verbose()).map(|(fingerprint, reason, count)| {
        format!("approved: {} of {fingerprint}, for: {reason}", plural(*count, "finding"))
    });
    let off = verdict.off.iter().filter(|_| style.is_verbose());
    let off = off.map(|(rule, count)| format!("off by configuration: {} of {rule}", plural(*count, "finding")));
    let own = [("approved", accepted.collect()), ("off", off.collect())];
    let groups: Vec<(&str, Vec<String>)> = own.into_iter().chain(of_approvals(verdict)).collect();
    for (word, lines) in &groups {
        let shown = if style.is_verbose() { lines.len() } else { SHOWN.min(lines.len()) };
        lines[..shown].iter().try_for_each(|line| writeln!(out, "{line}"))?;
        if lines.len() > shown {
            writeln!(out, "{word}: {} more (--verbose lists them)", plural(lines.len() - shown, "approval"))?;
        }
    }
    if let Some(pruning) = pruning(verdict) {
        writeln!(out, "{pruning}")?;
    }
    if groups.iter().any(|(_, lines)| !lines.is_empty()) {
        writeln!(out)?;
    }
    to_paste(verdict, style, out)
}

fn to_paste(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    // A second line for a fingerprint that has one already would be no TOML.
    let failing: Vec<_> = verdict.to_approve.iter().filter(|one| !one.has_line).collect();
    // A history fails by what is stale alone.
    let is_history = matches!(verdict.particulars, Particulars::History(_));
    if verdict.passed || failing.is_empty() || is_history {
        return Ok(());
    }
    if is_one_line(verdict, style) {
        return Ok(());
    }
    writeln!(out, "to accept these, paste under [approvals] in {APPROVALS} with a reason:")?;
    let shown = if style.is_verbose() { failing.len() } else { SHOWN.min(failing.len()) };
    for one in &failing[..shown] {
        writeln!(out, "  {}", Approvals::line(one))?;
    }
    if failing.len() > shown {
        writeln!(out, "  and {} more (--verbose lists them)", failing.len() - shown)?;
    }
    if !matches!(verdict.particulars, Particulars::Traffic) {
        writeln!(out, "or write a report (--report json=report.json): `{APPROVE}` takes all from it")?;
    }
    writeln!(out)
}

/// Most of what fails in traffic is mended rather than accepted, so one line on approvals is enough.
fn is_one_line(verdict: &Verdict, style: &Style) -> bool {
    matches!(verdict.particulars, Particulars::Traffic) && !style.is_verbose()
}

/// Writes what to do about traffic that fails, above the verdict, which is the last line.
pub(super) fn next_step(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if verdict.passed || !is_one_line(verdict, style) {
        return Ok(());
    }
    if let Some(finding) = verdict.open().filter(|finding| finding.fails).max_by_key(|finding| finding.level) {
        let rule = finding.rule.id;
        writeln!(
            out,
            "`shapegate explain {rule}` says what to do about it; `shapegate approve` accepts what fails, with a reason"
        )?;
    }
    Ok(())
}

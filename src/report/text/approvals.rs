//! What approvals did in a run, and the lines to paste for what fails: the same for every job.

use std::io::{self, Write};

use super::Style;
use crate::gate::{APPROVALS, Approvals, Verdict};
use crate::outcome::Particulars;
use crate::text::plural;

/// Lines to paste that are shown without `--verbose`.
const PASTED: usize = 8;

/// Writes what is approved, expired and stale, and what would have to be approved.
pub(super) fn write(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let listed = if style.verbose { &verdict.accepted[..] } else { &[] };
    for (fingerprint, reason, count) in listed {
        writeln!(out, "approved: {} of {fingerprint}, for: {reason}", plural(*count, "finding"))?;
    }
    for (fingerprint, day) in &verdict.expired {
        writeln!(out, "expired on {day}: the approval of {fingerprint}")?;
    }
    for fingerprint in &verdict.stale {
        writeln!(out, "stale: the approval of {fingerprint}, which no finding needs any more")?;
    }
    if !verdict.expired.is_empty() || !verdict.stale.is_empty() || !listed.is_empty() {
        writeln!(out)?;
    }
    to_paste(verdict, style, out)
}

fn to_paste(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    // An approval that has expired is there already, and a second line of it would be no TOML.
    let is_new = |fingerprint: &str| !verdict.expired.contains_key(fingerprint);
    let failing: Vec<_> = verdict.to_approve.iter().filter(|one| is_new(&one.fingerprint)).collect();
    if verdict.passed || failing.is_empty() {
        return Ok(());
    }
    if matches!(verdict.particulars, Particulars::Traffic) && !style.verbose {
        // Whoever checks traffic mends what fails more often than accepting it.
        return Ok(());
    }
    writeln!(out, "to accept these, paste under [approvals] in {APPROVALS} with a reason:")?;
    let shown = if style.verbose { failing.len() } else { PASTED.min(failing.len()) };
    for one in &failing[..shown] {
        writeln!(out, "  {}", Approvals::line(one))?;
    }
    if failing.len() > shown {
        writeln!(out, "  and {} more (--verbose lists them; `shapegate approve` writes them)", failing.len() - shown)?;
    }
    writeln!(out)
}

/// `; 3 approved`, for a summary.
pub(super) fn count(verdict: &Verdict) -> String {
    match verdict.approved.len() {
        0 => String::new(),
        many => format!("; {many} approved"),
    }
}

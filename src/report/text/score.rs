//! A mutation score as text: a line for each rule, then what went undetected.

use std::io::{self, Write};

use super::super::facts::{percent, undetected};
use super::super::sentence::sentence;
use super::Style;
use crate::gate::Verdict;
use crate::outcome::{Count, Score};
use crate::text::plural;

/// Undetected faults that are shown without `--verbose`.
const SHOWN: usize = 20;

/// Writes how many deliberate faults were detected.
pub(super) fn write(verdict: &Verdict, score: &Score, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = if style.is_verbose() { usize::MAX } else { SHOWN };
    writeln!(out, "{:22}  {:>9}  {:>9}  {:>9}  {:>9}", "rule", "faults", "detected", "excused", "score")?;
    let total = score.total();
    for (rule, count) in score.rules.iter().chain([(&"all", &total)]) {
        let Count { faults, detected, excused } = count;
        writeln!(out, "{rule:22}  {faults:>9}  {detected:>9}  {excused:>9}  {:>9}", percent(*count))?;
    }
    if !score.undetected.is_empty() {
        writeln!(out, "\nundetected:")?;
    }
    for one in score.undetected.iter().take(shown) {
        writeln!(out, "  {}", undetected(one))?;
    }
    if score.undetected.len() > shown {
        writeln!(out, "  and {} more; --verbose lists all", score.undetected.len() - shown)?;
    }
    let recordings = plural(verdict.tally.recordings, "recording");
    write!(out, "\nbroken: {} clean exchanges or payloads of {recordings}", score.broken)?;
    if score.unclean > 0 {
        write!(out, "; left as they are: {} with findings", score.unclean)?;
    }
    let unchecked: usize = verdict.tally.unchecked.values().sum();
    if unchecked > 0 {
        write!(out, "; {unchecked} of services without a contract")?;
    }
    if total.excused > 0 {
        write!(out, "\nexcused: {} faults that a recording of its form cannot prove", total.excused)?;
    }
    writeln!(out, "\n{}", sentence(verdict))
}

//! A check as text: like findings together, each kind with the line it stands on, and one line that says how much was
//! read.

use std::io::{self, Write};

use annotate_snippets::Renderer;

use super::super::remarks::outdated;
use super::super::sentence::sentence;
use super::block::{Block, blocks};
use super::{Style, approvals, coverage, tables, write_skipped};
use crate::gate::Verdict;
use crate::outcome::Tally;
use crate::text::plural;

/// Lines that blocks may take without `--verbose`; what comes behind them is a line each.
const IN_FULL: usize = 300;
/// Blocks that are a line each without `--verbose`; more are counted.
const IN_LINES: usize = 200;

/// Writes the report on a check.
pub(super) fn write(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    write_blocks(&blocks(&verdict.findings), style, &renderer, out)?;
    write_contracts(&verdict.tally, style, out)?;
    write_skipped(&verdict.tally, style, out)?;
    tables::write(verdict, style, out)?;
    coverage::tables(verdict, style, out)?;
    approvals::write(verdict, style, out)?;
    for told in outdated(verdict) {
        writeln!(out, "{told}")?;
    }
    approvals::next_step(verdict, style, out)?;
    let hint =
        if verdict.tally.skipped.is_empty() || style.is_verbose() { "" } else { " (--verbose lists what is skipped)" };
    writeln!(out, "{}{hint}", sentence(verdict))
}

/// As many blocks in full as there is room for, the next ones as a line, and how many more there are.
fn write_blocks(blocks: &[Block<'_>], style: &Style, renderer: &Renderer, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = 0;
    let mut rest = blocks.iter();
    for block in rest.by_ref() {
        let text = block.full(style.is_verbose(), renderer);
        writeln!(out, "{text}\n")?;
        lines += text.lines().count() + 1;
        if lines >= IN_FULL && !style.is_verbose() {
            break;
        }
    }
    let mut short = rest.by_ref().take(IN_LINES).peekable();
    if short.peek().is_some() {
        for block in short {
            writeln!(out, "{}", block.line(renderer))?;
        }
        writeln!(out)?;
    }
    let more: Vec<usize> = rest.map(Block::count).collect();
    if !more.is_empty() {
        let findings = plural(more.iter().sum(), "more finding");
        writeln!(out, "and {findings} of {} (--verbose lists all)\n", plural(more.len(), "kind"))?;
    }
    Ok(())
}

/// The contracts that exchanges were held against, where everything is to be listed.
fn write_contracts(tally: &Tally, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (service, sources) in tally.contracts.iter().filter(|_| style.is_verbose()) {
        for source in sources {
            let parts = [service.clone(), source.model()];
            let named = parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ");
            writeln!(out, "checked by shapegate {}: {named}, {}", env!("CARGO_PKG_VERSION"), source.origin)?;
        }
    }
    Ok(())
}

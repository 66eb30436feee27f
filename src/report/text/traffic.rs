//! A check as text: like findings together, each kind with the line it stands on, and one line that says how much was
//! read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use annotate_snippets::Renderer;

use super::block::{Block, blocks};
use super::{Style, approvals, aside, tables, write_skipped};
use crate::finding::Severity;
use crate::gate::Verdict;
use crate::outcome::{ContractSource, Tally};
use crate::report::document::unchecked_word;
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
    approvals::write(verdict, style, out)?;
    approvals::next_step(verdict, style, out)?;
    writeln!(out, "{}", summary(verdict, style))
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

fn summary(verdict: &Verdict, style: &Style) -> String {
    let Tally { recordings, exchanges, payloads, .. } = &verdict.tally;
    let found = [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| plural(verdict.count(severity), severity.as_str()))
        .join(", ");
    let read = match exchanges {
        0 => plural(*payloads, "payload"),
        some => format!("{} with {}", plural(*some, "exchange"), plural(*payloads, "payload")),
    };
    let word = unchecked_word(verdict).unwrap_or_else(|| word(verdict).to_owned());
    let mut line = format!("{word}: {found} in {read} of {}", plural(*recordings, "recording"));
    let Tally { retries, streams, events, .. } = &verdict.tally;
    let within = match events {
        0 => String::new(),
        some => format!(" of {}", plural(*some, "event")),
    };
    match retries {
        0 => {}
        1 => line.push_str("; 1 retry"),
        many => drop(write!(line, "; {many} retries")),
    }
    if *streams > 0 {
        let _ = write!(line, "; {}{within} not judged", plural(*streams, "stream"));
    }
    for told in releases(&verdict.tally) {
        let _ = write!(line, "; {told}");
    }
    line.push_str(&aside::passed_over(&verdict.tally, style));
    line.push_str(&approvals::count(verdict));
    line.push_str(&aside::without_contract(&verdict.tally, " (an installed botocore or --model brings one)"));
    line
}

/// The contracts that exchanges were held against, where everything is to be listed.
fn write_contracts(tally: &Tally, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (service, sources) in tally.contracts.iter().filter(|_| style.is_verbose()) {
        for ContractSource { origin, version } in sources {
            let version = if version.is_empty() { String::new() } else { format!(" {version}") };
            writeln!(out, "checked by shapegate {}: {service}{version}, {origin}", env!("CARGO_PKG_VERSION"))?;
        }
    }
    Ok(())
}

/// Which contracts the exchanges' times chose, and which those took that tell none.
fn releases(tally: &Tally) -> Vec<String> {
    let listed = |counts: &BTreeMap<String, usize>| {
        let parts: Vec<String> = counts.iter().map(|(release, count)| format!("{release} ({count})")).collect();
        parts.join(", ")
    };
    let dated = (!tally.releases.is_empty()).then(|| format!("by their time held against {}", listed(&tally.releases)));
    let undated = (!tally.undated.is_empty()).then(|| {
        format!("without a time of any release, against {} (a further --contract chooses)", listed(&tally.undated))
    });
    dated.into_iter().chain(undated).collect()
}

fn word(verdict: &Verdict) -> &'static str {
    match (verdict.passed, verdict.has_nothing()) {
        (true, true) => "clean",
        (true, false) => "passed",
        (false, _) => "failed",
    }
}

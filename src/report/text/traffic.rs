//! A check as text: like findings together, each kind with the line it stands on, and one line that says how much was
//! read.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Style, approvals, omitted, write_skipped};
use crate::contract::BreachKind;
use crate::finding::{Finding, Fingerprint, Origin, Severity};
use crate::gate::{Reported, Verdict};
use crate::outcome::{ContractSource, Tally};
use crate::report::document::unchecked_word;
use crate::text::{plural, visible};

/// Places of further findings with one fingerprint that are listed without `--verbose`.
const LISTED: usize = 8;

/// Writes the report on a check.
pub(super) fn write(verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    for alike in grouped(&verdict.findings) {
        writeln!(out, "{}\n", group(&alike, style, &renderer))?;
    }
    write_contracts(&verdict.tally, style, out)?;
    write_skipped(&verdict.tally, style, out)?;
    approvals::write(verdict, style, out)?;
    writeln!(out, "{}", summary(verdict, style))
}

/// Findings with the same fingerprint together, in the order of the first of each.
fn grouped(findings: &[Reported]) -> Vec<Vec<&Reported>> {
    let mut groups: Vec<Vec<&Reported>> = Vec::new();
    let mut known: HashMap<(&Fingerprint, Option<String>), usize> = HashMap::new();
    for finding in findings {
        // What cannot be read has no identity but its place, so only what says the same is alike.
        let is_broken = matches!(finding.deviation.breach(), Some(BreachKind::Malformed { .. }));
        let sentence = is_broken.then(|| finding.message());
        let at = *known.entry((&finding.fingerprint, sentence)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// The first of several like findings in full, the others by their places.
fn group(alike: &[&Reported], style: &Style, renderer: &Renderer) -> String {
    let Some((first, others)) = alike.split_first() else { return String::new() };
    let mut text = full(first, renderer);
    let listed = if style.verbose { others.len() } else { LISTED.min(others.len()) };
    let pad = " ".repeat(margin(first));
    for other in &others[..listed] {
        let _ = write!(text, "\n{pad} = also: {}{}", other.location.text(), pointed(other));
    }
    if others.len() > listed {
        let more = others.len() - listed;
        let _ = write!(text, "\n{pad} = and {more} more like it (--verbose lists them all)");
    }
    text
}

fn full(finding: &Reported, renderer: &Renderer) -> String {
    let level = match finding.level {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = finding.sentence();
    let pointer = visible(&finding.pointer);
    let mut group = Group::with_title(level.primary_title(&message).id(finding.rule.id));
    if let Some(excerpt) = &finding.excerpt {
        let label = match &finding.origin {
            // A part that is shown whole needs no pointer.
            Some(Origin { name: Some(_), position: None, .. }) => "",
            _ if finding.pointer.is_empty() => "the whole payload",
            _ => &pointer,
        };
        let (line, _) = finding.location.position.unwrap_or((1, 1));
        let here = AnnotationKind::Primary.span(excerpt.highlight.clone()).label(label);
        group = group.element(Snippet::source(&excerpt.text).line_start(line).annotation(here));
    }
    let drawn = renderer.render(&[group]);
    // The excerpt may be a piece of its line, so the place is ours to say.
    let (title, rest) = drawn.split_once('\n').unwrap_or((&drawn, ""));
    let pad = " ".repeat(margin(finding));
    let mut text = format!("{title}\n{pad}--> {}", finding.location.text());
    if !rest.is_empty() {
        let _ = write!(text, "\n{rest}");
    }
    let context = context(finding);
    if !context.is_empty() {
        let _ = write!(text, "\n{pad} = {context}");
    }
    text
}

/// Width of the line number beside the excerpt.
fn margin(finding: &Finding) -> usize {
    finding.location.position.map_or(1, |(line, _)| line.to_string().len())
}

fn pointed(finding: &Finding) -> String {
    if finding.pointer.is_empty() { String::new() } else { format!(" {}", visible(&finding.pointer)) }
}

/// Service, operation, direction, the pointer where no excerpt shows it, and the number of the exchange.
fn context(finding: &Finding) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let (Some(service), Some(operation)) = (&finding.service, &finding.operation) {
        let direction = finding.direction.map_or(String::new(), |direction| format!(" {direction}"));
        parts.push(format!("{service} {operation}{direction}"));
    }
    let shown = finding.excerpt.is_some() && finding.origin.as_ref().is_none_or(|origin| origin.position.is_some());
    if !shown && !finding.pointer.is_empty() {
        parts.push(finding.pointer.clone());
    }
    parts.extend(finding.origin.as_ref().map(ToString::to_string));
    if let Some(entry) = finding.location.entry.filter(|entry| *entry > 0) {
        parts.push(format!("entry {entry}"));
    }
    visible(&parts.join(", "))
}

fn summary(verdict: &Verdict, style: &Style) -> String {
    let Tally { recordings, exchanges, payloads, skipped, unchecked, .. } = &verdict.tally;
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
    if !verdict.tally.passed_over.is_empty() {
        let parts = verdict.tally.passed_over.iter().map(|(what, count)| format!("{what} ({count})"));
        let _ = write!(line, "; passed over: {}", parts.collect::<Vec<_>>().join(", "));
    }
    if !skipped.is_empty() {
        let hint = if style.verbose { "" } else { " (--verbose lists them)" };
        let _ = write!(line, "; {} skipped{hint}", plural(skipped.len(), "other file"));
    }
    line.push_str(&omitted(&verdict.tally));
    line.push_str(&approvals::count(verdict));
    if !unchecked.is_empty() {
        let services: Vec<String> = unchecked.iter().map(|(service, count)| format!("{service} ({count})")).collect();
        let _ = write!(
            line,
            "; not checked for want of a contract: {} (an installed botocore or --model brings one)",
            services.join(", ")
        );
    }
    match verdict.tally.elsewhere.values().sum() {
        0 => {}
        1 => line.push_str("; 1 exchange with another host than AWS's"),
        many => drop(write!(line, "; {many} exchanges with other hosts than AWS's")),
    }
    line
}

/// The contracts that exchanges were held against, where everything is to be listed.
fn write_contracts(tally: &Tally, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (service, sources) in tally.contracts.iter().filter(|_| style.verbose) {
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
    match (verdict.passed, verdict.findings.is_empty() && verdict.approved.is_empty()) {
        (true, true) => "clean",
        (true, false) => "passed",
        (false, _) => "failed",
    }
}

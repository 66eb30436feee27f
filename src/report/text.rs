//! Text for people: findings by file, each with the line it stands on, and one line that says how much was read.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Report, Style};
use crate::finding::{Finding, Severity};
use crate::gate::{Tally, Verdict};
use crate::rules;

pub(super) struct Text;

impl Report for Text {
    fn id(&self) -> &'static str {
        "text"
    }

    fn write(&self, verdict: &Verdict, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
        for finding in &verdict.findings {
            writeln!(out, "{}\n", render(finding, &renderer))?;
        }
        if style.verbose {
            for (path, reason) in &verdict.tally.skipped {
                writeln!(out, "skipped {}: {reason}", path.display())?;
            }
        }
        writeln!(out, "{}", summary(verdict, style))
    }
}

fn render(finding: &Finding, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = rules::message(finding);
    let title = level.primary_title(&message).id(finding.rule);
    let (line, column) = finding.location.position.unwrap_or((1, 1));
    let place = place(finding);
    match &finding.excerpt {
        Some(excerpt) => {
            let snippet = Snippet::source(&excerpt.text)
                .line_start(line)
                .annotation(AnnotationKind::Primary.span(excerpt.highlight.clone()).label(pointer(finding)));
            let origin = annotate_snippets::Origin::path(&finding.location.file).line(line).char_column(column);
            let group = Group::with_title(title).element(origin).element(snippet);
            let group = group.element(Level::NOTE.message(&place));
            renderer.render(&[group])
        }
        None => {
            let mut origin = annotate_snippets::Origin::path(&finding.location.file);
            if finding.location.position.is_some() {
                origin = origin.line(line).char_column(column);
            }
            let mut group = Group::with_title(title).element(origin);
            if !place.is_empty() {
                group = group.element(Level::NOTE.message(&place));
            }
            renderer.render(&[group])
        }
    }
}

fn pointer(finding: &Finding) -> &str {
    if finding.pointer.is_empty() { "the whole payload" } else { &finding.pointer }
}

/// Service, operation, direction, pointer and number of the exchange.
fn place(finding: &Finding) -> String {
    let mut place = String::new();
    if let (Some(service), Some(operation)) = (&finding.service, &finding.operation) {
        place = format!("{service} {operation}");
        if let Some(direction) = finding.direction {
            place.push(' ');
            place.push_str(direction.as_str());
        }
        if finding.excerpt.is_none() && !finding.pointer.is_empty() {
            place.push_str(", ");
            place.push_str(&finding.pointer);
        }
    }
    if let Some(entry) = finding.location.entry.filter(|entry| *entry > 0) {
        let comma = if place.is_empty() { "" } else { ", " };
        place = format!("{place}{comma}entry {entry}");
    }
    place
}

fn summary(verdict: &Verdict, style: Style) -> String {
    let Tally { recordings, exchanges, payloads, skipped, unchecked, .. } = &verdict.tally;
    let found = [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| plural(verdict.count(severity), severity.as_str()))
        .join(", ");
    let read = match exchanges {
        0 => plural(*payloads, "payload"),
        some => format!("{} with {}", plural(*some, "exchange"), plural(*payloads, "payload")),
    };
    let mut line = format!("{}: {found} in {read} of {}", word(verdict), plural(*recordings, "recording"));
    if !skipped.is_empty() {
        let hint = if style.verbose { "" } else { " (--verbose lists them)" };
        line.push_str(&format!("; {} skipped{hint}", plural(skipped.len(), "other file")));
    }
    if !unchecked.is_empty() {
        let services: Vec<String> = unchecked.iter().map(|(service, count)| format!("{service} ({count})")).collect();
        line.push_str(&format!("; not checked for want of a contract: {} (--model brings one)", services.join(", ")));
    }
    line
}

fn word(verdict: &Verdict) -> &'static str {
    match (verdict.passed, verdict.findings.is_empty()) {
        (true, true) => "clean",
        (true, false) => "passed",
        (false, _) => "failed",
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

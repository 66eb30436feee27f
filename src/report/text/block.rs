//! What is alike in traffic as one block: the first in full with the line it stands on, the others by their places.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::contract::BreachKind;
use crate::finding::{Finding, Origin, Severity};
use crate::gate::Reported;
use crate::model::Aspect;
use crate::text::{plural, shortened, visible};

/// Places of further findings that a block lists without `--verbose`.
const LISTED: usize = 3;
/// Characters of a sentence in a block, and in a line.
const FULL: usize = 400;
const LINE: usize = 160;

/// Findings of one rule and level about one member of one service.
pub(super) struct Block<'v> {
    first: &'v Reported,
    others: Vec<&'v Reported>,
}

/// What makes findings stand in one block.
#[derive(PartialEq, Eq, Hash)]
struct Key<'v> {
    level: Severity,
    rule: &'static str,
    service: Option<&'v str>,
    subject: (Option<&'v str>, Option<&'v str>, Aspect),
    /// Where nothing of the model is known of it: the operation, and of what cannot be read the sentence.
    otherwise: Option<String>,
}

impl<'v> Key<'v> {
    fn of(finding: &'v Reported) -> Self {
        // What cannot be read has no identity but its place, so only what says the same is alike.
        let is_broken = matches!(finding.deviation.breach(), Some(BreachKind::Malformed { .. }));
        let otherwise = match (&finding.shape, &finding.member) {
            _ if is_broken => Some(finding.message()),
            (None, None) => finding.operation.clone(),
            _ => None,
        };
        Self {
            level: finding.level,
            rule: finding.rule.id,
            service: finding.service.as_deref(),
            subject: (finding.shape.as_deref(), finding.member.as_deref(), finding.aspect),
            otherwise,
        }
    }
}

/// All findings in blocks: the most severe first, else in the order of the first of each.
pub(super) fn blocks(findings: &[Reported]) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut known: HashMap<Key<'_>, usize> = HashMap::new();
    for finding in findings {
        let at = *known.entry(Key::of(finding)).or_insert(blocks.len());
        match blocks.get_mut(at) {
            Some(block) => block.others.push(finding),
            None => blocks.push(Block { first: finding, others: Vec::new() }),
        }
    }
    for block in &mut blocks {
        // Other deviations say more than the same one at other places.
        let mut known = HashSet::from([&block.first.fingerprint]);
        block.others.sort_by_key(|other| !known.insert(&other.fingerprint));
    }
    blocks.sort_by_key(|block| std::cmp::Reverse(block.first.level));
    blocks
}

impl Block<'_> {
    /// Number of findings.
    pub(super) fn count(&self) -> usize {
        1 + self.others.len()
    }

    /// The first in full, the others by their places; all of them, or some and how many more.
    pub(super) fn full(&self, all: bool, renderer: &Renderer) -> String {
        let mut text = full(self.first, renderer);
        let listed = if all { self.others.len() } else { LISTED.min(self.others.len()) };
        let pad = " ".repeat(margin(self.first));
        let (shown, hidden) = self.others.split_at(listed);
        let sentence = self.first.sentence();
        for other in shown {
            let _ = write!(text, "\n{pad} = also: {}{}", other.location.text(), pointed(other));
            if let Some(operation) = other.operation.as_deref().filter(|_| other.operation != self.first.operation) {
                let _ = write!(text, " of {operation}");
            }
            let own = other.sentence();
            if own != sentence {
                let _ = write!(text, ": {}", shortened(&own, LINE));
            }
        }
        if !hidden.is_empty() {
            let _ = write!(text, "\n{pad} = and {} more{} (--verbose lists all)", hidden.len(), files(hidden));
        }
        text
    }

    /// All of it in one line.
    pub(super) fn line(&self, renderer: &Renderer) -> String {
        let sentence = self.first.sentence();
        let sentence = shortened(&sentence, LINE);
        let title = Group::with_title(level(self.first).primary_title(&*sentence).id(self.first.rule.id));
        let more = match &self.others[..] {
            [] => String::new(),
            others => format!(", and {} more{}", others.len(), files(others)),
        };
        format!("{} --> {}{more}", renderer.render(&[title]), self.first.location.text())
    }
}

/// ` in 3 files`, where they are in several.
fn files(findings: &[&Reported]) -> String {
    let files: BTreeSet<&str> = findings.iter().map(|finding| finding.location.file.as_str()).collect();
    if files.len() > 1 { format!(" in {}", plural(files.len(), "file")) } else { String::new() }
}

fn level(finding: &Reported) -> Level<'static> {
    match finding.level {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

fn full(finding: &Reported, renderer: &Renderer) -> String {
    let sentence = finding.sentence();
    let message = shortened(&sentence, FULL);
    let pointer = visible(&finding.pointer);
    let mut group = Group::with_title(level(finding).primary_title(&*message).id(finding.rule.id));
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

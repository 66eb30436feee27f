//! What a translated pattern is made of, for those who write texts rather than read them.

use std::cell::Cell;

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::matcher::split_group;
use crate::model::pattern::at_depth;

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// This text.
    Literal(String),
    /// One character of these ranges, both ends included.
    Chars(Vec<(char, char)>),
    /// One after the other; without parts the empty text.
    Sequence(Vec<Piece>),
    /// One of these; without parts nothing at all.
    Choice(Vec<Piece>),
    /// The same part several times.
    Repeat {
        /// What is repeated.
        piece: Box<Piece>,
        /// The fewest times.
        min: u32,
        /// The most times; `None` for no end.
        max: Option<u32>,
    },
}

/// The parts of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pieces {
    /// The whole.
    pub piece: Piece,
    /// Whether every text made of the parts matches. Where not (look-around was left out, an anchor stands within), a
    /// text must be tried.
    pub exact: bool,
}

/// Takes a translated pattern apart; `None` where it cannot be, as with references to groups.
///
/// What looks around is left out, so the parts may allow more than the pattern, and never less.
pub fn pieces(translated: &str) -> Option<Pieces> {
    let (hir, plain) = match regex_syntax::parse(translated) {
        Ok(hir) => (hir, true),
        Err(_) => (regex_syntax::parse(&without_looks(translated)?).ok()?, false),
    };
    // The outer anchors are the only ones that are sure to hold.
    Some(Pieces { piece: of(&hir), exact: plain && looks(&hir) == 2 })
}

fn of(hir: &Hir) -> Piece {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Piece::Sequence(Vec::new()),
        HirKind::Literal(literal) => Piece::Literal(String::from_utf8_lossy(&literal.0).into_owned()),
        HirKind::Class(Class::Unicode(class)) => {
            Piece::Chars(class.ranges().iter().map(|range| (range.start(), range.end())).collect())
        }
        HirKind::Class(Class::Bytes(class)) => {
            Piece::Chars(class.ranges().iter().map(|range| (range.start().into(), range.end().into())).collect())
        }
        HirKind::Repetition(repetition) => {
            Piece::Repeat { piece: Box::new(of(&repetition.sub)), min: repetition.min, max: repetition.max }
        }
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Concat(parts) => Piece::Sequence(within_anchors(parts).iter().map(of).collect()),
        HirKind::Alternation(branches) => Piece::Choice(branches.iter().map(of).collect()),
    }
}

/// The parts from the last that begins the text to the first that ends it. What may be empty outside of them has to be:
/// exports of models put `.*` around patterns with anchors of their own.
fn within_anchors(parts: &[Hir]) -> &[Hir] {
    let may_be_empty = |part: &Hir| part.properties().minimum_len() == Some(0);
    let first = parts.iter().rposition(|part| always(part, Look::Start, false)).unwrap_or(0);
    let first = if parts[..first].iter().all(may_be_empty) { first } else { 0 };
    let last = parts.iter().position(|part| always(part, Look::End, true)).unwrap_or(parts.len() - 1);
    let last = if last >= first && parts[last + 1..].iter().all(may_be_empty) { last } else { parts.len() - 1 };
    &parts[first..=last]
}

/// Whether every match of the part has the anchor at its beginning, or end.
fn always(hir: &Hir, look: Look, at_end: bool) -> bool {
    match hir.kind() {
        HirKind::Look(own) => *own == look,
        HirKind::Capture(capture) => always(&capture.sub, look, at_end),
        HirKind::Alternation(branches) => branches.iter().all(|branch| always(branch, look, at_end)),
        HirKind::Concat(parts) => {
            let outermost = if at_end { parts.last() } else { parts.first() };
            outermost.is_some_and(|part| always(part, look, at_end))
        }
        HirKind::Repetition(repetition) => repetition.min > 0 && always(&repetition.sub, look, at_end),
        _ => false,
    }
}

/// Whether no text at all matches, since characters stand where the text is to begin or to end.
pub fn is_impossible(translated: &str) -> bool {
    // What looks around can make it harder to match, and never easier.
    let plain = || regex_syntax::parse(&without_looks(translated)?).ok();
    let hir = regex_syntax::parse(translated).ok().or_else(plain);
    hir.is_some_and(|hir| never(&hir))
}

fn never(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Concat(parts) => {
            let is_some = |part: &Hir| part.properties().minimum_len().is_none_or(|least| least > 0);
            let (first, last) = (parts.iter().position(is_some), parts.iter().rposition(is_some));
            let begins = |at: usize| first.is_some_and(|first| first < at) && always(&parts[at], Look::Start, false);
            let ends = |at: usize| last.is_some_and(|last| last > at) && always(&parts[at], Look::End, true);
            parts.iter().any(never) || (0..parts.len()).any(|at| begins(at) || ends(at))
        }
        HirKind::Alternation(branches) => branches.iter().all(never),
        HirKind::Repetition(repetition) => repetition.min > 0 && never(&repetition.sub),
        HirKind::Capture(capture) => never(&capture.sub),
        _ => false,
    }
}

fn looks(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Look(_) => 1,
        HirKind::Repetition(repetition) => looks(&repetition.sub),
        HirKind::Capture(capture) => looks(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().map(looks).sum(),
        _ => 0,
    }
}

/// The pattern without groups that look around; groups that take nothing back become plain ones.
fn without_looks(translated: &str) -> Option<String> {
    let mut text = translated.to_owned();
    let from = Cell::new(0);
    loop {
        let opening = at_depth(&text, |at, _, c| {
            let inside = c == '(' && at >= from.get();
            inside && ["(?=", "(?!", "(?<=", "(?<!", "(?>"].iter().any(|start| text[at..].starts_with(start))
        });
        let Some(at) = opening else { return Some(text) };
        if text[at..].starts_with("(?>") {
            text.replace_range(at..at + 3, "(?:");
            from.set(at);
            continue;
        }
        let (inner, _) = split_group(&text[at + 1..])?;
        let end = at + inner.len() + 2;
        // An empty group stays, so that a quantifier behind it has something to repeat.
        text.replace_range(at..end, "(?:)");
        from.set(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_around_is_left_out_and_told() {
        for (pattern, plain) in [
            (r"^(?:(?!a)b)$", r"^(?:b)$"),
            (r"^(?:(?=.{1,3}$)(?!x[)]|(y))[a-z]+)$", r"^(?:[a-z]+)$"),
            (r"^(?:a(?<!b)(?>c|d))$", r"^(?:a(?:c|d))$"),
        ] {
            let found = pieces(pattern).expect("it can be taken apart");
            assert!(!found.exact, "{pattern}");
            let texts = |piece: &Piece| format!("{piece:?}").replace("Sequence([]), ", "");
            assert_eq!(texts(&found.piece), texts(&pieces(plain).expect("plain").piece), "{pattern}");
        }
        assert!(pieces("^(?:[a-z]{2,3}|x)$").expect("plain").exact);
        assert_eq!(pieces(r"^(?:(a)\1)$"), None);
    }

    #[test]
    fn patterns_that_nothing_matches_are_known() {
        for impossible in [
            "^(?:/^(?=.*[a-z])[a-z]{8}$/)$",
            "^(?:^arn:x/^.{1,255}$)$",
            r"^(?:[a-z]*$\})$",
            "^(?:a(b^c|d^)e)$",
            "^(?:.*/^[0-9]{12}$/.*)$",
        ] {
            assert!(is_impossible(impossible), "{impossible}");
        }
        for possible in ["^(?:.*^ab$.*)$", "^(?:^a$|^b$)$", "^(?:a?^b)$", "^(?:(a^)?b)$", "^(?:(?!x)ab)$", "^(?:)$"] {
            assert!(!is_impossible(possible), "{possible}");
        }
    }

    #[test]
    fn what_stands_outside_of_anchors_is_empty() {
        let inner = |pattern: &str| pieces(pattern).expect("plain").piece;
        assert_eq!(
            inner("^(?:.*^ab$.*)$"),
            Piece::Sequence(vec![Piece::Sequence(vec![]), Piece::Literal("ab".into()), Piece::Sequence(vec![])])
        );
    }
}

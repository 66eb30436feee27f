//! Finding many texts in one, in few steps and little memory however long they are.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, Input, MatchKind};

/// Bytes of a text that the automaton knows. It has states for each of them, many times larger than the text.
const HEAD: usize = 64;
/// Bytes that are compared behind heads, whatever is looked through. Who writes texts that are alike for long could ask for more.
const COMPARED: usize = 4 << 30;

/// What finds all of some texts in one pass, the longest where several begin at one place.
#[derive(Debug)]
pub(super) struct Finder {
    /// Finds the beginnings of the texts.
    heads: AhoCorasick,
    /// What follows each beginning.
    tails: Vec<Tails>,
    /// Bytes that may still be compared.
    left: Cell<usize>,
}

/// What follows a beginning.
#[derive(Debug)]
struct Tails {
    /// The rests of the texts that begin so, the longest first. A short text has none behind it.
    rests: Vec<String>,
    /// Length of the longest text that is a part of the beginning.
    shorter: Option<usize>,
}

impl Finder {
    /// A finder of texts; `None` where there are none.
    pub(super) fn of(texts: impl Iterator<Item = String>) -> Option<Self> {
        let mut by_head: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for text in texts.filter(|text| !text.is_empty()).collect::<BTreeSet<String>>() {
            let (head, rest) = text.split_at(boundary(&text, HEAD));
            by_head.entry(head.to_owned()).or_default().push(rest.to_owned());
        }
        if by_head.is_empty() {
            return None;
        }
        let is_whole = |text: &str| by_head.get(text).is_some_and(|rests| rests[0].is_empty());
        let tails = by_head.iter().map(|(head, rests)| {
            let mut rests = rests.clone();
            rests.sort_by_key(|rest| std::cmp::Reverse(rest.len()));
            let is_cut = rests.last().is_some_and(|rest| !rest.is_empty());
            let shorter = || (1..head.len()).rev().find(|end| head.get(..*end).is_some_and(is_whole));
            Tails { rests, shorter: if is_cut { shorter() } else { None } }
        });
        let tails = tails.collect();
        let heads = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(by_head.keys());
        let heads = heads.expect("a recording holds fewer texts than there are numbers for");
        Some(Self { heads, tails, left: Cell::new(COMPARED) })
    }

    /// The first of the texts from a byte on: where it begins and ends.
    fn next(&self, text: &str, mut from: usize) -> Option<(usize, usize)> {
        loop {
            let head = self.heads.find(Input::new(text).span(from..text.len()))?;
            let Tails { rests, shorter } = &self.tails[head.pattern().as_usize()];
            let rest = rests.iter().find(|rest| self.goes_on(&text.as_bytes()[head.end()..], rest.as_bytes()));
            let end = rest.map(|rest| boundary(text, head.end() + rest.len()));
            if let Some(end) = end.or(shorter.map(|shorter| head.start() + shorter)) {
                return Some((head.start(), end));
            }
            from = head.start() + 1;
        }
    }

    /// Whether a text goes on in that way. Once too much was compared each does, for to mask too much is no harm.
    fn goes_on(&self, text: &[u8], rest: &[u8]) -> bool {
        let end = rest.len().saturating_sub(HEAD);
        // Texts that begin alike seldom end so.
        if rest.len() > text.len() || text[end..rest.len()] != rest[end..] {
            return false;
        }
        match self.left.get().checked_sub(end) {
            Some(left) => {
                self.left.set(left);
                text[..end] == rest[..end]
            }
            None => true,
        }
    }

    /// Whether one of the texts is in a text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.next(text, 0).is_some()
    }

    /// A text with what is found replaced, and how many were.
    pub(super) fn replaced<'r>(&self, text: &str, replacement: impl Fn(&str) -> Cow<'r, str>) -> (String, usize) {
        let (mut without, mut at, mut count) = (String::with_capacity(text.len()), 0, 0);
        while let Some((start, end)) = self.next(text, at) {
            without.push_str(&text[at..start]);
            without.push_str(&replacement(&text[start..end]));
            (at, count) = (end, count + 1);
        }
        without.push_str(&text[at..]);
        (without, count)
    }
}

/// The last byte up to another one at which a character begins.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found, as a plain search of each place finds it.
    fn plainly(texts: &[String], text: &str) -> Vec<(usize, usize)> {
        let (mut at, mut found) = (0, Vec::new());
        while at < text.len() {
            let here = |one: &&String| text.is_char_boundary(at) && text[at..].starts_with(one.as_str());
            match texts.iter().filter(here).map(String::len).max() {
                Some(length) => {
                    found.push((at, at + length));
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }

    fn found(finder: &Finder, text: &str) -> Vec<(usize, usize)> {
        let (mut at, mut found) = (0, Vec::new());
        while let Some((start, end)) = finder.next(text, at) {
            found.push((start, end));
            at = end;
        }
        found
    }

    #[test]
    fn texts_of_any_length_are_found_as_one_by_one() {
        let long = |end: &str| format!("{}{end}", "ab".repeat(50));
        let texts = [
            "short".to_owned(),
            "abababab".to_owned(),
            "ab".repeat(32),
            long(""),
            long("c"),
            format!("{}d", long("c")),
            "字".repeat(70),
            format!("é{}", "字".repeat(70)),
            "字字字字".to_owned(),
        ];
        let finder = Finder::of(texts.iter().cloned()).expect("there are some");
        for text in [
            long("cd short"),
            long("ce"),
            format!("x{}abababx", "ab".repeat(20)),
            format!("{}{}é{}字", long(""), "字".repeat(71), "字".repeat(70)),
            format!("a{}cab", "ab".repeat(33)),
            "字字字 abab".to_owned(),
            String::new(),
        ] {
            assert_eq!(found(&finder, &text), plainly(&texts, &text), "{text}");
            assert_eq!(finder.is_in(&text), !plainly(&texts, &text).is_empty(), "{text}");
        }
        assert_eq!(finder.replaced(&long("c!short"), |_| "-".into()), ("-!-".to_owned(), 2));
        assert!(Finder::of([String::new()].into_iter()).is_none());
    }

    #[test]
    fn long_texts_take_no_more_than_their_beginnings() {
        let texts = |length: usize| (0..10).map(move |number| format!("{number}{}", "字é".repeat(length)));
        let size = |length| Finder::of(texts(length)).expect("there are some").heads.memory_usage();
        assert_eq!(size(1_000), size(30_000));
    }

    #[test]
    fn where_too_much_was_compared_what_begins_alike_is_taken() {
        let secret = format!("{}{}", "x1".repeat(100), "end".repeat(30));
        let other = format!("{}{}", "x1".repeat(90), "y2".repeat(10)) + &"end".repeat(30);
        let finder = Finder::of([secret].into_iter()).expect("there is one");
        assert!(!finder.is_in(&other));
        finder.left.set(0);
        assert!(finder.is_in(&other) && !finder.is_in("x1x1"));
    }
}

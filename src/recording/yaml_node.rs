//! YAML text → [`Node`], by a parser that tells the place of each event.
//!
//! A document that breaks off is read as far as it goes: what stands before the place is not lost.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, ScanError};

use super::node::{Document, Kind, Node, Scalar};
use super::written::Notation;
use crate::limits::{DEPTH, Limit, Limits};

/// Parses all documents of a YAML text. Aliases and anchors cost what they stand for: a few lines can mean more than any
/// memory holds.
pub(super) fn parse<'a>(text: &'a str, limits: &Limits) -> Document<'a> {
    let (spare, values) = (limits.alias_bytes, limits.document_values);
    let mut builder = Builder { spare, values, ..Builder::default() };
    let (mut wrong, mut beyond) = (None, None);
    for event in Parser::new_from_str(text) {
        let taken = match event {
            Ok((event, span)) => {
                let range = span.byte_range().unwrap_or(0..0);
                let at = range.start;
                if let Err(limit) = builder.take(event, range.start..range.end.min(text.len())) {
                    beyond = Some((limit, at));
                    break;
                }
                Ok(())
            }
            Err(error) => Err(complaint(text, &error)),
        };
        if let Err(told) = taken {
            wrong = Some(told);
            break;
        }
    }
    Document { roots: builder.finish(text.len()), wrong, beyond }
}

/// What is wrong with a text, as a clause, and the byte it is about.
pub(super) fn complaint(text: &str, error: &ScanError) -> (String, usize) {
    let at = error.marker().byte_offset().unwrap_or(0);
    (format!("it is not YAML ({})", error.info()), at.min(text.len()))
}

#[derive(Default)]
struct Builder<'a> {
    open: Vec<Open<'a>>,
    roots: Vec<Node<'a>>,
    /// What anchors stand for, and its size.
    anchors: HashMap<usize, (Node<'a>, usize)>,
    /// Bytes that aliases may still unfold to.
    spare: u64,
    /// Values that may still come.
    values: u64,
}

struct Open<'a> {
    start: usize,
    anchor: usize,
    is_map: bool,
    items: Vec<Node<'a>>,
    members: Vec<(Cow<'a, str>, Node<'a>)>,
    key: Option<Cow<'a, str>>,
}

impl<'a> Builder<'a> {
    /// Takes an event.
    ///
    /// # Errors
    /// It is more than a limit allows.
    fn take(&mut self, event: Event<'a>, range: Range<usize>) -> Result<(), Limit> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let binary = tag.is_some_and(|tag| tag.to_string().ends_with("binary"));
                let form = match style {
                    ScalarStyle::DoubleQuoted => Notation::Escaped,
                    ScalarStyle::SingleQuoted => Notation::Doubled,
                    _ => Notation::Spaced,
                };
                let scalar = Scalar { text, quoted: style != ScalarStyle::Plain, binary, form };
                self.push(Node { kind: Kind::Scalar(scalar), range }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => self.open(range.start, anchor, false),
            Event::MappingStart(_, anchor, _) => self.open(range.start, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            Event::Alias(anchor) => {
                let (node, size) = match self.anchors.get(&anchor) {
                    Some((node, size)) => (node.clone(), *size),
                    // It leads back to what it stands in, which no document of values can hold.
                    None => (Node { kind: Kind::Map(Vec::new()), range }, 0),
                };
                self.spend(size)?;
                self.push(node, 0)
            }
            _ => Ok(()),
        }
    }

    fn spend(&mut self, size: usize) -> Result<(), Limit> {
        self.spare = self.spare.checked_sub(size as u64).ok_or(Limit::AliasBytes)?;
        Ok(())
    }

    fn open(&mut self, start: usize, anchor: usize, is_map: bool) -> Result<(), Limit> {
        if self.open.len() == DEPTH {
            return Err(Limit::Depth);
        }
        self.open.push(Open { start, anchor, is_map, items: Vec::new(), members: Vec::new(), key: None });
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), Limit> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let anchor = open.anchor;
        self.push(open.node(end), anchor)
    }

    fn push(&mut self, node: Node<'a>, anchor: usize) -> Result<(), Limit> {
        self.values = self.values.checked_sub(1).ok_or(Limit::DocumentValues)?;
        if anchor != 0 {
            let size = size(&node);
            self.spend(size)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut() {
            None => self.roots.push(node),
            Some(open) if !open.is_map => open.items.push(node),
            Some(open) => match open.key.take() {
                None => open.key = Some(node.text().unwrap_or_default()),
                Some(key) => open.members.push((key, node)),
            },
        }
        Ok(())
    }

    /// The documents. Of one that breaks off, maps are kept as far as they go, lists without the element that is half
    /// there.
    fn finish(mut self, end: usize) -> Vec<Node<'a>> {
        let mut half = None;
        while let Some(mut open) = self.open.pop() {
            if let (Some(key), Some(half)) = (open.key.take(), half.take()) {
                open.members.push((key, half));
            }
            half = Some(open.node(end));
        }
        self.roots.extend(half);
        self.roots
    }
}

impl<'a> Open<'a> {
    fn node(mut self, end: usize) -> Node<'a> {
        // `<<` brings in the members of other maps, unless the map has its own.
        let merged: Vec<Node<'a>> =
            self.members.extract_if(.., |(key, node)| key == "<<" && !node.is_null()).map(|(_, node)| node).collect();
        for node in merged {
            let maps = if node.is_map() { vec![node] } else { node.into_list(&[]).unwrap_or_default() };
            for (key, member) in maps.into_iter().flat_map(Node::into_members) {
                if !self.members.iter().any(|(own, _)| *own == key) {
                    self.members.push((key, member));
                }
            }
        }
        let kind = if self.is_map { Kind::Map(self.members) } else { Kind::List(self.items) };
        Node { kind, range: self.start..end.max(self.start) }
    }
}

/// About how many bytes a node takes up.
fn size(node: &Node<'_>) -> usize {
    let below: usize = match &node.kind {
        Kind::Scalar(scalar) => scalar.text.len(),
        Kind::List(items) => items.iter().map(size).sum(),
        Kind::Map(members) => members.iter().map(|(key, member)| key.len() + size(member)).sum(),
    };
    size_of::<Node<'_>>() + below
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn read(text: &str) -> Document<'_> {
        parse(text, &Limits::default())
    }

    #[test]
    fn scalars_keep_their_place_and_kind() {
        let text = "a:\n- b: 'it''s'\n  c: !!binary |\n    aGk=\n  d: null\n  e: \"null\"\n- &x {f: 7}\n- *x\n";
        let Document { mut roots, wrong, .. } = read(text);
        assert!(wrong.is_none());
        let node = roots.pop().expect("a document");
        let first = &node.get("a").items()[0];
        assert_eq!(first.get("b").text().as_deref(), Some("it's"));
        assert_eq!(&text[first.get("b").range.clone()], "'it''s'");
        assert_eq!(first.get("c").text().as_deref(), Some("hi"));
        assert!(first.get("d").is_null() && !first.get("e").is_null());
        assert_eq!(node.get("a").items()[2].get("f").text().as_deref(), Some("7"));
    }

    #[test]
    fn what_stands_before_a_break_is_kept() {
        let text = "interactions:\n- a: 1\n- a: 2\n- a: \"3\n";
        let Document { roots, wrong, .. } = read(text);
        assert!(wrong.is_some());
        assert_eq!(roots[0].get("interactions").items().len(), 2);
        let deep = "[".repeat(100_000);
        let deep = read(&deep);
        assert!(deep.wrong.is_some() || deep.beyond.is_some_and(|(limit, at)| limit == Limit::Depth && at <= DEPTH));
    }

    #[test]
    fn all_documents_are_read() {
        let Document { roots, wrong, .. } = read("---\na: 1\n...\n---\na: 2\n");
        assert!(wrong.is_none());
        assert_eq!(roots.iter().filter_map(|root| root.get("a").text()).collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn merged_maps_do_not_hide_a_map_s_own_members() {
        let Document { roots, wrong, .. } = read("a: &a {x: 1, y: 2}\nb: {y: 3, <<: *a}\nc: {<<: [*a, {z: 4}]}\n");
        assert!(wrong.is_none());
        let number = |path: &[&str]| roots[0].at(path).text();
        assert_eq!((number(&["b", "x"]), number(&["b", "y"])), (Some("1".into()), Some("3".into())));
        assert_eq!((number(&["c", "y"]), number(&["c", "z"])), (Some("2".into()), Some("4".into())));
    }

    #[test]
    fn aliases_that_unfold_without_end_are_told() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let alias = format!("*a{}", level - 1);
            writeln!(text, "a{level}: &a{level} [{}]", vec![alias; 10].join(", ")).expect("a String takes it");
        }
        assert_eq!(read(&text).beyond.map(|(limit, _)| limit), Some(Limit::AliasBytes));
        assert!(read("a: &a [*a]\n").wrong.is_none(), "a loop stands for nothing");
    }
}

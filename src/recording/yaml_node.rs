//! YAML text → [`Node`], by a parser that tells the place of each event.
//!
//! A document that breaks off is read as far as it goes: what stands before the place is not lost.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle};

use super::http::Form;
use super::node::{Kind, Node, Scalar};

/// Parses the first document of a YAML text.
///
/// With it, what is wrong with the text, if anything: the reason, and the byte it is about.
pub(super) fn parse(text: &str) -> (Option<Node<'_>>, Option<(String, usize)>) {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                let range = span.byte_range().unwrap_or(0..0);
                if builder.take(event, range.start..range.end.min(text.len())) {
                    break;
                }
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                let reason = format!("it is not YAML ({})", error.info());
                return (builder.finish(text.len()), Some((reason, at.min(text.len()))));
            }
        }
    }
    (builder.finish(text.len()), None)
}

#[derive(Default)]
struct Builder<'a> {
    open: Vec<Open<'a>>,
    root: Option<Node<'a>>,
    anchors: HashMap<usize, Node<'a>>,
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
    /// Takes an event; whether the document ends with it.
    fn take(&mut self, event: Event<'a>, range: std::ops::Range<usize>) -> bool {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let binary = tag.is_some_and(|tag| tag.to_string().ends_with("binary"));
                let scalar = Scalar { text, quoted: style != ScalarStyle::Plain, binary, form: Form::Yaml };
                let node = Node { kind: Kind::Scalar(scalar), range };
                self.anchor(anchor, &node);
                self.push(node);
            }
            Event::SequenceStart(_, anchor, _) => self.open(range.start, anchor, false),
            Event::MappingStart(_, anchor, _) => self.open(range.start, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned();
                if let Some(node) = node {
                    self.push(node);
                }
            }
            Event::DocumentEnd => return true,
            _ => {}
        }
        false
    }

    fn open(&mut self, start: usize, anchor: usize, is_map: bool) {
        self.open.push(Open { start, anchor, is_map, items: Vec::new(), members: Vec::new(), key: None });
    }

    fn close(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let kind = if open.is_map { Kind::Map(open.members) } else { Kind::List(open.items) };
        let node = Node { kind, range: open.start..end.max(open.start) };
        self.anchor(open.anchor, &node);
        self.push(node);
    }

    fn anchor(&mut self, anchor: usize, node: &Node<'a>) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
    }

    fn push(&mut self, node: Node<'a>) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(open) if !open.is_map => open.items.push(node),
            Some(open) => match open.key.take() {
                None => open.key = Some(node.text().unwrap_or_default()),
                Some(key) => open.members.push((key, node)),
            },
        }
    }

    /// The document, with whatever is still open closed. What is half there is dropped: an entry that breaks off is not
    /// an entry.
    fn finish(mut self, end: usize) -> Option<Node<'a>> {
        let broken = !self.open.is_empty();
        while let Some(open) = self.open.last() {
            // Only the outermost map and its list of entries are kept open-ended.
            if broken && self.open.len() > 2 {
                self.open.pop();
                continue;
            }
            let _ = open;
            self.close(end);
        }
        self.root
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_keep_their_place_and_kind() {
        let text = "a:\n- b: 'it''s'\n  c: !!binary |\n    aGk=\n  d: null\n  e: \"null\"\n- &x {f: 7}\n- *x\n";
        let (node, wrong) = parse(text);
        assert!(wrong.is_none());
        let node = node.expect("a document");
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
        let (node, wrong) = parse(text);
        assert!(wrong.is_some());
        assert_eq!(node.expect("the beginning").get("interactions").items().len(), 2);
    }
}

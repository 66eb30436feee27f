//! Running over a text. Every doubt ends it.

use super::super::written::are_fine_seconds;
use super::{Link, MOST_EXACT, Node, Nodes, Object, Seen, Text, holds};
use crate::recording::cursor::{Cursor, LEVELS, Number};
use crate::recording::keys::Keys;

impl Nodes<'_> {
    /// Whether the JSON text conforms for certain.
    pub(in crate::contract) fn conforms(&self, root: &Node, text: &str) -> bool {
        let mut cursor = Cursor::new(text);
        self.conforms_at(root, &mut cursor) && cursor.is_done()
    }

    /// Whether the value that comes next conforms for certain; it is passed over.
    pub(in crate::contract) fn conforms_at(&self, root: &Node, cursor: &mut Cursor<'_>) -> bool {
        Scan { nodes: self, cursor, levels: LEVELS }.value(root).is_some()
    }
}

/// A run over one value.
struct Scan<'s, 't> {
    nodes: &'s Nodes<'s>,
    cursor: &'s mut Cursor<'t>,
    /// Levels of nesting that are left.
    levels: usize,
}

fn sure(certain: bool) -> Option<()> {
    certain.then_some(())
}

impl<'s> Scan<'s, '_> {
    /// Passes over a value that conforms for certain.
    fn value(&mut self, node: &'s Node) -> Option<()> {
        match node {
            Node::NotSure { .. } => None,
            Node::Any => self.any(),
            Node::Boolean => sure(self.literal("true") || self.literal("false")),
            Node::Integer { min, max } => match self.cursor.number()? {
                Number::Whole(value) => sure((*min..=*max).contains(&value)),
                Number::Other(_) => None,
            },
            Node::Number { text: Some(text), .. } if self.cursor.next() == Some(b'"') => self.text(text),
            Node::Number { min, max, is_time, .. } => self.number(*min, *max, *is_time),
            Node::Text(text) => self.text(text),
            Node::Sparse(node) => {
                if self.literal("null") {
                    return Some(());
                }
                self.linked(node)
            }
            Node::Array { items, min, max } => self.array(items, *min, *max),
            Node::Map { keys, values, min, max } => self.map(keys, values, *min, *max),
            Node::Object(object) => self.object(object),
        }
    }

    fn linked(&mut self, link: &'s Link) -> Option<()> {
        let node = self.nodes.node(link);
        self.value(node)
    }

    fn literal(&mut self, word: &str) -> bool {
        self.cursor.next().is_some() && self.cursor.takes_text(word)
    }

    fn text(&mut self, text: &Text) -> Option<()> {
        sure(text.accepts(self.cursor.string()?))
    }

    fn number(&mut self, min: f64, max: f64, is_time: bool) -> Option<()> {
        let number = self.cursor.number()?;
        let is_whole_exact = match number {
            Number::Whole(whole) => whole.unsigned_abs() <= MOST_EXACT,
            // More digits than floating point has.
            Number::Other(text) => text == "-0" || text.contains(['.', 'e', 'E']),
        };
        let value = number.value()?;
        sure(holds(value, is_whole_exact))?;
        sure((min..=max).contains(&value) && !(is_time && are_fine_seconds(value)))
    }

    /// A document. What has members is left to the full path, which tells repeated keys.
    fn any(&mut self) -> Option<()> {
        match self.cursor.next()? {
            b'{' => sure(self.levels > 0 && self.cursor.takes(b'{') && self.cursor.takes(b'}')),
            b'[' => self.elements(Self::any).map(|_| ()),
            _ => self.cursor.pass_over(0),
        }
    }

    fn array(&mut self, items: &'s Link, min: usize, max: usize) -> Option<()> {
        let node = self.nodes.node(items);
        let count = self.elements(|scan| scan.value(node))?;
        sure(count >= min && count <= max)
    }

    /// Passes over a list; how many elements it has.
    fn elements(&mut self, mut element: impl FnMut(&mut Self) -> Option<()>) -> Option<usize> {
        sure(self.cursor.takes(b'['))?;
        let around = self.levels;
        self.levels = around.checked_sub(1)?;
        let mut count = 0;
        if !self.cursor.takes(b']') {
            loop {
                element(self)?;
                count += 1;
                if !self.cursor.goes_on(b']')? {
                    break;
                }
            }
        }
        self.levels = around;
        Some(count)
    }

    fn map(&mut self, keys: &'s Link, values: &'s Link, min: usize, max: usize) -> Option<()> {
        let Node::Text(keys) = self.nodes.node(keys) else { return None };
        let mut known = Keys::default();
        let count = self.members(|scan| {
            let key = scan.cursor.string()?;
            sure(keys.accepts(key) && known.insert(key.text()?))?;
            Some(values)
        })?;
        sure(count >= min && count <= max)
    }

    fn object(&mut self, object: &'s Object) -> Option<()> {
        let mut seen: Seen = [0; 4];
        let mut last = None;
        let count = self.members(|scan| {
            let at = object.members.read(scan.cursor, last)?;
            let (word, bit) = (seen.get_mut(at / 64)?, 1_u64 << (at % 64));
            sure(*word & bit == 0)?;
            *word |= bit;
            last = Some(at);
            Some(object.members.value(at))
        })?;
        sure(object.is_complete(&seen, count))
    }

    /// Passes over an object, whose keys are read to what their values must be; how many members it has.
    fn members(&mut self, mut key: impl FnMut(&mut Self) -> Option<&'s Link>) -> Option<usize> {
        sure(self.cursor.takes(b'{'))?;
        let around = self.levels;
        self.levels = around.checked_sub(1)?;
        let mut count = 0;
        if !self.cursor.takes(b'}') {
            loop {
                let link = key(self)?;
                sure(self.cursor.takes(b':'))?;
                self.linked(link)?;
                count += 1;
                if !self.cursor.goes_on(b'}')? {
                    break;
                }
            }
        }
        self.levels = around;
        Some(count)
    }
}

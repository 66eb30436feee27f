//! Which parts of a value the run over it is not sure of: each is a value of one shape, to be asked about by that shape alone.

use serde_json::Value;

use super::super::part::Extent;
use super::value::{fits, is_plain};
use super::{Link, Node, Nodes, Object, Seen};

/// A value within a payload that is in doubt.
#[derive(Debug, PartialEq)]
pub(in crate::contract) struct Doubt<'v> {
    /// The number of the shape that it is held against; `None` for the payload as a whole.
    pub(in crate::contract) shape: Option<u32>,
    pub(in crate::contract) extent: Extent,
    pub(in crate::contract) pointer: String,
    pub(in crate::contract) value: &'v Value,
}

impl Nodes<'_> {
    /// What is in doubt of a value. All that deviates is within one of these parts, and told by its shape.
    pub(in crate::contract) fn doubts<'v>(&self, root: &Node, value: &'v Value) -> Vec<Doubt<'v>> {
        let mut walk = Walk { nodes: self, pointer: String::new(), found: Vec::new() };
        walk.held_against(None, root, value);
        walk.found
    }
}

/// How sure the run is of what a shape itself says of a value, the surest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Certainty {
    Sure,
    NotSure,
    /// Neither of what it says nor of which shapes are asked about what stands within.
    Beyond,
}

impl From<bool> for Certainty {
    fn from(is_sure: bool) -> Self {
        if is_sure { Self::Sure } else { Self::NotSure }
    }
}

struct Walk<'n, 'v> {
    nodes: &'n Nodes<'n>,
    pointer: String,
    found: Vec<Doubt<'v>>,
}

impl<'v> Walk<'_, 'v> {
    /// Notes what is in doubt of a value that is held against a shape.
    fn held_against(&mut self, shape: Option<u32>, node: &Node, value: &'v Value) {
        let before = self.found.len();
        let extent = match self.visit(node, value) {
            Certainty::Sure => return,
            Certainty::NotSure => Extent::Alone,
            Certainty::Beyond => {
                // It asks about all of them by itself.
                self.found.truncate(before);
                Extent::Whole
            }
        };
        self.found.push(Doubt { shape, extent, pointer: self.pointer.clone(), value });
    }

    fn linked(&mut self, link: &Link, value: &'v Value) -> Certainty {
        match link {
            Link::Own(node) => self.visit(node, value),
            Link::Shape(number) => {
                let nodes = self.nodes;
                self.held_against(Some(*number), nodes.node(link), value);
                Certainty::Sure
            }
        }
    }

    /// Says of a value what [`Nodes::conforms_value`] does, and goes on behind what it is not sure of.
    fn visit(&mut self, node: &Node, value: &'v Value) -> Certainty {
        match (node, value) {
            (Node::NotSure { refers: true }, _) => Certainty::Beyond,
            (Node::Any, value) => is_plain(value).into(),
            (Node::Sparse(_), Value::Null) => Certainty::Sure,
            (Node::Sparse(link), value) => self.linked(link, value),
            (Node::Array { items, min, max }, Value::Array(elements)) => {
                let mut certainty = (*min..=*max).contains(&elements.len()).into();
                for (at, element) in elements.iter().enumerate() {
                    certainty = self.below(&at.to_string(), items, element).max(certainty);
                }
                certainty
            }
            (Node::Map { keys, values, min, max }, Value::Object(entries)) => {
                let Node::Text(keys) = self.nodes.node(keys) else { return Certainty::Beyond };
                let mut certainty = (*min..=*max).contains(&entries.len()).into();
                for (key, value) in entries {
                    certainty = self.below(key, values, value).max(certainty).max(fits(keys, key).into());
                }
                certainty
            }
            (Node::Object(object), Value::Object(members)) => self.members(object, members),
            (Node::NotSure { .. } | Node::Object(_) | Node::Array { .. } | Node::Map { .. }, _) => Certainty::NotSure,
            (leaf, value) => self.nodes.conforms_value(leaf, value).into(),
        }
    }

    fn members(&mut self, object: &Object, members: &'v serde_json::Map<String, Value>) -> Certainty {
        let (mut seen, mut certainty): (Seen, _) = ([0; 4], Certainty::Sure);
        for (key, value) in members {
            let Some(at) = object.members.position(key) else {
                certainty = certainty.max(Certainty::NotSure);
                continue;
            };
            seen[at / 64] |= 1 << (at % 64);
            certainty = self.below(key, object.members.value(at), value).max(certainty);
        }
        certainty.max(object.is_complete(&seen, members.len()).into())
    }

    /// A value under a key of the one at hand.
    fn below(&mut self, key: &str, link: &Link, value: &'v Value) -> Certainty {
        let above = self.pointer.len();
        crate::recording::json::push_child(&mut self.pointer, key);
        let certainty = self.linked(link, value);
        self.pointer.truncate(above);
        certainty
    }
}

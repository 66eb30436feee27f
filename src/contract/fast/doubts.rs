//! Which parts of a value the run over it is not sure of: each is a value of one shape, to be asked about by that shape alone.

use serde_json::Value;

use super::super::part::Extent;
use super::value::{fits, is_plain};
use super::{Link, Node, Nodes, Object, Seen};

/// A value within a payload that is in doubt.
#[derive(Debug, PartialEq)]
pub(in crate::contract) struct Doubt<'p, 'v> {
    /// The number of the shape that it is held against; `None` for the payload as a whole.
    pub(in crate::contract) shape: Option<u32>,
    pub(in crate::contract) extent: Extent,
    pub(in crate::contract) pointer: &'p str,
    pub(in crate::contract) value: &'v Value,
}

/// What is found of a value that is in doubt, if anything.
type Ask<'a, 'v, T> = &'a dyn Fn(Doubt<'_, 'v>) -> Option<T>;

impl Nodes<'_> {
    /// What `ask` finds of all that is in doubt of a value: whatever deviates is within one of these parts, and said by its
    /// shape. It is asked at once, for a value may have many parts that are in doubt and nothing wrong with any.
    pub(in crate::contract) fn doubts<'v, T>(&self, root: &Node, value: &'v Value, ask: Ask<'_, 'v, T>) -> Vec<T> {
        let mut walk = Walk { nodes: self, pointer: String::new(), ask, found: Vec::new() };
        walk.held_against(None, root, value);
        walk.found
    }
}

/// How sure the run is of what a shape itself says of a value, the surest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Certainty {
    Sure,
    NotSure,
    /// Not sure, nor does it know which shapes the parts of the value are of.
    Beyond,
}

impl From<bool> for Certainty {
    fn from(is_sure: bool) -> Self {
        if is_sure { Self::Sure } else { Self::NotSure }
    }
}

struct Walk<'n, 'v, T> {
    nodes: &'n Nodes<'n>,
    pointer: String,
    ask: Ask<'n, 'v, T>,
    found: Vec<T>,
}

impl<'v, T> Walk<'_, 'v, T> {
    /// Asks about what is in doubt of a value that is held against a shape.
    fn held_against(&mut self, shape: Option<u32>, node: &Node, value: &'v Value) {
        let before = self.found.len();
        let extent = match self.visit(node, value) {
            Certainty::Sure => return,
            Certainty::NotSure => Extent::Alone,
            Certainty::Beyond => {
                // What was found within is found once more.
                self.found.truncate(before);
                Extent::Whole
            }
        };
        self.found.extend((self.ask)(Doubt { shape, extent, pointer: &self.pointer, value }));
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::{Contract, ValueForm};
    use crate::ingest::botocore;
    use crate::model::{Direction, Encoding};

    #[test]
    fn each_part_in_doubt_is_of_one_shape() {
        let shape = |name: &str| json!({"shape": name});
        let model = json!({
            "metadata": {"endpointPrefix": "x", "protocol": "json", "serviceId": "X"},
            "operations": {"Op": {"name": "Op", "http": {"method": "POST", "requestUri": "/"}, "input": {"shape": "In"}}},
            "shapes": {
                "In": {"type": "structure", "required": ["a"], "members": {
                    "a": shape("Text"), "b": shape("In"), "list": shape("List"), "map": shape("Map"), "set": shape("Set")}},
                "Text": {"type": "string", "max": 3},
                "List": {"type": "list", "member": {"shape": "Text"}, "max": 2},
                "Set": {"type": "list", "member": {"shape": "In"}, "uniqueItems": true},
                "Map": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Text"}},
                "Key": {"type": "string", "min": 2}}});
        let contract = Contract::new(botocore::parse(model.to_string().as_bytes(), None).expect("a model").service);
        let form = ValueForm { encoding: Encoding::Wire, protocol: None };
        let judge = contract.judge("Op", Direction::Request, form).expect("sound").expect("there");
        let nodes = contract.nodes(judge);
        let asked = |value: &Value| {
            let named = |doubt: Doubt<'_, '_>| {
                let shape = doubt.shape.map_or("whole", |number| nodes.shape(number).as_str());
                Some(format!("{} of {shape}, {:?}", doubt.pointer, doubt.extent))
            };
            nodes.doubts(&judge.root.node, value, &named)
        };
        for (value, doubts) in [
            (json!({"a": "x", "b": {"a": "y", "map": {"ab": "z"}}, "list": ["x"]}), &[][..]),
            (json!({"a": "long", "x": 1}), &["/a of Text, Alone", " of whole, Alone"]),
            (json!({"a": 1, "b": {"b": {}}}), &["/a of Text, Alone", "/b/b of In, Alone", "/b of In, Alone"]),
            (
                json!({"a": "x", "list": ["x", "long", null]}),
                &["/list/1 of Text, Alone", "/list/2 of Text, Alone", "/list of List, Alone"],
            ),
            (json!({"a": "x", "map": {"a/b": 1, "c": "d"}}), &["/map/a~1b of Text, Alone", "/map of Map, Alone"]),
            (json!({"a": "x", "map": []}), &["/map of Map, Alone"]),
            (json!([]), &[" of whole, Alone"]),
        ] {
            assert_eq!(asked(&value), doubts, "{value}");
        }
    }
}

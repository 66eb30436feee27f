//! Simpler payloads next to a payload: one member fewer, one element fewer, one value plainer.
//!
//! A payload is shrunk by what its schema says, and not by the choices it was drawn from. So it ends where nothing can
//! be left out, however it was come by.

use serde_json::{Map, Value};

use super::program::{Node, NodeId, Program, Structure};
use super::scalar;
use super::text::Carrier;

/// Looks for the `number`th simpler payload.
pub(super) struct Search<'p> {
    program: &'p Program,
    /// So many more are passed over.
    left: usize,
}

/// A part of a payload, and where its fault is, if it is in there.
struct Part<'v> {
    value: &'v Value,
    node: NodeId,
    carrier: Carrier,
    depth: usize,
    on_path: bool,
}

impl<'p> Search<'p> {
    /// The simpler payload of that number; `None` where there are not so many.
    ///
    /// What stands at the end of `path` is kept, and the path itself is brought up to date.
    pub(super) fn simpler(
        program: &'p Program,
        payload: &Value,
        path: &mut Option<Vec<String>>,
        number: usize,
    ) -> Option<Value> {
        let mut search = Self { program, left: number };
        let whole =
            Part { value: payload, node: program.root, carrier: Carrier::Body, depth: 0, on_path: path.is_some() };
        search.part(&whole, path.as_mut().unwrap_or(&mut Vec::new()))
    }

    /// Whether the next one is the one that is looked for.
    fn hits(&mut self) -> bool {
        let hits = self.left == 0;
        self.left = self.left.wrapping_sub(1);
        hits
    }

    fn part(&mut self, part: &Part<'_>, path: &mut Vec<String>) -> Option<Value> {
        if part.on_path && part.depth == path.len() {
            return None;
        }
        if !part.on_path {
            let simplest = self.program.simplest(part.node, part.carrier);
            if let Some(simplest) = simplest
                && simplest != *part.value
            {
                if self.hits() {
                    return Some(simplest);
                }
                for value in self.plainer(part, &simplest) {
                    if self.hits() {
                        return Some(value);
                    }
                }
            } else {
                return None;
            }
        }
        match (self.program.node(part.node), part.value) {
            (Node::Sparse(inner), _) if !part.value.is_null() => self.part(&Part { node: *inner, ..*part }, path),
            (Node::Structure(structure), Value::Object(object)) => self.structure(structure, object, part, path),
            (Node::List { items, min, .. }, Value::Array(list)) => self.list((*items, *min), list, part, path),
            (Node::Map { values, min, .. }, Value::Object(map)) => self.map((*values, *min), map, part, path),
            _ => None,
        }
    }

    /// Values between this one and the simplest.
    fn plainer(&self, part: &Part<'_>, simplest: &Value) -> Vec<Value> {
        match (self.program.node(part.node), part.value) {
            (Node::Text(text), Value::String(value)) => {
                text.simpler(value, part.carrier).into_iter().map(Value::String).collect()
            }
            (Node::Integer { .. }, Value::Number(_)) => scalar::simpler(part.value, simplest),
            _ => Vec::new(),
        }
    }

    fn structure(
        &mut self,
        structure: &Structure,
        object: &Map<String, Value>,
        part: &Part<'_>,
        path: &mut Vec<String>,
    ) -> Option<Value> {
        let on_path = |key: &str, path: &[String]| part.on_path && path[part.depth] == *key;
        for member in &structure.members {
            let Some(value) = object.get(&member.key) else { continue };
            let kept = member.required || structure.union || on_path(&member.key, path);
            if !kept && self.hits() {
                return Some(without(object, &member.key));
            }
            let carrier = if part.depth == 0 { member.carrier } else { part.carrier };
            let own =
                Part { value, node: member.node, carrier, depth: part.depth + 1, on_path: on_path(&member.key, path) };
            if let Some(value) = self.part(&own, path) {
                return Some(with(object, &member.key, value));
            }
        }
        None
    }

    fn list(
        &mut self,
        (items, min): (NodeId, u64),
        list: &[Value],
        part: &Part<'_>,
        path: &mut Vec<String>,
    ) -> Option<Value> {
        let chosen: Option<usize> = if part.on_path { path[part.depth].parse().ok() } else { None };
        for (index, value) in list.iter().enumerate() {
            let on_path = chosen == Some(index);
            if list.len() as u64 > min && !on_path && self.hits() {
                if let Some(chosen) = chosen.filter(|chosen| *chosen > index) {
                    path[part.depth] = (chosen - 1).to_string();
                }
                let rest = list.iter().enumerate().filter(|(at, _)| *at != index);
                return Some(rest.map(|(_, value)| value.clone()).collect());
            }
            let own = Part { value, node: items, carrier: part.carrier, depth: part.depth + 1, on_path };
            if let Some(value) = self.part(&own, path) {
                let mut list = list.to_vec();
                list[index] = value;
                return Some(Value::Array(list));
            }
        }
        None
    }

    fn map(
        &mut self,
        (values, min): (NodeId, u64),
        map: &Map<String, Value>,
        part: &Part<'_>,
        path: &mut Vec<String>,
    ) -> Option<Value> {
        for (key, value) in map {
            let on_path = part.on_path && path[part.depth] == *key;
            if map.len() as u64 > min && !on_path && self.hits() {
                return Some(without(map, key));
            }
            let own = Part { value, node: values, carrier: part.carrier, depth: part.depth + 1, on_path };
            if let Some(value) = self.part(&own, path) {
                return Some(with(map, key, value));
            }
        }
        None
    }
}

fn without(object: &Map<String, Value>, key: &str) -> Value {
    let mut object = object.clone();
    object.shift_remove(key);
    Value::Object(object)
}

fn with(object: &Map<String, Value>, key: &str, value: Value) -> Value {
    let mut object = object.clone();
    object.insert(key.to_owned(), value);
    Value::Object(object)
}

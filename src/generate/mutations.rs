//! A payload that is there, broken in every single way.

use serde_json::{Map, Value};

use super::Fault;
use super::faults::{Spot, Way, pointer, ways};
use super::program::{Node, NodeId, Program, Structure};
use super::text::Carrier;
use super::wish::{Extra, Wish};

/// Hands over `payload` with one fault, for each fault that it can have.
pub(super) fn mutations(program: &Program, stranger: &str, payload: &Value, sink: &mut dyn FnMut(Fault)) {
    let root = Spot { node: program.root, carrier: Carrier::Body, sparse: false, is_root: true };
    Walk { program, stranger, payload, path: Vec::new(), sink }.enter(root, payload);
}

struct Walk<'w> {
    program: &'w Program,
    stranger: &'w str,
    payload: &'w Value,
    /// The way to the value at hand.
    path: Vec<String>,
    sink: &'w mut dyn FnMut(Fault),
}

impl Walk<'_> {
    fn enter(&mut self, spot: Spot, value: &Value) {
        let spot = match self.program.node(spot.node) {
            Node::Sparse(inner) => Spot { node: *inner, sparse: true, ..spot },
            _ => spot,
        };
        for way in ways(self.program, spot, self.stranger) {
            if let Some(broken) = self.broken(&way, spot, value) {
                let mut payload = self.payload.clone();
                *payload.pointer_mut(&pointer(&self.path)).expect("the payload was walked along this way") = broken;
                let path: Vec<String> = self.path.iter().cloned().chain(way.name).collect();
                (self.sink)(Fault { payload, rule: way.rule, pointer: pointer(&path) });
            }
        }
        self.descend(spot, value);
    }

    fn descend(&mut self, spot: Spot, value: &Value) {
        match (self.program.node(spot.node), value) {
            (Node::Structure(structure), Value::Object(members)) => {
                for member in &structure.members {
                    let carrier = if spot.is_root { member.carrier } else { spot.carrier };
                    if let Some(value) = members.get(&member.key) {
                        self.part(member.key.clone(), member.node, carrier, value);
                    }
                }
            }
            (Node::List { items, .. }, Value::Array(elements)) => {
                for (index, element) in elements.iter().enumerate() {
                    self.part(index.to_string(), *items, spot.carrier, element);
                }
            }
            (Node::Map { values, .. }, Value::Object(entries)) => {
                for (key, value) in entries {
                    self.part(key.clone(), *values, spot.carrier, value);
                }
            }
            _ => {}
        }
    }

    fn part(&mut self, segment: String, node: NodeId, carrier: Carrier, value: &Value) {
        self.path.push(segment);
        self.enter(Spot { node, carrier, sparse: false, is_root: false }, value);
        self.path.pop();
    }

    /// The value, broken; `None` where this one cannot be broken in that way.
    fn broken(&self, way: &Way, spot: Spot, value: &Value) -> Option<Value> {
        let end = &way.end;
        if let Some(broken) = &end.value {
            return (broken != value).then(|| broken.clone());
        }
        if end.size.is_some() {
            return self.program.plainest(spot.node, end, spot.carrier);
        }
        let members = value.as_object()?.clone();
        match self.program.node(spot.node) {
            Node::Structure(structure) => self.of_structure(structure, end, spot, members),
            Node::Map { values, .. } => self.of_map(*values, end, spot, members),
            _ => None,
        }
    }

    fn of_structure(
        &self,
        structure: &Structure,
        end: &Wish,
        spot: Spot,
        mut members: Map<String, Value>,
    ) -> Option<Value> {
        for key in &end.absent {
            members.shift_remove(key)?;
        }
        add(&mut members, end)?;
        if end.union {
            let own = |key: &str| structure.members.iter().find(|member| member.key == key);
            let other = end.members.keys().find(|key| !members.contains_key(*key))?;
            members.insert(other.clone(), self.program.simplest(own(other)?.node, spot.carrier)?);
        }
        Some(Value::Object(members))
    }

    /// A key is put in place of another, so that the number of entries stays.
    fn of_map(&self, values: NodeId, end: &Wish, spot: Spot, mut entries: Map<String, Value>) -> Option<Value> {
        let (key, _) = end.extra.iter().find(|(_, extra)| **extra == Extra::Fitting)?;
        let first = entries.keys().next().cloned();
        let value = match first.and_then(|first| entries.remove(&first)) {
            Some(value) => value,
            None => self.program.simplest(values, spot.carrier)?,
        };
        entries.insert(key.clone(), value);
        Some(Value::Object(entries))
    }
}

/// Adds the members that are wished for beside those of the schema; `None` where one is there already.
fn add(members: &mut Map<String, Value>, end: &Wish) -> Option<()> {
    for (key, extra) in &end.extra {
        let Extra::Value(value) = extra else { return None };
        if members.insert(key.clone(), value.clone()).is_some() {
            return None;
        }
    }
    Some(())
}

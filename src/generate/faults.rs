//! Every single way to break a contract at every place where it can be broken.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::Fault;
use super::cover::MOST_ELEMENTS;
use super::program::{Node, NodeId, Program, Structure};
use super::scalar;
use super::source::Source;
use super::text::{Carrier, Text};
use super::wish::{Extra, Step, Wish};
use crate::recording::json::child;

/// One way to break a value.
#[derive(Debug)]
pub(super) struct Way {
    /// What the value must be.
    pub(super) end: Wish,
    pub(super) rule: &'static str,
    /// What follows the value's place in the pointer: a member or key.
    pub(super) name: Option<String>,
}

/// One way to break a payload.
#[derive(Debug)]
pub(super) struct Breaking {
    steps: Vec<Step>,
    pub(super) way: Way,
}

impl Breaking {
    /// A payload broken in this way; `None` where it turns out that it cannot be made.
    pub(super) fn make(&self, program: &Program, source: &mut Source) -> Option<Fault> {
        source.elements.clear();
        let Way { end, rule, name } = &self.way;
        let payload = program.draw(&Wish::at(&self.steps, end.clone()), source)?;
        let mut elements = source.elements.iter();
        let mut path: Vec<String> = Vec::new();
        for step in &self.steps {
            path.push(match step {
                Step::Member(key, _) => key.clone(),
                Step::Element => elements.next()?.clone(),
            });
        }
        path.extend(name.clone());
        Some(Fault { payload, rule, pointer: pointer(&path) })
    }
}

/// The JSON pointer of a path.
pub(super) fn pointer(path: &[String]) -> String {
    path.iter().fold(String::new(), |pointer, segment| child(&pointer, segment))
}

/// All ways to break payloads of a program. `stranger` is the name of no member of the service.
pub(super) fn breakings(program: &Program, stranger: &str) -> Vec<Breaking> {
    let mut found = Vec::new();
    for place in program.places() {
        let spot =
            Spot { node: place.node, carrier: place.carrier, sparse: place.sparse, is_root: place.steps.is_empty() };
        let ways = ways(program, spot, stranger);
        found.extend(ways.into_iter().map(|way| Breaking { steps: place.steps.clone(), way }));
    }
    found
}

/// What belongs at a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) node: NodeId,
    pub(super) carrier: Carrier,
    /// The value may be null.
    pub(super) sparse: bool,
    /// It is the payload itself.
    pub(super) is_root: bool,
}

/// All ways to break the value at a place.
pub(super) fn ways(program: &Program, spot: Spot, stranger: &str) -> Vec<Way> {
    let mut ways = Ways { program, spot, found: Vec::new() };
    ways.of_the_type();
    ways.of_the_value();
    if let Node::Structure(structure) = program.node(spot.node) {
        ways.of_the_members(structure, stranger);
    }
    ways.found
}

struct Ways<'p> {
    program: &'p Program,
    spot: Spot,
    found: Vec<Way>,
}

impl<'p> Ways<'p> {
    fn add(&mut self, rule: &'static str, end: Wish) {
        self.found.push(Way { end, rule, name: None });
    }

    fn add_named(&mut self, rule: &'static str, end: Wish, name: &str) {
        self.found.push(Way { end, rule, name: Some(name.to_owned()) });
    }

    fn add_values(&mut self, rule: &'static str, values: impl IntoIterator<Item = Value>) {
        for value in values {
            self.add(rule, Wish::exactly(value));
        }
    }

    /// Values of another type.
    fn of_the_type(&mut self) {
        let others = match self.program.node(self.spot.node) {
            Node::Any(super::program::Loose::Metadata) | Node::Map { .. } | Node::Structure(_) => vec![json!([])],
            Node::Any(super::program::Loose::JsonText) | Node::Text(_) | Node::Enum(_) => vec![json!(1)],
            Node::Boolean => vec![json!("true")],
            Node::Integer { .. } => vec![json!("1"), json!(0.5)],
            Node::Number { texts, .. } if texts.is_empty() => vec![json!(true)],
            Node::Number { .. } => vec![json!(true), json!("many")],
            Node::List { .. } => vec![json!({})],
            Node::Timestamp(format) => {
                let others = scalar::no_timestamps(*format);
                return self.with_null("timestamp-form", others);
            }
            Node::Blob { .. } => return self.with_null("blob-form", vec![json!("no base64!"), json!(1)]),
            Node::Any(_) | Node::Sparse(_) | Node::Never { .. } => return,
        };
        self.with_null("wrong-type", others);
    }

    fn with_null(&mut self, rule: &'static str, others: Vec<Value>) {
        // A record whose payload is null is one without a payload.
        if !self.spot.sparse && !self.spot.is_root {
            self.add_values("null-member", [Value::Null]);
        }
        self.add_values(rule, others);
    }

    /// Values of the right type that a constraint refuses.
    fn of_the_value(&mut self) {
        let program = self.program;
        match program.node(self.spot.node) {
            Node::Enum(values) => self.add_values("unknown-enum-value", no_values(values).map(Value::String)),
            Node::Text(text) => {
                self.add_values("length-out-of-range", text.beyond().into_iter().map(Value::String));
                self.add_values("pattern-mismatch", text.mismatch().map(Value::String));
            }
            Node::Integer { min, max } => {
                let end = |bound: i128| scalar::whole(bound).as_number().cloned();
                let values = scalar::beyond(end(*min).as_ref(), end(*max).as_ref());
                self.add_values("number-out-of-range", values);
            }
            Node::Number { min, max, texts } => {
                self.add_values("number-out-of-range", scalar::beyond(min.as_ref(), max.as_ref()));
                let beyond = ["Infinity", "-Infinity"].into_iter().filter(|one| !texts.iter().any(|text| text == one));
                let beyond = beyond.filter(|_| !texts.is_empty());
                self.add_values("number-out-of-range", beyond.map(Value::from));
            }
            Node::Blob { min, max } => {
                let blob = |length: u64| scalar::blob(length, length, &mut Source::simplest());
                let values: Vec<Value> = beside(*min, *max).into_iter().filter_map(blob).collect();
                self.add_values("length-out-of-range", values);
            }
            Node::List { items, min, max, unique } => {
                self.of_the_size(*min, *max);
                if *unique && *max > 1 {
                    let item = program.simplest(*items, self.spot.carrier);
                    self.add_values("duplicate-item", item.map(|item| json!([item, item])));
                }
            }
            Node::Map { keys, min, max, .. } => {
                self.of_the_size(*min, *max);
                self.of_the_keys(*keys);
            }
            _ => {}
        }
    }

    fn of_the_size(&mut self, min: u64, max: u64) {
        for size in beside(min, max).into_iter().filter(|size| *size <= MOST_ELEMENTS + 1) {
            self.add("length-out-of-range", Wish { size: Some(size), ..Wish::default() });
        }
    }

    fn of_the_keys(&mut self, keys: NodeId) {
        let of_text = |text: &Text| {
            let lengths = text.beyond().into_iter().map(|key| ("length-out-of-range", key));
            lengths.chain(text.mismatch().map(|key| ("pattern-mismatch", key))).collect()
        };
        let bad: Vec<(&'static str, String)> = match self.program.node(keys) {
            Node::Enum(values) => no_values(values).map(|key| ("unknown-enum-value", key)).collect(),
            Node::Text(text) => of_text(text),
            _ => Vec::new(),
        };
        for (rule, key) in bad {
            let end = Wish { extra: [(key.clone(), Extra::Fitting)].into(), ..Wish::default() };
            self.add_named(rule, end, &key);
        }
    }

    fn of_the_members(&mut self, structure: &Structure, stranger: &str) {
        for member in structure.members.iter().filter(|member| member.required) {
            let end = Wish { absent: [member.key.clone()].into(), ..Wish::default() };
            self.add_named("missing-member", end, &member.key);
        }
        let with = |name: &str, value: Value| Wish {
            extra: [(name.to_owned(), Extra::Value(value))].into(),
            ..Wish::default()
        };
        self.add_named("unknown-member", with(stranger, json!("x")), stranger);
        if let Some((name, value)) = self.stray(structure) {
            self.add_named("misplaced-member", with(name, value), name);
        }
        if structure.union {
            self.add("union-arity", Wish::exactly(json!({})));
            let mut two: Vec<_> = self.program.members(structure).collect();
            two.sort_by_key(|member| self.program.height(member.node));
            if let [first, second, ..] = two[..] {
                let members = [first, second].map(|member| (member.key.clone(), Wish::default()));
                self.add("union-arity", Wish { members: members.into(), union: true, ..Wish::default() });
            }
        }
    }

    /// A member that this structure does not have and one structure within it does.
    fn stray(&self, structure: &'p Structure) -> Option<(&'p str, Value)> {
        let known = |name: &str| structure.members.iter().any(|member| member.key == name);
        let within: Vec<&'p Structure> =
            structure.members.iter().filter_map(|member| self.within(member.node)).collect();
        let names =
            within.iter().flat_map(|inner| inner.members.iter()).map(|member| (member.key.as_str(), member.node));
        let is_one = |name: &str| names.clone().filter(|(other, _)| *other == name).count() == 1;
        let mut strays = names.clone().filter(|(name, node)| !known(name) && is_one(name) && !self.is_loose(*node));
        let (name, node) = strays.find(|(name, _)| !name.starts_with("__"))?;
        // An output that holds nothing but another output's members would be that other output.
        let value = if self.spot.is_root { None } else { self.program.simplest(node, self.spot.carrier) };
        Some((name, value.unwrap_or(Value::Null)))
    }

    /// The structure that a value is, or that the elements of a list or map are.
    fn within(&self, node: NodeId) -> Option<&'p Structure> {
        match self.program.node(node) {
            Node::Structure(structure) => Some(structure),
            Node::List { items: inner, .. } | Node::Map { values: inner, .. } | Node::Sparse(inner) => {
                self.within(*inner)
            }
            _ => None,
        }
    }

    fn is_loose(&self, node: NodeId) -> bool {
        matches!(self.program.node(node), Node::Any(_))
    }
}

/// Lengths just beyond the bounds.
fn beside(min: u64, max: u64) -> Vec<u64> {
    min.checked_sub(1).into_iter().chain(max.checked_add(1)).collect()
}

/// Texts that an enumeration does not have: one that a later release might add, and one in the wrong case.
fn no_values(values: &[String]) -> impl Iterator<Item = String> {
    let first = values.first().map_or("", String::as_str);
    let later = (2..).map(|version| format!("{first}_V{version}"));
    let known: HashSet<&str> = values.iter().map(String::as_str).collect();
    let later = later.take(values.len() + 1).find(|later| !known.contains(later.as_str()));
    let recased = values.iter().map(|value| value.to_lowercase()).find(|lower| !known.contains(lower.as_str()));
    later.into_iter().chain(recased)
}

//! Models with one change of a known kind, at a place that an operation reaches.
//!
//! A change is made to the JSON of a botocore model, so that reading it is part of what is tested; where no botocore
//! model can state it, or it stands beside the model, to the services that were read.

mod members;
mod operations;
mod service;
mod shapes;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shapegate::model::{Direction, Service};

use crate::drawing::draw::Draw;

/// One kind of change, and the rule that finds it.
pub(crate) struct Mutation {
    pub(crate) rule: &'static str,
    pub(crate) how: How,
    /// Rules of what the change implies beside it.
    pub(crate) implied: &'static [&'static str],
}

/// How a change is made.
pub(crate) enum How {
    /// On the documents; nothing where the model has no place for it.
    Documents(fn(&mut Documents<'_>) -> Option<Spot>),
    /// On the services: the older and the newer one, with any operation's name.
    Services(fn(&mut Service, &mut Service, &str) -> Spot),
    /// As another rule's change, the other way round.
    Swapped(&'static str),
    /// Not here, for this reason.
    Elsewhere(&'static str),
}

/// Where the finding must be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Spot {
    Service,
    Operation(String),
    /// A shape, told for all operations that declare it as an error.
    Error(String),
    /// In each half that reaches the shape; by the name the newer model has for it.
    Shape(String),
    Member(String, String),
    /// In requests alone.
    Demanded(String, String),
    /// A shape by a new name, then the old one.
    Renamed(String, String),
}

/// Every kind of change; several where a rule has several ways to come about.
pub(crate) fn mutations() -> Vec<Mutation> {
    [shapes::MUTATIONS, members::MUTATIONS, operations::MUTATIONS, service::MUTATIONS]
        .into_iter()
        .flatten()
        .map(|(rule, how, implied)| Mutation { rule, how: how.copied(), implied })
        .collect()
}

/// A row of a table: rule, change, implied rules.
type Row = (&'static str, How, &'static [&'static str]);

impl How {
    fn copied(&self) -> Self {
        match self {
            Self::Documents(change) => Self::Documents(*change),
            Self::Services(change) => Self::Services(*change),
            Self::Swapped(rule) => Self::Swapped(rule),
            Self::Elsewhere(reason) => Self::Elsewhere(reason),
        }
    }
}

/// Operations by the shapes and halves that they reach.
pub(crate) type Reach = BTreeMap<(String, Direction), BTreeSet<String>>;

/// Two documents that are the same until one is changed.
pub(crate) struct Documents<'c> {
    pub(crate) old: Value,
    pub(crate) new: Value,
    pub(crate) reach: Reach,
    draw: Draw<'c>,
}

impl<'c> Documents<'c> {
    pub(crate) fn new(document: &Value, draw: Draw<'c>) -> Self {
        Self { old: document.clone(), new: document.clone(), reach: reach(document), draw }
    }

    fn pick<T>(&mut self, mut candidates: Vec<T>) -> Option<T> {
        if candidates.is_empty() {
            return None;
        }
        let at = self.draw.pick(candidates.len());
        Some(candidates.swap_remove(at))
    }

    /// A reached shape that fits.
    fn shape(&mut self, fits: impl Fn(&Self, &str, &Value) -> bool) -> Option<String> {
        let names: BTreeSet<&String> = self.reach.keys().map(|(name, _)| name).collect();
        let fitting = names.into_iter().filter(|name| fits(self, name, &self.new["shapes"][*name])).cloned().collect();
        self.pick(fitting)
    }

    /// A member of a reached structure that fits, with its owner first. `fits` sees the owner, the member and its target.
    fn member(&mut self, fits: impl Fn(&Self, [&str; 2], [&Value; 3]) -> bool) -> Option<(String, String)> {
        let mut fitting = Vec::new();
        for owner in self.structures() {
            let shape = &self.new["shapes"][&owner];
            for (name, member) in shape["members"].as_object().into_iter().flatten() {
                let target = &self.new["shapes"][member["shape"].as_str().expect("a target")];
                if fits(self, [&owner, name], [shape, member, target]) {
                    fitting.push((owner.clone(), name.clone()));
                }
            }
        }
        self.pick(fitting)
    }

    fn structures(&self) -> BTreeSet<String> {
        let names = self.reach.keys().map(|(name, _)| name);
        names.filter(|name| is_structure(&self.new["shapes"][*name])).cloned().collect()
    }

    fn operation(&mut self, fits: impl Fn(&Self, &Value) -> bool) -> Option<String> {
        let all = self.new["operations"].as_object().expect("operations");
        let fitting = all.iter().filter(|(_, operation)| fits(self, operation)).map(|(name, _)| name.clone()).collect();
        self.pick(fitting)
    }

    /// Members of reached structures that lead to a shape.
    fn references(&self, target: &str) -> Vec<&Value> {
        let structures = self.structures();
        let members = structures.iter().filter_map(|owner| self.new["shapes"][owner]["members"].as_object());
        members.flat_map(serde_json::Map::values).filter(|member| member["shape"] == target).collect()
    }

    /// Whether a shape is an input, an output or an error.
    fn is_root(&self, name: &str) -> bool {
        let all = self.new["operations"].as_object().expect("operations").values();
        all.flat_map(roots).any(|(root, _)| root == name)
    }

    fn protocol(&self) -> &str {
        self.new["metadata"]["protocol"].as_str().expect("a protocol")
    }

    fn is_rest(&self) -> bool {
        self.protocol().starts_with("rest")
    }

    /// Whether elements have names, so that XML traits count.
    fn writes_elements(&self) -> bool {
        matches!(self.protocol(), "rest-xml" | "query" | "ec2")
    }

    fn at(&mut self, name: &str) -> &mut Value {
        &mut self.new["shapes"][name]
    }
}

fn is_structure(shape: &Value) -> bool {
    shape["type"] == "structure" && shape["document"] != true
}

fn is_error(shape: &Value) -> bool {
    !shape["exception"].is_null() || !shape["error"].is_null()
}

/// Input, output and errors.
fn roots(operation: &Value) -> Vec<(String, Direction)> {
    let name = |reference: &Value| reference["shape"].as_str().map(str::to_owned);
    let input = name(&operation["input"]).map(|name| (name, Direction::Request));
    let output = name(&operation["output"]);
    let errors = operation["errors"].as_array().into_iter().flatten().filter_map(name);
    input.into_iter().chain(output.into_iter().chain(errors).map(|name| (name, Direction::Response))).collect()
}

/// What the operations of a document reach.
pub(crate) fn reach(document: &Value) -> Reach {
    let mut found = Reach::new();
    for (operation, value) in document["operations"].as_object().expect("operations") {
        let mut open = roots(value);
        while let Some((name, direction)) = open.pop() {
            if !found.entry((name.clone(), direction)).or_default().insert(operation.clone()) {
                continue;
            }
            let shape = &document["shapes"][&name];
            let members = shape["members"].as_object().filter(|_| is_structure(shape)).into_iter().flatten();
            let members = members.map(|(_, member)| member);
            let below = members.chain(["member", "key", "value"].map(|entry| &shape[entry]));
            open.extend(below.filter_map(|at| Some((at["shape"].as_str()?.to_owned(), direction))));
        }
    }
    found
}

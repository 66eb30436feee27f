//! Payloads from a contract: such as it allows, and such as break it in exactly one way.
//!
//! Everything is made from the emitted JSON Schema, so any schema of that dialect will do. [`Payloads`] is a `proptest`
//! strategy of valid payloads, [`OneFault`] one of payloads with a single fault whose rule and place are known. Both
//! shrink to what a person can read: what is left matters. [`cover`] and [`faults`] are complete lists instead of
//! samples. What no text can be made for is left out and told ([`Payloads::omissions`]), never replaced by a text that
//! does not fit. No other module uses `proptest`.
//!
//! ```
//! use proptest::strategy::{Strategy, ValueTree};
//! use proptest::test_runner::TestRunner;
//! use shapegate::contract::Contract;
//! use shapegate::generate;
//! use shapegate::model::{Direction, Encoding};
//!
//! # fn main() -> Result<(), shapegate::error::Error> {
//! let contract = Contract::embedded("cleanrooms@2023-08-30")?;
//! let requests = generate::input(&contract, "GetMembership", Encoding::Wire)?;
//! let tree = requests.new_tree(&mut TestRunner::deterministic()).expect("a payload");
//! assert!(tree.current()["membershipIdentifier"].is_string());
//! let faults = generate::faults(&contract, "GetMembership", Direction::Request, Encoding::Wire)?;
//! assert!(faults.iter().any(|fault| fault.rule == "missing-member" && fault.pointer == "/membershipIdentifier"));
//! # Ok(())
//! # }
//! ```

mod apart;
mod compile;
mod cover;
mod draw;
mod faults;
mod mutations;
mod pattern;
mod places;
mod program;
mod scalar;
mod shrink;
mod source;
mod text;
pub mod traffic;
mod tree;
mod wish;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use self::faults::Breaking;
use self::places::MOST_PLACES;
use self::program::Program;
use self::source::Source;
pub use self::tree::{FaultTree, PayloadTree};
use self::wish::NOTHING;
use crate::contract::Contract;
use crate::error::{Error, Result};
use crate::model::{Direction, Encoding, Protocol, Service, ShapeKind};

/// A strategy of valid payloads.
#[derive(Debug, Clone)]
pub struct Payloads {
    program: Arc<Program>,
    /// The name of no member.
    stranger: String,
}

/// A strategy of payloads that are wrong in exactly one way.
#[derive(Debug, Clone)]
pub struct OneFault {
    program: Arc<Program>,
    /// Ways to break a payload by their rule, so that rare rules are as frequent as common ones.
    ways: Arc<BTreeMap<&'static str, Vec<Breaking>>>,
}

/// A payload with one fault.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fault {
    /// The payload.
    pub payload: Value,
    /// Id of the one rule that finds something in it.
    pub rule: &'static str,
    /// JSON pointer of what it finds; for something missing, where it should be.
    pub pointer: String,
}

/// A member, element or entry that is never made, since no text is known that fits it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Omission {
    /// `Shape.member`, `List[]`, `Map{}` or `Map{} (key)`.
    pub member: String,
    /// The pattern; empty where something else is in the way.
    pub pattern: String,
    /// The reason why no value is made for it.
    pub reason: String,
}

/// Valid payloads of an operation's input.
///
/// # Errors
/// There is no such operation, or nothing fits a member that has to be there.
pub fn input(contract: &Contract, operation: &str, encoding: Encoding) -> Result<Payloads> {
    payloads(contract, operation, Direction::Request, encoding)
}

/// Valid payloads of an operation's output.
///
/// # Errors
/// Those of [`input`].
pub fn output(contract: &Contract, operation: &str, encoding: Encoding) -> Result<Payloads> {
    payloads(contract, operation, Direction::Response, encoding)
}

/// Valid payloads of one half of an operation.
///
/// # Errors
/// Those of [`input`].
pub fn payloads(contract: &Contract, operation: &str, direction: Direction, encoding: Encoding) -> Result<Payloads> {
    let service = contract.service();
    let schema =
        contract.own_schema(operation, direction, encoding)?.ok_or_else(|| contract.no_operation(operation))?;
    let stranger = contract.stranger(stranger_of).to_owned();
    let payloads = Program::compile(schema)
        .map(|program| Payloads { program: Arc::new(program), stranger })
        .map_err(|error| Error::new(format!("{operation}, {direction}: {}", error.cause())))?;
    let in_xml = match service.protocol() {
        Some(Protocol::RestXml) => true,
        Some(Protocol::AwsQuery | Protocol::Ec2Query) => direction == Direction::Response,
        _ => false,
    };
    Ok(if in_xml && encoding == Encoding::Wire { payloads.within_xml() } else { payloads })
}

/// Values that fit a schema of a service's contract.
///
/// # Errors
/// Those of [`of_schema`].
pub fn of_service(service: &Service, schema: &Value) -> Result<Payloads> {
    Ok(Payloads { program: Arc::new(Program::compile(schema)?), stranger: stranger_of(service) })
}

/// Values that fit a JSON Schema of the dialect that [`crate::schema`] emits.
///
/// # Errors
/// The schema says something that is not understood, or nothing fits a member that has to be there; the error names the
/// place, and the keyword or pattern.
pub fn of_schema(schema: &Value) -> Result<Payloads> {
    let program = Program::compile(schema)?;
    let names: BTreeSet<String> = program.all_names().map(str::to_owned).collect();
    Ok(Payloads { program: Arc::new(program), stranger: stranger(|name| names.contains(name)) })
}

/// Payloads of one half of an operation with exactly one fault.
///
/// # Errors
/// Those of [`input`].
pub fn one_fault(contract: &Contract, operation: &str, direction: Direction, encoding: Encoding) -> Result<OneFault> {
    Ok(payloads(contract, operation, direction, encoding)?.one_fault())
}

/// [`Payloads::cover`] of one half of an operation.
///
/// # Errors
/// Those of [`input`].
pub fn cover(contract: &Contract, operation: &str, direction: Direction, encoding: Encoding) -> Result<Vec<Value>> {
    Ok(payloads(contract, operation, direction, encoding)?.cover())
}

/// [`Payloads::faults`] of one half of an operation.
///
/// # Errors
/// Those of [`input`].
pub fn faults(contract: &Contract, operation: &str, direction: Direction, encoding: Encoding) -> Result<Vec<Fault>> {
    Ok(payloads(contract, operation, direction, encoding)?.faults())
}

impl Payloads {
    fn within_xml(self) -> Self {
        // Nobody else has the program yet.
        let program = Arc::try_unwrap(self.program).map(Program::within_xml);
        Self { program: program.map_or_else(|shared| shared, Arc::new), ..self }
    }

    /// The payload of a seed, the same for the same schema and seed.
    pub fn seeded(&self, seed: u64) -> Value {
        // A draw fails only where keys of a map do not suffice, so a few seeds are plenty.
        let mut drawn = (0..16).map(|turn: u64| Source::seeded(seed.wrapping_add(turn << 48)));
        let drawn = drawn.find_map(|mut source| self.program.draw(&NOTHING, &mut source));
        drawn.unwrap_or_else(|| self.simplest())
    }

    /// The payload that everything shrinks to: what must be there, and no more.
    ///
    /// # Panics
    /// Never: a schema that nothing fits is refused before.
    pub fn simplest(&self) -> Value {
        let simplest = self.program.draw(&NOTHING, &mut Source::simplest());
        simplest.expect("a program without any value is not compiled")
    }

    /// A small list that shows each optional member present and absent, each value of an enumeration, each variant of a
    /// union, and both ends of every length and range that can be reached with texts of up to 131,072 characters and
    /// lists of up to 1,024 elements. The same for the same schema.
    pub fn cover(&self) -> Vec<Value> {
        cover::cover(&self.program)
    }

    /// Why [`Payloads::cover`] and [`Payloads::faults`] do not show every way to every shape, as a sentence; `None` where
    /// they do.
    pub fn beyond(&self) -> Option<String> {
        let told =
            || format!("beyond {MOST_PLACES} places each shape is shown once more at most, whatever leads to it");
        (!self.program.has_few_places()).then(told)
    }

    /// Every rule at every place where it can break, each in an otherwise simplest payload. The same for the same
    /// schema. Where shapes lead back to themselves each is entered once on a way; bounds beyond those of
    /// [`Payloads::cover`] are not broken, nor one that only a text breaking another constraint would break.
    pub fn faults(&self) -> Vec<Fault> {
        self.faults_of(|_| true).collect()
    }

    /// Those of [`Payloads::faults`] that break certain rules, each made when it is asked for.
    pub fn faults_of(&self, is_meant: impl Fn(&str) -> bool) -> impl Iterator<Item = Fault> {
        let ways = faults::breakings(&self.program, &self.stranger).into_iter();
        let meant = ways.filter(move |breaking| is_meant(breaking.way.rule));
        meant.filter_map(|way| way.make(&self.program, &mut Source::simplest()))
    }

    /// Breaks a payload that conforms, in every single way in which it can be broken, and hands each over. What is
    /// broken is the value that is there, at every place that it has.
    pub fn mutations(&self, payload: &Value, sink: &mut dyn FnMut(Fault)) {
        mutations::mutations(&self.program, &self.stranger, payload, sink);
    }

    /// The strategy of payloads with exactly one fault.
    pub fn one_fault(&self) -> OneFault {
        let mut ways: BTreeMap<&'static str, Vec<Breaking>> = BTreeMap::new();
        for way in faults::breakings(&self.program, &self.stranger) {
            ways.entry(way.way.rule).or_default().push(way);
        }
        OneFault { program: Arc::clone(&self.program), ways: Arc::new(ways) }
    }

    /// Members, elements and entries that are never made.
    pub fn omissions(&self) -> Vec<Omission> {
        self.program.omissions()
    }
}

impl OneFault {
    /// The payload of a seed, the same for the same schema and seed; `None` where nothing can be broken.
    pub fn seeded(&self, seed: u64) -> Option<Fault> {
        let rules: Vec<&Vec<Breaking>> = self.ways.values().collect();
        (0..64).find_map(|turn: u64| {
            let mut source = Source::seeded(seed.wrapping_add(turn << 48));
            let ways = rules.get(source.index(rules.len()))?;
            let way = source.of(ways);
            way.make(&self.program, &mut source)
        })
    }
}

impl fmt::Display for Omission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.member, self.reason)?;
        if self.pattern.is_empty() { Ok(()) } else { write!(f, " (pattern {})", self.pattern) }
    }
}

/// A name that nothing has.
fn stranger(is_taken: impl Fn(&str) -> bool) -> String {
    let mut names = (0..).map(|number| if number == 0 { "stranger".to_owned() } else { format!("stranger{number}") });
    names.find(|name| !is_taken(name)).expect("some number is free")
}

/// A name that no structure of a service has.
fn stranger_of(service: &Service) -> String {
    stranger(|name| is_member(service, name))
}

fn is_member(service: &Service, name: &str) -> bool {
    service.shapes.values().any(|shape| match &shape.kind {
        ShapeKind::Structure(structure) => {
            structure.members.iter().any(|member| member.name == name || member.wire_name() == name)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests;

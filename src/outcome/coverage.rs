//! [`Coverage`]: what of its contracts traffic has touched, in numbers that can be added.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::model::Direction;

/// What of the contracts of several services traffic has touched.
///
/// Coverages of two parts of some traffic [add](Coverage::add) up to that of the whole, in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Coverage {
    /// One for each service that traffic was held against, by name.
    pub services: BTreeMap<String, Covered>,
}

/// What of one service's contract traffic has touched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Covered {
    /// One for each operation of the model, called or not, by name.
    pub operations: BTreeMap<String, CoveredOperation>,
}

/// What of one operation traffic has touched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CoveredOperation {
    /// How much there is to touch, by the model.
    pub all: Totals,
    /// What was touched; `None` where it was never called.
    pub calls: Option<Calls>,
}

/// Numbers of what a model has, or of what of it was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Totals {
    /// Operations.
    pub operations: usize,
    /// Members of structures that a request can hold, by operation and `Shape.member`. Streams do not count, nor variants.
    pub input: usize,
    /// Members that a response can hold, likewise. Members of errors do not count.
    pub output: usize,
    /// Values of enumerations, by operation, direction and shape.
    pub values: usize,
    /// Variants of unions, by operation, direction and `Shape.member`.
    pub variants: usize,
    /// Errors that operations declare.
    pub errors: usize,
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.operations += other.operations;
        self.input += other.input;
        self.output += other.output;
        self.values += other.values;
        self.variants += other.variants;
        self.errors += other.errors;
    }
}

/// The exchanges of one operation, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Calls {
    /// Exchanges and single payloads.
    pub exchanges: usize,
    /// Those that were answered with an output.
    pub answered: usize,
    /// Those that were answered with an error.
    pub refused: usize,
    /// HTTP statuses.
    pub statuses: BTreeMap<u16, usize>,
    /// Errors that the operation declares, with how often each came.
    pub errors: BTreeMap<String, usize>,
    /// Codes of other errors, and `-` for an error without a code.
    pub undeclared: BTreeMap<String, usize>,
    /// What of the input was seen.
    pub input: Half,
    /// What of the output was seen.
    pub output: Half,
}

/// One half of an operation's exchanges, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Half {
    /// Payloads that were looked into.
    pub payloads: usize,
    /// Members of structures and unions by shape and name, those never seen too.
    pub members: BTreeMap<String, BTreeMap<String, Present>>,
    /// Values of enumerations by shape and value, those never seen too.
    pub values: BTreeMap<String, BTreeMap<String, usize>>,
}

/// How often a member was there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Present {
    /// The values that hold it.
    pub times: usize,
    /// The values of its structure.
    pub of: usize,
    /// The model says that it must be there.
    pub required: bool,
    /// It is a variant of a union.
    pub variant: bool,
}

/// A kind of things that coverage counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Measure {
    /// Operations that were called.
    Operations,
    /// Members of inputs and outputs that were seen.
    Members,
    /// Those of inputs.
    Input,
    /// Those of outputs.
    Output,
    /// Values of enumerations that were seen.
    Values,
    /// Variants of unions that were seen.
    Variants,
    /// Declared errors that were seen.
    Errors,
}

impl Measure {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 7] =
        [Self::Operations, Self::Members, Self::Input, Self::Output, Self::Values, Self::Variants, Self::Errors];

    /// Its name, as thresholds and reports have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operations => "operations",
            Self::Members => "members",
            Self::Input => "input",
            Self::Output => "output",
            Self::Values => "values",
            Self::Variants => "variants",
            Self::Errors => "errors",
        }
    }

    /// The words for people.
    pub fn about(self) -> &'static str {
        match self {
            Self::Operations => "operations called",
            Self::Members => "members seen",
            Self::Input => "input members seen",
            Self::Output => "output members seen",
            Self::Values => "enum values seen",
            Self::Variants => "union variants seen",
            Self::Errors => "declared errors seen",
        }
    }

    /// Its number of some totals.
    pub fn of(self, totals: &Totals) -> usize {
        match self {
            Self::Operations => totals.operations,
            Self::Members => totals.input + totals.output,
            Self::Input => totals.input,
            Self::Output => totals.output,
            Self::Values => totals.values,
            Self::Variants => totals.variants,
            Self::Errors => totals.errors,
        }
    }
}

impl Coverage {
    /// Adds the coverage of another part of the traffic.
    pub fn add(&mut self, other: Self) {
        for (service, other) in other.services {
            let own = self.services.entry(service).or_default();
            for (operation, other) in other.operations {
                own.operations.entry(operation).or_default().add(other);
            }
        }
    }
}

impl Covered {
    /// How much there is to touch in the operations that were called, or in all.
    pub fn all(&self, called_alone: bool) -> Totals {
        let mut all = Totals::default();
        self.operations.values().filter(|one| !called_alone || one.calls.is_some()).for_each(|one| all += one.all);
        all
    }

    /// How much of it was seen.
    pub fn seen(&self) -> Totals {
        let mut seen = Totals::default();
        self.operations.values().for_each(|one| seen += one.seen());
        seen
    }

    /// Exchanges and single payloads of the service.
    pub fn exchanges(&self) -> usize {
        self.called().map(|(_, _, calls)| calls.exchanges).sum()
    }

    /// Operations that were called, with their numbers.
    pub fn called(&self) -> impl Iterator<Item = (&str, &CoveredOperation, &Calls)> {
        self.operations.iter().filter_map(|(name, one)| Some((name.as_str(), one, one.calls.as_ref()?)))
    }

    /// Names of operations that were never called.
    pub fn never_called(&self) -> impl Iterator<Item = &str> {
        self.operations.iter().filter(|(_, one)| one.calls.is_none()).map(|(name, _)| name.as_str())
    }
}

impl CoveredOperation {
    /// How much was seen.
    pub fn seen(&self) -> Totals {
        let Some(calls) = &self.calls else { return Totals::default() };
        let members = |half: &Half| half.each().filter(|(.., one)| !one.variant && one.times > 0).count();
        let variants = |half: &Half| half.each().filter(|(.., one)| one.variant && one.times > 0).count();
        let values = |half: &Half| half.values.values().flat_map(BTreeMap::values).filter(|times| **times > 0).count();
        Totals {
            operations: 1,
            input: members(&calls.input),
            output: members(&calls.output),
            values: values(&calls.input) + values(&calls.output),
            variants: variants(&calls.input) + variants(&calls.output),
            errors: calls.errors.values().filter(|times| **times > 0).count(),
        }
    }

    fn add(&mut self, other: Self) {
        // Contracts of several releases differ; the greater number is that of what any of them has.
        let (own, all) = (&mut self.all, other.all);
        own.operations = own.operations.max(all.operations);
        own.input = own.input.max(all.input);
        own.output = own.output.max(all.output);
        own.values = own.values.max(all.values);
        own.variants = own.variants.max(all.variants);
        own.errors = own.errors.max(all.errors);
        match (&mut self.calls, other.calls) {
            (Some(own), Some(other)) => own.add(other),
            (own @ None, other) => *own = other,
            (Some(_), None) => {}
        }
        if let Some(calls) = &self.calls {
            let [input, output] = [&calls.input, &calls.output].map(Half::totals);
            own.input = own.input.max(input.input);
            own.output = own.output.max(output.input);
            own.values = own.values.max(input.values + output.values);
            own.variants = own.variants.max(input.variants + output.variants);
            own.errors = own.errors.max(calls.errors.len());
        }
    }
}

impl Calls {
    /// One half.
    pub fn half(&self, direction: Direction) -> &Half {
        match direction {
            Direction::Request => &self.input,
            Direction::Response => &self.output,
        }
    }

    /// The same, to count in.
    pub(crate) fn half_mut(&mut self, direction: Direction) -> &mut Half {
        match direction {
            Direction::Request => &mut self.input,
            Direction::Response => &mut self.output,
        }
    }

    fn add(&mut self, other: Self) {
        self.exchanges += other.exchanges;
        self.answered += other.answered;
        self.refused += other.refused;
        add(&mut self.statuses, other.statuses);
        add(&mut self.errors, other.errors);
        add(&mut self.undeclared, other.undeclared);
        self.input.add(other.input);
        self.output.add(other.output);
    }
}

impl Half {
    /// Each member with its shape and name.
    pub fn each(&self) -> impl Iterator<Item = (&str, &str, &Present)> {
        self.members.iter().flat_map(|(shape, members)| {
            members.iter().map(move |(name, present)| (shape.as_str(), name.as_str(), present))
        })
    }

    /// How much there is, seen or not; members are told as those of an input.
    fn totals(&self) -> Totals {
        Totals {
            input: self.each().filter(|(.., one)| !one.variant).count(),
            variants: self.each().filter(|(.., one)| one.variant).count(),
            values: self.values.values().map(BTreeMap::len).sum(),
            ..Totals::default()
        }
    }

    fn add(&mut self, other: Self) {
        self.payloads += other.payloads;
        for (shape, members) in other.members {
            let own = self.members.entry(shape).or_default();
            for (name, other) in members {
                own.entry(name)
                    .and_modify(|one| {
                        one.times += other.times;
                        one.of += other.of;
                        one.required &= other.required;
                        one.variant &= other.variant;
                    })
                    .or_insert(other);
            }
        }
        for (shape, values) in other.values {
            add(self.values.entry(shape).or_default(), values);
        }
    }
}

/// Adds counts by name.
fn add<K: Ord>(own: &mut BTreeMap<K, usize>, other: BTreeMap<K, usize>) {
    for (name, count) in other {
        *own.entry(name).or_default() += count;
    }
}

//! What recorded traffic makes use of: in how many exchanges an operation, member or value occurs.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use crate::check::Judged;
use crate::contract::{Contract, Visited};
use crate::diff::{Change, Difference};
use crate::finding::{Recorded, Uses};
use crate::model::{Direction, EnumValues, ShapeKind};

/// Something that an exchange has or has not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Used {
    Operation,
    /// A request, or an answer of any kind.
    Half(Direction),
    /// A value of the shape.
    Shape(Direction, String),
    Member(Direction, String, String),
    /// A value of an enumeration.
    Value(Direction, String, String),
    /// An error, by its shape.
    Error(String),
}

/// Numbers of exchanges.
#[derive(Debug, Default)]
pub(super) struct Usage {
    by_service: HashMap<String, OfService>,
}

/// Numbers of exchanges of one service.
#[derive(Debug, Default)]
struct OfService {
    exchanges: usize,
    /// By operation and what they have.
    by_operation: HashMap<String, HashMap<Used, usize>>,
}

impl Usage {
    /// Counts one exchange.
    pub(super) fn add(&mut self, used: ExchangeUses) {
        let own = self.by_service.entry(used.service).or_default();
        own.exchanges += 1;
        let counts = own.by_operation.entry(used.operation).or_default();
        for what in used.used {
            *counts.entry(what).or_default() += 1;
        }
    }

    /// Exchanges of a service.
    pub(super) fn of_service(&self, service: &str) -> usize {
        self.by_service.get(service).map_or(0, |own| own.exchanges)
    }

    /// Exchanges that have what a difference is about; `None` where its operations were recorded, but never the half of
    /// them that would show it.
    pub(super) fn of(&self, service: &str, difference: &Difference) -> Option<Recorded> {
        let own = self.by_service.get(service);
        let (operations, all) = (&difference.operations[..], self.of_service(service));
        let among_all =
            |what: String, exchanges| Recorded { what, exchanges, of: all, part: EXCHANGE, whose: service.to_owned() };
        if operations.is_empty() {
            return Some(among_all(service.to_owned(), all));
        }
        let count = |used: &Used| -> usize {
            let of = |operation: &String| own?.by_operation.get(operation)?.get(used);
            operations.iter().filter_map(of).sum()
        };
        let used = subject(difference);
        let calls = count(&Used::Operation);
        // Where nobody calls the operations, it is they that are not used.
        if calls == 0 || used == Used::Operation {
            return Some(among_all(called(operations), calls));
        }
        let of = used.half().map_or(calls, |half| count(&Used::Half(half)));
        let (what, part) = (used.described(), used.half().map_or(EXCHANGE, Direction::as_str));
        (of > 0).then(|| Recorded { what, exchanges: count(&used), of, part, whose: called(operations) })
    }
}

/// What is counted where both halves of it show the subject.
const EXCHANGE: &str = "exchange";

/// Operations, for people.
fn called(operations: &[String]) -> String {
    match operations {
        [one] => one.clone(),
        many => format!("these {} operations", many.len()),
    }
}

/// What one exchange has.
pub(super) struct ExchangeUses {
    service: String,
    operation: String,
    used: BTreeSet<Used>,
}

impl ExchangeUses {
    pub(super) fn of(judged: &Judged<'_>) -> Self {
        let (contract, exchange) = (judged.contract, judged.exchange);
        let mut used = BTreeSet::from([Used::Operation]);
        let answered = exchange.response.is_some() || exchange.error.is_some();
        used.extend(exchange.request.is_some().then_some(Used::Half(Direction::Request)));
        used.extend(answered.then_some(Used::Half(Direction::Response)));
        contract.visit(exchange, &mut |visited| note(contract, visited, &mut used));
        let operation = contract.service().operations.get(&*exchange.operation);
        let code = exchange.error.as_ref().and_then(|error| error.plain_code());
        let error = operation.zip(code);
        let error = error.and_then(|(operation, code)| contract.error_shape(operation, code, exchange.protocol));
        used.extend(error.map(|shape| Used::Error(shape.to_string())));
        Self { service: contract.service().name.clone(), operation: exchange.operation.to_string(), used }
    }
}

fn note(contract: &Contract, visited: &Visited<'_>, used: &mut BTreeSet<Used>) {
    let direction = visited.direction;
    used.insert(Used::Shape(direction, visited.shape.to_string()));
    if let Some((shape, member)) = visited.member {
        used.insert(Used::Member(direction, shape.to_string(), member.to_owned()));
    }
    let kind = contract.service().shape(visited.shape).map(|shape| &shape.kind);
    if let (Some(ShapeKind::String(EnumValues(Some(_)))), Value::String(value)) = (kind, visited.value) {
        used.insert(Used::Value(direction, visited.shape.to_string(), value.clone()));
    }
}

/// What of the older contract a difference is about. What is new alone cannot have been recorded: there it is what
/// holds it.
fn subject(difference: &Difference) -> Used {
    let (Some(shape), direction) = (&difference.older_shape, difference.direction) else {
        return of_operation(difference);
    };
    let Some(direction) = direction else { return Used::Error(shape.clone()) };
    let rule = difference.change.rule(Some(direction));
    match (rule.uses, &difference.change, &difference.member) {
        (Uses::Value, Change::EnumValueRemoved { value }, _) => Used::Value(direction, shape.clone(), value.clone()),
        (Uses::Member, _, Some(member)) => Used::Member(direction, shape.clone(), member.clone()),
        (Uses::Member | Uses::Holder | Uses::Value | Uses::Error, ..) => Used::Shape(direction, shape.clone()),
    }
}

fn of_operation(difference: &Difference) -> Used {
    match (difference.change.rule(difference.direction).uses, &difference.change) {
        (Uses::Error, Change::ErrorRemoved { error }) => Used::Error(error.clone()),
        _ => Used::Operation,
    }
}

impl Used {
    /// The half of an exchange that shows it.
    fn half(&self) -> Option<Direction> {
        match self {
            Self::Operation => None,
            Self::Half(half) | Self::Shape(half, _) | Self::Member(half, ..) | Self::Value(half, ..) => Some(*half),
            Self::Error(_) => Some(Direction::Response),
        }
    }

    fn described(&self) -> String {
        match self {
            Self::Operation => EXCHANGE.to_owned(),
            Self::Half(half) => half.to_string(),
            Self::Shape(_, shape) => shape.clone(),
            Self::Member(_, shape, member) => format!("`{member}` of {shape}"),
            Self::Value(_, shape, value) => format!("{value} of {shape}"),
            Self::Error(error) => error.clone(),
        }
    }
}

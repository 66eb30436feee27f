//! Mutation score: how many faults would be seen in the traffic at hand.
//!
//! Each exchange that is clean is broken in every single way, one at a time, and held against its contract again. What is
//! broken are the values that were recorded ([`crate::generate::Payloads::mutations`]) and what the exchange says of
//! itself. A fault counts as detected where its own rule finds it at its own place, and as excused where that rule would
//! have, did the recording keep what travelled: a log that leaves members out cannot show that one is missing.

mod of_exchange;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

pub use self::of_exchange::RULES as EXCHANGE_RULES;
use crate::check::{Input, Judged, Options, run};
use crate::contract::{Breach, Contract};
use crate::error::Result;
use crate::generate::{Fault, Payloads, of_service};
use crate::model::{Direction, Encoding, Operation, Protocol};
use crate::outcome::{Count, Outcome, Particulars, Score, Undetected};
use crate::recording::{Exchange, Failure, Fidelity, Payload};

/// Rules whose faults are made in values.
pub const VALUE_RULES: &[&str] = &[
    "blob-form",
    "duplicate-item",
    "length-out-of-range",
    "misplaced-member",
    "missing-member",
    "null-member",
    "number-out-of-range",
    "pattern-mismatch",
    "timestamp-form",
    "union-arity",
    "unknown-enum-value",
    "unknown-member",
    "wrong-type",
];

/// Rules that no mutation is made for, with the reason.
pub const OTHER_RULES: &[(&str, &str)] = &[
    ("ambiguous-operation", "which operation is meant is not part of what was decoded"),
    ("ambiguous-service", "which service is meant is not part of what was decoded"),
    ("constraint-not-checked", "it is about the model"),
    ("contradicting-error-codes", "headers are not part of what was decoded"),
    ("duplicate-key", "it is about the text of a recording"),
    ("empty-label", "it is about the text of a recording"),
    ("limit-reached", "it is about the text of a recording"),
    ("malformed-recording", "it is about the text of a recording"),
    ("missing-query-error", "headers are not part of what was decoded"),
    ("other-api-version", "the version is not part of what was decoded"),
    ("timestamp-precision", "such a value is no fault; SDKs differ in what they keep of it"),
    ("undecided", "it is about the limits of the tool"),
    ("undecodable-body", "it is about the text of a recording"),
    ("unexpected-content-type", "it is about the text of a recording"),
    ("unmet-expectation", "expectations are not asked, only the contract"),
    ("unrecorded-body", "it is about what a recorder leaves out"),
    ("unsatisfiable-constraint", "it is about the model"),
];

/// Breaks all clean exchanges of `inputs`; findings are those about parts that could not be read. Of `options`, the onlooker is put aside.
///
/// # Errors
/// Those of [`check::run`](crate::check::run).
pub fn score(inputs: Vec<Input>, options: &Options<'_>) -> Result<Outcome> {
    let all = Mutex::new(Score::default());
    let strategies = Strategies::default();
    let onlooker = |judged: &Judged<'_>| {
        let one = Breaker::new(judged, &strategies).run()?;
        all.lock().unwrap_or_else(PoisonError::into_inner).absorb(one);
        Ok(())
    };
    let mut checked = run(inputs, &Options { onlooker: Some(&onlooker), ..*options })?;
    let mut score = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    score.undetected.sort();
    Ok(Outcome {
        tally: std::mem::take(&mut checked.tally),
        scope: std::mem::take(&mut checked.scope),
        findings: checked.unread(),
        coverage: None,
        particulars: Particulars::Score(score),
    })
}

/// Strategies that were made already. `None` where nothing can be made for a schema.
#[derive(Default)]
struct Strategies(Mutex<HashMap<Key, Option<Arc<Payloads>>>>);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    service: String,
    operation: String,
    half: Half,
    form: Form,
}

/// How values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Form {
    encoding: Encoding,
    /// The protocol they came by, where that is known.
    protocol: Option<Protocol>,
}

/// What a payload is of its operation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Half {
    Request,
    Response,
    /// Members of an error, by its code.
    Error(String),
}

impl Half {
    fn direction(&self) -> Direction {
        match self {
            Self::Request => Direction::Request,
            Self::Response | Self::Error(_) => Direction::Response,
        }
    }
}

impl Strategies {
    /// The payloads of one half of an operation, written in that form.
    fn get(&self, contract: &Contract, operation: &str, half: &Half, form: Form) -> Option<Arc<Payloads>> {
        let Form { encoding, protocol } = form;
        let service = contract.service();
        let key = Key { service: service.name.clone(), operation: operation.to_owned(), half: half.clone(), form };
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let strategy = || {
            let schema = match half {
                Half::Error(code) => {
                    contract.error_schema(service.operations.get(operation)?, code, encoding, protocol)
                }
                half => contract.schema(operation, half.direction(), encoding, protocol),
            };
            of_service(service, &schema?).ok().map(Arc::new)
        };
        made.entry(key).or_insert_with(strategy).clone()
    }
}

/// Breaks one exchange.
struct Breaker<'b> {
    judged: &'b Judged<'b>,
    strategies: &'b Strategies,
    /// The exchange without its values.
    shell: Exchange<'b>,
    score: Score,
}

impl<'b> Breaker<'b> {
    fn new(judged: &'b Judged<'b>, strategies: &'b Strategies) -> Self {
        let whole = judged.exchange;
        let shell = Exchange {
            protocol: whole.protocol,
            status: whole.status,
            fidelity: whole.fidelity,
            ..Exchange::named(whole.service.clone(), whole.operation.clone(), whole.extent)
        };
        Self { judged, strategies, shell, score: Score::default() }
    }

    fn run(mut self) -> Result<Score> {
        if !self.judged.findings.is_empty() {
            self.score.unclean = 1;
            return Ok(self.score);
        }
        self.score.broken = 1;
        let Judged { exchange, contract, .. } = self.judged;
        if let Some(request) = &exchange.request {
            self.values(&Half::Request, request, |shell, request| {
                // Whether its answer is an error is not asked.
                Exchange { request: Some(request), status: None, ..shell }
            })?;
        }
        if let Some(response) = &exchange.response {
            self.values(&Half::Response, response, |shell, response| Exchange { response: Some(response), ..shell })?;
            self.wrong_output(response)?;
        }
        if let Some((error, code)) = exchange.error.as_ref().and_then(|error| Some((error, error.plain_code()?))) {
            self.values(&Half::Error(code.to_owned()), &error.payload, |shell, payload| Exchange {
                error: Some(Failure { payload, ..error.clone() }),
                ..shell
            })?;
        }
        for (rule, direction, broken) in of_exchange::mutations(contract, exchange, &self.shell) {
            self.judge(&broken, rule, direction, "")?;
        }
        Ok(self.score)
    }

    /// Breaks the values of one half, which `put` puts into the exchange.
    fn values(
        &mut self,
        half: &Half,
        payload: &Payload<'b>,
        put: impl Fn(Exchange<'b>, Payload<'b>) -> Exchange<'b>,
    ) -> Result<()> {
        let Judged { exchange, contract, .. } = self.judged;
        let form = Form { encoding: payload.encoding, protocol: exchange.protocol };
        let Some(strategy) = self.strategies.get(contract, &exchange.operation, half, form) else {
            return Ok(());
        };
        let value = payload.read().unwrap_or_default();
        let mut done = Ok(());
        strategy.mutations(&value, &mut |fault: Fault| {
            if done.is_ok() {
                let broken = put(self.shell.clone(), written(fault.payload, payload.encoding));
                done = self.judge(&broken, fault.rule, half.direction(), &fault.pointer);
            }
        });
        done
    }

    /// Puts the output of another operation in the place of this one's.
    fn wrong_output(&mut self, response: &Payload<'b>) -> Result<()> {
        let Judged { exchange, contract, .. } = self.judged;
        let form = Form { encoding: response.encoding, protocol: exchange.protocol };
        let simplest = |operation: &Operation| {
            let strategy = self.strategies.get(contract, &operation.name, &Half::Response, form)?;
            Some(strategy.simplest()).filter(|value| value.as_object().is_some_and(|members| !members.is_empty()))
        };
        let service = contract.service();
        let Some(own) = service.operations.get(&*exchange.operation) else { return Ok(()) };
        let members = contract.schema(&own.name, Direction::Response, form.encoding, form.protocol);
        let members = members.unwrap_or_default();
        let others = service.operations.values().filter(|other| other.output != own.output);
        let mut others = others.filter_map(simplest);
        let is_foreign = |value: &Value| {
            let mut names = value.as_object().into_iter().flat_map(Map::keys);
            names.all(|name| members["properties"].get(name).is_none())
        };
        let Some(output) = others.find(is_foreign) else { return Ok(()) };
        let response = Some(written(output, form.encoding));
        self.judge(&Exchange { response, ..self.shell.clone() }, "wrong-output", Direction::Response, "")
    }

    /// Holds a broken exchange against its contract.
    fn judge(&mut self, broken: &Exchange<'_>, rule: &'static str, direction: Direction, pointer: &str) -> Result<()> {
        let is_it = |(id, breach): &(&'static str, Breach)| {
            *id == rule && breach.pointer == pointer && breach.direction.is_none_or(|its| its == direction)
        };
        let found = self.found(broken)?;
        let mut count = Count { faults: 1, ..Count::default() };
        if found.iter().any(is_it) {
            count.detected = 1;
        } else if broken.fidelity != Fidelity::Exact
            && self.found(&Exchange { fidelity: Fidelity::Exact, ..broken.clone() })?.iter().any(is_it)
        {
            count.excused = 1;
        } else {
            self.score.undetected.push(Undetected {
                location: self.judged.location.clone(),
                operation: self.judged.exchange.operation.to_string(),
                direction,
                pointer: pointer.to_owned(),
                rule,
                instead: found.into_iter().map(|(id, breach)| (id, breach.pointer)).collect(),
            });
        }
        self.score.rules.entry(rule).or_default().add(count);
        Ok(())
    }

    /// What is wrong with an exchange, with the rules that say so.
    fn found(&self, exchange: &Exchange<'_>) -> Result<Vec<(&'static str, Breach)>> {
        let breaches = self.judged.contract.observe(exchange)?.breaches;
        Ok(breaches.into_iter().map(|breach| (breach.kind.rule().id, breach)).collect())
    }
}

/// A payload of a value that no text holds.
fn written(value: Value, encoding: Encoding) -> Payload<'static> {
    Payload { value: Some(value), ..Payload::text("{}", encoding) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::Catalog;
    use crate::finding::Location;
    use crate::ingest::embedded;
    use crate::model::Protocol;
    use crate::recording::{Extent, ServiceName};
    use crate::rules::exchange::RULES;

    #[test]
    fn each_rule_is_mutated_or_has_a_reason_not_to_be() {
        let reasons = OTHER_RULES.iter().map(|(rule, _)| rule);
        let mut told: Vec<&str> = VALUE_RULES.iter().chain(EXCHANGE_RULES).chain(reasons).copied().collect();
        told.sort_unstable();
        assert_eq!(told, RULES.iter().map(|rule| rule.id).collect::<Vec<_>>());
    }

    /// The outcome of a fault that nobody made, in a `GetMembership` of that fidelity.
    fn judged(value: Value, rule: &'static str, pointer: &str, fidelity: Fidelity) -> Score {
        let contract = Contract::new(
            embedded::find("cleanrooms@2023-08-30").and_then(embedded::Embedded::load).expect("embedded").service,
        );
        let name = ServiceName::Name("cleanrooms".into());
        let exchange = Exchange {
            request: Some(written(value, Encoding::Wire)),
            fidelity,
            protocol: Some(Protocol::RestJson),
            ..Exchange::named(name, "GetMembership".into(), Extent::Exchange)
        };
        let location = Location::default();
        let catalog = Catalog::default();
        let (exchange, catalog, contract) = (&exchange, &catalog, &contract);
        let judged = Judged { exchange, http: None, catalog, contract, location, findings: &[] };
        let strategies = Strategies::default();
        let mut breaker = Breaker::new(&judged, &strategies);
        breaker.judge(exchange, rule, Direction::Request, pointer).expect("the contract is sound");
        breaker.score
    }

    #[test]
    fn what_is_not_found_is_told_with_what_is_found_instead() {
        let sound = || json!({"membershipIdentifier": "00000000-0000-4000-8000-000000000000"});
        let score = judged(sound(), "missing-member", "/membershipIdentifier", Fidelity::Exact);
        assert_eq!(score.total(), Count { faults: 1, detected: 0, excused: 0 });
        assert_eq!(score.undetected[0].instead, []);
        let score = judged(json!({}), "missing-member", "/membershipIdentifier", Fidelity::Exact);
        assert_eq!(score.total(), Count { faults: 1, detected: 1, excused: 0 });
        let score = judged(json!({}), "null-member", "/membershipIdentifier", Fidelity::Exact);
        assert_eq!(score.undetected[0].instead, [("missing-member", "/membershipIdentifier".to_owned())]);
        let score = judged(json!({}), "missing-member", "/membershipIdentifier", Fidelity::Logged);
        assert_eq!(score.total(), Count { faults: 1, detected: 0, excused: 1 });
        let score = judged(sound(), "missing-member", "/membershipIdentifier", Fidelity::Logged);
        assert_eq!(score.total().undetected(), 1);
    }
}

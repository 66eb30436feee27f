//! Generated payloads as recordings: what `shapegate generate` writes and every reader of ours reads.
//!
//! One file per form. A payload stands alone in a record; where a form holds whole exchanges, the other half is the
//! simplest one that the contract allows.

mod dvr;
mod exchanges;
mod har;
mod placebo;
mod records;
mod vcr;

use std::sync::OnceLock;

use serde_json::Value;

use super::{Fault, payloads};
use crate::contract::Contract;
use crate::error::{Error, Result};
use crate::model::{Direction, Encoding, Http, Operation, Service};
use crate::output::FileName;
use crate::protocol::encode::{self, Message, Unwritable};

/// So many payloads are tried where the simplest does not fit.
const FEW: u64 = 50;

/// All forms.
pub const FORMS: &[&dyn Form] =
    &[&records::Records, &exchanges::Exchanges, &har::Har, &vcr::Vcr, &dvr::Dvr, &placebo::Placebo];

/// A form to write payloads in.
pub trait Form: Sync {
    /// Name for `--as`.
    fn id(&self) -> &'static str;

    /// One line on what it is.
    fn about(&self) -> &'static str;

    /// Whether each line stands alone, so that recordings may follow each other.
    fn is_by_line(&self) -> bool {
        false
    }

    /// The ending of its files' names.
    fn extension(&self) -> &'static str {
        "json"
    }

    /// Whether it holds HTTP messages, which do not hold every payload.
    fn is_http(&self) -> bool {
        false
    }

    /// The encoding that the form holds; `None` where it says it itself.
    fn encoding(&self) -> Option<Encoding> {
        self.is_http().then_some(Encoding::Wire)
    }

    /// The recording of all samples.
    ///
    /// # Errors
    /// The form cannot hold what the samples are of.
    fn write(&self, samples: &Samples<'_>) -> Result<Recording>;
}

/// The samples as they were written, and those that were not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recording {
    /// The files or text that were written.
    pub written: Output,
    /// Why samples are not in it: no message holds them.
    pub left_out: Vec<Unwritable>,
}

impl Recording {
    fn text(text: String) -> Self {
        Output::Text(text).into()
    }
}

impl From<Output> for Recording {
    fn from(written: Output) -> Self {
        Self { written, left_out: Vec::new() }
    }
}

/// The files or text that were written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Output {
    /// One text.
    Text(String),
    /// Files by their names.
    Files(Vec<(FileName, String)>),
}

/// A payload, perhaps with the one fault in it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Sample {
    /// The payload.
    pub payload: Value,
    /// Rule and pointer of its fault.
    pub expect: Option<(&'static str, String)>,
}

impl From<Value> for Sample {
    fn from(payload: Value) -> Self {
        Self { payload, expect: None }
    }
}

impl From<Fault> for Sample {
    fn from(Fault { payload, rule, pointer }: Fault) -> Self {
        Self { payload, expect: Some((rule, pointer)) }
    }
}

/// Payloads of one half of an operation.
#[derive(Debug)]
pub struct Samples<'c> {
    contract: &'c Contract,
    operation: &'c Operation,
    direction: Direction,
    encoding: Encoding,
    list: Vec<Sample>,
    /// The message of the half that is no sample, or why there is none.
    other: OnceLock<std::result::Result<Message, Unwritable>>,
}

impl<'c> Samples<'c> {
    /// Payloads of one half of an operation.
    ///
    /// # Errors
    /// There is no such operation.
    pub fn new(
        contract: &'c Contract,
        operation: &str,
        direction: Direction,
        encoding: Encoding,
        list: Vec<Sample>,
    ) -> Result<Self> {
        let found = contract.service().operations.get(operation);
        let none = || contract.no_operation(operation);
        Ok(Self { contract, operation: found.ok_or_else(none)?, direction, encoding, list, other: OnceLock::new() })
    }

    /// The same with other payloads.
    #[must_use]
    pub fn with(self, list: Vec<Sample>) -> Self {
        Self { list, ..self }
    }

    /// Whether HTTP messages hold the sample: its payload, and its fault, where it has one.
    pub fn fits_http(&self, sample: &Sample) -> bool {
        self.pair(sample).is_ok()
    }

    /// Request, response and fault of each sample.
    fn exchanges(&self) -> Result<impl Iterator<Item = (Value, Value, &Sample)>> {
        let other = self.other_half(|_| true)?;
        Ok(self.list.iter().map(move |sample| match self.direction {
            Direction::Request => (sample.payload.clone(), other.clone(), sample),
            Direction::Response => (other.clone(), sample.payload.clone(), sample),
        }))
    }

    /// Request and response of each sample as HTTP messages, and why samples are left out.
    fn messages(&self) -> Result<(Vec<Pair<'_>>, Vec<Unwritable>)> {
        let (mut messages, mut left_out) = (Vec::new(), Vec::new());
        for sample in &self.list {
            match self.pair(sample) {
                Ok(pair) => messages.push(pair),
                Err(reason) => left_out.push(reason),
            }
        }
        let reason = self.other_message().err().or(left_out.first());
        if let (true, Some(reason)) = (messages.is_empty(), reason) {
            let name = &self.operation.name;
            return Err(Error::new(format!("no payload of {name} can be written as HTTP: {reason}"))
                .remedy("--as records holds all payloads."));
        }
        Ok((messages, left_out))
    }

    fn pair<'s>(&self, sample: &'s Sample) -> std::result::Result<Pair<'s>, Unwritable> {
        let own = self.message(self.direction, &sample.payload)?;
        let other = self.other_message().map_err(Clone::clone)?.clone();
        let (request, response) = match self.direction {
            Direction::Request => (own, other),
            Direction::Response => (other, own),
        };
        let pair = Pair { request, response, sample };
        match &sample.expect {
            Some((rule, pointer)) if !self.is_found(&pair, rule, pointer) => {
                Err(Unwritable("the fault does not show in it".to_owned()))
            }
            _ => Ok(pair),
        }
    }

    /// Whether a fault is found where it is labelled, once its messages are read. In paths, query strings and XML all is
    /// text, so that a number in place of a text is none there.
    fn is_found(&self, Pair { request, response, .. }: &Pair<'_>, rule: &str, pointer: &str) -> bool {
        let found = encode::read_back(self.service(), self.operation, (request, response), |exchange| {
            let breaches = self.contract.observe(exchange).map(|observed| observed.breaches).unwrap_or_default();
            let mut here = breaches.iter().filter(|breach| breach.pointer == pointer);
            here.any(|breach| {
                breach.direction.is_none_or(|half| half == self.direction) && breach.kind.rule().id == rule
            })
        });
        found == Some(true)
    }

    fn other_message(&self) -> std::result::Result<&Message, &Unwritable> {
        let half = self.other_direction();
        let message = || {
            let other = self.other_half(|payload| self.message(half, payload).is_ok());
            self.message(half, &other.map_err(|error| Unwritable(error.cause().to_owned()))?)
        };
        self.other.get_or_init(message).as_ref()
    }

    /// The simplest that may stand for the half that is no sample.
    fn other_half(&self, is_fit: impl Fn(&Value) -> bool) -> Result<Value> {
        let strategy = payloads(self.contract, &self.operation.name, self.other_direction(), self.encoding)?;
        let simplest = strategy.simplest();
        // A list that has to be there and is empty is in no query string, for one.
        let drawn = (0..FEW).map(|seed| strategy.seeded(seed));
        Ok([simplest.clone()].into_iter().chain(drawn).find(is_fit).unwrap_or(simplest))
    }

    fn other_direction(&self) -> Direction {
        match self.direction {
            Direction::Request => Direction::Response,
            Direction::Response => Direction::Request,
        }
    }

    fn message(&self, half: Direction, payload: &Value) -> std::result::Result<Message, Unwritable> {
        match half {
            Direction::Request => encode::request(self.service(), self.operation, payload),
            Direction::Response => encode::response(self.service(), self.operation, payload),
        }
    }

    fn service(&self) -> &'c Service {
        self.contract.service()
    }

    /// Status of a success.
    fn status(&self) -> u16 {
        self.operation.http.known().map_or(200, Http::success)
    }
}

/// An exchange of which one half is a sample.
struct Pair<'s> {
    request: Message,
    response: Message,
    sample: &'s Sample,
}

/// The fault of a sample, as records tell it.
fn expected(sample: &Sample) -> Option<Value> {
    sample.expect.as_ref().map(|(rule, pointer)| serde_json::json!({"rule": rule, "pointer": pointer}))
}

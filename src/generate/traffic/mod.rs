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

use serde_json::Value;

use super::{Fault, payloads};
use crate::contract::Contract;
use crate::error::{Error, Result};
use crate::model::{Direction, Encoding, Operation, Service};
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

    /// What names of its files end in.
    fn extension(&self) -> &'static str {
        "json"
    }

    /// Whether it holds HTTP messages, which do not hold every payload.
    fn is_http(&self) -> bool {
        false
    }

    /// The encoding that the form holds; `None` where it says it itself.
    fn encoding(&self) -> Option<Encoding>;

    /// The recording of all samples.
    ///
    /// # Errors
    /// The form cannot hold what the samples are of.
    fn write(&self, samples: &Samples<'_>) -> Result<Recording>;
}

/// What came of samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// What was written.
    pub written: Written,
    /// Why samples are not in it: no message holds them.
    pub left_out: Vec<Unwritable>,
}

impl Recording {
    fn text(text: String) -> Self {
        Written::Text(text).into()
    }
}

impl From<Written> for Recording {
    fn from(written: Written) -> Self {
        Self { written, left_out: Vec::new() }
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// One text.
    Text(String),
    /// Files by their names.
    Files(Vec<(String, String)>),
}

/// A payload, perhaps with the one fault in it.
#[derive(Debug, Clone, PartialEq)]
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
pub struct Samples<'c> {
    contract: &'c Contract,
    operation: &'c Operation,
    direction: Direction,
    encoding: Encoding,
    list: Vec<Sample>,
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
        let none = || Error::new(format!("{} has no operation {operation}", contract.service().name));
        Ok(Self { contract, operation: found.ok_or_else(none)?, direction, encoding, list })
    }

    /// The same with other payloads.
    #[must_use]
    pub fn with(self, list: Vec<Sample>) -> Self {
        Self { list, ..self }
    }

    /// Whether an HTTP message holds the payload.
    pub fn fits_http(&self, payload: &Value) -> bool {
        self.message(self.direction, payload).is_ok()
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
        self.operation.http.known().map_or(200, |http| http.status)
    }

    /// Request, response and fault of each sample. `is_fit` says what may stand for the half that is no sample.
    fn exchanges(
        &self,
        is_fit: impl Fn(Direction, &Value) -> bool,
    ) -> Result<impl Iterator<Item = (Value, Value, &Sample)>> {
        let other = match self.direction {
            Direction::Request => Direction::Response,
            Direction::Response => Direction::Request,
        };
        let strategy = payloads(self.contract, &self.operation.name, other, self.encoding)?;
        let simplest = strategy.simplest();
        // A list that has to be there and is empty is in no query string, for one.
        let drawn = (0..FEW).map(|seed| strategy.seeded(seed));
        let other = [simplest.clone()].into_iter().chain(drawn).find(|drawn| is_fit(other, drawn)).unwrap_or(simplest);
        Ok(self.list.iter().map(move |sample| match self.direction {
            Direction::Request => (sample.payload.clone(), other.clone(), sample),
            Direction::Response => (other.clone(), sample.payload.clone(), sample),
        }))
    }

    /// Request and response of each sample as HTTP messages, and why samples are left out.
    fn messages(&self) -> Result<(Vec<Pair<'_>>, Vec<Unwritable>)> {
        let (mut messages, mut left_out) = (Vec::new(), Vec::new());
        for (request, response, sample) in self.exchanges(|half, payload| self.message(half, payload).is_ok())? {
            let sent = self.message(Direction::Request, &request);
            match sent.and_then(|sent| Ok((sent, self.message(Direction::Response, &response)?))) {
                Ok((request, response)) => messages.push(Pair { request, response, sample }),
                Err(reason) => left_out.push(reason),
            }
        }
        if let (true, Some(reason)) = (messages.is_empty(), left_out.first()) {
            let name = &self.operation.name;
            return Err(Error::new(format!("no payload of {name} can be written as HTTP: {reason}"))
                .remedy("--as records holds all payloads."));
        }
        Ok((messages, left_out))
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

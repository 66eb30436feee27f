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
use crate::protocol::encode::{self, Message};

/// All forms.
pub const FORMS: &[&dyn Form] =
    &[&records::Records, &exchanges::Exchanges, &har::Har, &vcr::Vcr, &dvr::Dvr, &placebo::Placebo];

/// A form to write payloads in.
pub trait Form: Sync {
    /// Name for `--as`.
    fn id(&self) -> &'static str;

    /// One line on what it is.
    fn about(&self) -> &'static str;

    /// The encoding that the form holds; `None` where it says it itself.
    fn encoding(&self) -> Option<Encoding>;

    /// The recording of all samples.
    ///
    /// # Errors
    /// The form cannot hold what the samples are of.
    fn write(&self, samples: &Samples<'_>) -> Result<Written>;
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

    fn service(&self) -> &'c Service {
        self.contract.service()
    }

    /// Status of a success.
    fn status(&self) -> u16 {
        self.operation.http.known().map_or(200, |http| http.status)
    }

    /// Request, response and fault of each sample.
    fn exchanges(&self) -> Result<impl Iterator<Item = (Value, Value, &Sample)>> {
        let other = match self.direction {
            Direction::Request => Direction::Response,
            Direction::Response => Direction::Request,
        };
        let other = payloads(self.contract, &self.operation.name, other, self.encoding)?.simplest();
        Ok(self.list.iter().map(move |sample| match self.direction {
            Direction::Request => (sample.payload.clone(), other.clone(), sample),
            Direction::Response => (other.clone(), sample.payload.clone(), sample),
        }))
    }

    /// Request and response of each sample as HTTP messages. A sample that no message can hold is left out.
    fn messages(&self) -> Result<Vec<(Message, Message)>> {
        let encoded = |request: &Value, response: &Value| {
            let request = encode::request(self.service(), self.operation, request)?;
            Some((request, encode::response(self.service(), self.operation, response)?))
        };
        let messages: Vec<_> =
            self.exchanges()?.filter_map(|(request, response, _)| encoded(&request, &response)).collect();
        if messages.is_empty() && !self.list.is_empty() {
            let name = &self.service().name;
            return Err(Error::new(format!("no payload of {} can be written as HTTP", self.operation.name)).remedy(
                format!(
                    "Only the protocols of JSON are written, and {name} may speak another; --as records holds all."
                ),
            ));
        }
        Ok(messages)
    }
}

/// The fault of a sample, as records tell it.
fn expected(sample: &Sample) -> Option<Value> {
    sample.expect.as_ref().map(|(rule, pointer)| serde_json::json!({"rule": rule, "pointer": pointer}))
}

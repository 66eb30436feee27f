//! [`Contract`]: one service's schemas, compiled once, and what traffic looks like against them.
//!
//! `observe` takes an exchange and says what deviates, as facts; it weighs nothing, which is the business of the rules.
//! Two paths lead to one verdict: the fast path answers *conforms* for most traffic, the full path finds everything.
//! No other module uses the `jsonschema` crate.

mod breach;
mod fast;
mod foreign;
mod full;
mod homes;
mod keyword;
mod nearest;
mod observe;
mod place;
mod sensitive;

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde_json::Value;

pub use self::breach::{Breach, BreachKind, REDACTED};
use self::fast::Program;
pub use self::foreign::ForeignSchema;
use self::homes::Homes;
pub use self::observe::Observation;
pub use self::sensitive::range_within;
use crate::error::{Error, Result};
use crate::model::{Direction, Encoding, Operation, Service, ShapeId, ShapeKind};
use crate::schema::Emitter;

/// A service's contract, ready to hold traffic against.
pub struct Contract {
    service: Service,
    operations: BTreeMap<String, Compiled>,
    /// Error shapes by their code on the wire.
    errors: HashMap<String, ErrorJudges>,
}

#[derive(Default)]
struct Compiled {
    /// One for each direction and encoding, made when first needed.
    judges: [OnceLock<Result<Judge, String>>; 4],
    homes: [OnceLock<Homes>; 2],
}

struct ErrorJudges {
    shape: ShapeId,
    judges: [OnceLock<Result<Judge, String>>; 2],
}

/// One compiled schema.
struct Judge {
    schema: Value,
    program: Program,
    validator: OnceLock<Result<jsonschema::Validator, String>>,
}

impl Contract {
    /// The contract of a service.
    pub fn new(service: Service) -> Self {
        let operations = service.operations.keys().map(|name| (name.clone(), Compiled::default())).collect();
        let mut errors = HashMap::new();
        for shape in service.shapes.values() {
            if let ShapeKind::Structure(structure) = &shape.kind
                && let Some(error) = &structure.error
            {
                for code in [Some(shape.id.to_string()), error.code.clone()].into_iter().flatten() {
                    errors.entry(code).or_insert_with(|| ErrorJudges {
                        shape: shape.id.clone(),
                        judges: [OnceLock::new(), OnceLock::new()],
                    });
                }
            }
        }
        Self { service, operations, errors }
    }

    /// The facts it is made of.
    pub fn service(&self) -> &Service {
        &self.service
    }

    fn judge(&self, operation: &str, direction: Direction, encoding: Encoding) -> Result<Option<&Judge>> {
        let Some(compiled) = self.operations.get(operation) else { return Ok(None) };
        let slot = &compiled.judges[usize::from(direction == Direction::Response) * 2 + encoding_index(encoding)];
        let judge = slot.get_or_init(|| {
            let schema = Emitter::new(&self.service).operation(operation, direction, encoding);
            schema.map(Judge::new).ok_or_else(|| format!("{operation} is not an operation"))
        });
        judge.as_ref().map(Some).map_err(|error| Error::new(error.clone()))
    }

    fn error_judge(&self, code: &str, encoding: Encoding) -> Option<(&ShapeId, Result<&Judge>)> {
        let error = self.errors.get(code)?;
        let judge = error.judges[encoding_index(encoding)].get_or_init(|| {
            let schema = Emitter::new(&self.service).error(&error.shape, encoding);
            schema.map(Judge::new).ok_or_else(|| format!("{code} is not a shape"))
        });
        Some((&error.shape, judge.as_ref().map_err(|error| Error::new(error.clone()))))
    }

    fn homes(&self, operation: &Operation, encoding: Encoding) -> &Homes {
        static NONE: Homes = Homes::new();
        let Some(compiled) = self.operations.get(&operation.name) else { return &NONE };
        compiled.homes[encoding_index(encoding)].get_or_init(|| homes::homes(&self.service, operation, encoding))
    }
}

fn encoding_index(encoding: Encoding) -> usize {
    usize::from(encoding == Encoding::Parsed)
}

impl Judge {
    fn new(schema: Value) -> Self {
        Self { program: Program::compile(&schema), schema, validator: OnceLock::new() }
    }

    fn validator(&self) -> Result<&jsonschema::Validator> {
        let validator = self.validator.get_or_init(|| full::validator(&self.schema).map_err(|error| error.to_string()));
        validator.as_ref().map_err(|error| Error::new(error.clone()))
    }
}

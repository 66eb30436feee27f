//! [`Contract`]: one service's schemas, compiled once, and what traffic looks like against them.
//!
//! `observe` takes an exchange and says what deviates, as facts; it weighs nothing, which is the business of the rules.
//! Two paths lead to one verdict: the fast path answers *conforms* for most traffic, the full path finds everything.
//! No other module uses the `jsonschema` crate.

mod breach;
mod fast;
mod fidelity;
mod foreign;
mod full;
mod homes;
mod infer;
mod keyword;
mod log;
mod nearest;
mod observe;
mod place;
mod sensitive;
mod status;
mod visit;
mod wrong_output;

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde_json::Value;

pub use self::breach::{Breach, BreachKind, REDACTED};
use self::fast::Program;
pub use self::foreign::ForeignSchema;
use self::homes::Homes;
pub use self::infer::{Fit, Misfit};
pub use self::observe::Observation;
pub use self::sensitive::range_within;
pub use self::visit::Visited;
use crate::error::{Error, Result};
use crate::model::{Direction, Encoding, Operation, Protocol, Service, ShapeId, ShapeKind, TimestampFormat};
use crate::schema::Emitter;

/// A service's contract, ready to hold traffic against.
pub struct Contract {
    service: Service,
    operations: BTreeMap<String, Compiled>,
    /// Error shapes by their code on the wire.
    errors: HashMap<String, ErrorJudges>,
    /// Some operation declares an error. A model where none does (EC2) is silent about errors, which says nothing.
    declares_errors: bool,
}

#[derive(Default)]
struct Compiled {
    /// One for each direction and form, made when first needed.
    judges: [[OnceLock<Result<Judge, String>>; FORMS]; 2],
    homes: [OnceLock<Homes>; 2],
}

struct ErrorJudges {
    shape: ShapeId,
    judges: [OnceLock<Result<Judge, String>>; FORMS],
    homes: [OnceLock<Homes>; 2],
}

/// In how many forms one value may be written: parsed, on the wire of the service's own protocol, and on the wires of
/// protocols whose timestamps differ.
const FORMS: usize = 4;

/// How a payload's values are written.
#[derive(Debug, Clone, Copy)]
struct Written {
    encoding: Encoding,
    /// The protocol it came by, where that is known.
    protocol: Option<Protocol>,
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
        let shapes = service.shapes.values().filter_map(|shape| match &shape.kind {
            ShapeKind::Structure(structure) => Some((&shape.id, structure.error.as_ref()?)),
            _ => None,
        });
        let names = shapes.clone().map(|(id, _)| (id, id.to_string()));
        // A code may be another shape's name, and several may share it.
        let codes = shapes.filter_map(|(id, error)| Some((id, error.code.clone()?)));
        for (id, code) in names.chain(codes) {
            errors.entry(code).or_insert_with(|| ErrorJudges {
                shape: id.clone(),
                judges: Default::default(),
                homes: Default::default(),
            });
        }
        let declares = |operation: &Operation| operation.errors.known().is_some_and(|errors| !errors.is_empty());
        let declares_errors = service.operations.values().any(declares);
        Self { service, operations, errors, declares_errors }
    }

    /// The facts it is made of.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// The schema that one half of an operation is held against; `protocol` is the one that it came by, where that is
    /// known. `None` where there is no such operation.
    pub fn schema(
        &self,
        operation: &str,
        direction: Direction,
        encoding: Encoding,
        protocol: Option<Protocol>,
    ) -> Option<Value> {
        let (_, emitter) = self.form(Written { encoding, protocol });
        emitter().operation(operation, direction, encoding)
    }

    /// The schema that an error's members are held against. `None` where nothing is known of such an error.
    pub fn error_schema(
        &self,
        operation: &Operation,
        code: &str,
        encoding: Encoding,
        protocol: Option<Protocol>,
    ) -> Option<Value> {
        let shape = self.error_shape(operation, code)?;
        let (_, emitter) = self.form(Written { encoding, protocol });
        emitter().error(shape, encoding)
    }

    /// The shape of the error that a code stands for.
    pub fn error_shape(&self, operation: &Operation, code: &str) -> Option<&ShapeId> {
        self.error_named(Some(operation), code).map(|error| &error.shape)
    }

    /// Whether the model says which errors an operation may answer with.
    pub fn declares_errors(&self, operation: &Operation) -> bool {
        self.declares_errors && operation.errors.known().is_some()
    }

    fn judge(&self, operation: &str, direction: Direction, written: Written) -> Result<Option<&Judge>> {
        let Some(compiled) = self.operations.get(operation) else { return Ok(None) };
        let (form, emitter) = self.form(written);
        let judge = compiled.judges[usize::from(direction == Direction::Response)][form].get_or_init(|| {
            let schema = emitter().operation(operation, direction, written.encoding);
            schema.map(Judge::new).ok_or_else(|| format!("{operation} is not an operation"))
        });
        judge.as_ref().map(Some).map_err(|error| Error::new(error.clone()))
    }

    /// The error that a code stands for. Several may have the code: one that the operation declares is meant first.
    fn error_named(&self, operation: Option<&Operation>, code: &str) -> Option<&ErrorJudges> {
        let has_code = |id: &&ShapeId| match self.service.shape(id).map(|shape| &shape.kind) {
            Some(ShapeKind::Structure(structure)) => {
                id.as_str() == code || structure.error.as_ref().is_some_and(|error| error.code.as_deref() == Some(code))
            }
            _ => false,
        };
        let mut declared = operation.and_then(|operation| operation.errors.known()).into_iter().flatten();
        let declared = declared.find(has_code).and_then(|id| self.errors.get(id.as_str()));
        declared.or_else(|| self.errors.get(code))
    }

    fn error_judge(&self, operation: &Operation, code: &str, written: Written) -> Option<(&ShapeId, Result<&Judge>)> {
        let error = self.error_named(Some(operation), code)?;
        let (form, emitter) = self.form(written);
        let judge = error.judges[form].get_or_init(|| {
            let schema = emitter().error(&error.shape, written.encoding);
            schema.map(Judge::new).ok_or_else(|| format!("{code} is not a shape"))
        });
        Some((&error.shape, judge.as_ref().map_err(|error| Error::new(error.clone()))))
    }

    /// Number of a form, and what emits its schemas.
    fn form<'c>(&'c self, written: Written) -> (usize, impl Fn() -> Emitter<'c> + use<'c>) {
        let own = self.service.protocol().map(Protocol::body_timestamps);
        let format = written.protocol.map(Protocol::body_timestamps).filter(|format| Some(*format) != own);
        let form = match (written.encoding, format) {
            (Encoding::Parsed, _) => 1,
            (Encoding::Wire, None) => 0,
            (Encoding::Wire, Some(TimestampFormat::UnixTimestamp)) => 2,
            (Encoding::Wire, Some(_)) => 3,
        };
        let emitter = move || match format {
            None => Emitter::new(&self.service),
            Some(format) => Emitter::new(&self.service).with_body_timestamps(format),
        };
        (form, emitter)
    }

    /// Where names of an error are at home.
    fn homes_of_error(&self, error: &ShapeId, encoding: Encoding) -> Option<&Homes> {
        let error = self.errors.get(error.as_str()).filter(|named| named.shape == *error)?;
        let homes = || homes::homes_of_error(&self.service, &error.shape, encoding);
        Some(error.homes[encoding_index(encoding)].get_or_init(homes))
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

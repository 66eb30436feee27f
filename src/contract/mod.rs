//! [`Contract`]: one service's schemas, compiled once, and what traffic looks like against them.
//!
//! `observe` takes an exchange and says what deviates, as facts; it weighs nothing, which is the business of the rules.
//! Two paths lead to one verdict: the fast path answers *conforms* for most traffic, the full path finds everything.
//! No other module uses the `jsonschema` crate.

mod allowed;
mod breach;
mod budget;
mod common_errors;
mod doubt;
mod elements;
mod fast;
mod fidelity;
mod foreign;
mod full;
mod homes;
mod in_text;
mod infer;
mod keyword;
mod log;
mod meant;
mod names;
mod objects;
mod observe;
mod open;
mod part;
mod passed_over;
mod place;
mod sensitive;
mod sizes;
mod skeleton;
mod status;
mod sure;
mod unexpected;
mod visit;
mod written;
mod wrong_output;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

pub use self::allowed::Allowed;
use self::allowed::Shortened;
pub use self::breach::{Acquaintance, Breach, BreachKind, REDACTED};
pub use self::doubt::Paths;
use self::fast::{Nodes, Program, Programs};
pub use self::foreign::{ForeignSchema, Refusal};
use self::homes::Homes;
pub(crate) use self::infer::plain;
pub use self::infer::{Fit, Misfit};
use self::meant::Meant;
use self::names::Names;
pub use self::observe::Observation;
pub use self::sensitive::range_within;
pub(crate) use self::sure::Sure;
use self::unexpected::Unexpected;
pub use self::visit::Visited;
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::check_below;
use crate::model::{Direction, Encoding, Operation, Protocol, Service, ShapeId, TimestampFormat};
use crate::recording::Exchange;
use crate::schema::Emitter;
use crate::text::{AMONG_MANY, nearest};

/// A service's contract, ready to hold traffic against.
pub struct Contract {
    service: Service,
    operations: BTreeMap<String, Compiled>,
    /// What the fast path makes of its shapes.
    programs: Programs,
    /// By the error's shape; found when the first error occurs.
    errors: OnceLock<HashMap<ShapeId, ErrorJudges>>,
    /// Some operation declares an error. A model where none does (EC2) is silent about errors, which says nothing.
    declares_errors: bool,
    /// Long enumerations that breaches are about.
    shortened: Shortened,
    /// Structures by the names of their members.
    names: Names,
    /// What unexpected members were meant to be.
    unexpected: Unexpected,
    meant: Meant,
    /// Names of members that are secret somewhere, in lower case; found when one is first asked for.
    secret_names: OnceLock<BTreeSet<String>>,
    /// The name of no member.
    #[cfg(feature = "generate")]
    stranger: OnceLock<String>,
}

#[derive(Default)]
struct Compiled {
    /// One for each direction and form, made when first needed.
    judges: [[OnceLock<Result<Box<Judge>>>; FORMS]; 2],
    homes: [OnceLock<Homes>; 2],
}

#[derive(Default)]
struct ErrorJudges {
    judges: [OnceLock<Result<Box<Judge>>>; FORMS],
    homes: [OnceLock<Homes>; 2],
}

/// In how many forms one value may be written: parsed, on the wire of the service's own protocol, and on the wires of
/// protocols whose timestamps differ.
const FORMS: usize = 5;

/// How a payload's values are written.
#[derive(Debug, Clone, Copy)]
struct ValueForm {
    encoding: Encoding,
    /// The protocol it came by, where that is known.
    protocol: Option<Protocol>,
}

/// One half of messages in one form.
#[derive(Debug, Clone, Copy)]
struct Half {
    direction: Direction,
    written: ValueForm,
    /// The number of the form.
    form: usize,
}

/// What payloads of one half of an operation, or of an error, are held against.
struct Judge {
    half: Half,
    subject: Subject,
    /// What the two paths ask of the whole.
    root: Program,
    /// The schema of all of it, made when it is first asked for.
    schema: OnceLock<Arc<Value>>,
}

/// What a payload is of.
enum Subject {
    Operation(String),
    Error(ShapeId),
}

impl fmt::Debug for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is compiled says no more than the service does.
        f.debug_struct("Contract").field("service", &self.service.name).finish_non_exhaustive()
    }
}

impl Contract {
    /// The contract of a service.
    pub fn new(service: Service) -> Self {
        let operations = service.operations.keys().map(|name| (name.clone(), Compiled::default())).collect();
        let declares = |operation: &Operation| operation.errors.known().is_some_and(|errors| !errors.is_empty());
        let declares_errors = service.operations.values().any(declares);
        Self {
            service,
            operations,
            programs: Programs::default(),
            errors: OnceLock::new(),
            declares_errors,
            shortened: Shortened::default(),
            names: Names::default(),
            unexpected: Unexpected::default(),
            meant: Meant::default(),
            secret_names: OnceLock::new(),
            #[cfg(feature = "generate")]
            stranger: OnceLock::new(),
        }
    }

    /// Lets go of what payloads of an operation are held against as a whole; it is made again when one comes.
    #[cfg(feature = "generate")]
    pub(crate) fn let_go(&mut self, operation: &str) {
        if let Some(compiled) = self.operations.get_mut(operation) {
            *compiled = Compiled::default();
        }
    }

    /// The name of no member of the service, looked for once.
    #[cfg(feature = "generate")]
    pub(crate) fn stranger(&self, find: impl FnOnce(&Service) -> String) -> &str {
        self.stranger.get_or_init(|| find(&self.service))
    }

    fn of_error(&self, error: &ShapeId) -> Option<&ErrorJudges> {
        let each = |error: &ShapeId| (error.clone(), ErrorJudges::default());
        self.errors.get_or_init(|| self.service.shapes.error_names().map(each).collect()).get(error)
    }

    /// Makes sure that all shapes below `root` can be read, where they are read as they are needed: what is missing would
    /// make a smaller contract.
    fn check_below(&self, root: Option<&ShapeId>) -> Result<()> {
        root.filter(|_| self.service.shapes.is_lazy()).map_or(Ok(()), |root| check_below(&self.service, root))
    }

    /// The facts it is made of.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// The error that the service has no such operation, with the one that was probably meant.
    pub fn no_operation(&self, name: &str) -> Error {
        let service = self.service();
        let error = Error::new(format!("{} has no operation {name}", service.name)).kinded(ErrorKind::Unknown);
        match nearest(&name.replace('-', ""), service.operations.keys().map(String::as_str), AMONG_MANY) {
            Some(meant) => error.remedy(format!("Did you mean {meant}?")),
            None => error,
        }
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
        self.emitter(ValueForm { encoding, protocol }).operation(operation, direction, encoding)
    }

    /// The same in the service's own protocol, emitted once for all who ask. `None` where there is no such operation.
    ///
    /// # Errors
    /// A shape of it cannot be read.
    #[cfg(feature = "generate")]
    pub(crate) fn own_schema(
        &self,
        operation: &str,
        direction: Direction,
        encoding: Encoding,
    ) -> Result<Option<&Value>> {
        let judge = self.judge(operation, direction, ValueForm { encoding, protocol: None })?;
        Ok(judge.map(|judge| &**self.schema_of(judge)))
    }

    /// The schema that an error's members are held against. `None` where nothing is known of such an error.
    pub fn error_schema(
        &self,
        operation: &Operation,
        code: &str,
        encoding: Encoding,
        protocol: Option<Protocol>,
    ) -> Option<Value> {
        let shape = self.error_shape(operation, code, protocol)?;
        self.emitter(ValueForm { encoding, protocol }).error(shape, encoding)
    }

    /// The shape of the error that a code stands for, in the protocol it came by where that is known.
    pub fn error_shape(&self, operation: &Operation, code: &str, protocol: Option<Protocol>) -> Option<&ShapeId> {
        self.service.error(Some(operation), code, protocol).map(|shape| &shape.id)
    }

    /// The shape of the error that an exchange was answered with.
    fn shape_of(&self, operation: Option<&Operation>, exchange: &Exchange<'_>) -> Option<&ShapeId> {
        let code = exchange.error.as_ref()?.plain_code()?;
        self.service.error(operation, code, exchange.protocol).map(|shape| &shape.id)
    }

    /// Whether the model says which errors an operation may answer with.
    pub fn declares_errors(&self, operation: &Operation) -> bool {
        self.declares_errors && operation.errors.known().is_some()
    }

    fn judge(&self, operation: &str, direction: Direction, written: ValueForm) -> Result<Option<&Judge>> {
        let Some(compiled) = self.operations.get(operation) else { return Ok(None) };
        let half = self.half(direction, written);
        let judge = compiled.judges[usize::from(direction == Direction::Response)][half.form].get_or_init(|| {
            let root = self.service.operations.get(operation).and_then(|own| own.root(direction));
            self.check_below(root)?;
            Ok(self.new_judge(half, Subject::Operation(operation.to_owned()), root))
        });
        judge.as_deref().map(Some).map_err(Clone::clone)
    }

    fn error_judge(&self, shape: &ShapeId, written: ValueForm) -> Result<&Judge> {
        let half = self.half(Direction::Response, written);
        let judges = self.of_error(shape).ok_or_else(|| Error::new(format!("{shape} is not an error")))?;
        let judge = judges.judges[half.form].get_or_init(|| {
            self.check_below(Some(shape))?;
            Ok(self.new_judge(half, Subject::Error(shape.clone()), Some(shape)))
        });
        judge.as_deref().map_err(Clone::clone)
    }

    fn new_judge(&self, half: Half, subject: Subject, root: Option<&ShapeId>) -> Box<Judge> {
        let Half { direction, written, .. } = half;
        let root = self.emitter(written).body(root, written.encoding, direction);
        let root = Program::new(self.programs.nodes(self, half).root(&root));
        Box::new(Judge { half, subject, root, schema: OnceLock::new() })
    }

    /// What the fast path asks of the parts of a payload.
    fn nodes(&self, judge: &Judge) -> Nodes<'_> {
        self.programs.nodes(self, judge.half)
    }

    /// One half of messages whose values are written so.
    fn half(&self, direction: Direction, written: ValueForm) -> Half {
        let form = match (written.encoding, self.other(written).map(timestamps)) {
            (Encoding::Parsed, _) => 1,
            (Encoding::Wire, None) => 0,
            (Encoding::Wire, Some((TimestampFormat::UnixTimestamp, None))) => 2,
            (Encoding::Wire, Some((_, None))) => 3,
            (Encoding::Wire, Some((_, Some(_)))) => 4,
        };
        Half { direction, written, form }
    }

    /// What emits the schemas of values that are written so.
    fn emitter(&self, written: ValueForm) -> Emitter<'_> {
        match self.other(written) {
            None => Emitter::new(&self.service),
            Some(protocol) => Emitter::new(&self.service).with_timestamps_of(protocol),
        }
    }

    /// The protocol that values came by, where it writes timestamps otherwise than the service's own.
    fn other(&self, written: ValueForm) -> Option<Protocol> {
        let own = self.service.protocol().map(timestamps);
        written.protocol.filter(|protocol| Some(timestamps(*protocol)) != own)
    }

    /// Where names of an error are at home.
    fn homes_of_error(&self, error: &ShapeId, encoding: Encoding) -> Option<&Homes> {
        let homes = || homes::homes_of_error(&self.service, error, encoding);
        Some(self.of_error(error)?.homes[encoding_index(encoding)].get_or_init(homes))
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

/// How a protocol writes timestamps.
fn timestamps(protocol: Protocol) -> (TimestampFormat, Option<TimestampFormat>) {
    (protocol.body_timestamps(), protocol.fixed_timestamps())
}

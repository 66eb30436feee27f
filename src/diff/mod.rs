//! Model + model → [`Difference`]s: facts with their direction, and no judgement.
//!
//! Values are compared as they take effect: a protocol's default counts like a format that is set, `min` 0 of a length
//! is none, anchors around a pattern say nothing, the order of an enumeration is no other enumeration. Models are walked
//! from their operations, for what no operation reaches concerns nobody; a shape that several operations reach is
//! compared once for each direction, and its differences name them all. What a source does not say differs from nothing.

pub mod added;
mod change;
mod companions;
mod effective;
mod member;
mod operation;
mod service;
mod shape;
mod sides;
mod text;
mod unmodelled;
mod uri;
mod walk;

pub use self::change::{Change, Way};
use crate::ingest::{Dialect, Ingested};
use crate::model::{Direction, Protocol, Service};

/// One fact that two models do not share.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// What differs.
    pub change: Change,
    /// Operations that it concerns, by name; none where it is about the service.
    pub operations: Vec<String>,
    /// The half of the exchange, where it is about one.
    pub direction: Option<Direction>,
    /// The shape that differs, or that has the member that does; as the newer model calls it, where it has it.
    pub shape: Option<String>,
    /// What the older model calls that shape.
    pub older_shape: Option<String>,
    /// The member.
    pub member: Option<String>,
}

impl Difference {
    /// A difference of the service as a whole.
    pub fn of_service(change: Change) -> Self {
        Self { change, operations: Vec::new(), direction: None, shape: None, older_shape: None, member: None }
    }

    /// A difference of one operation.
    fn of_operation(operation: &str, change: Change) -> Self {
        Self { operations: vec![operation.to_owned()], ..Self::of_service(change) }
    }
}

/// Everything in which two sources differ: their models, and what they say beyond them. Sources in two languages are
/// compared by what both can say.
pub fn of_sources(old: &Ingested, new: &Ingested) -> Vec<Difference> {
    let mut found = differences(&old.service, &new.service);
    if old.dialect == new.dialect {
        if !old.service.is_partial() && !new.service.is_partial() {
            found.extend(unmodelled::differences(old, new));
        }
    } else {
        found.retain(|difference| !difference.change.is_of_one_language() && !is_unsaid(old, new, &difference.change));
    }
    found
}

/// Whether one of the models only does not say what the other says: in botocore's a number without `box` may be boxed,
/// and an integer may be a byte or short.
fn is_unsaid(old: &Ingested, new: &Ingested, change: &Change) -> bool {
    let (of_botocore, type_there) = match change {
        Change::BoxChanged { boxed } => return (if *boxed { old } else { new }).dialect == Dialect::Botocore,
        Change::NumericTypeNarrowed { old: wider, new: narrower } => (old.dialect, (*wider, *narrower)),
        Change::NumericTypeWidened { old: narrower, new: wider } => (new.dialect, (*wider, *narrower)),
        _ => return false,
    };
    of_botocore == Dialect::Botocore && matches!(type_there, ("integer", "byte" | "short"))
}

/// Everything in which `new` differs from `old`, in the order service, operations by name, shapes by name.
pub fn differences(old: &Service, new: &Service) -> Vec<Difference> {
    let mut found = service::differences(old, new);
    found.extend(companions::differences(&old.companions, &new.companions));
    found.extend(operation::differences(old, new));
    found.extend(walk::differences(old, new));
    found
}

/// Whether both speak the same protocol. Where not, how messages are laid out differs throughout, which the one
/// difference of the protocol says.
fn same_protocol(old: &Service, new: &Service) -> bool {
    old.protocol() == new.protocol()
}

/// Whether the protocol writes names of elements, so that XML traits count.
fn writes_element_names(service: &Service) -> bool {
    service.protocol().is_some_and(Protocol::is_xml)
}

//! Model + model → [`Difference`]s: facts with their direction, and no judgement.
//!
//! Values are compared as they take effect: a protocol's default counts like a format that is set, `min` 0 of a length
//! is none, anchors around a pattern say nothing, the order of an enumeration is no other enumeration. Models are walked
//! from their operations, for what no operation reaches concerns nobody; a shape that several operations reach is
//! compared once for each direction, and its differences name them all. What a source does not say differs from nothing.

pub mod added;
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

use serde_json::Value;

use crate::ingest::Ingested;
use crate::model::{Bound, Checksum, Direction, Location, Protocol, Service, TimestampFormat};

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

/// What differs. Of two values the older comes first.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the names say it, and each has a rule that explains it")]
pub enum Change {
    ProtocolChanged {
        old: Protocol,
        new: Protocol,
    },
    ProtocolsListChanged {
        old: Vec<Protocol>,
        new: Vec<Protocol>,
    },
    SignatureVersionChanged {
        old: String,
        new: String,
    },
    AuthSchemesChanged {
        old: Vec<String>,
        new: Vec<String>,
    },
    SigningNameChanged {
        old: String,
        new: String,
    },
    EndpointPrefixChanged {
        old: String,
        new: String,
    },
    TargetPrefixChanged {
        old: Option<String>,
        new: Option<String>,
    },
    JsonVersionChanged {
        old: Option<String>,
        new: Option<String>,
    },

    ServiceAdded,
    ServiceRemoved,
    ApiVersionAdded {
        version: String,
    },
    ApiVersionRemoved {
        version: String,
    },
    EndpointRulesChanged,
    PaginatorAdded,
    PaginatorRemoved,
    PaginatorTokenChanged {
        old: Vec<String>,
        new: Vec<String>,
    },
    PaginatorResultKeyChanged {
        old: Option<String>,
        new: Option<String>,
    },
    PaginatorDetailChanged,
    WaiterAdded {
        waiter: String,
    },
    WaiterRemoved {
        waiter: String,
    },
    WaiterOperationChanged {
        waiter: String,
        old: String,
        new: String,
    },
    WaiterAcceptorsChanged {
        waiter: String,
    },
    DocumentationChanged,
    /// A trait that the model has no place for came, went or changed.
    Unmodelled {
        name: String,
        places: Vec<String>,
    },

    OperationAdded,
    OperationRemoved,
    OperationRenamed {
        new: String,
    },
    OperationDeprecated,
    InputAdded,
    InputRemoved,
    OutputAdded,
    OutputRemoved,
    HttpMethodChanged {
        old: String,
        new: String,
    },
    HttpUriChanged {
        old: String,
        new: String,
    },
    HttpUriCosmeticChanged {
        old: String,
        new: String,
    },
    HttpUriLabelRenamed {
        old: String,
        new: String,
    },
    HttpResponseCodeChanged {
        old: u16,
        new: u16,
    },
    OperationEndpointChanged {
        old: Option<String>,
        new: Option<String>,
    },
    OperationAuthChanged {
        old: Option<String>,
        new: Option<String>,
    },
    OperationChecksumChanged {
        old: Checksum,
        new: Checksum,
    },
    OperationCompressionChanged {
        old: Vec<String>,
        new: Vec<String>,
    },
    OperationUnsignedPayloadChanged {
        unsigned: bool,
    },
    ResultWrapperChanged {
        old: Option<String>,
        new: Option<String>,
    },
    ErrorAdded {
        error: String,
    },
    ErrorRemoved {
        error: String,
    },
    ErrorCodeChanged {
        old: String,
        new: String,
    },
    ErrorStatusChanged {
        old: Option<u16>,
        new: Option<u16>,
    },
    ErrorFaultChanged {
        sender: bool,
    },
    ErrorRetryableChanged {
        retryable: bool,
    },

    MemberAdded {
        required: bool,
    },
    MemberRemoved,
    MemberCaseRenamed {
        new: String,
    },
    MemberBecameRequired,
    MemberBecameOptional,
    MemberDeprecated,
    MemberOrderChanged,
    UnionVariantAdded,
    UnionVariantRemoved,
    WireNameChanged {
        old: String,
        new: String,
    },
    LocationChanged {
        old: Location,
        new: Location,
    },
    PayloadChanged {
        old: Option<String>,
        new: Option<String>,
    },
    FlattenedChanged {
        flattened: bool,
    },
    XmlAttributeChanged {
        attribute: bool,
    },
    XmlNamespaceChanged {
        old: Option<String>,
        new: Option<String>,
    },
    QueryNameChanged {
        old: Option<String>,
        new: Option<String>,
    },
    TimestampFormatChanged {
        old: TimestampFormat,
        new: TimestampFormat,
    },
    JsonvalueChanged {
        json_value: bool,
    },
    SparseChanged {
        sparse: bool,
    },
    StreamingChanged {
        streaming: bool,
    },
    RequiresLengthChanged {
        requires_length: bool,
    },
    MediatypeChanged {
        old: Option<String>,
        new: Option<String>,
    },
    BoxChanged {
        boxed: bool,
    },
    DefaultChanged {
        old: Option<Value>,
        new: Option<Value>,
    },
    EventstreamChanged {
        event_stream: bool,
    },
    EventBindingChanged {
        payload: bool,
        header: bool,
    },
    HostLabelChanged {
        host_label: bool,
    },
    IdempotencyTokenAdded,
    IdempotencyTokenRemoved,

    ShapeRenamed {
        old: String,
        new: String,
    },
    TypeChanged {
        old: &'static str,
        new: &'static str,
    },
    NumericTypeWidened {
        old: &'static str,
        new: &'static str,
    },
    NumericTypeNarrowed {
        old: &'static str,
        new: &'static str,
    },
    DocumentChanged {
        document: bool,
    },
    UnionChanged {
        union: bool,
    },
    EnumValueAdded {
        value: String,
    },
    EnumValueRemoved {
        value: String,
    },
    EnumAdded {
        values: Vec<String>,
    },
    EnumDropped {
        values: Vec<String>,
    },
    EnumReordered,
    BoundChanged {
        end: End,
        old: Option<Bound>,
        new: Option<Bound>,
        way: Way,
    },
    /// A minimum of 0 of something that is never less came or went.
    ConstraintNoop,
    PatternAdded {
        new: String,
    },
    PatternRemoved {
        old: String,
    },
    PatternChanged {
        old: String,
        new: String,
    },
    PatternAnchorsChanged {
        old: String,
        new: String,
    },
    SensitiveAdded,
    SensitiveRemoved,
}

/// Which bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The smallest legal measure.
    Min,
    /// The largest legal measure.
    Max,
}

/// What became of a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// There was none.
    Added,
    /// There is none any more.
    Removed,
    /// Fewer values are legal.
    Tightened,
    /// More values are legal.
    Loosened,
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
        found.retain(|difference| !is_said_in_one_language(&difference.change));
    }
    found
}

/// Whether a fact has other words, or none, in another language. Defaults and media types are Smithy's alone; anchors
/// and the names of labels say nothing, and each writes its own; paginators, waiters and endpoint rules are written by
/// other people for each.
fn is_said_in_one_language(change: &Change) -> bool {
    use Change as C;
    matches!(
        change,
        C::DefaultChanged { .. }
            | C::MediatypeChanged { .. }
            | C::PatternAnchorsChanged { .. }
            | C::HttpUriLabelRenamed { .. }
            | C::EndpointRulesChanged
            | C::PaginatorAdded
            | C::PaginatorRemoved
            | C::PaginatorTokenChanged { .. }
            | C::PaginatorResultKeyChanged { .. }
            | C::PaginatorDetailChanged
            | C::WaiterAdded { .. }
            | C::WaiterRemoved { .. }
            | C::WaiterOperationChanged { .. }
            | C::WaiterAcceptorsChanged { .. }
    )
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

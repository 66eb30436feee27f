//! [`Change`]: what differs between two models, as one of many kinds of facts.

use std::fmt::Display;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::model::{Bound, Checksum, End, Location, Protocol, TimestampFormat};

/// What differs. Of two values the older comes first.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
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
        #[serde(rename = "trait")]
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
        #[serde(serialize_with = "as_text")]
        old: Checksum,
        #[serde(serialize_with = "as_text")]
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
        #[serde(serialize_with = "as_text")]
        old: Location,
        #[serde(serialize_with = "as_text")]
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
    UniqueItemsChanged {
        unique: bool,
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
        #[serde(skip)]
        end: End,
        old: Option<Bound>,
        new: Option<Bound>,
        #[serde(skip)]
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

impl Change {
    /// Whether a fact has other words, or none, in another language. Defaults, media types and sets are Smithy's alone; anchors,
    /// minima of 0, the order of members and the names of labels say nothing, and each writes its own; paginators, waiters and endpoint rules are written by
    /// other people for each.
    pub(super) fn is_of_one_language(&self) -> bool {
        matches!(
            self,
            Self::DefaultChanged { .. }
                | Self::MediatypeChanged { .. }
                | Self::UniqueItemsChanged { .. }
                | Self::ConstraintNoop
                | Self::MemberOrderChanged
                | Self::PatternAnchorsChanged { .. }
                | Self::HttpUriLabelRenamed { .. }
                | Self::EndpointRulesChanged
                | Self::PaginatorAdded
                | Self::PaginatorRemoved
                | Self::PaginatorTokenChanged { .. }
                | Self::PaginatorResultKeyChanged { .. }
                | Self::PaginatorDetailChanged
                | Self::WaiterAdded { .. }
                | Self::WaiterRemoved { .. }
                | Self::WaiterOperationChanged { .. }
                | Self::WaiterAcceptorsChanged { .. }
        )
    }
}

/// Writes a value as people read it.
fn as_text<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
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

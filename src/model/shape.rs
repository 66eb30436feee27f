//! Shapes: structures and their members, lists, maps and scalars with their traits.

use std::fmt;

use super::members::Index;
use super::{Constraints, Direction, ErrorTrait, Fact, ShapeId, TimestampFormat, XmlTraits};

/// One named shape.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "each is one trait of the model")]
#[non_exhaustive]
pub struct Shape {
    /// Name within the service.
    pub id: ShapeId,
    /// Its kind, with the facts that only that kind has.
    pub kind: ShapeKind,
    /// Length, range and pattern.
    pub constraints: Fact<Constraints>,
    /// Values must not reach a report.
    pub sensitive: bool,
    /// Marked deprecated.
    pub deprecated: bool,
    /// SDKs tell a value that is absent from a zero.
    pub boxed: bool,
    /// Media type of the content of a string or blob.
    pub media_type: Option<String>,
    /// A stream whose length must be known before it is sent.
    pub requires_length: bool,
    /// XML layout set on the shape itself.
    pub xml: XmlTraits,
}

/// The kind of a shape.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ShapeKind {
    /// Named members.
    Structure(Structure),
    /// Zero or more values of one shape.
    List(ListMember),
    /// String keys with values of one shape.
    Map(MapEntry),
    /// Text, perhaps one of an enumeration.
    String(EnumValues),
    /// Bytes.
    Blob(Streaming),
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer(IntegerWidth),
    /// A floating point number.
    Float(FloatWidth),
    /// A point in time. The format is the shape's own; without one the protocol's default applies.
    Timestamp(Fact<Option<TimestampFormat>>),
    /// Any JSON value.
    Document,
}

impl Shape {
    /// A shape of which nothing is said but its kind.
    pub(crate) fn plain(id: ShapeId, kind: ShapeKind) -> Self {
        Self {
            id,
            kind,
            constraints: Fact::Unknown,
            sensitive: false,
            deprecated: false,
            boxed: false,
            media_type: None,
            requires_length: false,
            xml: XmlTraits::default(),
        }
    }

    /// The structure or union that it is.
    pub fn structure(&self) -> Option<&Structure> {
        match &self.kind {
            ShapeKind::Structure(structure) => Some(structure),
            _ => None,
        }
    }

    /// The traits of the error that it is.
    pub fn error(&self) -> Option<&ErrorTrait> {
        self.structure()?.error.as_ref()
    }
}

impl ShapeKind {
    /// The shapes that it refers to.
    pub fn targets(&self) -> Vec<&ShapeId> {
        match self {
            Self::Structure(structure) => structure.members.iter().map(|member| &member.target).collect(),
            Self::List(list) => vec![&list.target],
            Self::Map(map) => vec![&map.key, &map.value],
            _ => Vec::new(),
        }
    }

    /// The kind as reports name it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Structure(s) if s.union == Fact::Known(true) => "union",
            Self::Structure(_) => "structure",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::String(EnumValues(Some(_))) => "enum",
            Self::String(_) => "string",
            Self::Blob(_) => "blob",
            Self::Boolean => "boolean",
            Self::Integer(IntegerWidth::Byte) => "byte",
            Self::Integer(IntegerWidth::Short) => "short",
            Self::Integer(IntegerWidth::Integer) => "integer",
            Self::Integer(IntegerWidth::Long) => "long",
            Self::Integer(IntegerWidth::Unknown) => "whole number",
            Self::Float(FloatWidth::Float) => "float",
            Self::Float(FloatWidth::Double) => "double",
            Self::Float(FloatWidth::Unknown) => "floating point number",
            Self::Timestamp(_) => "timestamp",
            Self::Document => "document",
        }
    }
}

/// Members of a structure or union.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Structure {
    /// Members in the source's order. Who renames one of them does so in a copy, for an index is kept once a member was looked
    /// for.
    pub members: Vec<Member>,
    /// Exactly one member is set.
    pub union: Fact<bool>,
    /// Set on error shapes.
    pub error: Option<ErrorTrait>,
    /// The member that is the whole body, where one is.
    pub payload: Option<String>,
    /// A stream of events rather than a value.
    pub event_stream: bool,
    /// One event of a stream.
    pub event: bool,
    /// Finds members by their names.
    pub(crate) index: Index,
}

impl Structure {
    /// Whether a member travels in the header of that name.
    pub fn has_header(&self, name: &str) -> bool {
        let is_own = |member: &Member| {
            member.location == Fact::Known(Location::Header) && member.wire_name().eq_ignore_ascii_case(name)
        };
        self.members.iter().any(is_own)
    }

    /// The member that is the whole body.
    pub fn payload_member(&self) -> Option<&Member> {
        self.member(self.payload.as_deref()?)
    }
}

/// One member of a structure.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "each is one trait of the model")]
#[non_exhaustive]
pub struct Member {
    /// Name as SDKs spell it.
    pub name: String,
    /// Shape of its value.
    pub target: ShapeId,
    /// Whether it must be there.
    pub presence: Presence,
    /// Where it travels.
    pub location: Fact<Location>,
    /// Name on the wire where it differs from [`Member::name`]; `None` also where the source is silent.
    pub wire_name: Option<String>,
    /// Marked deprecated.
    pub deprecated: bool,
    /// Filled in by SDKs when left out.
    pub idempotency_token: bool,
    /// A JSON document within a string (or header).
    pub json_value: bool,
    /// Streamed, so its content is not judged.
    pub streaming: bool,
    /// Part of the host name.
    pub host_label: bool,
    /// The payload of an event.
    pub event_payload: bool,
    /// A header of an event.
    pub event_header: bool,
    /// SDKs tell a value that is absent from a zero.
    pub boxed: bool,
    /// The value that SDKs assume where the member is absent.
    pub default: Option<serde_json::Value>,
    /// Timestamp format set on the member, which wins over the shape's.
    pub timestamp_format: Option<TimestampFormat>,
    /// Name in an EC2 query string.
    pub query_name: Option<String>,
    /// XML layout.
    pub xml: XmlTraits,
}

impl ListMember {
    /// An element with no traits.
    pub fn plain(target: ShapeId) -> Self {
        Self { target, sparse: false, unique: false, json_value: false, wire_name: None }
    }

    /// The name of each element, where elements have names.
    pub fn element(&self) -> &str {
        self.wire_name.as_deref().unwrap_or("member")
    }
}

impl MapEntry {
    /// The names of an entry's key and value, where they have names.
    pub fn elements(&self) -> (&str, &str) {
        let (key, value) = &self.wire_names;
        (key.as_deref().unwrap_or("key"), value.as_deref().unwrap_or("value"))
    }
}

impl Member {
    /// Where it travels in a message of that direction. Labels and query strings are of requests, the status is of
    /// responses; what is bound there stands in the body of the other.
    pub fn location_in(&self, direction: Direction) -> Fact<Location> {
        match (self.location, direction) {
            (Fact::Known(Location::Label | Location::Query), Direction::Response)
            | (Fact::Known(Location::Status), Direction::Request) => Fact::Known(Location::Body),
            (location, _) => location,
        }
    }

    /// Whether its elements or entries stand without an element around them; `shape` is what it refers to.
    pub fn is_flattened(&self, shape: &Shape) -> bool {
        self.xml.flattened || shape.xml.flattened
    }

    /// The name of the XML element, or of each of the elements, that it is; `shape` is what it refers to.
    pub fn element<'m>(&'m self, shape: &'m Shape) -> &'m str {
        match &shape.kind {
            ShapeKind::List(list) if self.is_flattened(shape) => list.wire_name.as_deref().unwrap_or(self.wire_name()),
            _ => self.wire_name(),
        }
    }

    /// A body member with no traits, the commonest kind.
    pub fn plain(name: impl Into<String>, target: ShapeId, presence: Presence) -> Self {
        Self {
            name: name.into(),
            target,
            presence,
            location: Fact::Known(Location::Body),
            wire_name: None,
            deprecated: false,
            idempotency_token: false,
            json_value: false,
            streaming: false,
            host_label: false,
            event_payload: false,
            event_header: false,
            boxed: false,
            default: None,
            timestamp_format: None,
            query_name: None,
            xml: XmlTraits::default(),
        }
    }

    /// The name on the wire.
    pub fn wire_name(&self) -> &str {
        self.wire_name.as_deref().unwrap_or(&self.name)
    }
}

/// Whether a member must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// Must be there.
    Required,
    /// May be left out.
    Optional,
    /// The source does not say.
    Unknown,
}

/// Where a member travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Location {
    /// In the body.
    Body,
    /// A label of the path.
    Label,
    /// The query string.
    Query,
    /// A header.
    Header,
    /// All headers with a prefix.
    PrefixHeaders,
    /// The status code.
    Status,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Body => "body",
            Self::Label => "path",
            Self::Query => "query string",
            Self::Header => "header",
            Self::PrefixHeaders => "headers with a prefix",
            Self::Status => "status",
        })
    }
}

/// A list's element.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ListMember {
    /// Shape of each element.
    pub target: ShapeId,
    /// `null` elements are legal.
    pub sparse: bool,
    /// No two elements are equal. Smithy alone says it.
    pub unique: bool,
    /// Each element is a JSON document within a string.
    pub json_value: bool,
    /// Element name in XML and query strings.
    pub wire_name: Option<String>,
}

/// A map's key and value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MapEntry {
    /// Shape of each key, always a string.
    pub key: ShapeId,
    /// Shape of each value.
    pub value: ShapeId,
    /// `null` values are legal.
    pub sparse: bool,
    /// Element names of key and value in XML and query strings.
    pub wire_names: (Option<String>, Option<String>),
}

/// The values of an enumeration, in the model's order; `None` for free text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EnumValues(pub Option<Vec<String>>);

/// Whether a blob is a stream, whose content is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Streaming(pub bool);

/// Size of a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum IntegerWidth {
    /// 8 bits, signed. Smithy alone has it.
    Byte,
    /// 16 bits, signed. Smithy alone has it.
    Short,
    /// 32 bits, signed.
    Integer,
    /// 64 bits, signed.
    Long,
    /// One of the two.
    Unknown,
}

/// Size of a floating point number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FloatWidth {
    /// 32 bits.
    Float,
    /// 64 bits.
    Double,
    /// One of the two.
    Unknown,
}

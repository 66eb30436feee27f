//! The contract's facts: a service, its operations and its shapes.
//!
//! Pure data, whatever source it came from. It does not read files, judge, or know JSON Schema. A fact that its
//! source does not state is [`Fact::Unknown`] (or [`Presence::Unknown`]): a documentation page says nothing of
//! patterns, and "nothing said" must never turn into "anything goes" or "optional".

mod companions;
mod correction;
mod credentials;
mod members;
mod nesting;
pub(crate) mod pattern;
mod routes;
mod service;
mod shape;
mod shapes;
mod traits;

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

pub use companions::{Companions, Paginator, Waiter};
pub use correction::Correction;
pub use nesting::Nesting;
pub(crate) use routes::Routes;
pub use service::Service;
pub use shape::{
    EnumValues, FloatWidth, IntegerWidth, ListMember, Location, MapEntry, Member, Presence, Shape, ShapeKind,
    Streaming, Structure,
};
pub use shapes::{ShapeSource, Shapes};
pub use traits::{Bound, Constraints, ErrorTrait, TimestampFormat, XmlTraits};

/// A fact of the contract, or the statement that its source does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Fact<T> {
    /// The source is silent.
    #[default]
    Unknown,
    /// The source states this.
    Known(T),
}

impl<T> Fact<T> {
    /// The fact where the source states it.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Unknown => None,
            Self::Known(fact) => Some(fact),
        }
    }
}

/// The name of a shape within its service, such as `ProtectedQueryStatus`.
///
/// Sources without shape names (a documentation page) get names derived from the place of use; see
/// [`crate::ingest::api_changes`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId(Box<str>);

impl ShapeId {
    /// Wraps a shape's name.
    pub fn new(name: impl Into<Box<str>>) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShapeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for ShapeId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Which half of an exchange a value belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The half that the client sent.
    Request,
    /// The half that the service answered, error bodies included.
    Response,
}

impl Direction {
    /// `request` or `response`, as recordings and reports spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a recording holds values: as they travelled, or as an SDK hands them over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Encoding {
    /// Wire names and wire forms: epoch-second timestamps, base64 blobs.
    #[default]
    Wire,
    /// Member names and SDK forms: ISO 8601 timestamps, `ResponseMetadata` beside the output.
    Parsed,
}

impl Encoding {
    /// `wire` or `parsed`, as recordings spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Parsed => "parsed",
        }
    }
}

/// Which part of a member's value a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Aspect {
    /// All of it.
    Whole,
    /// An element of its list or an entry of its map.
    Element,
    /// A key of its map.
    Key,
}

/// Which of two bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// The smallest legal measure.
    Min,
    /// The largest legal measure.
    Max,
}

impl End {
    /// `at least` or `at most`.
    pub fn as_words(self) -> &'static str {
        match self {
            Self::Min => "at least",
            Self::Max => "at most",
        }
    }
}

/// How values travel between client and service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[non_exhaustive]
pub enum Protocol {
    /// `restJson1`
    #[serde(rename = "restJson1")]
    RestJson,
    /// `awsJson1.0` and `awsJson1.1`
    #[serde(rename = "awsJson")]
    AwsJson,
    /// `restXml`
    #[serde(rename = "restXml")]
    RestXml,
    /// `awsQuery`
    #[serde(rename = "awsQuery")]
    AwsQuery,
    /// `ec2Query`
    #[serde(rename = "ec2Query")]
    Ec2Query,
    /// `rpcv2Cbor`
    #[serde(rename = "rpcv2Cbor")]
    RpcV2Cbor,
}

impl Protocol {
    /// The protocol by its Smithy name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RestJson => "restJson1",
            Self::AwsJson => "awsJson",
            Self::RestXml => "restXml",
            Self::AwsQuery => "awsQuery",
            Self::Ec2Query => "ec2Query",
            Self::RpcV2Cbor => "rpcv2Cbor",
        }
    }

    /// Of several protocols the one that clients speak: the first in botocore's order of preference, whatever the model's.
    pub(crate) fn chosen(spoken: &[Self]) -> Option<Self> {
        const CHOICE: [Protocol; 6] = [
            Protocol::AwsJson,
            Protocol::RestJson,
            Protocol::RestXml,
            Protocol::RpcV2Cbor,
            Protocol::AwsQuery,
            Protocol::Ec2Query,
        ];
        CHOICE.into_iter().find(|protocol| spoken.contains(protocol))
    }

    /// Whether members may travel in path, query string, headers and status; other protocols ignore such bindings.
    pub fn is_rest(self) -> bool {
        matches!(self, Self::RestJson | Self::RestXml)
    }

    /// Whether requests are forms, whose `Action` names the operation.
    pub fn is_query(self) -> bool {
        matches!(self, Self::AwsQuery | Self::Ec2Query)
    }

    /// Whether bodies of it, or of its responses, are XML, so that names of elements and XML traits count.
    pub fn is_xml(self) -> bool {
        self == Self::RestXml || self.is_query()
    }

    /// How every timestamp travels, where the protocol has no formats: CBOR has a type of its own for it.
    pub fn fixed_timestamps(self) -> Option<TimestampFormat> {
        (self == Self::RpcV2Cbor).then_some(TimestampFormat::UnixTimestamp)
    }

    /// How a timestamp travels in a body where the model sets no format.
    pub fn body_timestamps(self) -> TimestampFormat {
        if self.is_xml() { TimestampFormat::Iso8601 } else { TimestampFormat::UnixTimestamp }
    }
}

impl Serialize for Protocol {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One operation of a service.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// Name as the API spells it, such as `StartProtectedQuery`.
    pub name: String,
    /// The request's structure; `None` where the operation takes nothing.
    pub input: Option<ShapeId>,
    /// The response's structure; `None` where the operation returns nothing.
    pub output: Option<ShapeId>,
    /// Shapes of the errors declared for this operation.
    pub errors: Fact<Vec<ShapeId>>,
    /// HTTP method, URI and status.
    pub http: Fact<Http>,
    /// Marked deprecated.
    pub deprecated: bool,
    /// A wrapper element around the result (awsQuery).
    pub result_wrapper: Option<String>,
    /// Root element and namespace of the request (restXml).
    pub input_xml: XmlTraits,
    /// A host label template before the endpoint, such as `{AccountId}.`.
    pub host_prefix: Option<String>,
    /// Signing as the model overrides it for this operation, such as `none`.
    pub auth: Option<String>,
    /// Signing schemes as the model overrides them for this operation.
    pub auth_schemes: Option<Vec<String>>,
    /// The body is left out of the signature.
    pub unsigned_payload: bool,
    /// Checksums of bodies.
    pub checksum: Checksum,
    /// Encodings that SDKs may compress the body with, such as `gzip`.
    pub compression: Vec<String>,
}

impl Operation {
    /// An operation of which nothing but its name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            input: None,
            output: None,
            errors: Fact::Unknown,
            http: Fact::Unknown,
            deprecated: false,
            result_wrapper: None,
            input_xml: XmlTraits::default(),
            host_prefix: None,
            auth: None,
            auth_schemes: None,
            unsigned_payload: false,
            checksum: Checksum::default(),
            compression: Vec::new(),
        }
    }

    /// The structure of that direction.
    pub fn root(&self, direction: Direction) -> Option<&ShapeId> {
        match direction {
            Direction::Request => self.input.as_ref(),
            Direction::Response => self.output.as_ref(),
        }
    }

    /// The element that the members of its output stand in where they are XML; `None` where the model does not say. A
    /// shape's own name is that of the element, too, where it is made of the operation's; botocore leaves out what the
    /// outputs of S3 are called.
    pub(crate) fn root_element<'m>(&self, output: &'m Shape) -> Option<&'m str> {
        let is_of_operation = |name: &&str| {
            let ending = name.strip_prefix(self.name.as_str());
            ending.is_some_and(|ending| matches!(ending, "Response" | "Result"))
        };
        output.xml.name.as_deref().or_else(|| Some(output.id.as_str()).filter(is_of_operation))
    }
}

/// An operation's HTTP trait.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Http {
    /// Method, such as `POST`.
    pub method: String,
    /// URI template, such as `/memberships/{membershipIdentifier}`.
    pub uri: String,
    /// Status of a success, where the model states it; a model that does not promises no particular one.
    pub status: Option<u16>,
}

impl Http {
    /// The status of a success, 200 where the model states none.
    pub fn success(&self) -> u16 {
        self.status.unwrap_or(200)
    }
}

/// The checksum that SDKs compute over bodies of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Checksum {
    /// A request must carry one.
    pub required: bool,
    /// The input member that names the algorithm of the request.
    pub request_member: Option<String>,
    /// The input member that asks for checking the response.
    pub validation_member: Option<String>,
    /// Algorithms that a response may carry.
    pub response_algorithms: Vec<String>,
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.required.then(|| "required".to_owned()));
        parts.extend(self.request_member.as_ref().map(|member| format!("request by {member}")));
        parts.extend(self.validation_member.as_ref().map(|member| format!("response if {member}")));
        if !self.response_algorithms.is_empty() {
            parts.push(format!("response {}", self.response_algorithms.join("/")));
        }
        if parts.is_empty() { f.write_str("none") } else { f.write_str(&parts.join(", ")) }
    }
}

//! The contract's facts: a service, its operations and its shapes.
//!
//! Pure data, whatever source it came from. It does not read files, judge, or know JSON Schema. A fact that its
//! source does not state is [`Fact::Unknown`] (or [`Presence::Unknown`]): a documentation page says nothing of
//! patterns, and "nothing said" must never turn into "anything goes" or "optional".

mod companions;
mod nesting;
pub(crate) mod pattern;
mod shape;

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

pub use companions::{Companions, Paginator, Waiter};
pub use nesting::Nesting;
pub use shape::{
    Bound, Constraints, EnumValues, ErrorTrait, FloatWidth, IntegerWidth, ListMember, Location, MapEntry, Member,
    Presence, Shape, ShapeKind, Streaming, Structure, TimestampFormat, XmlTraits,
};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// What the client sent.
    Request,
    /// What the service answered, error bodies included.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// `restJson1`
    RestJson,
    /// `awsJson1.0` and `awsJson1.1`
    AwsJson,
    /// `restXml`
    RestXml,
    /// `awsQuery`
    AwsQuery,
    /// `ec2Query`
    Ec2Query,
    /// `rpcv2Cbor`
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

    /// Whether bodies of it, or of its responses, are XML, so that names of elements and XML traits count.
    pub fn is_xml(self) -> bool {
        matches!(self, Self::RestXml | Self::AwsQuery | Self::Ec2Query)
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

/// One service: everything its contract says.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// The canonical name: botocore's folder name, such as `cleanrooms` ([`crate::ingest::names`]).
    pub name: String,
    /// The full name for people, such as `AWS Clean Rooms Service`.
    pub full_name: String,
    /// The API version date, such as `2022-02-17`; a page does not state it.
    pub api_version: Fact<String>,
    /// The day of the release these facts stand for (`YYYY-MM-DD`), where the source states it.
    pub release: Fact<String>,
    /// First label of the host name, which recordings made by some tools use as the service's name.
    pub endpoint_prefix: Fact<String>,
    /// The service name within a credential scope of `SigV4`.
    pub signing_name: Fact<String>,
    /// How requests are signed, such as `v4`, where the model states it.
    pub signature_version: Fact<String>,
    /// Signing schemes, the model's preference first, such as `aws.auth#sigv4`.
    pub auth_schemes: Fact<Vec<String>>,
    /// Name of the service before the operation in `X-Amz-Target`.
    pub target_prefix: Option<String>,
    /// `1.0` or `1.1` of the awsJson protocol.
    pub json_version: Option<String>,
    /// All protocols the service speaks, the model's preference first.
    pub protocols: Fact<Vec<Protocol>>,
    /// Operations by name.
    pub operations: BTreeMap<String, Operation>,
    /// Shapes by name.
    pub shapes: BTreeMap<ShapeId, Shape>,
    /// What SDKs are told beside the API itself.
    pub companions: Companions,
}

impl Service {
    /// The shape of that name. Sources refuse dangling references, so a target taken from this service resolves.
    pub fn shape(&self, id: &ShapeId) -> Option<&Shape> {
        self.shapes.get(id)
    }

    /// The structure or union of that name.
    pub fn structure(&self, id: &ShapeId) -> Option<&Structure> {
        self.shape(id)?.structure()
    }

    /// The structure of one half of an operation; `None` where it takes or returns nothing.
    pub fn half(&self, operation: &Operation, direction: Direction) -> Option<&Structure> {
        self.structure(operation.root(direction)?)
    }

    /// Whether the status is itself a member of the output, so that it may vary.
    pub fn binds_status(&self, operation: &Operation) -> bool {
        let is_status = |member: &Member| member.location == Fact::Known(Location::Status);
        self.half(operation, Direction::Response).is_some_and(|output| output.members.iter().any(is_status))
    }

    /// The error that a code, without its namespace, stands for. Several may: one that the operation declares is meant
    /// before others, and one of that name before one that has the code beside its name.
    pub fn error(&self, operation: Option<&Operation>, code: &str) -> Option<&Shape> {
        let is_named = |shape: &&Shape| shape.id.as_str() == code;
        let has_code = |error: &ErrorTrait| error.code.as_deref() == Some(code);
        let answers = |shape: &&Shape| shape.error().is_some_and(|error| is_named(shape) || has_code(error));
        let declared = operation.and_then(|operation| operation.errors.known()).into_iter().flatten();
        let declared = declared.filter_map(|id| self.shape(id)).filter(answers).min_by_key(|shape| !is_named(shape));
        let named = || self.shapes.get(code).filter(answers);
        declared.or_else(named).or_else(|| self.shapes.values().find(answers))
    }

    /// The protocol that clients speak with the service; `None` where the source does not say it.
    pub fn protocol(&self) -> Option<Protocol> {
        Protocol::chosen(self.protocols.known()?)
    }

    /// Whether the source knows a part alone, as a documentation page does: what it does not show may well be.
    pub fn is_partial(&self) -> bool {
        self.protocols == Fact::Unknown
    }
}

/// One operation of a service.
#[derive(Debug, Clone, PartialEq)]
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
}

/// An operation's HTTP trait.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// What SDKs compute over bodies of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::ingest::botocore;

    #[test]
    fn a_code_stands_for_the_error_that_is_meant() {
        let error =
            |code: &str| json!({"type": "structure", "members": {}, "exception": true, "error": {"code": code}});
        let model = json!({
            "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "x", "protocol": "json", "serviceId": "X"},
            "operations": {
                "Act": {"name": "Act", "http": {"method": "POST", "requestUri": "/"}, "errors": [{"shape": "Late"}]},
                "Rest": {"name": "Rest", "http": {"method": "POST", "requestUri": "/"}}},
            "shapes": {"Gone": error("Other"), "Late": error("Gone"), "Early": error("Gone"), "Data": {"type": "string"}},
        });
        let service = botocore::parse(model.to_string().as_bytes(), None).expect("a sound model").service;
        let meant = |operation: &str, code: &str| {
            service.error(service.operations.get(operation), code).map(|shape| shape.id.to_string())
        };
        assert_eq!(meant("Act", "Gone").as_deref(), Some("Late"), "declared by the operation");
        assert_eq!(meant("Rest", "Gone").as_deref(), Some("Gone"), "named like the code");
        assert_eq!(meant("Rest", "Other").as_deref(), Some("Gone"), "has the code beside its name");
        assert_eq!((meant("", "Early").as_deref(), meant("", "Data")), (Some("Early"), None));
    }
}

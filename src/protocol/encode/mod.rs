//! Modelled values → HTTP messages: what [`super::decode`] reads back.
//!
//! Values stand under their wire names, as everywhere on the wire side. What a message cannot hold (a label that is not
//! there, a character that XML does not have) is [`Unwritable`] rather than a message that means something else.

mod back;
mod cbor;
mod form;
mod rest;
mod xml;

use std::fmt;
use std::sync::LazyLock;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

pub use self::back::read_back;
pub use self::xml::is_xml;
use super::event_stream;
use super::form::Naming;
use crate::model::{Direction, Encoding, Http, Operation, Protocol, Service, Structure};

/// A message ready to be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// Method and URL of a request; empty of a response.
    pub target: (String, String),
    /// Status of a response; 0 of a request.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Content; `None` where there is none.
    pub body: Option<Vec<u8>>,
}

impl Message {
    /// The content as text; `None` where it is none.
    pub fn text(&self) -> Option<&str> {
        self.body.as_deref().and_then(|body| std::str::from_utf8(body).ok())
    }

    fn with_body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.headers.push(("Content-Type".to_owned(), media_type.to_owned()));
        self.body = Some(body.into());
        self
    }
}

/// Why no message holds a value, as a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwritable(pub String);

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unwritable {}

/// A part of a message, or why there is none.
type Encoded<T> = Result<T, Unwritable>;

fn unwritable<T>(why: impl Into<String>) -> Encoded<T> {
    Err(Unwritable(why.into()))
}

/// The request that carries a value, in the protocol that clients speak.
///
/// # Errors
/// The value does not fit a message of that protocol, or the model does not say how one is written.
pub fn request(service: &Service, operation: &Operation, value: &Value) -> Result<Message, Unwritable> {
    let half = Half::new(service, operation, service.half(operation, Direction::Request), Direction::Request, value)?;
    let host = service.endpoint_prefix.known().ok_or_else(|| Unwritable("the service's host is not known".into()))?;
    let host = format!("https://{host}.us-east-1.amazonaws.com");
    let post = |path: &str| Message { target: ("POST".to_owned(), format!("{host}{path}")), ..Message::default() };
    let prefix = || service.target_prefix.as_deref().ok_or_else(|| Unwritable("its target is not known".into()));
    match half.protocol {
        Protocol::AwsJson => {
            let mut message = post("/");
            message.headers.push(("X-Amz-Target".to_owned(), format!("{}.{}", prefix()?, operation.name)));
            Ok(message.with_body(&half.json_type(), value.to_string()))
        }
        Protocol::RestJson | Protocol::RestXml => rest::request(&half, &host),
        Protocol::AwsQuery | Protocol::Ec2Query => {
            let naming = if half.protocol == Protocol::AwsQuery { Naming::Query } else { Naming::Ec2 };
            let form = form::form(&half, naming)?;
            Ok(post("/").with_body("application/x-www-form-urlencoded; charset=utf-8", form))
        }
        Protocol::RpcV2Cbor => {
            let mut message = post(&format!("/service/{}/operation/{}", prefix()?, operation.name));
            message.headers.push((CBOR.0.to_owned(), CBOR.1.to_owned()));
            match operation.input {
                Some(_) => Ok(message.with_body("application/cbor", cbor::body(&half)?)),
                None => Ok(message),
            }
        }
    }
}

/// The response that carries an output, in the protocol that clients speak.
///
/// # Errors
/// Those of [`request`].
pub fn response(service: &Service, operation: &Operation, value: &Value) -> Result<Message, Unwritable> {
    let output = service.half(operation, Direction::Response);
    let half = Half::new(service, operation, output, Direction::Response, value)?;
    let status = operation.http.known().map_or(200, Http::success);
    let message = Message { status, ..Message::default() };
    match half.protocol {
        Protocol::AwsJson => Ok(message.with_body(&half.json_type(), value.to_string())),
        Protocol::RestJson | Protocol::RestXml => rest::response(&half, message),
        Protocol::AwsQuery => {
            let result = operation.result_wrapper.clone().unwrap_or_else(|| format!("{}Result", operation.name));
            Ok(message.with_body("text/xml", xml::query_response(&half, &result)?))
        }
        Protocol::Ec2Query => Ok(message.with_body("text/xml;charset=UTF-8", xml::ec2_response(&half)?)),
        Protocol::RpcV2Cbor => {
            let mut message = message;
            message.headers.push((CBOR.0.to_owned(), CBOR.1.to_owned()));
            Ok(message.with_body("application/cbor", cbor::body(&half)?))
        }
    }
}

/// The header that says of a message that its protocol is rpcv2Cbor.
const CBOR: (&str, &str) = ("Smithy-Protocol", "rpc-v2-cbor");

/// One half of an exchange, to be written.
struct Half<'m> {
    service: &'m Service,
    operation: &'m Operation,
    protocol: Protocol,
    structure: &'m Structure,
    direction: Direction,
    members: &'m Map<String, Value>,
}

static NO_MEMBERS: LazyLock<Structure> = LazyLock::new(Structure::default);

impl<'m> Half<'m> {
    fn new(
        service: &'m Service,
        operation: &'m Operation,
        structure: Option<&'m Structure>,
        direction: Direction,
        value: &'m Value,
    ) -> Encoded<Self> {
        let Some(protocol) = service.protocol() else { return unwritable("the protocol is not known") };
        let Some(members) = value.as_object() else { return unwritable("it is no object") };
        let structure = structure.unwrap_or(&NO_MEMBERS);
        let shaped = super::Shaped { structure, direction };
        if event_stream::member(service, &shaped).is_some() {
            return unwritable("it is an event stream");
        }
        Ok(Self { service, operation, protocol, structure, direction, members })
    }

    fn json_type(&self) -> String {
        match self.protocol {
            Protocol::AwsJson => {
                format!("application/x-amz-json-{}", self.service.json_version.as_deref().unwrap_or("1.0"))
            }
            _ => "application/json".to_owned(),
        }
    }

    /// The member of a key.
    fn member(&self, key: &str) -> Option<&'m crate::model::Member> {
        self.structure.member_of_key(key, Encoding::Wire)
    }
}

/// A scalar as text.
fn text(value: &Value) -> Encoded<String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Null => unwritable("null has no text"),
        Value::Array(_) | Value::Object(_) => unwritable("only JSON and CBOR hold a document"),
    }
}

/// A text as a part of a URL or form.
fn percent_encoded(text: &str) -> String {
    const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, PLAIN).to_string()
}

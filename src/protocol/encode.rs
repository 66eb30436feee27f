//! Modelled values → HTTP messages, for the protocols of JSON: what [`super::decode`] reads back.
//!
//! Values stand under their wire names, as everywhere on the wire side. What a message cannot hold (a label that is not
//! there) is `None` rather than a message that means something else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::bindings::is_in_body;
use crate::model::{Encoding, Fact, Location, Member, Operation, Protocol, Service, ShapeKind, Structure};
use crate::schema::member_keys;

/// A message ready to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Method and URL of a request; empty of a response.
    pub target: (String, String),
    /// Status of a response; 0 of a request.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Content; `None` where there is none.
    pub body: Option<String>,
}

/// What stays as it is in a URL.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The request that carries a value; `None` where its protocol is not of JSON, or the value does not fit a message.
pub fn request(service: &Service, operation: &Operation, value: &Value) -> Option<Message> {
    let protocol = of_json(service)?;
    let host = format!("https://{}.us-east-1.amazonaws.com", service.endpoint_prefix.known()?);
    let members = value.as_object()?;
    let mut message = Message { target: Default::default(), status: 0, headers: Vec::new(), body: None };
    let input = super::input(service, operation);
    if protocol == Protocol::AwsJson {
        let target = format!("{}.{}", service.target_prefix.as_ref()?, operation.name);
        message.target = ("POST".to_owned(), format!("{host}/"));
        message.headers.push(("X-Amz-Target".to_owned(), target));
        message.headers.push(("Content-Type".to_owned(), json_type(service, protocol)));
        message.body = Some(value.to_string());
        return Some(message);
    }
    let http = operation.http.known()?;
    let mut parts = Parts { service, message, uri: http.uri.clone(), query: Vec::new(), body: Map::new() };
    let empty = Structure::default();
    parts.bind(input.unwrap_or(&empty), members)?;
    if parts.uri.contains('{') {
        return None;
    }
    let joint = if parts.uri.contains('?') { "&" } else { "?" };
    let query = if parts.query.is_empty() { String::new() } else { format!("{joint}{}", parts.query.join("&")) };
    let target = (http.method.clone(), format!("{host}{}{query}", parts.uri));
    let mut message = parts.finish(input.unwrap_or(&empty), members, json_type(service, protocol))?;
    message.target = target;
    Some(message)
}

/// The response that carries an output; `None` where [`request`] is.
pub fn response(service: &Service, operation: &Operation, value: &Value) -> Option<Message> {
    let protocol = of_json(service)?;
    let members = value.as_object()?;
    let status = operation.http.known()?.status;
    let message = Message { target: Default::default(), status, headers: Vec::new(), body: None };
    let kind = json_type(service, protocol);
    if protocol == Protocol::AwsJson {
        let headers = vec![("Content-Type".to_owned(), kind)];
        return Some(Message { headers, body: Some(value.to_string()), ..message });
    }
    let empty = Structure::default();
    let output = operation.output.as_ref().and_then(|output| super::structure(service, output)).unwrap_or(&empty);
    let mut parts = Parts { service, message, uri: String::new(), query: Vec::new(), body: Map::new() };
    parts.bind(output, members)?;
    parts.finish(output, members, kind)
}

fn of_json(service: &Service) -> Option<Protocol> {
    let is_json = |protocol: &&Protocol| matches!(protocol, Protocol::RestJson | Protocol::AwsJson);
    service.protocols.known()?.iter().find(is_json).copied()
}

fn json_type(service: &Service, protocol: Protocol) -> String {
    match (protocol, &service.json_version) {
        (Protocol::AwsJson, version) => format!("application/x-amz-json-{}", version.as_deref().unwrap_or("1.0")),
        _ => "application/json".to_owned(),
    }
}

/// A message that is being put together.
struct Parts<'m> {
    service: &'m Service,
    message: Message,
    uri: String,
    query: Vec<String>,
    body: Map<String, Value>,
}

impl Parts<'_> {
    /// Puts each member where the model has it.
    fn bind(&mut self, structure: &Structure, members: &Map<String, Value>) -> Option<()> {
        for (key, value) in members {
            let member = member_keys(structure, Encoding::Wire).find(|(own, _)| own == key).map(|(_, member)| member);
            let Some(member) = member.filter(|member| !is_in_body(member)) else {
                self.body.insert(key.clone(), value.clone());
                continue;
            };
            self.bind_one(member, value)?;
        }
        Some(())
    }

    fn bind_one(&mut self, member: &Member, value: &Value) -> Option<()> {
        let name = member.wire_name();
        match member.location {
            Fact::Known(Location::Label) => {
                let text = text(value).filter(|text| !text.is_empty())?;
                let greedy = format!("{{{name}+}}");
                if self.uri.contains(&greedy) {
                    let encoded: Vec<String> = text.split('/').map(encoded).collect();
                    self.uri = self.uri.replace(&greedy, &encoded.join("/"));
                } else {
                    self.uri = self.uri.replace(&format!("{{{name}}}"), &encoded(&text));
                }
            }
            Fact::Known(Location::Query) => match value {
                Value::Array(items) => {
                    for item in items {
                        self.query.push(format!("{}={}", encoded(name), encoded(&text(item)?)));
                    }
                }
                Value::Object(entries) => {
                    for (key, item) in entries {
                        let several = item.as_array().map_or_else(|| vec![item], |items| items.iter().collect());
                        for item in several {
                            self.query.push(format!("{}={}", encoded(key), encoded(&text(item)?)));
                        }
                    }
                }
                scalar => self.query.push(format!("{}={}", encoded(name), encoded(&text(scalar)?))),
            },
            Fact::Known(Location::Header) => {
                let text = match value {
                    Value::Array(items) => items.iter().map(text).collect::<Option<Vec<_>>>()?.join(","),
                    scalar => text(scalar)?,
                };
                // What a header cannot hold would be read as something else.
                if text.trim() != text || text.is_empty() || text.contains(['\r', '\n', '\0']) {
                    return None;
                }
                self.message.headers.push((name.to_owned(), text));
            }
            Fact::Known(Location::PrefixHeaders) => {
                for (key, item) in value.as_object()? {
                    let prefix = member.wire_name.as_deref().unwrap_or_default();
                    self.message.headers.push((format!("{prefix}{key}"), text(item)?));
                }
            }
            Fact::Known(Location::Status) => self.message.status = u16::try_from(value.as_u64()?).ok()?,
            Fact::Known(Location::Body) | Fact::Unknown => {}
        }
        Some(())
    }

    /// The message with its body: the one member that is all of it, or an object of members.
    fn finish(mut self, structure: &Structure, members: &Map<String, Value>, kind: String) -> Option<Message> {
        let payload = structure.payload.as_deref().and_then(|name| structure.member(name));
        if let Some(payload) = payload {
            let key = member_keys(structure, Encoding::Wire).find(|(_, own)| own.name == payload.name)?.0;
            let Some(value) = members.get(key) else { return Some(self.message) };
            if self.body.len() > 1 {
                return None;
            }
            let shape = self.service.shape(&payload.target)?;
            let (kind, body) = match (&shape.kind, value) {
                (ShapeKind::Blob(_), Value::String(text)) => {
                    ("application/octet-stream".to_owned(), String::from_utf8(STANDARD.decode(text).ok()?).ok()?)
                }
                (ShapeKind::String(_), Value::String(text)) => ("text/plain".to_owned(), text.clone()),
                (_, value) => (kind, value.to_string()),
            };
            self.message.headers.push(("Content-Type".to_owned(), kind));
            self.message.body = Some(body);
        } else if !self.body.is_empty() || structure.members.iter().any(is_in_body) {
            self.message.headers.push(("Content-Type".to_owned(), kind));
            self.message.body = Some(Value::Object(self.body).to_string());
        }
        Some(self.message)
    }
}

/// A scalar as text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

//! The REST protocols: members in path, query string, headers and status, the others in a body of JSON or XML.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::{Encoded, Half, Message, percent_encoded, text, unwritable, xml};
use crate::model::{Fact, Location, Member, Protocol, ShapeKind};
use crate::protocol::bindings::is_in_body;
use crate::schema::is_stream;

/// A request to a host.
pub(super) fn request(half: &Half<'_>, host: &str) -> Encoded<Message> {
    let Fact::Known(http) = &half.operation.http else { return unwritable("its method and path are not known") };
    let mut parts = Parts::new(half, Message::default(), &http.uri);
    parts.bind()?;
    if parts.uri.contains('{') {
        return unwritable("a label of its path is missing");
    }
    let joint = if parts.uri.contains('?') { "&" } else { "?" };
    let query = if parts.query.is_empty() { String::new() } else { format!("{joint}{}", parts.query.join("&")) };
    let target = (http.method.clone(), format!("{host}{}{query}", parts.uri));
    Ok(Message { target, ..parts.finish()? })
}

/// A response.
pub(super) fn response(half: &Half<'_>, message: Message) -> Encoded<Message> {
    let mut parts = Parts::new(half, message, "");
    parts.bind()?;
    parts.finish()
}

/// A message that is being put together.
struct Parts<'m> {
    half: &'m Half<'m>,
    message: Message,
    uri: String,
    query: Vec<String>,
    body: Map<String, Value>,
}

impl<'m> Parts<'m> {
    fn new(half: &'m Half<'m>, message: Message, uri: &str) -> Self {
        Self { half, message, uri: uri.to_owned(), query: Vec::new(), body: Map::new() }
    }

    /// Puts each member where the model has it.
    fn bind(&mut self) -> Encoded<()> {
        for (key, value) in self.half.members {
            match self.half.member(key).filter(|member| !is_in_body(member, self.half.direction)) {
                Some(member) => self.bind_one(member, value)?,
                None => drop(self.body.insert(key.clone(), value.clone())),
            }
        }
        Ok(())
    }

    fn bind_one(&mut self, member: &Member, value: &Value) -> Encoded<()> {
        let name = member.wire_name();
        match member.location {
            Fact::Known(Location::Label) => {
                let text = text(value)?;
                if text.is_empty() {
                    return unwritable(format!("the label {name} is empty"));
                }
                let greedy = format!("{{{name}+}}");
                if self.uri.contains(&greedy) {
                    let encoded: Vec<String> = text.split('/').map(percent_encoded).collect();
                    self.uri = self.uri.replace(&greedy, &encoded.join("/"));
                } else {
                    self.uri = self.uri.replace(&format!("{{{name}}}"), &percent_encoded(&text));
                }
            }
            Fact::Known(Location::Query) => self.bind_query(name, value)?,
            Fact::Known(Location::Header) => {
                let text = match value {
                    Value::String(json) if member.json_value => STANDARD.encode(json),
                    Value::Array(items) => items.iter().map(text).collect::<Encoded<Vec<_>>>()?.join(","),
                    scalar => text(scalar)?,
                };
                self.header(name.to_owned(), text)?;
            }
            Fact::Known(Location::PrefixHeaders) => {
                let prefix = member.wire_name.as_deref().unwrap_or_default();
                let Some(entries) = value.as_object().filter(|entries| !entries.is_empty()) else {
                    return unwritable("headers hold no empty map");
                };
                for (key, item) in entries {
                    self.header(format!("{prefix}{key}"), text(item)?)?;
                }
            }
            Fact::Known(Location::Status) => {
                // Beyond, it would be an error's.
                let status = value.as_u64().and_then(|status| u16::try_from(status).ok());
                let Some(status) = status.filter(|status| (200..300).contains(status)) else {
                    return unwritable("it is not the status of a success");
                };
                self.message.status = status;
            }
            Fact::Known(Location::Body) | Fact::Unknown => {}
        }
        Ok(())
    }

    fn bind_query(&mut self, name: &str, value: &Value) -> Encoded<()> {
        let before = self.query.len();
        match value {
            Value::Array(items) => {
                for item in items {
                    self.query.push(format!("{}={}", percent_encoded(name), percent_encoded(&text(item)?)));
                }
            }
            Value::Object(entries) => {
                for (key, item) in entries {
                    let several = item.as_array().map_or_else(|| vec![item], |items| items.iter().collect());
                    if several.is_empty() {
                        return unwritable("a query string holds no empty list");
                    }
                    for item in several {
                        self.query.push(format!("{}={}", percent_encoded(key), percent_encoded(&text(item)?)));
                    }
                }
            }
            scalar => self.query.push(format!("{}={}", percent_encoded(name), percent_encoded(&text(scalar)?))),
        }
        if self.query.len() == before { unwritable("a query string holds no empty list or map") } else { Ok(()) }
    }

    /// Adds a header. What a header cannot hold would be read as something else.
    fn header(&mut self, name: String, text: String) -> Encoded<()> {
        let is_plain = |text: &str| text.bytes().all(|byte| matches!(byte, 0x20..=0x7E));
        if text.is_empty() || text.trim() != text || !is_plain(&text) {
            return unwritable(format!("the header {name} cannot hold the text"));
        }
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if !name.bytes().all(is_token) {
            return unwritable("a key is no name of a header");
        }
        self.message.headers.push((name, text));
        Ok(())
    }

    /// The message with its body: the one member that is all of it, or all members.
    fn finish(self) -> Encoded<Message> {
        let Self { half, message, body, .. } = self;
        let payload = half.structure.payload_member();
        let is_xml = half.protocol == Protocol::RestXml;
        let Some(payload) = payload else {
            if body.is_empty()
                && (is_xml || !half.structure.members.iter().any(|member| is_in_body(member, half.direction)))
            {
                return Ok(message);
            }
            return Ok(if is_xml {
                with_body(half, message, "application/xml", xml::rest_body(half, &body)?)
            } else {
                with_body(half, message, &half.json_type(), Value::Object(body).to_string())
            });
        };
        let Some((_, value)) =
            body.iter().find(|(key, _)| half.member(key).is_some_and(|own| own.name == payload.name))
        else {
            return if body.is_empty() { Ok(message) } else { unwritable("its body is one other member") };
        };
        if body.len() > 1 {
            return unwritable("its body is one member alone");
        }
        let kind = half.service.shape(&payload.target).map(|shape| &shape.kind);
        if value == "" {
            return unwritable("an empty body is none");
        }
        match (kind, value) {
            (Some(ShapeKind::Blob(_)), Value::String(text)) => {
                // The content of a stream is no base64.
                let is_stream = payload.streaming || kind.is_some_and(is_stream);
                let bytes = if is_stream { Ok(text.clone().into_bytes()) } else { STANDARD.decode(text) };
                match bytes {
                    Ok(bytes) => Ok(with_body(half, message, "application/octet-stream", bytes)),
                    Err(_) => unwritable("it is no base64"),
                }
            }
            (Some(ShapeKind::String(_)), Value::String(text)) => {
                Ok(with_body(half, message, "text/plain", text.clone()))
            }
            (Some(_), value) if is_xml => {
                Ok(with_body(half, message, "application/xml", xml::payload(half, payload, value)?))
            }
            (_, value) => Ok(with_body(half, message, &half.json_type(), value.to_string())),
        }
    }
}

/// The message with a body. Where the media type is a member, the value says it.
fn with_body(half: &Half<'_>, message: Message, media_type: &str, body: impl Into<Vec<u8>>) -> Message {
    if half.structure.has_header("content-type") {
        return Message { body: Some(body.into()), ..message };
    }
    message.with_body(media_type, body)
}

//! HTTP bindings of the REST protocols: members in path labels, query strings, headers and the status code.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::evidence::query_pairs;
use super::scalar::{header_list, scalar};
use super::{Call, Shaped, uri};
use crate::model::{Direction, Encoding, Fact, Location, Member, Service, ShapeKind, Structure, TimestampFormat};
use crate::recording::{Flaw, FlawKind, Headers, HttpResponse, Origin, Origins, json::child};
use crate::schema::member_keys;

/// Members outside of the body, with their origins.
#[derive(Default)]
pub(super) struct Bound {
    pub(super) values: Map<String, Value>,
    pub(super) origins: Origins,
    pub(super) flaws: Vec<Flaw>,
    /// A member with the value that it has by another reading.
    pub(super) alternative: Option<(String, Value)>,
}

impl Bound {
    fn insert(&mut self, key: &str, value: Value, origin: Origin) {
        self.origins.insert(child("", key), origin);
        self.values.insert(key.to_owned(), value);
    }

    /// Notes where a member would be that is not there.
    fn lacks(&mut self, key: &str, origin: Origin) {
        self.origins.insert(child("", key), origin);
    }
}

/// Whether every member of the structure is part of the body's own object.
pub(super) fn all_in_body(shaped: &Shaped<'_>) -> bool {
    let structure = shaped.structure;
    structure.payload.is_none() && structure.members.iter().all(|member| is_in_body(member, shaped.direction))
}

/// Whether the member travels in the body of a message of that direction.
pub(super) fn is_in_body(member: &Member, direction: Direction) -> bool {
    matches!(member.location_in(direction), Fact::Unknown | Fact::Known(Location::Body))
}

/// Members of a request in its path, query string and headers.
pub(super) fn of_request(call: &Call<'_, '_>, structure: &Structure) -> Bound {
    let mut bound = Bound::default();
    let parts = call.http.request.parts();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut rest = None;
    for (key, member) in member_keys(structure, Encoding::Wire) {
        if !matches!(member.location, Fact::Known(Location::Label | Location::Query)) {
            continue;
        }
        let Some(shape) = call.service.shape(&member.target) else { continue };
        let name = member.wire_name();
        match member.location {
            Fact::Known(Location::Label) => {
                // A template calls the label by its wire name.
                let label = call.routed.labels.iter().find(|(own, _)| own == name || *own == member.name);
                if let Some((label, text)) = label.filter(|(_, text)| !text.is_empty()) {
                    let value = scalar(shape, &uri::decoded(text), Some(member), TimestampFormat::Iso8601);
                    bound.insert(key, value, Origin::Label(label.clone()));
                }
            }
            Fact::Known(Location::Query) => {
                if let ShapeKind::Map(_) = shape.kind {
                    rest = Some((key, shape));
                    continue;
                }
                used.insert(name);
                match query_value(call.service, member, parts.query) {
                    Some(value) => bound.insert(key, value, Origin::Query(name.to_owned())),
                    None => bound.lacks(key, Origin::Query(name.to_owned())),
                }
            }
            _ => {}
        }
    }
    let literals = call.routed.operation.http.known().and_then(|http| http.uri.split_once('?'));
    let literals: Vec<_> =
        literals.map(|(_, query)| query_pairs(query).map(|(name, _)| name).collect()).unwrap_or_default();
    let all: Vec<_> =
        query_pairs(parts.query).filter(|(name, _)| !literals.contains(name) && !is_of_the_sdk(name)).collect();
    let others: Vec<_> = all.iter().filter(|(name, _)| !used.contains(&**name)).cloned().collect();
    if let Some((key, shape)) = rest.filter(|_| all.len() > others.len()) {
        // Clients put into the map what members of their own may claim as well; servers may leave that in it or not.
        bound.alternative = Some((key.to_owned(), query_map(call.service, &shape.kind, &all)));
    }
    match rest {
        Some((key, shape)) if !others.is_empty() => {
            let value = query_map(call.service, &shape.kind, &others);
            for (name, _) in &others {
                bound.origins.insert(child(&child("", key), name), Origin::Query(name.to_string()));
            }
            bound.insert(key, value, Origin::Query(key.to_owned()));
        }
        _ => bound.flaws.extend(others.iter().map(|(name, _)| {
            bound.origins.insert(child("", name), Origin::Query(name.to_string()));
            let kind = FlawKind::Stray { name: name.to_string(), place: "query string" };
            Flaw { direction: Direction::Request, pointer: child("", name), kind }
        })),
    }
    headers(call.service, structure, (&call.http.request.headers, Direction::Request), &mut bound);
    bound
}

/// Members of a response in its headers and status code.
pub(super) fn of_response(service: &Service, response: &HttpResponse<'_>, structure: &Structure) -> Bound {
    let mut bound = Bound::default();
    for (key, member) in member_keys(structure, Encoding::Wire) {
        if member.location == Fact::Known(Location::Status) {
            bound.insert(key, response.status.into(), Origin::Status);
        }
    }
    headers(service, structure, (&response.headers, Direction::Response), &mut bound);
    bound
}

fn headers(
    service: &Service,
    structure: &Structure,
    (headers, direction): (&Headers<'_>, Direction),
    bound: &mut Bound,
) {
    for (key, member) in member_keys(structure, Encoding::Wire) {
        if !matches!(member.location, Fact::Known(Location::Header | Location::PrefixHeaders)) {
            continue;
        }
        let Some(shape) = service.shape(&member.target) else { continue };
        let name = member.wire_name();
        match member.location {
            Fact::Known(Location::Header) => {
                let Some(text) = headers.get(name) else {
                    bound.lacks(key, Origin::Header(name.to_owned()));
                    continue;
                };
                let value = match &shape.kind {
                    _ if member.json_value => {
                        let (value, found) = json_header(text.trim());
                        bound.flaws.extend(found.map(|found| {
                            let kind = FlawKind::WrongType { expected: "JSON document in base64", found };
                            Flaw { direction, pointer: child("", key), kind }
                        }));
                        value
                    }
                    ShapeKind::List(list) => header_list(service, list, &text),
                    _ => scalar(shape, text.trim(), Some(member), TimestampFormat::HttpDate),
                };
                bound.insert(key, value, Origin::Header(name.to_owned()));
            }
            Fact::Known(Location::PrefixHeaders) => {
                let prefix = member.wire_name.as_deref().unwrap_or_default();
                let mut entries = Map::new();
                for (own, value) in headers.iter() {
                    let Some(rest) = own
                        .get(prefix.len()..)
                        .filter(|_| own.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
                    else {
                        continue;
                    };
                    bound.origins.insert(child(&child("", key), rest), Origin::Header(own.to_owned()));
                    entries.insert(rest.to_owned(), value.text().trim().into());
                }
                if !entries.is_empty() {
                    bound.values.insert(key.to_owned(), Value::Object(entries));
                }
            }
            _ => {}
        }
    }
}

/// The JSON that a header holds in base64; where it does not, the text as it stands and what it is.
fn json_header(text: &str) -> (Value, Option<&'static str>) {
    let Some(json) = STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return (text.into(), Some("text that is not base64"));
    };
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&json).is_ok();
    (json.into(), (!is_json).then_some("base64 of text that is not JSON"))
}

/// The value of a query parameter; a list takes all parameters of the name.
fn query_value(service: &Service, member: &Member, query: &str) -> Option<Value> {
    let shape = service.shape(&member.target)?;
    let mut texts = query_pairs(query).filter(|(name, _)| name == member.wire_name()).map(|(_, text)| text);
    match &shape.kind {
        ShapeKind::List(list) => {
            let element = service.shape(&list.target)?;
            let items: Vec<Value> = texts.map(|text| scalar(element, &text, None, TimestampFormat::Iso8601)).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        _ => texts.next().map(|text| scalar(shape, &text, Some(member), TimestampFormat::Iso8601)),
    }
}

/// A map that takes every parameter that is no one else's: of texts, or of lists of texts.
fn query_map<N: AsRef<str>>(service: &Service, kind: &ShapeKind, pairs: &[(N, N)]) -> Value {
    let of_lists = match kind {
        ShapeKind::Map(map) => matches!(service.shape(&map.value).map(|s| &s.kind), Some(ShapeKind::List(_))),
        _ => false,
    };
    let mut entries = Map::new();
    for (name, text) in pairs {
        let slot = entries
            .entry(name.as_ref())
            .or_insert_with(|| if of_lists { Value::Array(Vec::new()) } else { Value::Null });
        match slot {
            Value::Array(items) => items.push(text.as_ref().into()),
            slot => *slot = text.as_ref().into(),
        }
    }
    Value::Object(entries)
}

/// Parameters that clients add of their own: signatures, and the name of the operation.
pub(super) fn is_of_the_sdk(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.starts_with("x-amz-") || matches!(lower.as_str(), "x-id" | "awsaccesskeyid" | "signature" | "expires")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_of_json_is_base64_of_it() {
        let of = |text: &str| json_header(text);
        assert_eq!(of(&STANDARD.encode("{\"a\": 1}")), ("{\"a\": 1}".into(), None));
        assert_eq!(of(&STANDARD.encode("{\"a\"")), ("{\"a\"".into(), Some("base64 of text that is not JSON")));
        assert_eq!(of("{\"a\": 1}"), ("{\"a\": 1}".into(), Some("text that is not base64")));
        assert_eq!(of(&STANDARD.encode(b"\xff")).1, Some("text that is not base64"));
    }
}

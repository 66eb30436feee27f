//! Members of a payload: which are there, and in which form.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::model::{Encoding, EnumValues, Member, Protocol, Service, Shape, ShapeId, ShapeKind, Structure};
use crate::protocol::{OTHER, is_plain};
use crate::recording::credential;
use crate::schema::{is_stream, member_keys};
use crate::wire::{self, Sent, Texts};

/// Members by path, counted.
#[derive(Default)]
pub(super) struct Members {
    /// How many payloads there were.
    structures: usize,
    counts: BTreeMap<String, Count>,
}

#[derive(Default)]
struct Count {
    there: usize,
    /// How many of its values are structures.
    structures: usize,
    form: Texts,
    value: Texts,
    escape: Texts,
}

/// How a payload is written, and what of it is told elsewhere.
pub(super) struct Context<'c> {
    pub(super) service: &'c Service,
    pub(super) encoding: Encoding,
    pub(super) protocol: Option<Protocol>,
    /// Members that are told as headers.
    pub(super) headers: BTreeSet<&'c str>,
    /// Keys beside the members that the recording put there itself.
    pub(super) beside: &'c [&'c str],
    /// Whether a stream was sent where the operation has one; `None` where the recording keeps no bodies.
    pub(super) has_body: Option<bool>,
}

impl Members {
    /// Adds a payload.
    pub(super) fn add(&mut self, value: &Value, structure: &Structure, context: &Context<'_>) {
        let Value::Object(members) = value else { return };
        self.structures += 1;
        Walk { all: self, context, within: Vec::new() }.structure(members, structure, "", false);
    }

    /// Adds how members were written in the URL.
    pub(super) fn escapes(&mut self, escapes: BTreeMap<String, BTreeSet<String>>) {
        for (member, found) in escapes {
            // What is no member of the payload has no line.
            if let Some(count) = self.counts.get_mut(&member) {
                count.escape.extend(found);
            }
        }
    }

    pub(super) fn finish(self) -> BTreeMap<String, wire::Member> {
        let sent = |path: &str, there: usize| {
            let all = match path.rsplit_once('.') {
                _ if path.ends_with("[]") || path.ends_with("{}") => return None,
                Some((outer, _)) => self.counts.get(outer).map_or(0, |outer| outer.structures),
                None => self.structures,
            };
            Some(Sent::of(there, all))
        };
        let told = |(path, count): (&String, &Count)| {
            let Count { there, form, value, escape, .. } = count;
            let (form, value, escape) = (form.clone(), value.clone(), escape.clone());
            (path.clone(), wire::Member { sent: sent(path, *there), form, value, escape })
        };
        self.counts.iter().map(told).collect()
    }
}

/// A payload that is gone through.
struct Walk<'w> {
    all: &'w mut Members,
    context: &'w Context<'w>,
    /// Structures around the present place, with their paths.
    within: Vec<(&'w ShapeId, String)>,
}

impl<'w> Walk<'w> {
    /// Members of a structure. Of what is `hidden`, names alone are told.
    fn structure(&mut self, members: &Map<String, Value>, structure: &'w Structure, path: &str, hidden: bool) {
        let context = self.context;
        let known: BTreeMap<&str, &'w Member> = member_keys(structure, context.encoding).collect();
        for (key, value) in members {
            let Some(member) = known.get(&**key) else {
                if !(path.is_empty() && context.beside.contains(&&**key)) {
                    let name = if is_plain(key) { key } else { OTHER };
                    self.count(&join(path, name), raw_form(value), hidden);
                }
                continue;
            };
            let Some(shape) = context.service.shape(&member.target) else { continue };
            if path.is_empty() && context.headers.contains(&*member.name) {
                continue;
            }
            let place = join(path, &member.name);
            let hidden = hidden || credential::is_name(&member.name);
            if path.is_empty() && (member.streaming || is_stream(&shape.kind)) {
                if context.has_body != Some(false) {
                    self.count(&place, "stream", hidden);
                }
                continue;
            }
            let whole = path.is_empty() && structure.payload.as_ref() == Some(&member.name);
            self.value(value, shape, &place, whole, hidden);
        }
    }

    /// A value; `whole` where it is a body of its own.
    fn value(&mut self, value: &Value, shape: &'w Shape, path: &str, whole: bool, hidden: bool) {
        let hidden = hidden || shape.sensitive;
        let form = form(value, shape, self.context, whole);
        self.count(path, form, hidden);
        match (&shape.kind, value) {
            (ShapeKind::Structure(structure), Value::Object(members)) => {
                let known = self.within.iter().find(|(id, _)| *id == &shape.id).map(|(_, path)| path.clone());
                let is_new = known.is_none();
                let place = known.unwrap_or_else(|| path.to_owned());
                self.all.counts.entry(place.clone()).or_default().structures += 1;
                if is_new {
                    self.within.push((&shape.id, place.clone()));
                }
                self.structure(members, structure, &place, hidden);
                if is_new {
                    self.within.pop();
                }
            }
            (ShapeKind::List(list), Value::Array(items)) => {
                self.each(items.iter(), &list.target, &format!("{path}[]"), hidden);
            }
            (ShapeKind::Map(map), Value::Object(entries)) => {
                self.each(entries.values(), &map.value, &format!("{path}{{}}"), hidden);
            }
            (ShapeKind::String(EnumValues(Some(allowed))), Value::String(text)) if !hidden => {
                let told = if allowed.contains(text) || is_plain(text) { text } else { OTHER };
                self.all.counts.entry(path.to_owned()).or_default().value.insert(told.to_owned());
            }
            _ => {}
        }
    }

    fn each<'v>(&mut self, values: impl Iterator<Item = &'v Value>, target: &ShapeId, path: &str, hidden: bool) {
        let context = self.context;
        let Some(shape) = context.service.shape(target) else { return };
        for value in values {
            self.value(value, shape, path, false, hidden);
        }
    }

    fn count(&mut self, path: &str, form: &str, hidden: bool) {
        let count = self.all.counts.entry(path.to_owned()).or_default();
        count.there += 1;
        if !hidden && !form.is_empty() && !count.form.contains(form) {
            count.form.insert(form.to_owned());
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The form of a value; nothing where the recording does not keep it.
fn form(value: &Value, shape: &Shape, context: &Context<'_>, whole: bool) -> &'static str {
    let parsed = context.encoding == Encoding::Parsed;
    match (&shape.kind, value) {
        (_, Value::Null) => "null",
        (ShapeKind::Structure(_), Value::Object(_)) => "structure",
        (ShapeKind::Map(_), Value::Object(entries)) => {
            if entries.is_empty() {
                "empty map"
            } else {
                "map"
            }
        }
        (ShapeKind::Document, _) => "document",
        (ShapeKind::Timestamp(_) | ShapeKind::Blob(_), _) if parsed => "",
        (ShapeKind::Timestamp(_), value) => timestamp(value),
        (ShapeKind::Blob(_), Value::String(_)) => {
            // Decoding makes base64 of what was bytes.
            if whole || context.protocol == Some(Protocol::RpcV2Cbor) { "bytes" } else { "base64" }
        }
        _ => raw_form(value),
    }
}

fn raw_form(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "fraction",
        Value::Number(_) => "integer",
        Value::String(text) if text.is_empty() => "empty string",
        Value::String(_) => "string",
        Value::Array(items) if items.is_empty() => "empty list",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// Numbers from here on are too late for seconds.
const MILLISECONDS: f64 = 1e11;

fn timestamp(value: &Value) -> &'static str {
    match value {
        Value::Number(number) if number.as_f64().is_some_and(|number| number >= MILLISECONDS) => "epoch milliseconds",
        Value::Number(_) => "epoch seconds",
        Value::String(text) if text.is_empty() => "empty string",
        Value::String(text) if text.ends_with("GMT") && text.contains(", ") => "http-date",
        Value::String(text) if text.len() > 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[10] == b'T' => {
            "iso8601"
        }
        Value::String(text) if text.parse::<f64>().is_ok() => "epoch seconds as text",
        other => raw_form(other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn timestamps_have_forms() {
        let forms =
            [json!(1_693_562_400), json!(1_693_562_400.5), json!(1_693_562_400_000_u64), json!("2023-09-01T10:00:00Z")];
        assert_eq!(
            forms.each_ref().map(timestamp),
            ["epoch seconds", "epoch seconds", "epoch milliseconds", "iso8601"]
        );
        let texts = [json!("Fri, 01 Sep 2023 10:00:00 GMT"), json!("1693562400"), json!("today"), json!("")];
        assert_eq!(texts.each_ref().map(timestamp), ["http-date", "epoch seconds as text", "string", "empty string"]);
    }
}

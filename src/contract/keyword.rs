//! Our own JSON Schema keywords: what standard ones cannot say.
//!
//! `x-shapegate` says the byte length of a blob, and which constraints are not checked. `x-shapegate-echoes` belongs to
//! expectations: a member of the response equals a member of the request.

use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value};

use super::breach::BreachKind;
use super::sizes::length;
use super::written::is_finer_than_milliseconds;
use crate::model::End;
use crate::schema::ISO_8601_PARSED;
use crate::schema::pattern::{self, Matcher, Undecided};

/// Marks an error of ours as something to tell rather than a fault, with what stands behind it.
const UNSATISFIABLE: &str = "unsatisfiable:";
const NOT_CHECKED: &str = "not checked:";
/// Marks a blob whose byte count is out of bounds: `bytes:<found>:<limit>`.
const BYTES: &str = "bytes:";

/// Said of a timestamp that is finer than milliseconds, which no SDK refuses.
pub(super) const FINE: &str = "finer than milliseconds";

/// The annotations of one shape.
pub(super) struct Annotations {
    bytes: (Option<u64>, Option<u64>),
    /// It is a timestamp on the wire.
    is_time: bool,
    /// Told for every value.
    told: Vec<String>,
}

pub(super) type Made<'a> = Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>>;

#[allow(clippy::unnecessary_wraps, reason = "the signature is the validator's")]
pub(super) fn annotations<'a>(parent: &'a Map<String, Value>, value: &'a Value, _path: Location) -> Made<'a> {
    let bound = |name: &str| value.get("bytes").and_then(|bytes| bytes.get(name)).and_then(Value::as_u64);
    let mut told = Vec::new();
    if let Some(reason) = value.pointer("/unsatisfiable/reason").and_then(Value::as_str) {
        told.push(format!("{UNSATISFIABLE}{reason}"));
    }
    for unchecked in value.get("unchecked").and_then(Value::as_array).into_iter().flatten() {
        let part = |name: &str| unchecked.get(name).and_then(Value::as_str).unwrap_or_default();
        told.push(format!("{NOT_CHECKED}{}:{}", part("constraint"), part("reason")));
    }
    let is_time = is_time_on_the_wire(parent, value);
    Ok(Box::new(Annotations { bytes: (bound("minimum"), bound("maximum")), is_time, told }))
}

impl<'i> Keyword<'i> for Annotations {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        self.iter_errors(instance).next().map_or(Ok(()), Err)
    }

    // How fine a timestamp is decides on nothing, such as which operation an output is of.
    fn is_valid(&self, instance: &'i Value) -> bool {
        self.told.is_empty() && bytes_out_of_bounds(instance, self.bytes).is_none()
    }

    fn iter_errors(&self, instance: &'i Value) -> Box<dyn Iterator<Item = ValidationError<'i>> + 'i> {
        let bytes = bytes_out_of_bounds(instance, self.bytes);
        let fine = (self.is_time && is_finer_than_milliseconds(instance)).then(|| FINE.to_owned());
        let messages = bytes.into_iter().chain(fine).chain(self.told.iter().cloned());
        Box::new(messages.map(ValidationError::custom).collect::<Vec<_>>().into_iter())
    }
}

/// Reads back what our own keyword says.
pub(super) fn told(message: &str) -> BreachKind {
    if let Some(reason) = message.strip_prefix(UNSATISFIABLE) {
        return BreachKind::Unsatisfiable { reason: reason.to_owned() };
    }
    if let Some(rest) = message.strip_prefix(NOT_CHECKED) {
        let (constraint, reason) = rest.split_once(':').unwrap_or((rest, ""));
        return BreachKind::NotChecked { constraint: constraint.to_owned(), reason: reason.to_owned() };
    }
    if let Some(rest) = message.strip_prefix(BYTES) {
        let mut parts = rest.split(':');
        let mut number = || parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
        let (found, limit) = (number(), number());
        let end = if found > limit { End::Max } else { End::Min };
        return length(found, limit, end, "bytes");
    }
    BreachKind::Undecided { reason: message.to_owned() }
}

/// Whether a schema with these annotations is of a timestamp as it travels. What an SDK parsed has a form of its own.
pub(super) fn is_time_on_the_wire(schema: &Map<String, Value>, annotations: &Value) -> bool {
    let is_parsed = schema.get("pattern").and_then(Value::as_str) == Some(ISO_8601_PARSED);
    annotations.get("timestampFormat").is_some() && !is_parsed
}

fn bytes_out_of_bounds(instance: &Value, (min, max): (Option<u64>, Option<u64>)) -> Option<String> {
    let count = decoded_length(instance.as_str()?)?;
    match (min, max) {
        (Some(min), _) if count < min => Some(format!("{BYTES}{count}:{min}")),
        (_, Some(max)) if count > max => Some(format!("{BYTES}{count}:{max}")),
        _ => None,
    }
}

/// Bytes behind a base64 text; `None` where its length is impossible.
pub(super) fn decoded_length(base64: &str) -> Option<u64> {
    if !base64.len().is_multiple_of(4) {
        return None;
    }
    let padding = base64.bytes().rev().take_while(|byte| *byte == b'=').count().min(2);
    Some((base64.len() / 4 * 3 - padding) as u64)
}

/// Said of a text that does not match.
pub(super) const MISMATCH: &str = "does not match";
/// Said of a text of which it was given up to say.
const GIVEN_UP: &str = "its pattern went back and forth too often";

/// `pattern`, matched by the same matcher as on the fast path.
struct Pattern(Matcher);

pub(super) fn pattern<'a>(_parent: &'a Map<String, Value>, value: &'a Value, _path: Location) -> Made<'a> {
    let matcher = pattern::compile(value.as_str().unwrap_or_default());
    matcher
        .map(|matcher| Box::new(Pattern(matcher)) as Box<dyn for<'i> Keyword<'i>>)
        .map_err(|unsupported| ValidationError::custom(unsupported.0))
}

impl<'i> Keyword<'i> for Pattern {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        match instance.as_str().map(|text| self.0.is_match(text)) {
            None | Some(Ok(true)) => Ok(()),
            Some(Ok(false)) => Err(ValidationError::custom(MISMATCH)),
            Some(Err(Undecided)) => Err(ValidationError::custom(GIVEN_UP)),
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.validate(instance).is_ok()
    }
}

/// `"x-shapegate-echoes": {"response": POINTER, "request": POINTER}`: where the request has the member, the response
/// has an equal one.
pub(super) struct Echoes {
    request: String,
    response: String,
}

pub(super) fn echoes<'a>(_parent: &'a Map<String, Value>, value: &'a Value, _path: Location) -> Made<'a> {
    let pointer = |half: &str| value.get(half).and_then(Value::as_str).map(|pointer| format!("/{half}{pointer}"));
    match (pointer("request"), pointer("response")) {
        (Some(request), Some(response)) => Ok(Box::new(Echoes { request, response })),
        _ => Err(ValidationError::custom(format!("{value} needs the pointers `request` and `response`"))),
    }
}

impl<'i> Keyword<'i> for Echoes {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) {
            return Ok(());
        }
        Err(ValidationError::custom(format!("{}\nthe response does not repeat what the request says", self.response)))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        match instance.pointer(&self.request) {
            None | Some(Value::Null) => true,
            sent => instance.pointer(&self.response) == sent,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bytes_are_counted_behind_base64_and_both_bounds_are_inclusive() {
        let told = |text: &str| bytes_out_of_bounds(&json!(text), (Some(2), Some(4)));
        assert_eq!(told("YQ=="), Some("bytes:1:2".into()));
        assert_eq!(told("YWI="), None);
        assert_eq!(told("YWJjZA=="), None);
        assert_eq!(told("YWJjZGU="), Some("bytes:5:4".into()));
        assert_eq!(told("YWI"), None, "what is no base64 is told by its form");
    }
}

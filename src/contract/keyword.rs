//! Our own JSON Schema keywords: what standard ones cannot say.
//!
//! `x-shapegate` says the byte length of a blob, and which constraints are not checked. `x-shapegate-echoes` belongs to
//! expectations: a member of the response equals a member of the request.

use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value};

use crate::schema::pattern::{self, Matcher, Undecided};

/// Marks an error of ours as something to tell rather than a fault, with what stands behind it.
pub(super) const UNSATISFIABLE: &str = "unsatisfiable:";
pub(super) const NOT_CHECKED: &str = "not checked:";
/// Marks a blob whose byte count is out of bounds: `bytes:<found>:<limit>:<min or max>`.
pub(super) const BYTES: &str = "bytes:";

/// The annotations of one shape.
pub(super) struct Annotations {
    bytes: (Option<u64>, Option<u64>),
    /// Told for every value.
    told: Vec<String>,
}

pub(super) type Made<'a> = Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>>;

#[allow(clippy::unnecessary_wraps, reason = "the signature is the validator's")]
pub(super) fn annotations<'a>(_parent: &'a Map<String, Value>, value: &'a Value, _path: Location) -> Made<'a> {
    let bound = |name: &str| value.get("bytes").and_then(|bytes| bytes.get(name)).and_then(Value::as_u64);
    let mut told = Vec::new();
    if let Some(reason) = value.pointer("/unsatisfiable/reason").and_then(Value::as_str) {
        told.push(format!("{UNSATISFIABLE}{reason}"));
    }
    for unchecked in value.get("unchecked").and_then(Value::as_array).into_iter().flatten() {
        let part = |name: &str| unchecked.get(name).and_then(Value::as_str).unwrap_or_default();
        told.push(format!("{NOT_CHECKED}{}:{}", part("constraint"), part("reason")));
    }
    Ok(Box::new(Annotations { bytes: (bound("minimum"), bound("maximum")), told }))
}

impl<'i> Keyword<'i> for Annotations {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        self.iter_errors(instance).next().map_or(Ok(()), Err)
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.told.is_empty() && bytes_out_of_bounds(instance, self.bytes).is_none()
    }

    fn iter_errors(&self, instance: &'i Value) -> Box<dyn Iterator<Item = ValidationError<'i>> + 'i> {
        let bytes = bytes_out_of_bounds(instance, self.bytes);
        let messages = bytes.into_iter().chain(self.told.iter().cloned());
        Box::new(messages.map(ValidationError::custom).collect::<Vec<_>>().into_iter())
    }
}

fn bytes_out_of_bounds(instance: &Value, (min, max): (Option<u64>, Option<u64>)) -> Option<String> {
    let count = decoded_length(instance.as_str()?)?;
    match (min, max) {
        (Some(min), _) if count < min => Some(format!("{BYTES}{count}:{min}:min")),
        (_, Some(max)) if count > max => Some(format!("{BYTES}{count}:{max}:max")),
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
        assert_eq!(told("YQ=="), Some("bytes:1:2:min".into()));
        assert_eq!(told("YWI="), None);
        assert_eq!(told("YWJjZA=="), None);
        assert_eq!(told("YWJjZGU="), Some("bytes:5:4:max".into()));
        assert_eq!(told("YWI"), None, "what is no base64 is told by its form");
    }
}

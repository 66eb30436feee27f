//! The member that is the whole body of a REST message.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::bindings::Bound;
use super::{Half, Shaped, event_stream, json_body};
use crate::model::{Direction, Encoding, Member, Service, ShapeKind};
use crate::recording::json::child;
use crate::recording::{Flaw, Origin, Written};
use crate::schema::{is_stream, member_keys};

/// Puts the body's value under its member's name. `parse` reads a body of structured values.
pub(super) fn insert(
    service: &Service,
    shaped: &Shaped<'_>,
    member: &Member,
    body: Option<&Written<'_>>,
    bound: &mut Bound,
    half: &mut Half<'_>,
    parse: impl Fn(&str, Direction) -> Result<(Value, Vec<String>), Flaw>,
) {
    let Some(shape) = service.shape(&member.target) else { return };
    let key = member_keys(shaped.structure, Encoding::Wire).find(|(_, own)| own.name == member.name);
    let Some((key, _)) = key else { return };
    let pointer = child("", key);
    if member.streaming || is_stream(&shape.kind) {
        half.streams += 1;
        if let Some(body) = body {
            half.events += event_stream::count(&body.bytes);
        }
        // What is not judged must not be missing either.
        bound.values.insert(key.to_owned(), Value::String(String::new()));
        return;
    }
    let Some(body) = body else { return };
    let value = match &shape.kind {
        ShapeKind::Blob(_) => Ok((Value::String(STANDARD.encode(&body.bytes)), Vec::new())),
        ShapeKind::String(_) => {
            json_body::text(body, shaped.direction).map(|text| (Value::String(text.to_owned()), Vec::new()))
        }
        _ => json_body::text(body, shaped.direction).and_then(|text| parse(text, shaped.direction)),
    };
    match value {
        Ok((value, repeated)) => {
            bound.origins.insert(pointer.clone(), Origin::Body(String::new()));
            bound.origins.repeated = repeated.into_iter().map(|below| format!("{pointer}{below}")).collect();
            bound.values.insert(key.to_owned(), value);
        }
        Err(flaw) => {
            bound.origins.partial = true;
            half.flaws.push(flaw);
        }
    }
}

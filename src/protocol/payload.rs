//! The member that is the whole body of a REST message.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::bindings::Bound;
use super::body;
use super::event_stream::Events;
use super::{Half, Shaped};
use crate::model::{Encoding, Member, Service, Shape, ShapeKind};
use crate::recording::json::child;
use crate::recording::{Flaw, Origin, Origins, Written};
use crate::schema::{is_stream, member_keys};

/// What a body of structured values is read as.
#[derive(Clone, Copy)]
pub(super) enum Target<'t> {
    /// The members that no other part of the message holds.
    Members,
    /// The one member that is the whole body, with its pointer.
    Payload(&'t Shape, &'t str),
}

/// Reads a body of structured values: its value, with the origins of what is in it.
pub(super) type Parse<'p> = dyn Fn(&str, Target<'_>, &mut Origins) -> Result<Value, Flaw> + 'p;

/// Puts the body's value under its member's name. `parse` reads a body of structured values.
pub(super) fn insert(
    service: &Service,
    shaped: &Shaped<'_>,
    member: &Member,
    body: Option<&Written<'_>>,
    bound: &mut Bound,
    half: &mut Half<'_>,
    parse: &Parse<'_>,
) {
    let Some(shape) = service.shape(&member.target) else { return };
    let key = member_keys(shaped.structure, Encoding::Wire).find(|(_, own)| own.name == member.name);
    let Some((key, _)) = key else { return };
    let pointer = child("", key);
    if member.streaming || is_stream(&shape.kind) {
        half.streams += 1;
        if let (ShapeKind::Structure(_), Some(body)) = (&shape.kind, body) {
            let events = Events::read(&body.bytes, shaped.direction);
            half.events += events.count;
            half.flaws.extend(events.flaw);
        }
        // What is not judged must not be missing either.
        bound.values.insert(key.to_owned(), Value::String(String::new()));
        return;
    }
    let Some(body) = body else { return };
    let whole = |value: Value, bound: &mut Bound| {
        bound.origins.insert(pointer.clone(), Origin::Body(String::new()));
        value
    };
    let text = || body::text(body, shaped.direction);
    let value = match &shape.kind {
        ShapeKind::Blob(_) => Ok(whole(STANDARD.encode(&body.bytes).into(), bound)),
        ShapeKind::String(_) => text().map(|text| whole(text.into(), bound)),
        _ => text().and_then(|text| parse(text, Target::Payload(shape, &pointer), &mut bound.origins)),
    };
    match value {
        Ok(value) => {
            bound.values.insert(key.to_owned(), value);
        }
        Err(flaw) => {
            bound.origins.partial = true;
            half.flaws.push(flaw);
        }
    }
}

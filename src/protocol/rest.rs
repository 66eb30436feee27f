//! What restJson1 and restXml share: members bound outside of the body joined with those in it.

use serde_json::{Map, Value};

use super::bindings::{Bound, is_in_body};
use super::body::{text, text_of};
use super::payload::{self, Parse, Target};
use super::{Call, Half, Shaped};
use crate::model::Encoding;
use crate::recording::json::child;
use crate::recording::{Flaw, FlawKind, Origin, Payload, Written};
use crate::schema::member_keys;

/// Joins what is bound outside of the body with what is in it.
pub(super) fn half<'h>(
    call: &Call<'_, 'h>,
    mut bound: Bound,
    shaped: &Shaped<'_>,
    body: Option<&'h Written<'h>>,
    parse: &Parse<'_>,
) -> Half<'h> {
    let mut half = Half { flaws: std::mem::take(&mut bound.flaws), ..Half::default() };
    if let Some(member) = shaped.structure.payload_member() {
        payload::insert(call.service, shaped, member, body, &mut bound, &mut half, parse);
        half.payload = Some(super::composed(text_of(body), Value::Object(bound.values), bound.origins));
        return half;
    }
    let parsed = body.map(|body| {
        let text = text(body, shaped.direction)?;
        parse(text, Target::Members, &mut bound.origins)
    });
    let parsed = parsed.unwrap_or_else(|| Ok(Value::Object(Map::new()))).unwrap_or_else(|flaw| {
        bound.origins.partial = true;
        half.flaws.push(flaw);
        Value::Object(Map::new())
    });
    let value = match parsed {
        Value::Object(members) => {
            let (members, strays) = without_bound(members, shaped);
            for stray in &strays {
                // Where it should be is noted; it is here.
                if !matches!(bound.origins.find(&stray.pointer), Some((Origin::Part { .. }, ""))) {
                    bound.origins.insert(stray.pointer.clone(), Origin::Body(stray.pointer.clone()));
                }
            }
            half.flaws.extend(strays);
            let mut joined = bound.values;
            joined.extend(members);
            Value::Object(joined)
        }
        other => other,
    };
    let alternative = bound.alternative.and_then(|(key, other)| {
        let mut members = value.as_object()?.clone();
        members.insert(key, other);
        Some(Box::new(Value::Object(members)))
    });
    half.payload = Some(Payload { alternative, ..super::composed(text_of(body), value, bound.origins) });
    half
}

/// A body's members without those that belong elsewhere, each of which is a flaw.
fn without_bound(mut members: Map<String, Value>, shaped: &Shaped<'_>) -> (Map<String, Value>, Vec<Flaw>) {
    let mut strays = Vec::new();
    for (key, member) in member_keys(shaped.structure, Encoding::Wire) {
        if !is_in_body(member, shaped.direction) && members.shift_remove(key).is_some() {
            let kind = FlawKind::Stray { name: key.to_owned(), place: "body" };
            strays.push(Flaw { direction: shaped.direction, pointer: child("", key), kind });
        }
    }
    (members, strays)
}

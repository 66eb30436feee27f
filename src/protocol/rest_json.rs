//! restJson1: members in path, query string and headers, the others in a JSON body.

use serde_json::{Map, Value};

use super::bindings::{self, Bound, all_in_body, is_in_body};
use super::{Call, Half, Shaped, Wire, json_body, payload};
use crate::model::{Direction, Encoding, Protocol};
use crate::recording::json::child;
use crate::recording::{Flaw, FlawKind, HttpResponse, Payload, Written};
use crate::schema::member_keys;

pub(super) struct RestJson;

impl Wire for RestJson {
    fn protocol(&self) -> Protocol {
        Protocol::RestJson
    }

    fn request<'h>(&self, call: &Call<'_, 'h>) -> Half<'h> {
        let Some(structure) = super::input(call.service, call.routed.operation) else { return Half::empty() };
        let shaped = Shaped { structure, direction: Direction::Request };
        let bound = bindings::of_request(call, structure);
        half(call, bound, &shaped, call.http.request.body.as_ref())
    }

    fn response<'h>(&self, call: &Call<'_, 'h>, response: &'h HttpResponse<'h>, shaped: &Shaped<'_>) -> Half<'h> {
        let bound = bindings::of_response(call.service, response, shaped.structure);
        half(call, bound, shaped, response.body.as_ref())
    }

    fn error_code(&self, response: &HttpResponse<'_>) -> Option<String> {
        let header = response.headers.get("x-amzn-errortype").map(std::borrow::Cow::into_owned);
        // A success may have members called `code`; only an error's body is asked.
        let in_body = || json_body::error_code(response.body.as_ref().filter(|_| response.status >= 400));
        header.filter(|code| !code.is_empty()).or_else(in_body)
    }

    fn media_types(&self) -> &'static [&'static str] {
        &["application/json"]
    }
}

/// Joins what is bound outside of the body with what is in it.
fn half<'h>(call: &Call<'_, 'h>, mut bound: Bound, shaped: &Shaped<'_>, body: Option<&'h Written<'h>>) -> Half<'h> {
    let direction = shaped.direction;
    let mut half = Half { flaws: std::mem::take(&mut bound.flaws), ..Half::default() };
    if let Some(member) = shaped.structure.payload.as_deref().and_then(|name| shaped.structure.member(name)) {
        payload::insert(call.service, shaped, member, body, &mut bound, &mut half, |text, direction| {
            json_body::parse(text, direction)
        });
        half.payload = Some(super::composed(text_of(body), Value::Object(bound.values), bound.origins));
        return half;
    }
    let text = match body.map(|body| json_body::text(body, direction)) {
        None => None,
        Some(Ok(text)) => Some(text),
        Some(Err(flaw)) => {
            bound.origins.partial = true;
            half.flaws.push(flaw);
            None
        }
    };
    if let Some(text) = text
        && all_in_body(shaped.structure)
        && bound.values.is_empty()
    {
        // Whether it is JSON at all is seen as it is judged, without values being built.
        half.payload = Some(Payload::text(text, Encoding::Wire));
        return half;
    }
    let parsed = match text.map(|text| json_body::parse(text, direction)) {
        None => Value::Object(Map::new()),
        Some(Ok((value, repeated))) => {
            bound.origins.repeated = repeated;
            value
        }
        Some(Err(flaw)) => {
            bound.origins.partial = true;
            half.flaws.push(flaw);
            Value::Object(Map::new())
        }
    };
    let value = match parsed {
        Value::Object(members) => {
            let (members, strays) = without_bound(members, shaped);
            half.flaws.extend(strays);
            let mut joined = bound.values;
            joined.extend(members);
            Value::Object(joined)
        }
        other => other,
    };
    half.payload = Some(super::composed(text.unwrap_or("{}"), value, bound.origins));
    half
}

/// A body's members without those that belong elsewhere, each of which is a flaw.
fn without_bound(mut members: Map<String, Value>, shaped: &Shaped<'_>) -> (Map<String, Value>, Vec<Flaw>) {
    let mut strays = Vec::new();
    for (key, member) in member_keys(shaped.structure, Encoding::Wire) {
        if !is_in_body(member) && members.shift_remove(key).is_some() {
            let kind = FlawKind::Stray { name: key.to_owned(), place: "body" };
            strays.push(Flaw { direction: shaped.direction, pointer: child("", key), kind });
        }
    }
    (members, strays)
}

fn text_of<'h>(body: Option<&'h Written<'_>>) -> &'h str {
    body.and_then(|body| std::str::from_utf8(&body.bytes).ok()).unwrap_or_default()
}

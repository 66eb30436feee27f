//! restJson1: members in path, query string and headers, the others in a JSON body.

use serde_json::Value;

use super::bindings::{self, Bound, all_in_body};
use super::payload::Target;
use super::rest;
use super::{Call, Half, Shaped, Wire, body, json_body};
use crate::model::{Direction, Encoding, Protocol, Service};
use crate::recording::{Flaw, HttpResponse, Origin, Origins, Payload, Written};

pub(super) struct RestJson;

impl Wire for RestJson {
    fn protocol(&self) -> Protocol {
        Protocol::RestJson
    }

    fn request<'h>(&self, call: &Call<'_, 'h>) -> Half<'h> {
        let Some(shaped) = call.input() else { return Half::empty() };
        let bound = bindings::of_request(call, shaped.structure);
        half(call, bound, &shaped, call.http.request.body.as_ref())
    }

    fn response<'h>(&self, call: &Call<'_, 'h>, response: &'h HttpResponse<'h>, shaped: &Shaped<'_>) -> Half<'h> {
        let bound = bindings::of_response(call.service, response, shaped.structure);
        half(call, bound, shaped, response.body.as_ref())
    }

    fn error_code(&self, _: &Call<'_, '_>, response: &HttpResponse<'_>) -> Option<String> {
        let header = response.headers.get("x-amzn-errortype").map(std::borrow::Cow::into_owned);
        // A success may have members called `code`; only an error's body is asked.
        let in_body = || json_body::error_code(response.body.as_ref().filter(|_| response.status >= 400));
        header.filter(|code| !code.is_empty()).or_else(in_body)
    }

    fn unreadable_error(&self, response: &HttpResponse<'_>) -> Option<Flaw> {
        json_body::unreadable(response.body.as_ref())
    }

    fn media_types(&self, _: &Service, _: Direction) -> &'static [&'static str] {
        &["application/json"]
    }
}

/// Joins what is bound outside of the body with what is in it.
fn half<'h>(call: &Call<'_, 'h>, bound: Bound, shaped: &Shaped<'_>, body: Option<&'h Written<'h>>) -> Half<'h> {
    let direction = shaped.direction;
    if let Some(Ok(text)) = body.map(|body| body::text(body, direction))
        && all_in_body(shaped)
        && bound.values.is_empty()
    {
        // Whether it is JSON at all is seen as it is judged, without values being built.
        return Half { payload: Some(Payload::text(text, Encoding::Wire)), flaws: bound.flaws, ..Half::default() };
    }
    rest::half(call, bound, shaped, body, &|text, target, origins| parse(text, target, direction, origins))
}

fn parse(text: &str, target: Target<'_>, direction: Direction, origins: &mut Origins) -> Result<Value, Flaw> {
    let (value, oddities) = json_body::parse(text, direction)?;
    let root = match target {
        Target::Members => "",
        Target::Payload(_, pointer) => {
            origins.insert(pointer.to_owned(), Origin::Body(String::new()));
            pointer
        }
    };
    origins.repeated = oddities.repeated.into_iter().map(|below| format!("{root}{below}")).collect();
    origins.rounded = oddities.rounded.into_iter().map(|(below, text)| (format!("{root}{below}"), text)).collect();
    Ok(value)
}

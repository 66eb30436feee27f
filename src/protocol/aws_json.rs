//! awsJson1.0 and awsJson1.1: `X-Amz-Target` names the operation, everything else is a JSON body.

use super::body::{text, text_of};
use super::cbor::Unit;
use super::{Call, Half, Shaped, Wire, cbor_body, event_stream, json_body};
use crate::model::{Direction, Encoding, Protocol, Service};
use crate::recording::{Flaw, Headers, HttpResponse, Payload, Written};

pub(super) struct AwsJson;

impl Wire for AwsJson {
    fn protocol(&self) -> Protocol {
        Protocol::AwsJson
    }

    fn request<'h>(&self, call: &Call<'_, 'h>) -> Half<'h> {
        let empty = crate::model::Structure::default();
        let nothing = Shaped { structure: &empty, direction: Direction::Request };
        let request = &call.http.request;
        half(call.service, &request.headers, request.body.as_ref(), &call.input().unwrap_or(nothing))
    }

    fn response<'h>(&self, call: &Call<'_, 'h>, response: &'h HttpResponse<'h>, shaped: &Shaped<'_>) -> Half<'h> {
        half(call.service, &response.headers, response.body.as_ref(), shaped)
    }

    fn error_code(&self, call: &Call<'_, '_>, response: &HttpResponse<'_>) -> Option<String> {
        let in_body = |body: &Written<'_>| {
            if is_cbor(&response.headers) {
                cbor_body::error_code(call.service, body)
            } else {
                json_body::error_code(Some(body))
            }
        };
        let body = response.body.as_ref().filter(|_| response.status >= 400);
        // Services that once spoke awsQuery say the old code in a header; the body's is the model's.
        body.and_then(in_body).or_else(|| response.headers.get("x-amzn-errortype").map(std::borrow::Cow::into_owned))
    }

    fn unreadable_error(&self, response: &HttpResponse<'_>) -> Option<Flaw> {
        if is_cbor(&response.headers) { None } else { json_body::unreadable(response.body.as_ref()) }
    }

    fn media_types(&self, service: &Service, _: Direction) -> &'static [&'static str] {
        match service.json_version.as_deref() {
            Some("1.0") => &["application/x-amz-json-1.0", CBOR],
            Some("1.1") => &["application/x-amz-json-1.1", CBOR],
            _ => &["application/x-amz-json-1.1", "application/x-amz-json-1.0", CBOR],
        }
    }
}

/// What clients of some services (Kinesis) may write in place of JSON: the same members in CBOR.
const CBOR: &str = "application/x-amz-cbor-1.1";

fn is_cbor(headers: &Headers<'_>) -> bool {
    headers.media_type().as_deref() == Some(CBOR)
}

fn half<'h>(service: &Service, headers: &Headers<'_>, body: Option<&'h Written<'h>>, shaped: &Shaped<'_>) -> Half<'h> {
    let Some(body) = body else { return Half::empty() };
    if is_cbor(headers) {
        return cbor_body::half(service, Some(body), shaped, Unit::Milliseconds);
    }
    let direction = shaped.direction;
    if let Some((key, _)) = event_stream::member(service, shaped) {
        return event_stream::half(key, text_of(Some(body)), &body.bytes, direction, |bytes, at, origins| {
            let initial = Written { bytes: bytes.into(), ..body.clone() };
            let parsed = text(&initial, direction).and_then(|text| json_body::parse(text, direction));
            let (value, oddities) = parsed.map_err(|flaw| event_stream::moved(flaw, at))?;
            (origins.repeated, origins.rounded) = (oddities.repeated, oddities.rounded);
            Ok(value)
        });
    }
    // Whether it is JSON at all is seen as it is judged, without values being built.
    match text(body, direction) {
        Ok(text) => Half { payload: Some(Payload::text(text, Encoding::Wire)), ..Half::default() },
        Err(flaw) => Half { flaws: vec![flaw], ..Half::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::embedded;

    #[test]
    fn each_version_has_a_media_type_of_its_own() {
        let mut service =
            embedded::find("cleanrooms").and_then(embedded::Embedded::load).expect("it is built in").service;
        let mut of = |version: Option<&str>| {
            service.json_version = version.map(Into::into);
            let types = AwsJson.media_types(&service, Direction::Request);
            ["application/x-amz-json-1.0", "application/x-amz-json-1.1", CBOR].map(|own| types.contains(&own))
        };
        assert_eq!(of(Some("1.0")), [true, false, true]);
        assert_eq!(of(Some("1.1")), [false, true, true]);
        assert_eq!(of(None), [true, true, true], "a model that does not say");
    }
}

//! awsJson1.0 and awsJson1.1: `X-Amz-Target` names the operation, everything else is a JSON body.

use super::body::{text, text_of};
use super::{Call, Half, Shaped, Wire, event_stream, json_body};
use crate::model::{Direction, Encoding, Protocol, Service};
use crate::recording::{HttpResponse, Payload, Written};

pub(super) struct AwsJson;

impl Wire for AwsJson {
    fn protocol(&self) -> Protocol {
        Protocol::AwsJson
    }

    fn request<'h>(&self, call: &Call<'_, 'h>) -> Half<'h> {
        let body = call.http.request.body.as_ref();
        let empty = crate::model::Structure::default();
        let nothing = Shaped { structure: &empty, direction: Direction::Request };
        half(call.service, body, &call.input().unwrap_or(nothing))
    }

    fn response<'h>(&self, call: &Call<'_, 'h>, response: &'h HttpResponse<'h>, shaped: &Shaped<'_>) -> Half<'h> {
        half(call.service, response.body.as_ref(), shaped)
    }

    fn error_code(&self, _: &Call<'_, '_>, response: &HttpResponse<'_>) -> Option<String> {
        let in_body = || json_body::error_code(response.body.as_ref().filter(|_| response.status >= 400));
        // Services that once spoke awsQuery say the old code in a header; the body's is the model's.
        in_body().or_else(|| response.headers.get("x-amzn-errortype").map(std::borrow::Cow::into_owned))
    }

    fn media_types(&self, _: Direction) -> &'static [&'static str] {
        &["application/x-amz-json-1.1", "application/x-amz-json-1.0"]
    }
}

fn half<'h>(service: &Service, body: Option<&'h Written<'h>>, shaped: &Shaped<'_>) -> Half<'h> {
    let Some(body) = body else { return Half::empty() };
    let direction = shaped.direction;
    if let Some((key, _)) = event_stream::member(service, shaped) {
        return event_stream::half(key, text_of(Some(body)), &body.bytes, direction, |bytes, at, origins| {
            let initial = Written { bytes: bytes.into(), ..body.clone() };
            let parsed = text(&initial, direction).and_then(|text| json_body::parse(text, direction));
            let (value, repeated) = parsed.map_err(|flaw| event_stream::moved(flaw, at))?;
            origins.repeated = repeated;
            Ok(value)
        });
    }
    // Whether it is JSON at all is seen as it is judged, without values being built.
    match text(body, direction) {
        Ok(text) => Half { payload: Some(Payload::text(text, Encoding::Wire)), ..Half::default() },
        Err(flaw) => Half { flaws: vec![flaw], ..Half::default() },
    }
}

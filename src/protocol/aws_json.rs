//! awsJson1.0 and awsJson1.1: `X-Amz-Target` names the operation, everything else is a JSON body.

use super::{Call, Half, Shaped, Wire, json_body};
use crate::model::{Direction, Encoding, Protocol};
use crate::recording::{HttpResponse, Payload, Written};

pub(super) struct AwsJson;

impl Wire for AwsJson {
    fn protocol(&self) -> Protocol {
        Protocol::AwsJson
    }

    fn request<'h>(&self, call: &Call<'_, 'h>) -> Half<'h> {
        half(call.http.request.body.as_ref(), Direction::Request)
    }

    fn response<'h>(&self, _: &Call<'_, 'h>, response: &'h HttpResponse<'h>, shaped: &Shaped<'_>) -> Half<'h> {
        half(response.body.as_ref(), shaped.direction)
    }

    fn error_code(&self, response: &HttpResponse<'_>) -> Option<String> {
        let in_body = || json_body::error_code(response.body.as_ref().filter(|_| response.status >= 400));
        // Services that once spoke awsQuery say the old code in a header; the body's is the model's.
        in_body().or_else(|| response.headers.get("x-amzn-errortype").map(std::borrow::Cow::into_owned))
    }

    fn media_types(&self) -> &'static [&'static str] {
        &["application/x-amz-json-1.1", "application/x-amz-json-1.0"]
    }
}

fn half<'h>(body: Option<&'h Written<'h>>, direction: Direction) -> Half<'h> {
    let Some(body) = body else { return Half::empty() };
    // Whether it is JSON at all is seen as it is judged, without values being built.
    match json_body::text(body, direction) {
        Ok(text) => Half { payload: Some(Payload::text(text, Encoding::Wire)), ..Half::default() },
        Err(flaw) => Half { flaws: vec![flaw], ..Half::default() },
    }
}

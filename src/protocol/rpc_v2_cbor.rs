//! rpcv2Cbor: the path names service and operation, everything else is a CBOR body.

use serde_json::Value;

use super::body::text_of;
use super::cbor::CborReader;
use super::{Call, Half, Shaped, Wire, event_stream};
use crate::model::{Direction, Protocol, Service, Structure};
use crate::recording::{HttpResponse, Origins, Written};

pub(super) struct RpcV2Cbor;

impl Wire for RpcV2Cbor {
    fn protocol(&self) -> Protocol {
        Protocol::RpcV2Cbor
    }

    fn request<'h>(&self, call: &Call<'_, 'h>) -> Half<'h> {
        let Some(shaped) = call.input() else { return Half::empty() };
        half(call.service, call.http.request.body.as_ref(), &shaped)
    }

    fn response<'h>(&self, call: &Call<'_, 'h>, response: &'h HttpResponse<'h>, shaped: &Shaped<'_>) -> Half<'h> {
        half(call.service, response.body.as_ref(), shaped)
    }

    fn error_code(&self, call: &Call<'_, '_>, response: &HttpResponse<'_>) -> Option<String> {
        let body = response.body.as_ref().filter(|_| response.status >= 400)?;
        let structure = Structure::default();
        let shaped = Shaped { structure: &structure, direction: Direction::Response };
        let in_body = half(call.service, Some(body), &shaped).payload.and_then(|payload| {
            let code = payload.value?.get("__type")?.as_str()?.to_owned();
            Some(code)
        });
        // Services that once spoke awsQuery say its code there, and whose fault it is.
        let in_header = || {
            let header = response.headers.get("x-amzn-query-error")?;
            let code = header.split(';').next().unwrap_or_default().trim();
            (!code.is_empty()).then(|| code.to_owned())
        };
        in_body.or_else(in_header)
    }

    fn media_types(&self, _: Direction) -> &'static [&'static str] {
        &["application/cbor"]
    }
}

fn half<'h>(service: &Service, body: Option<&'h Written<'h>>, shaped: &Shaped<'_>) -> Half<'h> {
    let Some(body) = body else { return Half::empty() };
    let (structure, direction) = (shaped.structure, shaped.direction);
    let mut flaws = Vec::new();
    let mut read = |bytes: &[u8], from: usize, origins: &mut Origins| {
        let mut reader = CborReader { service, direction, origins, flaws: Vec::new() };
        let value = reader.body(structure, bytes, from);
        flaws = reader.flaws;
        value
    };
    let text = text_of(Some(body));
    let mut half = if let Some((key, _)) = event_stream::member(service, shaped) {
        event_stream::half(key, text, &body.bytes, direction, read)
    } else {
        let mut origins = Origins::default();
        let mut half = Half::default();
        let value = read(&body.bytes, 0, &mut origins).unwrap_or_else(|flaw| {
            origins.partial = true;
            half.flaws.push(flaw);
            Value::Object(serde_json::Map::new())
        });
        half.payload = Some(super::composed(text, value, origins));
        half
    };
    half.flaws.extend(flaws);
    half
}

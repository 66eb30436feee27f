//! Bodies of CBOR: the part that rpcv2Cbor and awsJson, where it is negotiated, share.

use serde_json::Value;

use super::body::text_of;
use super::cbor::{CborReader, Unit};
use super::{Half, Shaped, event_stream};
use crate::model::{Direction, Service, Structure};
use crate::recording::{Origins, Written};

/// The values of a body.
pub(super) fn half<'h>(service: &Service, body: Option<&'h Written<'h>>, shaped: &Shaped<'_>, unit: Unit) -> Half<'h> {
    let Some(body) = body else { return Half::empty() };
    let (structure, direction) = (shaped.structure, shaped.direction);
    let mut flaws = Vec::new();
    let mut read = |bytes: &[u8], from: usize, origins: &mut Origins| {
        let mut reader = CborReader { service, direction, unit, origins, flaws: Vec::new() };
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

/// The code within an error's body.
pub(super) fn error_code(service: &Service, body: &Written<'_>) -> Option<String> {
    let structure = Structure::default();
    let shaped = Shaped { structure: &structure, direction: Direction::Response };
    let payload = half(service, Some(body), &shaped, Unit::Seconds).payload?;
    Some(payload.value?.get("__type")?.as_str()?.to_owned())
}

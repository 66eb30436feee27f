//! The names that a model gives its service, read without the rest of it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::document::{Document, short};
use super::service::Facts;
use super::{Losses, the_service};
use crate::ingest::aliases::Stated;

#[derive(Deserialize)]
struct Model<'t> {
    #[serde(borrow)]
    shapes: BTreeMap<&'t str, Shape<'t>>,
}

/// A shape of which nothing is parsed yet.
#[derive(Deserialize)]
struct Shape<'t> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'t RawValue>,
    #[serde(borrow)]
    traits: Option<&'t RawValue>,
    #[serde(borrow)]
    mixins: Option<&'t RawValue>,
    version: Option<Value>,
}

/// Reads what a model of one service calls it. What is no such model states nothing.
pub(in crate::ingest) fn stated(text: &[u8]) -> Stated {
    quickly(text).or_else(|| thoroughly(text)).unwrap_or_default()
}

/// The names where the service's own shape states them: a fraction of the time that reading all shapes takes.
fn quickly(text: &[u8]) -> Option<Stated> {
    let model: Model = serde_json::from_slice(text).ok()?;
    let is_service = |shape: &Shape| shape.kind.is_some_and(|kind| kind.get() == "\"service\"");
    let mut services = model.shapes.into_iter().filter(|(_, shape)| is_service(shape));
    let (id, shape) = services.next().filter(|(_, shape)| shape.mixins.is_none())?;
    if services.next().is_some() {
        return None;
    }
    let traits: Value = serde_json::from_str(shape.traits?.get()).ok()?;
    let sdk_id = traits["aws.api#service"]["sdkId"].as_str().map(str::to_owned);
    Some(Stated {
        service_id: Some(sdk_id.unwrap_or_else(|| short(id).to_owned())),
        shape: Some(short(id).to_owned()),
        identity: None,
        api_version: shape.version.as_ref().and_then(Value::as_str).map(str::to_owned),
    })
}

fn thoroughly(text: &[u8]) -> Option<Stated> {
    let document = Document::read(text).ok()?;
    let (id, written) = the_service(&document).ok()?;
    Some(Facts::read(&id, &written, &mut Losses::default()).ok()?.stated(&id))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn model(service: &Value) -> Vec<u8> {
        let shapes = json!({"a.b#Text": {"type": "string"}, "a.b#TheShape": service});
        json!({"smithy": "2.0", "shapes": shapes}).to_string().into_bytes()
    }

    #[test]
    fn both_ways_read_the_same() {
        let named = json!({"aws.protocols#restJson1": {}, "aws.api#service": {"sdkId": "Big Thing"}});
        let unnamed = json!({"aws.protocols#restJson1": {}});
        for (traits, id) in [(named, "Big Thing"), (unnamed, "TheShape")] {
            let text = model(&json!({"type": "service", "version": "2020-01-01", "traits": traits}));
            let read = quickly(&text).expect("a service");
            assert_eq!((read.service_id.as_deref(), read.shape.as_deref()), (Some(id), Some("TheShape")));
            assert_eq!(read.api_version.as_deref(), Some("2020-01-01"));
            assert_eq!(thoroughly(&text), Some(read));
        }
    }

    #[test]
    fn what_is_no_model_of_one_service_states_nothing() {
        let without = json!({"type": "structure"});
        for text in [&b""[..], b"[]", b"{\"smithy\": \"2.0\", \"shapes\": 1}", &model(&without)] {
            assert_eq!(stated(text), Stated::default(), "{}", String::from_utf8_lossy(text));
        }
    }
}

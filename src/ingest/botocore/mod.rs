//! botocore models: one `service-2.json` → [`Service`].
//!
//! Source of the format: the JSON files that botocore and the AWS CLI ship. Prose (`documentation` and the messages of
//! deprecations) is left out on purpose. Every other key that has no place in the model is a [`Loss`](super::Loss).
//! Where the files are found is the business of [`super::source`].

pub(super) mod companions;
mod operations;
mod prose;
mod query_names;
mod shapes;
mod stated;
pub(super) mod unread;

use std::collections::BTreeMap;

use serde_json::Value;

use self::stated::Metadata;
pub(super) use self::stated::stated;
use super::aliases::Stated;
use super::fields::{Fields, Losses};
use super::json::Json;
use super::nesting::check_nesting;
use super::targets::check_targets;
use super::{Dialect, Identity, Ingested};
use crate::counters::MODELS;
use crate::error::{Error, Result};
use crate::model::{Companions, Correction, Fact, Operation, Protocol, Routes, Service, Shapes};

/// Whether a parsed JSON file is a botocore model.
fn is_model(document: &Json<'_>) -> bool {
    ["metadata", "operations", "shapes"].iter().all(|name| matches!(document.get(name), Some(Json::Object(_))))
}

/// Reads a model. `own` is the name of its folder, which names the service where the model states no service id; without
/// one the endpoint prefix does.
///
/// # Errors
/// The text is no JSON, no botocore model, or names shapes that it does not define.
pub fn parse(text: &[u8], own: Option<&str>) -> Result<Ingested> {
    parse_corrected(text, own, |_| false, |_| Ok(Vec::new()))
}

/// The same of a model that is corrected as it is read. `may_correct` says whether anything may change, by the service id that
/// the model states; of a model that nothing changes no values are made.
pub(super) fn parse_corrected(
    text: &[u8],
    own: Option<&str>,
    may_correct: impl FnOnce(Option<&str>) -> bool,
    correct: impl FnOnce(&mut Value) -> Result<Vec<Correction>>,
) -> Result<Ingested> {
    MODELS.add(1);
    let mut document: Json<'_> = serde_json::from_slice(text).map_err(|error| Error::not_json(&error))?;
    if !is_model(&document) {
        return Err(Error::new("JSON, but no botocore model: `metadata`, `operations` and `shapes` are missing")
            .remedy("A botocore model is named service-2.json."));
    }
    let mut corrections = Vec::new();
    if may_correct(document.get("metadata").and_then(|metadata| metadata.get("serviceId")?.text())) {
        let mut value = Value::from(document);
        corrections = correct(&mut value)?;
        document = value.into();
    }
    let mut losses = Losses::default();
    let (mut service, stated) = lower(document, own, &mut losses)?;
    service.corrections = corrections;
    check_targets(&service)?;
    check_nesting(&service)?;
    losses.found.sort();
    // What was stripped of its prose says nothing of it.
    let prose = Some(losses.prose).filter(|prose| *prose != 0);
    Ok(Ingested { dialect: Dialect::Botocore, service, stated, losses: losses.found, prose })
}

/// What names a service in traffic, without the rest of its model.
///
/// # Errors
/// The text is no model.
pub fn identity(text: &[u8]) -> Result<Identity> {
    #[derive(serde::Deserialize)]
    struct Model {
        metadata: Metadata,
    }
    let model: Model = serde_json::from_slice(text).map_err(|error| Error::new(format!("no model: {error}")))?;
    Ok(model.metadata.identity())
}

/// Names of the operations, without the rest of the model.
///
/// # Errors
/// The text is no model.
pub fn operation_names(text: &[u8]) -> Result<Vec<String>> {
    #[derive(serde::Deserialize)]
    #[allow(clippy::zero_sized_map_values, reason = "it is a map in the model")]
    struct Model {
        operations: BTreeMap<String, serde::de::IgnoredAny>,
    }
    let model: Model = serde_json::from_slice(text).map_err(|error| Error::new(format!("no model: {error}")))?;
    Ok(model.operations.into_keys().collect())
}

fn lower(document: Json<'_>, own: Option<&str>, losses: &mut Losses) -> Result<(Service, Stated)> {
    let mut top = Fields::new(document, "")?;
    let metadata = top.object("metadata")?;
    let operations = operations::lower(top.object("operations")?, losses)?;
    let shapes = shapes::lower(top.object("shapes")?, losses)?.into();
    let lowered = assemble(Parts { metadata, operations, shapes }, own, losses)?;
    top.ignore(&["version", "examples"]);
    top.finish(losses);
    Ok(lowered)
}

/// The parts of a model.
struct Parts<'t> {
    metadata: Fields<'t>,
    operations: BTreeMap<String, Operation>,
    shapes: Shapes,
}

fn assemble(parts: Parts<'_>, own: Option<&str>, losses: &mut Losses) -> Result<(Service, Stated)> {
    let Parts { metadata: mut meta, operations, shapes } = parts;
    let (service_id, api_version) = (meta.text("serviceId")?, meta.text("apiVersion")?);
    let stated = Stated { service_id, api_version: api_version.clone(), ..Stated::default() };
    let full_name = meta.text("serviceFullName")?;
    let endpoint_prefix = meta.text("endpointPrefix")?;
    let signing_name = meta.text("signingName")?.or_else(|| endpoint_prefix.clone());
    let name = stated
        .name(own)
        .or_else(|| endpoint_prefix.as_deref().map(str::to_lowercase))
        .ok_or_else(|| Error::new("the model does not name its service").at("metadata.serviceId"))?;
    let protocols = protocols(&mut meta)?;
    // The names in awsQuery stand in the model as long as that lists awsQuery.
    let speaks_query = protocols.known().is_some_and(|protocols| protocols.contains(&Protocol::AwsQuery));
    let is_compatible = meta.has("awsQueryCompatible");
    let mut service = Service {
        full_name: full_name.unwrap_or_else(|| name.clone()),
        name,
        api_version: api_version.map_or(Fact::Unknown, Fact::Known),
        release: Fact::Unknown,
        endpoint_prefix: endpoint_prefix.map_or(Fact::Unknown, Fact::Known),
        signing_name: signing_name.map_or(Fact::Unknown, Fact::Known),
        signature_version: meta.text("signatureVersion")?.map_or(Fact::Unknown, Fact::Known),
        auth_schemes: meta.texts("auth")?.map_or(Fact::Unknown, Fact::Known),
        target_prefix: meta.text("targetPrefix")?,
        json_version: meta.text("jsonVersion")?,
        protocols,
        in_query: None,
        operations,
        shapes,
        companions: Companions::default(),
        corrections: Vec::new(),
        routes: Routes::default(),
    };
    if is_compatible && !speaks_query {
        service.in_query = Some(query_names::in_query(&service, stated.service_id.as_deref()));
    }
    // Names for people, and what only endpoint choice needs.
    meta.ignore(&["serviceAbbreviation", "uid", "globalEndpoint", "ripServiceName"]);
    meta.finish(losses);
    Ok((service, stated))
}

fn protocols(meta: &mut Fields) -> Result<Fact<Vec<Protocol>>> {
    let mut names = meta.texts("protocols")?.unwrap_or_default();
    if let Some(single) = meta.text("protocol")?
        && !names.contains(&single)
    {
        names.push(single);
    }
    let mut known = Vec::new();
    for name in &names {
        known.push(match name.as_str() {
            "rest-json" => Protocol::RestJson,
            "json" => Protocol::AwsJson,
            "rest-xml" => Protocol::RestXml,
            "query" => Protocol::AwsQuery,
            "ec2" => Protocol::Ec2Query,
            "smithy-rpc-v2-cbor" => Protocol::RpcV2Cbor,
            other => return Err(Error::new(format!("unknown protocol {other:?}")).at("metadata.protocols")),
        });
    }
    Ok(if known.is_empty() { Fact::Unknown } else { Fact::Known(known) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn model(shapes: &Value) -> Vec<u8> {
        json!({
            "version": "2.0",
            "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "thing", "protocols": ["rest-json", "json"],
                "protocol": "json", "serviceFullName": "Thing Service", "serviceId": "Big Thing"},
            "operations": {"GetThing": {"name": "GetThing", "http": {"method": "GET", "requestUri": "/things/{id}"},
                "input": {"shape": "GetThingInput"}, "errors": [{"shape": "Gone"}], "surprise": 1}},
            "shapes": shapes,
        })
        .to_string()
        .into_bytes()
    }

    #[test]
    fn reads_what_a_contract_needs_and_counts_the_rest() {
        let text = model(&json!({
            "GetThingInput": {"type": "structure", "required": ["id"], "members": {
                "id": {"shape": "Id", "location": "uri", "locationName": "thingId", "documentation": "prose"},
                "since": {"shape": "When", "location": "querystring", "locationName": "since", "contextParam": {}}}},
            "Id": {"type": "string", "min": 1, "max": 36, "pattern": "[a-z]+"},
            "When": {"type": "timestamp", "timestampFormat": "iso8601"},
            "Gone": {"type": "structure", "members": {}, "exception": true,
                "error": {"code": "GoneFault", "httpStatusCode": 410, "senderFault": true}},
        }));
        let ingested = parse(&text, None).expect("a sound model");
        let service = &ingested.service;
        assert_eq!(service.name, "big-thing");
        assert_eq!(service.protocols, Fact::Known(vec![Protocol::RestJson, Protocol::AwsJson]));
        assert_eq!(service.protocol(), Some(Protocol::AwsJson), "clients have an order of their own");
        insta::assert_debug_snapshot!(service.operations);
        insta::assert_debug_snapshot!(service.shapes);
        let lost: Vec<_> = ingested.losses.iter().map(|loss| format!("{} {}", loss.place, loss.what)).collect();
        assert_eq!(lost, ["operations.GetThing surprise", "shapes.GetThingInput.members.since contextParam"]);
    }

    #[test]
    fn refuses_a_target_that_is_not_defined() {
        let text = model(&json!({"GetThingInput": {"type": "structure", "members": {"id": {"shape": "Id"}}}}));
        let error = parse(&text, None).expect_err("Gone and Id are missing");
        assert!(error.cause().contains("not defined"), "{error}");
    }

    #[test]
    fn refuses_what_is_no_model() {
        for (text, cause) in [(&b"{\"a\": 1}"[..], "no botocore model"), (b"{", "not JSON"), (b"\xff", "not JSON")] {
            let error = parse(text, None).expect_err("no model");
            assert!(error.cause().contains(cause), "{error}");
        }
        let error = parse(&model(&json!({"X": {"type": "quux"}})), None).expect_err("unknown type");
        assert!(error.to_string().contains("quux"), "{error}");
    }
}

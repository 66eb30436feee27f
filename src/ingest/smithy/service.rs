//! What a model says of the service as a whole.

use super::document::short;
use super::raw::RawShape;
use super::traits::{NAMES_FOR_PEOPLE, of};
use crate::error::{Error, Result};
use crate::ingest::Identity;
use crate::ingest::aliases::Stated;
use crate::ingest::bodies::namespace;
use crate::ingest::fields::{Fields, Losses};
use crate::model::Protocol;

/// Protocol traits, the one that AWS's clients prefer first, with the version of awsJson.
const PROTOCOLS: [(&str, Protocol, Option<&str>); 7] = [
    ("smithy.protocols#rpcv2Cbor", Protocol::RpcV2Cbor, None),
    ("aws.protocols#awsJson1_0", Protocol::AwsJson, Some("1.0")),
    ("aws.protocols#awsJson1_1", Protocol::AwsJson, Some("1.1")),
    ("aws.protocols#restJson1", Protocol::RestJson, None),
    ("aws.protocols#restXml", Protocol::RestXml, None),
    ("aws.protocols#awsQuery", Protocol::AwsQuery, None),
    ("aws.protocols#ec2Query", Protocol::Ec2Query, None),
];
/// Traits that are signing schemes, in the order in which they are preferred where the model names none.
const AUTH: [&str; 7] = [
    "aws.auth#cognitoUserPools",
    "aws.auth#sigv4",
    "aws.auth#sigv4a",
    "smithy.api#httpApiKeyAuth",
    "smithy.api#httpBasicAuth",
    "smithy.api#httpBearerAuth",
    "smithy.api#httpDigestAuth",
];

/// The facts of a service shape.
#[derive(Clone)]
pub(super) struct Facts {
    /// The service id of SDKs, or the shape's name.
    pub(super) sdk_id: String,
    pub(super) title: Option<String>,
    pub(super) api_version: Option<String>,
    pub(super) endpoint_prefix: String,
    pub(super) signing_name: Option<String>,
    pub(super) auth_schemes: Vec<String>,
    pub(super) protocols: Vec<Protocol>,
    pub(super) json_version: Option<String>,
    /// Clients of awsQuery, which the service spoke before, are still answered.
    pub(super) query_compatible: bool,
    /// The name of the service in `X-Amz-Target` and in the paths of rpcv2.
    pub(super) target_prefix: Option<String>,
    /// Namespace of XML elements.
    pub(super) xml_namespace: Option<String>,
    /// How operations are paged that do not say otherwise.
    pub(super) paginated: Option<serde_json::Value>,
    /// The endpoint rules as they are written.
    pub(super) endpoint_rules: Option<serde_json::Value>,
}

impl Facts {
    /// Reads the service of that id.
    pub(super) fn read(id: &str, service: &RawShape, losses: &mut Losses) -> Result<Self> {
        let mut traits = of(service, "")?;
        let shape_name = short(id).to_owned();
        let (sdk_id, endpoint_prefix) = names(&mut traits, &shape_name, losses)?;
        let (protocols, json_version) = protocols(id, &mut traits, losses)?;
        let speaks = |protocol| protocols.contains(&protocol);
        let has_target = speaks(Protocol::AwsJson) || speaks(Protocol::RpcV2Cbor);
        let (auth_schemes, signing_name) = auth(&mut traits, losses)?;
        let facts = Self {
            sdk_id,
            title: traits.text("smithy.api#title")?,
            api_version: service.get("version").and_then(serde_json::Value::as_str).map(str::to_owned),
            endpoint_prefix,
            signing_name,
            auth_schemes,
            json_version,
            query_compatible: traits.has("aws.protocols#awsQueryCompatible"),
            target_prefix: has_target.then_some(shape_name),
            xml_namespace: namespace(&mut traits, "smithy.api#xmlNamespace", losses)?,
            paginated: traits.value("smithy.api#paginated"),
            endpoint_rules: traits
                .value("smithy.rules#endpointRuleSet")
                .or_else(|| traits.value("smithy.rules#endpointBdd")),
            protocols,
        };
        super::traits::finish(traits, losses);
        Ok(facts)
    }

    /// The protocol whose names and places count.
    pub(super) fn protocol(&self) -> Option<Protocol> {
        Protocol::chosen(&self.protocols)
    }

    /// The same facts of the service as clients of awsQuery see it, where it answers these beside others.
    pub(super) fn in_query(&self) -> Option<Self> {
        let answers = self.query_compatible || self.protocols.contains(&Protocol::AwsQuery);
        let is_other = self.protocol() != Some(Protocol::AwsQuery);
        (answers && is_other).then(|| Self { protocols: vec![Protocol::AwsQuery], ..self.clone() })
    }

    /// The names of the service, whose shape has that id.
    pub(super) fn stated(&self, id: &str) -> Stated {
        Stated {
            service_id: Some(self.sdk_id.clone()),
            shape: Some(short(id).to_owned()),
            identity: None,
            api_version: self.api_version.clone(),
        }
    }

    /// What names the service in traffic.
    pub(super) fn identity(self) -> Identity {
        Identity {
            signing_name: self.signing_name,
            endpoint_prefix: Some(self.endpoint_prefix),
            target_prefix: self.target_prefix,
            api_version: self.api_version,
        }
    }
}

/// The service id of SDKs and the endpoint prefix, with what they default to.
fn names(traits: &mut Fields, shape_name: &str, losses: &mut Losses) -> Result<(String, String)> {
    let by_default = (shape_name.to_owned(), shape_name.to_lowercase());
    let Some(mut service) = traits.opt_object("aws.api#service")? else { return Ok(by_default) };
    let sdk_id = service.text("sdkId")?.unwrap_or(by_default.0);
    let arn_namespace = service.text("arnNamespace")?.unwrap_or(by_default.1);
    let endpoint_prefix = service.text("endpointPrefix")?.unwrap_or(arn_namespace);
    service.ignore(NAMES_FOR_PEOPLE);
    service.finish(losses);
    Ok((sdk_id, endpoint_prefix))
}

/// Protocols, and the version of awsJson.
fn protocols(id: &str, traits: &mut Fields, losses: &mut Losses) -> Result<(Vec<Protocol>, Option<String>)> {
    let mut spoken = Vec::new();
    let mut json_version = None;
    for (name, protocol, version) in PROTOCOLS {
        let Some(settings) = traits.opt_object(name)? else { continue };
        settings.finish(losses);
        if !spoken.contains(&protocol) {
            spoken.push(protocol);
            json_version = json_version.or(version.map(str::to_owned));
        }
    }
    if spoken.is_empty() {
        return Err(Error::new(format!("{id} speaks none of the protocols that are known")).remedy(
            "Those of AWS and rpcv2Cbor are: restJson1, awsJson1_0, awsJson1_1, restXml, awsQuery, ec2Query.",
        ));
    }
    Ok((spoken, json_version))
}

/// Signing schemes and the name requests are signed for.
fn auth(traits: &mut Fields, losses: &mut Losses) -> Result<(Vec<String>, Option<String>)> {
    let mut offered = Vec::new();
    let mut signing_name = None;
    for name in AUTH {
        let Some(mut scheme) = traits.opt_object(name)? else { continue };
        if name.starts_with("aws.auth#sigv4") {
            let of_scheme = scheme.text("name")?;
            signing_name = signing_name.or(of_scheme);
        }
        scheme.finish(losses);
        offered.push(name.to_owned());
    }
    Ok((traits.texts("smithy.api#auth")?.unwrap_or(offered), signing_name))
}

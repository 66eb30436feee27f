//! The service as a whole: how it is spoken to and how requests are signed.

use super::{Change, Difference, same_protocol};
use crate::model::{Fact, Protocol, Service};

pub(super) fn differences(old: &Service, new: &Service) -> Vec<Difference> {
    let mut found = Vec::new();
    if let (Some(one), Some(other)) = (old.protocols.known(), new.protocols.known()) {
        match (old.protocol(), new.protocol()) {
            (Some(old), Some(new)) if old != new => found.push(Change::ProtocolChanged { old, new }),
            _ if one != other => found.push(Change::ProtocolsListChanged { old: one.clone(), new: other.clone() }),
            _ => {}
        }
    }
    let changed = |old: &Fact<String>, new: &Fact<String>| match (old, new) {
        (Fact::Known(old), Fact::Known(new)) if old != new => Some((old.clone(), new.clone())),
        _ => None,
    };
    if let Some((old, new)) = changed(&old.signing_name, &new.signing_name) {
        found.push(Change::SigningNameChanged { old, new });
    }
    if let Some((old, new)) = changed(&old.signature_version, &new.signature_version) {
        found.push(Change::SignatureVersionChanged { old, new });
    }
    if let Some((old, new)) = schemes(old).zip(schemes(new)).filter(|(old, new)| old != new) {
        found.push(Change::AuthSchemesChanged { old, new });
    }
    if let Some((old, new)) = changed(&old.endpoint_prefix, &new.endpoint_prefix) {
        found.push(Change::EndpointPrefixChanged { old, new });
    }
    found.extend(of_json(old, new));
    found.into_iter().map(Difference::of_service).collect()
}

/// What the protocols write with each request; others carry it without a meaning.
fn of_json(old: &Service, new: &Service) -> Vec<Change> {
    let mut found = Vec::new();
    let spoken = new.protocol().filter(|_| same_protocol(old, new));
    if matches!(spoken, Some(Protocol::AwsJson | Protocol::RpcV2Cbor)) && old.target_prefix != new.target_prefix {
        found.push(Change::TargetPrefixChanged { old: old.target_prefix.clone(), new: new.target_prefix.clone() });
    }
    let version = |of: &Service| of.json_version.clone().unwrap_or_else(|| "1.0".to_owned());
    if spoken == Some(Protocol::AwsJson) && version(old) != version(new) {
        found.push(Change::JsonVersionChanged { old: old.json_version.clone(), new: new.json_version.clone() });
    }
    found
}

/// Signing schemes. A model that names none signs as its version of signatures says: `v4` is `SigV4`.
pub(super) fn schemes(service: &Service) -> Option<Vec<String>> {
    let implied = || match service.signature_version.known()?.as_str() {
        "v4" | "s3v4" | "s3" => Some(vec!["aws.auth#sigv4".to_owned()]),
        "bearer" => Some(vec!["smithy.api#httpBearerAuth".to_owned()]),
        _ => None,
    };
    service.auth_schemes.known().cloned().or_else(implied)
}

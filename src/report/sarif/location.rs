//! Where a result is: in a file, and in the contract.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::ROOT;
use crate::finding::Finding;
use crate::model::Direction;
use crate::text::visible;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    pub(super) physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) logical_locations: Vec<LogicalLocation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation {
    pub(super) artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation {
    pub(super) uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    pub(super) start_line: usize,
    pub(super) start_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogicalLocation {
    pub(super) name: String,
    pub(super) fully_qualified_name: String,
    pub(super) kind: &'static str,
}

/// The operation (or service), the member (or shape) and the place in the payload.
pub(super) fn logical(finding: &Finding) -> Vec<LogicalLocation> {
    let joined = |parts: &[Option<&str>]| parts.iter().flatten().copied().collect::<Vec<_>>().join(".");
    let (service, operation) = (finding.service.as_deref(), finding.operation.as_deref());
    let (shape, member) = (finding.shape.as_deref(), finding.member.as_deref());
    let pointer = Some(finding.pointer.as_str()).filter(|pointer| !pointer.is_empty());
    let called = operation.map(|name| (name, "function")).or(service.map(|name| (name, "module")));
    let half = finding.direction.map(Direction::as_str);
    let typed = member.map(|name| (name, "member")).or(shape.map(|name| (name, "type")));
    let place = pointer.map(|pointer| (pointer.rsplit('/').next().unwrap_or_default(), "value"));
    [
        (called, joined(&[service, operation, half])),
        (typed, joined(&[service, shape, member])),
        (place, pointer.unwrap_or_default().to_owned()),
    ]
    .into_iter()
    .filter_map(|(named, whole)| named.map(|(name, kind)| (visible(name), visible(&whole), kind)))
    .map(|(name, fully_qualified_name, kind)| LogicalLocation { name, fully_qualified_name, kind })
    .collect()
}

/// A path as a URI: below the repository's root a relative one.
pub(super) fn artifact(path: &str) -> ArtifactLocation {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
    let encoded = utf8_percent_encode(path, KEPT).to_string();
    let is_drive = cfg!(windows) && path.as_bytes().get(1..3) == Some(b":/");
    let (uri, uri_base_id) = match path.starts_with('/') {
        true => (format!("file://{encoded}"), None),
        false if is_drive => (format!("file:///{}", encoded.replacen("%3A", ":", 1)), None),
        false => (encoded, Some(ROOT)),
    };
    ArtifactLocation { uri, uri_base_id }
}

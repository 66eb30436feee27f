//! Helpers for messages about snapshots.

use serde_json::Value;

use crate::finding::Finding;
use crate::model::Direction;

/// A value of the finding as text.
pub(super) fn value<'f>(finding: &'f Finding, name: &str) -> &'f str {
    finding.values.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The member, and of an error's whose it is.
pub(super) fn member(finding: &Finding) -> String {
    let path = finding.member.as_deref().unwrap_or_default();
    match (&finding.shape, finding.direction) {
        (Some(error), _) => format!("`{path}` of the error {error}"),
        (None, Some(Direction::Response)) => format!("`{path}` of the response"),
        (None, _) => format!("`{path}`"),
    }
}

/// The header or parameter.
pub(super) fn name(finding: &Finding) -> String {
    format!("`{}`", value(finding, "name"))
}

/// Behind what is about an error's answer, whose it is.
pub(super) fn of_error(finding: &Finding) -> String {
    finding.shape.as_ref().map_or_else(String::new, |error| format!(" of the error {error}"))
}

/// ` in some requests`, where it is not in all of them.
pub(super) fn share(finding: &Finding) -> &'static str {
    if value(finding, "sent") == "sometimes" { ", though not always" } else { "" }
}

/// `from a, b to c`.
pub(super) fn from_to(finding: &Finding) -> String {
    format!("from {} to {}", shown(finding, "old"), shown(finding, "new"))
}

/// A value for people: lists joined, nothing as `none`.
pub(super) fn shown(finding: &Finding, name: &str) -> String {
    match finding.values.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) if !items.is_empty() => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")
        }
        Some(Value::Number(number)) => number.to_string(),
        _ => "none".to_owned(),
    }
}

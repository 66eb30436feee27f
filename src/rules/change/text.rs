//! Helpers for messages about differences.

use serde_json::Value;

use crate::finding::Finding;

/// Names of operations that are listed before the rest is counted.
const LISTED: usize = 3;

/// What the finding is about: a member, a shape, an operation, or the service.
pub(super) fn subject(finding: &Finding) -> String {
    match (&finding.shape, &finding.member) {
        (Some(shape), Some(member)) => format!("`{member}` of {shape}"),
        (Some(shape), None) => shape.clone(),
        _ => operations(finding),
    }
}

/// The operations that are concerned.
pub(super) fn operations(finding: &Finding) -> String {
    let names = finding.values.get("operations").and_then(Value::as_array).into_iter().flatten();
    let names: Vec<&str> = names.filter_map(Value::as_str).collect();
    match names[..] {
        [] => "the service".to_owned(),
        [one] => format!("operation {one}"),
        [ref first @ .., last] if names.len() <= LISTED => format!("operations {} and {last}", first.join(", ")),
        _ => format!("{} operations ({}, …)", names.len(), names[..LISTED].join(", ")),
    }
}

/// A value of the finding as text.
pub(super) fn value<'f>(finding: &'f Finding, name: &str) -> &'f str {
    finding.values.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Whether a value of the finding is `true`.
pub(super) fn flag(finding: &Finding, name: &str) -> bool {
    finding.values.get(name).and_then(Value::as_bool).unwrap_or_default()
}

/// `from 100 to 225`.
pub(super) fn from_to(finding: &Finding) -> String {
    format!("from {} to {}", shown(finding, "old"), shown(finding, "new"))
}

/// A value of the finding for people: text as it is, lists joined, nothing as `none`.
pub(super) fn shown(finding: &Finding, name: &str) -> String {
    let text = match finding.values.get(name) {
        None | Some(Value::Null) => return "none".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(_)) => list(finding, name),
        Some(other) => other.to_string(),
    };
    shortened(&text)
}

/// The items of a list value, joined by commas.
pub(super) fn list(finding: &Finding, name: &str) -> String {
    let items = finding.values.get(name).and_then(Value::as_array).into_iter().flatten();
    let items: Vec<&str> = items.filter_map(Value::as_str).collect();
    if items.is_empty() { "none".to_owned() } else { shortened(&items.join(", ")) }
}

/// Places of a trait, the first ones by name.
pub(super) fn places(finding: &Finding) -> String {
    let items = finding.values.get("places").and_then(Value::as_array).into_iter().flatten();
    let items: Vec<&str> = items.filter_map(Value::as_str).collect();
    match &items[..] {
        [] | [""] => "the top".to_owned(),
        [one] => (*one).to_owned(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 90 {
        return text.to_owned();
    }
    let start: String = text.chars().take(87).collect();
    format!("{start}…")
}

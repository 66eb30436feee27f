//! Helpers for the sentences of rules: names of what a finding is about, and its values for people.

use serde_json::Value;

use crate::finding::Finding;
use crate::model::{Aspect, Direction, End};
pub(super) use crate::text::article;
use crate::text::{apart, shortened};

/// Names that are listed before the rest is counted.
const LISTED: usize = 3;
/// Values of an enumeration that are listed before the rest is counted.
const SOME: usize = 12;
/// Characters of a value.
const SHOWN: usize = 90;
/// Characters of a value as JSON.
const WRITTEN: usize = 60;

/// The part of a payload that a finding is about: a member, an element or key of it, or all of it.
pub(super) fn subject(finding: &Finding) -> String {
    let name = key(finding);
    let (shape, member) = match (&finding.shape, &finding.member) {
        (Some(shape), Some(member)) => (shape, member),
        (Some(shape), None) => return shape.clone(),
        _ if name.is_empty() => return "the payload".to_owned(),
        _ => return format!("`{name}`"),
    };
    match finding.aspect {
        // On the wire a member may have another name.
        Aspect::Whole if *member != name => format!("`{member}` (`{name}`) of {shape}"),
        Aspect::Whole => format!("`{member}` of {shape}"),
        Aspect::Element if name.bytes().all(|b| b.is_ascii_digit()) => {
            format!("element {name} of `{member}` of {shape}")
        }
        Aspect::Element => format!("entry {name:?} of `{member}` of {shape}"),
        Aspect::Key => format!("a key of `{member}` of {shape}"),
    }
}

/// The part of a model that a difference is about: a member, a shape, an operation, or the service.
pub(super) fn changed(finding: &Finding) -> String {
    match (&finding.shape, &finding.member) {
        (Some(shape), Some(member)) => format!("`{member}` of {shape}"),
        (Some(shape), None) => shape.clone(),
        _ => operations(finding),
    }
}

/// The member of a snapshot that a difference is about, and of an error's the error.
pub(super) fn member(finding: &Finding) -> String {
    let path = finding.member.as_deref().unwrap_or_default();
    match (&finding.shape, finding.direction) {
        (Some(error), _) => format!("`{path}` of the error {error}"),
        (None, Some(Direction::Response)) => format!("`{path}` of the response"),
        (None, _) => format!("`{path}`"),
    }
}

/// The operations that are concerned.
pub(super) fn operations(finding: &Finding) -> String {
    let names = &finding.operations[..];
    match names {
        [] => "the service".to_owned(),
        [one] => format!("operation {one}"),
        [first @ .., last] if names.len() <= LISTED => format!("operations {} and {last}", first.join(", ")),
        _ => format!("{} operations ({}, …)", names.len(), names[..LISTED].join(", ")),
    }
}

/// Behind what is about an error's answer, the error.
pub(super) fn of_error(finding: &Finding) -> String {
    finding.shape.as_ref().map_or_else(String::new, |error| format!(" of the error {error}"))
}

/// The last key or index of the finding's pointer.
pub(super) fn key(finding: &Finding) -> String {
    finding.pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~")
}

/// A value as text.
pub(super) fn value<'f>(finding: &'f Finding, name: &str) -> &'f str {
    finding.values.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The header or parameter.
pub(super) fn name(finding: &Finding) -> String {
    format!("`{}`", value(finding, "name"))
}

/// Whether a value is `true`.
pub(super) fn flag(finding: &Finding, name: &str) -> bool {
    finding.values.get(name).and_then(Value::as_bool).unwrap_or_default()
}

/// A value as JSON, shortened.
pub(super) fn json(finding: &Finding, name: &str) -> String {
    let json = finding.values.get(name).map(ToString::to_string).unwrap_or_default();
    shortened(&json, WRITTEN).into_owned()
}

/// A value for people: text as it is, lists joined by commas, nothing as `none`.
pub(super) fn shown(finding: &Finding, name: &str) -> String {
    shortened(&joined(finding, name, ", "), SHOWN).into_owned()
}

/// Values one of which applies, joined by `or`.
pub(super) fn alternatives(finding: &Finding, name: &str) -> String {
    joined(finding, name, " or ")
}

fn joined(finding: &Finding, name: &str, between: &str) -> String {
    match finding.values.get(name) {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(_)) => match texts(finding, name) {
            items if items.is_empty() => "none".to_owned(),
            items => items.join(between),
        },
        Some(other) => other.to_string(),
    }
}

/// `from 100 to 225`. Long values show where they differ.
pub(super) fn from_to(finding: &Finding) -> String {
    let [old, new] = both(finding);
    format!("from {old} to {new}")
}

/// The same of patterns and the like.
pub(super) fn code_from_to(finding: &Finding) -> String {
    let [old, new] = both(finding).map(|text| code(&text));
    format!("from {old} to {new}")
}

fn both(finding: &Finding) -> [String; 2] {
    apart(&joined(finding, "old", ", "), &joined(finding, "new", ", "), SHOWN)
}

/// A pattern or the like as code.
pub(super) fn code(text: &str) -> String {
    format!("`{text}`")
}

/// `from a or b to c`.
pub(super) fn from_any_to_any(finding: &Finding) -> String {
    format!("from {} to {}", alternatives(finding, "old"), alternatives(finding, "new"))
}

/// The items of a list value, joined by commas and before the last one by `word`.
pub(super) fn list(finding: &Finding, name: &str, word: &str) -> String {
    let mut items = texts(finding, name);
    match items.pop() {
        None => String::new(),
        Some(only) if items.is_empty() => only.to_owned(),
        Some(last) => format!("{} {word} {last}", items.join(", ")),
    }
}

/// The first item of a list value and how many more there are; `None` where it is empty.
pub(super) fn first_of(finding: &Finding, name: &str) -> Option<String> {
    match texts(finding, name)[..] {
        [] => None,
        [one] => Some(one.to_owned()),
        [first, second] => Some(format!("{first} and {second}")),
        [first, ref rest @ ..] => Some(format!("{first} and {} other places", rest.len())),
    }
}

/// The items of a list value, of many the first ones.
pub(super) fn some(finding: &Finding, name: &str) -> String {
    let items = texts(finding, name);
    match items.len().checked_sub(SOME) {
        None | Some(0) => list(finding, name, "and"),
        Some(more) => format!("{} and {more} more", items[..SOME].join(", ")),
    }
}

/// Places of a trait, the first by name.
pub(super) fn places(finding: &Finding) -> String {
    match texts(finding, "places")[..] {
        [] | [""] => "the top".to_owned(),
        [one] => one.to_owned(),
        [first, ref rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}

fn texts<'f>(finding: &'f Finding, name: &str) -> Vec<&'f str> {
    let items = finding.values.get(name).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).collect()
}

/// `, though not always`, where it is in some requests.
pub(super) fn share(finding: &Finding) -> &'static str {
    if value(finding, "sent") == "sometimes" { ", though not always" } else { "" }
}

/// `at most` or `at least`, from the finding's `bound`.
pub(super) fn bound(finding: &Finding) -> &'static str {
    if value(finding, "bound") == "max" { End::Max.as_words() } else { End::Min.as_words() }
}

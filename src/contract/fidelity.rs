//! Breaches that a recording cannot prove, for it does not keep what they are about.

use serde_json::Value;

use super::breach::{Breach, BreachKind};
use super::written;
use crate::model::{Aspect, Direction, End, Fact, Location, Member, Protocol, Service, ShapeId, ShapeKind};
use crate::recording::{Fidelity, json};

/// Whether a breach is the recording's doing rather than the traffic's. `value` is the payload.
pub(super) fn excuses(fidelity: Fidelity, service: &Service, breach: &Breach, value: &Value) -> bool {
    match fidelity {
        Fidelity::Exact => false,
        Fidelity::Objects => by_botocore(service, breach, value),
        Fidelity::Headless => in_headers(service, breach),
        Fidelity::Stub => in_headers(service, breach) || is_unmatched(service, breach),
        Fidelity::Printed => in_print(&breach.kind) || by_botocore(service, breach, value),
        Fidelity::Illustrated => matches!(breach.kind, BreachKind::TimestampForm { .. } | BreachKind::BlobForm { .. }),
        Fidelity::Placeholders => {
            is_placeholder(breach, value) || is_parsed(service, breach) || by_botocore(service, breach, value)
        }
        Fidelity::Logged => in_log(&breach.kind, service),
    }
}

/// What botocore makes of a sound response before its caller sees it.
enum Rewrite {
    /// Texts of these shapes become the JSON in them.
    Decoded(&'static [&'static str]),
    /// The member stands for nothing in the response, and is null.
    Nulled(&'static str),
    /// The member is added beside another, whose text it keeps.
    Added { member: &'static str, beside: &'static str },
}

/// What botocore rewrites after a call, by service.
const BOTOCORE: &[(&str, Rewrite)] = &[
    ("iam", Rewrite::Decoded(&["policyDocumentType"])),
    ("cloudformation", Rewrite::Decoded(&["TemplateBody"])),
    ("s3", Rewrite::Nulled("LocationConstraint")),
    ("s3", Rewrite::Added { member: "ExpiresString", beside: "Expires" }),
];

fn by_botocore(service: &Service, breach: &Breach, value: &Value) -> bool {
    let is_told = |rewrite: &Rewrite| match (rewrite, &breach.kind) {
        (Rewrite::Decoded(shapes), BreachKind::WrongType { expected: "string", found: "object" | "list", .. }) => {
            target(service, breach).is_some_and(|target| shapes.contains(&target.as_str()))
        }
        (Rewrite::Nulled(member), BreachKind::Null { .. }) => breach.member.as_deref() == Some(member),
        // An error has none to begin with.
        (Rewrite::Nulled(member), BreachKind::UnexpectedMember { .. }) => {
            breach.pointer == format!("/{member}") && value.pointer(&breach.pointer).is_some_and(Value::is_null)
        }
        (Rewrite::Added { member, beside }, BreachKind::UnexpectedMember { .. }) => {
            breach.pointer.strip_suffix(member).is_some_and(|holder| {
                holder.ends_with('/') && value.pointer(&format!("{holder}{beside}")).is_some_and(Value::is_string)
            })
        }
        _ => false,
    };
    breach.direction == Some(Direction::Response)
        && BOTOCORE.iter().any(|(name, rewrite)| *name == service.name && is_told(rewrite))
}

/// The shape of the value that a breach is about.
fn target<'m>(service: &'m Service, breach: &Breach) -> Option<&'m ShapeId> {
    let target = &of_member(service, breach)?.target;
    match (breach.aspect, &service.shape(target)?.kind) {
        (Aspect::Element, ShapeKind::List(list)) => Some(&list.target),
        (Aspect::Element, ShapeKind::Map(map)) => Some(&map.value),
        _ => Some(target),
    }
}

/// The member that a breach is about.
fn of_member<'m>(service: &'m Service, breach: &Breach) -> Option<&'m Member> {
    let structure = service.structure(&ShapeId::new(breach.shape.as_deref()?))?;
    structure.member(breach.member.as_deref()?)
}

/// Whether a member is missing that travels in the headers of a response.
fn in_headers(service: &Service, breach: &Breach) -> bool {
    lacks(service, breach, Direction::Response, &[Location::Header, Location::PrefixHeaders])
}

/// Whether a breach is about a part of a request that a stub does not match.
fn is_unmatched(service: &Service, breach: &Breach) -> bool {
    lacks(service, breach, Direction::Request, &[Location::Header, Location::PrefixHeaders, Location::Query])
}

/// Whether a half lacks a member that travels in one of these places.
fn lacks(service: &Service, breach: &Breach, half: Direction, places: &[Location]) -> bool {
    let travels_there = |member: &Member| matches!(member.location, Fact::Known(place) if places.contains(&place));
    breach.direction == Some(half) && breach.kind.is_absence() && of_member(service, breach).is_some_and(travels_there)
}

/// What the CLI's printing makes of a sound response. It joins pages, so that lists are longer than one page may be, and
/// prints times as they came where `cli_timestamp_format` is `wire`, as in version 1.
fn in_print(kind: &BreachKind) -> bool {
    match kind {
        BreachKind::Length { unit, end, .. } => *end == End::Max && *unit == "elements",
        BreachKind::TimestampForm { form, .. } => matches!(*form, written::EPOCH_SECONDS | written::OF_HTTP),
        _ => false,
    }
}

/// What a log leaves out, masks or rewrites: members are missing or null, texts and lists are cut, times and blobs are in
/// any form. Services of the XML protocols log names that are not the API's (`bucketName`, `instancesSet`).
fn in_log(kind: &BreachKind, service: &Service) -> bool {
    match kind {
        BreachKind::AbsentMember { .. }
        | BreachKind::Null { .. }
        | BreachKind::TimestampForm { .. }
        | BreachKind::BlobForm { .. } => true,
        BreachKind::Length { end, .. } => *end == End::Min,
        BreachKind::Arity { set, .. } => set.is_empty(),
        BreachKind::UnexpectedMember { .. } => {
            matches!(service.protocol(), Some(Protocol::RestXml | Protocol::Ec2Query))
        }
        _ => false,
    }
}

/// Texts that hold JSON, by service and shape. Snapshots keep some as what they mean: a number of its own is one.
const JSON_TEXTS: &[(&str, &[&str])] = &[("stepfunctions", &["SensitiveData", "SensitiveDataJobInput"])];

/// Whether a test made the value of a sound one that boto returned: a text of the JSON in it.
fn is_parsed(service: &Service, breach: &Breach) -> bool {
    let BreachKind::WrongType { expected: "string", found: "number" | "boolean", .. } = breach.kind else {
        return false;
    };
    let Some(target) = target(service, breach) else { return false };
    JSON_TEXTS.iter().any(|(name, shapes)| *name == service.name && shapes.contains(&target.as_str()))
}

/// Whether the breach is about a text that stands for another value. A text or blob that held JSON is kept as what it
/// means, and bytes as text, or as Python prints them. boto never hands over a list, map or structure as something else:
/// where one is, the test made it, to keep the names of what it holds or the first of its elements. None of it is a breach.
fn is_placeholder(breach: &Breach, value: &Value) -> bool {
    match breach.kind {
        BreachKind::WrongType { expected: "string", found: "object" | "list", .. }
        | BreachKind::WrongType { expected: "list", found: "string" | "object", .. }
        | BreachKind::WrongType { expected: "map" | "structure" | "union", found: "string" | "list", .. }
        | BreachKind::BlobForm { found: "object" | "list" | "string" } => return true,
        BreachKind::WrongType { expected: "integer" | "long", found: "list", .. } => {
            return value.pointer(&breach.pointer).is_some_and(are_integers);
        }
        _ => {}
    }
    if matches!(breach.kind, BreachKind::RepeatedItem { .. }) {
        return value.pointer(&breach.pointer).is_some_and(holds_a_placeholder);
    }
    let is_about_the_value = matches!(
        breach.kind,
        BreachKind::WrongType { .. }
            | BreachKind::UnknownEnumValue { .. }
            | BreachKind::Length { .. }
            | BreachKind::Pattern { .. }
            | BreachKind::TimestampForm { .. }
            | BreachKind::Undecided { .. }
    );
    if !is_about_the_value {
        return false;
    }
    let Some(key) = json::segments(&breach.pointer).last() else { return false };
    if breach.aspect == Aspect::Key {
        return is_replaced(&key);
    }
    let stands_for = |text: &str| is_replaced(text) || text == hyphenated(&key);
    value.pointer(&breach.pointer).and_then(Value::as_str).is_some_and(stands_for)
}

/// Whether a list holds integers alone: a snapshot keeps the ids of steps that ran side by side as lists, for their order
/// differs from run to run.
fn are_integers(value: &Value) -> bool {
    let integer = |item: &Value| item.is_i64() || item.is_u64();
    value.as_array().is_some_and(|items| !items.is_empty() && items.iter().all(integer))
}

/// Whether a text within a value is a placeholder.
fn holds_a_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => is_replaced(text),
        Value::Array(items) => items.iter().any(holds_a_placeholder),
        Value::Object(members) => members.values().any(holds_a_placeholder),
        _ => false,
    }
}

/// A member's name as the placeholder that `LocalStack` makes of it where it is given none: a hyphen before each letter
/// in upper case.
fn hyphenated(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            text.push('-');
        }
        text.push(c.to_ascii_lowercase());
    }
    text.trim_matches('-').to_owned()
}

/// Whether a text is a placeholder, or has one within.
fn is_replaced(text: &str) -> bool {
    let within = |text: &str| text.split_once('<').is_some_and(|(_, rest)| rest.find('>').is_some_and(|end| end > 0));
    matches!(text, "timestamp" | "datetime") || within(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn placeholders_are_told_from_values() {
        for text in ["<name:1>", "arn:<partition>:x", "timestamp", "datetime"] {
            assert!(is_replaced(text), "{text}");
        }
        for text in ["a < b", "<>", "time", "ACTIVE", "a>b<"] {
            assert!(!is_replaced(text), "{text}");
        }
    }

    fn whole(kind: BreachKind) -> Breach {
        Breach { pointer: "/a".into(), ..Breach::whole(kind) }
    }

    #[test]
    fn a_placeholder_says_nothing_about_its_value() {
        let told = |kind, value| is_placeholder(&whole(kind), &value);
        let pattern = || BreachKind::Pattern { found: json!("x"), pattern: "y".into(), half_open: false };
        assert!(told(pattern(), json!({"a": "<x>"})) && !told(pattern(), json!({"a": "x"})));
        assert!(!told(BreachKind::AbsentMember { element: None }, json!({"a": "<x>"})));
        let wrong = |expected, found| BreachKind::WrongType { expected, found, value: Value::Null, element: None };
        assert!(
            told(wrong("long", "string"), json!({"a": "<x>"})) && !told(wrong("long", "string"), json!({"a": "x"}))
        );
        let list = |expected, items: Value| told(wrong(expected, "list"), json!({"a": items}));
        assert!(list("long", json!([0])) && list("integer", json!([3, 4])));
        assert!(!list("long", json!([])) && !list("long", json!(["0"])) && !list("boolean", json!([0])));
        assert!(told(wrong("string", "object"), json!({"a": {}})) && !told(wrong("long", "object"), json!({"a": {}})));
        for (expected, found) in [("list", "string"), ("list", "object"), ("structure", "list"), ("map", "string")] {
            assert!(told(wrong(expected, found), json!({"a": 1})), "boto makes no {found} of a {expected}");
        }
        for (expected, found) in
            [("list", "number"), ("structure", "number"), ("string", "number"), ("boolean", "string")]
        {
            assert!(!told(wrong(expected, found), json!({"a": 1})), "{expected} {found}");
        }
    }

    #[test]
    fn equal_placeholders_may_stand_for_values_that_differ() {
        let told =
            |list: Value| is_placeholder(&whole(BreachKind::RepeatedItem { items: [0, 1] }), &json!({"a": list}));
        assert!(told(json!(["<x:1>", "<x:1>"])) && told(json!([{"b": "<x:1>"}, {"b": "<x:1>"}])));
        assert!(!told(json!(["x", "x"])));
    }

    #[test]
    fn a_member_s_own_name_and_printed_bytes_stand_for_values() {
        let told = |key: &str, text: &str, kind| {
            is_placeholder(&Breach { pointer: format!("/x/{key}"), ..Breach::whole(kind) }, &json!({"x": {key: text}}))
        };
        let time = || BreachKind::TimestampForm { expected: "", found: Value::Null, form: "string" };
        let blob = || BreachKind::BlobForm { found: "string" };
        assert!(told("creationDate", "creation-date", time()) && told("CreationDate", "creation-date", time()));
        assert!(told("KMSKey", "k-m-s-key", time()), "a hyphen for each letter");
        assert!(!told("lastDate", "creation-date", time()) && !told("creationDate", "creation_date", time()));
        assert!(told("Body", r"b'\x00'", blob()) && told("Body", "hello", blob()), "bytes are none of JSON's");
        assert!(!told("Body", r"b'\x00'", time()));
        assert!(is_placeholder(&whole(BreachKind::BlobForm { found: "object" }), &json!({"a": {}})));
    }

    #[test]
    fn the_cli_prints_times_as_they_came() {
        let time =
            |found| in_print(&BreachKind::TimestampForm { expected: "", form: written::timestamp(&found), found });
        assert!(time(json!(1_700_000_000.5)) && time(json!("Wed, 30 Aug 2023 12:34:56 GMT")));
        assert!(!time(json!(1_700_000_000_000_i64)) && !time(json!("yesterday")) && !time(json!(true)));
        let length = |end, unit| in_print(&BreachKind::Length { unit, found: 9, limit: 5, end });
        assert!(length(End::Max, "elements"));
        assert!(!length(End::Min, "elements") && !length(End::Max, "characters"));
    }
}

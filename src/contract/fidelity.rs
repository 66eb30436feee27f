//! Breaches that a recording cannot prove, for it does not keep what they are about.

use std::sync::LazyLock;

use serde_json::Value;

use super::breach::{Breach, BreachKind};
use crate::model::{Aspect, Protocol, Service};
use crate::recording::{Fidelity, json};
use crate::schema::HTTP_DATE;
use crate::schema::pattern::{self, Matcher};

/// Whether a breach is the recording's doing rather than the traffic's. `value` is the payload.
pub(super) fn excuses(fidelity: Fidelity, service: &Service, breach: &Breach, value: &Value) -> bool {
    match fidelity {
        Fidelity::Exact => false,
        Fidelity::Printed => in_print(&breach.kind),
        Fidelity::Illustrated => matches!(breach.kind, BreachKind::TimestampForm { .. } | BreachKind::BlobForm { .. }),
        Fidelity::Placeholders => is_placeholder(breach, value),
        Fidelity::Logged => in_log(&breach.kind, service),
    }
}

/// What the CLI's printing makes of a sound response. It joins pages, so that lists are longer than one page may be, and
/// prints times as they came where `cli_timestamp_format` is `wire`, as in version 1.
fn in_print(kind: &BreachKind) -> bool {
    match kind {
        BreachKind::Length { unit, above, .. } => *above && *unit == "elements",
        BreachKind::TimestampForm { found: Value::Number(number), .. } => {
            // Later than the year 9999 are milliseconds, which no protocol sends.
            number.as_f64().is_some_and(|seconds| seconds.abs() < 253_402_300_800.0)
        }
        BreachKind::TimestampForm { found: Value::String(text), .. } => {
            static DATE: LazyLock<Option<Matcher>> = LazyLock::new(|| pattern::compile(HTTP_DATE).ok());
            DATE.as_ref().is_some_and(|date| date.is_match(text) == Ok(true))
        }
        _ => false,
    }
}

/// What a log leaves out, masks or rewrites: members are missing or null, texts and lists are cut, times and blobs are in
/// any form. Services of the XML protocols log names that are not the API's (`bucketName`, `instancesSet`).
fn in_log(kind: &BreachKind, service: &Service) -> bool {
    match kind {
        BreachKind::AbsentMember
        | BreachKind::Null { .. }
        | BreachKind::TimestampForm { .. }
        | BreachKind::BlobForm { .. } => true,
        BreachKind::Length { above, .. } => !above,
        BreachKind::Arity { set } => set.is_empty(),
        BreachKind::UnexpectedMember { .. } => {
            matches!(service.protocol(), Some(Protocol::RestXml | Protocol::Ec2Query))
        }
        _ => false,
    }
}

/// Whether the breach is about a text that stands for another value. A text that held JSON is kept as the object it
/// means, which is no breach either.
fn is_placeholder(breach: &Breach, value: &Value) -> bool {
    if let BreachKind::WrongType { expected: "string", found: "object" | "list", .. } = breach.kind {
        return true;
    }
    let is_about_the_value = matches!(
        breach.kind,
        BreachKind::WrongType { .. }
            | BreachKind::UnknownEnumValue { .. }
            | BreachKind::Length { .. }
            | BreachKind::Pattern { .. }
            | BreachKind::TimestampForm { .. }
            | BreachKind::BlobForm { .. }
            | BreachKind::Undecided { .. }
    );
    if !is_about_the_value {
        return false;
    }
    if breach.aspect == Aspect::Key {
        return json::segments(&breach.pointer).last().is_some_and(|key| is_replaced(&key));
    }
    value.pointer(&breach.pointer).and_then(Value::as_str).is_some_and(is_replaced)
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
        let pattern = || BreachKind::Pattern { found: json!("x"), pattern: "y".into() };
        assert!(told(pattern(), json!({"a": "<x>"})) && !told(pattern(), json!({"a": "x"})));
        assert!(!told(BreachKind::AbsentMember, json!({"a": "<x>"})));
        let wrong = |expected, found| BreachKind::WrongType { expected, found, value: Value::Null };
        assert!(
            told(wrong("long", "string"), json!({"a": "<x>"})) && !told(wrong("long", "string"), json!({"a": "x"}))
        );
        assert!(told(wrong("string", "object"), json!({"a": {}})) && !told(wrong("list", "object"), json!({"a": {}})));
    }

    #[test]
    fn the_cli_prints_times_as_they_came() {
        let time = |found| in_print(&BreachKind::TimestampForm { expected: "", found });
        assert!(time(json!(1_700_000_000.5)) && time(json!("Wed, 30 Aug 2023 12:34:56 GMT")));
        assert!(!time(json!(1_700_000_000_000_i64)) && !time(json!("yesterday")) && !time(json!(true)));
        let length = |above, unit| in_print(&BreachKind::Length { unit, found: 9, limit: 5, above });
        assert!(length(true, "elements") && !length(false, "elements") && !length(true, "characters"));
    }
}

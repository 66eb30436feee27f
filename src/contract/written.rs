//! Forms in which values are written: names for people and fingerprints.

use std::sync::LazyLock;

use serde_json::Value;

use crate::schema::pattern::{self, Matcher};
use crate::schema::{EPOCH, HTTP_DATE, ISO_8601};

/// Seconds since 1970, within the years that a timestamp may have.
pub(super) const EPOCH_SECONDS: &str = "epoch seconds";
/// A date as HTTP headers have it.
pub(super) const OF_HTTP: &str = "an HTTP date";

/// The form of a timestamp: one of the wire's three, milliseconds, or what else it is.
pub(super) fn timestamp(value: &Value) -> &'static str {
    match value {
        Value::Number(number) => {
            #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
            let is_within = |seconds: f64| ((EPOCH.0 as f64)..=(EPOCH.1 as f64)).contains(&seconds);
            if number.as_f64().is_some_and(is_within) { EPOCH_SECONDS } else { "epoch milliseconds" }
        }
        Value::String(text) if fits(&RFC_3339, text) => "RFC 3339 text",
        Value::String(text) if fits(&HTTP, text) => OF_HTTP,
        Value::String(text) if text.parse::<f64>().is_ok() => "a number as text",
        other => json_type(other),
    }
}

static RFC_3339: LazyLock<Option<Matcher>> = LazyLock::new(|| pattern::compile(ISO_8601).ok());
static HTTP: LazyLock<Option<Matcher>> = LazyLock::new(|| pattern::compile(HTTP_DATE).ok());

fn fits(form: &LazyLock<Option<Matcher>>, text: &str) -> bool {
    form.as_ref().is_some_and(|matcher| matcher.is_match(text) == Ok(true))
}

/// The JSON type of a value.
pub(super) fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() != 0.0) => {
            "number with a fraction"
        }
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn timestamps_are_told_apart_by_their_form() {
        let cases = [
            (json!(1_700_000_000.5), EPOCH_SECONDS),
            (json!(1_700_000_000_000_i64), "epoch milliseconds"),
            (json!("2023-08-30T12:00:00Z"), "RFC 3339 text"),
            (json!("Wed, 30 Aug 2023 12:34:56 GMT"), OF_HTTP),
            (json!("1700000000"), "a number as text"),
            (json!("yesterday"), "string"),
            (json!(true), "boolean"),
        ];
        for (value, form) in cases {
            assert_eq!(timestamp(&value), form, "{value}");
        }
    }
}

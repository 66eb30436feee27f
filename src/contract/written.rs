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

/// Whether a timestamp, in one of its forms, says more than milliseconds.
pub(super) fn is_finer_than_milliseconds(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some_and(are_fine_seconds),
        Value::String(text) => is_fine_text(text),
        _ => false,
    }
}

/// The same of epoch seconds. Floating point has room for ten digits of them and six more, and the last may be noise.
pub(super) fn are_fine_seconds(seconds: f64) -> bool {
    const NOISE: f64 = 0.01;
    let milliseconds = seconds * 1e3;
    (milliseconds - milliseconds.round()).abs() > NOISE
}

/// The same of a text. Zeros at the end say nothing.
pub(super) fn is_fine_text(text: &str) -> bool {
    let Some((_, behind)) = text.split_once('.') else { return false };
    let digits = behind.bytes().take_while(u8::is_ascii_digit);
    digits.skip(3).any(|digit| digit != b'0')
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
    fn more_than_milliseconds_is_seen_in_every_form() {
        let fine = |value: Value| is_finer_than_milliseconds(&value);
        assert!(fine(json!(1_700_000_000.123_456)) && fine(json!("2023-08-30T12:00:00.1234Z")));
        assert!(fine(json!("Wed, 30 Aug 2023 12:34:56.000001 GMT")) && fine(json!(0.0005)));
        for plain in
            [json!(1_700_000_000), json!(1_700_000_000.123), json!(1_700_000_000.999), json!(-62_135_596_800.5)]
        {
            assert!(!fine(plain.clone()), "{plain}");
        }
        for plain in ["2023-08-30T12:00:00Z", "2023-08-30T12:00:00.123Z", "2023-08-30T12:00:00.123000000Z", "yesterday"]
        {
            assert!(!fine(json!(plain)), "{plain}");
        }
    }

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

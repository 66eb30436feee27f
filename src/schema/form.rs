//! Written forms of timestamps and blobs, as patterns that every validator takes.

use serde_json::{Value, json};

use crate::model::TimestampFormat;

/// RFC 3339 as AWS writes it on the wire.
pub const ISO_8601: &str = r"^(?:[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2}))$";

/// ISO 8601 as SDKs print it: `str()` of a Python datetime puts a space in the middle.
pub const ISO_8601_PARSED: &str = r"^(?:[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2}))$";

/// RFC 7231 `IMF-fixdate`.
pub const HTTP_DATE: &str = r"^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} (?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)? GMT)$";

/// Base64 with padding (RFC 4648, section 4).
pub const BASE64: &str = r"^(?:(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$";

/// Floating point values that JSON has no number for, but for those that a bound excludes.
pub(super) fn non_finite(has_min: bool, has_max: bool) -> &'static str {
    match (has_min, has_max) {
        (false, false) => "^(?:NaN|Infinity|-Infinity)$",
        (true, false) => "^(?:NaN|Infinity)$",
        (false, true) => "^(?:NaN|-Infinity)$",
        (true, true) => "^(?:NaN)$",
    }
}

/// Epoch seconds from year 1 to year 9999. Milliseconds of any day after 1978 lie beyond, which tells them apart.
pub const EPOCH: (i64, i64) = (-62_135_596_800, 253_402_300_799);

/// The schema of a timestamp; `None` is any of the three forms.
pub(super) fn timestamp(format: Option<TimestampFormat>) -> Value {
    let (low, high) = EPOCH;
    match format {
        Some(TimestampFormat::UnixTimestamp) => json!({"type": "number", "minimum": low, "maximum": high}),
        Some(TimestampFormat::Iso8601) => json!({"type": "string", "pattern": ISO_8601}),
        Some(TimestampFormat::HttpDate) => json!({"type": "string", "pattern": HTTP_DATE}),
        None => {
            let either = format!("{ISO_8601}|{HTTP_DATE}");
            json!({"type": ["number", "string"], "minimum": low, "maximum": high, "pattern": either})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::pattern::compile;

    #[test]
    fn forms_tell_right_from_wrong() {
        let cases = [
            (ISO_8601, "2023-08-30T12:34:56Z", true),
            (ISO_8601, "2023-08-30T12:34:56.789+02:00", true),
            (ISO_8601, "2023-08-30 12:34:56Z", false),
            (ISO_8601, "2023-13-30T12:34:56Z", false),
            (ISO_8601, "2023-08-30", false),
            (ISO_8601_PARSED, "2023-08-30 12:34:56+00:00", true),
            (HTTP_DATE, "Wed, 30 Aug 2023 12:34:56 GMT", true),
            (HTTP_DATE, "2023-08-30T12:34:56Z", false),
            (BASE64, "", true),
            (BASE64, "aGVsbG8=", true),
            (BASE64, "aGVsbG8", false),
            (BASE64, "aGVs bG8=", false),
            (non_finite(false, false), "NaN", true),
            (non_finite(false, false), "nan", false),
        ];
        for (pattern, text, fits) in cases {
            let regex = compile(pattern).expect("our own patterns compile");
            assert_eq!(regex.is_match(text).expect("decidable"), fits, "{text}");
        }
    }
}

//! What differs from one recording to the next in values of AWS, for snapshots.

/// Patterns and what stands for them, for `insta::Settings::add_filter`, in the order in which they are applied.
///
/// Covered are account ids (alone and in ARNs), UUIDs, request ids in capitals (16 characters with a digit among them, as
/// S3 has them, or 52, as `DynamoDB` has them), timestamps as ISO 8601 (with or without separators, seconds and fractions; a
/// day alone stays), as HTTP dates and as epoch seconds or milliseconds. The patterns are of the `regex` crate.
///
/// ```
/// let mut text = r#"{"id": "3e3be000-5c1d-4e2a-9b3f-000000000001", "createTime": 1693476000.123}"#.to_owned();
/// for (pattern, replacement) in shapegate::harness::redactions() {
///     text = regex::Regex::new(pattern).unwrap().replace_all(&text, *replacement).into_owned();
/// }
/// assert_eq!(text, r#"{"id": "[uuid]", "createTime": [epoch]}"#);
/// ```
pub fn redactions() -> &'static [(&'static str, &'static str)] {
    REDACTIONS
}

const REDACTIONS: &[(&str, &str)] = &[
    // The account within an ARN, whose other parts stay: `arn:partition:service:region:account:`.
    (r"\b(arn:aws[a-z0-9-]*:[a-z0-9-]*:[a-z0-9-]*:)\d{12}:", "${1}[account]:"),
    (r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "[uuid]"),
    (r"\b\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:[Zz]|[+-]\d{2}(?::?\d{2})?)?", "[timestamp]"),
    (r"\b\d{8}T\d{6}(?:[.,]\d+)?Z\b", "[timestamp]"),
    (r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT\b", "[timestamp]"),
    // Twelve digits are an account; thirteen are milliseconds, ten are seconds (of the years 2001 to 2286).
    (r"\b[1-9]\d{9}(?:\.\d+|\d{3})?\b", "[epoch]"),
    (r"\b\d{12}\b", "[account]"),
    // A digit tells an id like `TX42587FB7D0A2F9` from a long word; there is one alternative for each place of the first.
    (
        concat!(
            r"\b(?:",
            r"\d[0-9A-Z]{15}|[A-Z]\d[0-9A-Z]{14}|[A-Z]{2}\d[0-9A-Z]{13}|[A-Z]{3}\d[0-9A-Z]{12}",
            r"|[A-Z]{4}\d[0-9A-Z]{11}|[A-Z]{5}\d[0-9A-Z]{10}|[A-Z]{6}\d[0-9A-Z]{9}|[A-Z]{7}\d[0-9A-Z]{8}",
            r"|[A-Z]{8}\d[0-9A-Z]{7}|[A-Z]{9}\d[0-9A-Z]{6}|[A-Z]{10}\d[0-9A-Z]{5}|[A-Z]{11}\d[0-9A-Z]{4}",
            r"|[A-Z]{12}\d[0-9A-Z]{3}|[A-Z]{13}\d[0-9A-Z]{2}|[A-Z]{14}\d[0-9A-Z]|[A-Z]{15}\d",
            r"|[0-9A-Z]{52})\b"
        ),
        "[request-id]",
    ),
];

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    fn redacted(text: &str) -> String {
        redactions().iter().fold(text.to_owned(), |text, (pattern, replacement)| {
            Regex::new(pattern).expect("a pattern of ours").replace_all(&text, *replacement).into_owned()
        })
    }

    #[test]
    fn values_of_aws_become_words() {
        let cases = [
            (
                "arn:aws:cleanrooms:us-east-1:111122223333:membership/3e3be000-5c1d-4e2a-9b3f-000000000001",
                "arn:aws:cleanrooms:us-east-1:[account]:membership/[uuid]",
            ),
            ("arn:aws-us-gov:iam::111122223333:role/reader", "arn:aws-us-gov:iam::[account]:role/reader"),
            ("\"444455556666\"", "\"[account]\""),
            ("2023-08-30T12:34:56.789Z", "[timestamp]"),
            ("2023-08-30T12:34:56+00:00", "[timestamp]"),
            ("2023-08-30T12:34Z", "[timestamp]"),
            ("2023-08-30 12:34:56,789+02", "[timestamp]"),
            ("20230830T123456Z", "[timestamp]"),
            ("Wed, 30 Aug 2023 12:34:56 GMT", "[timestamp]"),
            ("1693476000", "[epoch]"),
            ("1693476000.123", "[epoch]"),
            ("1693476000123", "[epoch]"),
            ("4442587FB7D0A2F9", "[request-id]"),
            ("TXWB587FB7D0A2FC", "[request-id]"),
            ("ABCDEFGHIJKLMNO1", "[request-id]"),
            ("BV4KE66VUNJ3R4Q1M5T7W9YABCDEFGHIJKLMNOPQRSTUVWXY2Z3A", "[request-id]"),
        ];
        for (text, expected) in cases {
            assert_eq!(redacted(text), expected);
        }
    }

    #[test]
    fn other_values_stay() {
        for text in [
            "ACTIVE",
            "12345",
            "123.5",
            "CAN_RECEIVE_RESULTS",
            "TEMPORARYCREDENTIALS",
            "2023-08-30",
            "PARTITIONPROJECTION",
            "Z1D633PJN98FT",
        ] {
            assert_eq!(redacted(text), text);
        }
    }
}

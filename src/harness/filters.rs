//! What differs from one recording to the next in values of AWS, for snapshots.

/// Patterns and what stands for them, for `insta::Settings::add_filter`, in the order in which they are applied.
///
/// Covered are account ids (alone and in ARNs), UUIDs, request ids in capitals, timestamps as ISO 8601, as HTTP dates
/// and as epoch seconds or milliseconds. The patterns are of the `regex` crate.
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
    (r"\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?", "[timestamp]"),
    (r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT\b", "[timestamp]"),
    // Twelve digits are an account; thirteen are milliseconds, ten are seconds (of the years 2001 to 2286).
    (r"\b[1-9]\d{9}(?:\.\d+|\d{3})?\b", "[epoch]"),
    (r"\b\d{12}\b", "[account]"),
    // S3 and Route 53 have request ids like `4442587FB7D0A2F9`. At least one digit tells them from a long word.
    (r"\b[A-Z]{0,15}\d[0-9A-Z]{12,15}\b", "[request-id]"),
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
            ("Wed, 30 Aug 2023 12:34:56 GMT", "[timestamp]"),
            ("1693476000", "[epoch]"),
            ("1693476000.123", "[epoch]"),
            ("1693476000123", "[epoch]"),
            ("4442587FB7D0A2F9", "[request-id]"),
        ];
        for (text, expected) in cases {
            assert_eq!(redacted(text), expected);
        }
    }

    #[test]
    fn other_values_stay() {
        for text in ["ACTIVE", "12345", "123.5", "CAN_RECEIVE_RESULTS", "TEMPORARYCREDENTIALS", "2023-08-30"] {
            assert_eq!(redacted(text), text);
        }
    }
}

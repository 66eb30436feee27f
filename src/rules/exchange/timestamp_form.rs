//! A timestamp in another form.

use serde_json::Value;

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "timestamp-form",
    summary: "a timestamp in another form",
    explain: "\
What it does: reports a timestamp that is not written as protocol and model say: epoch seconds in JSON bodies, RFC 3339
text where the model says iso8601, an HTTP date in headers; ISO 8601 text in values that an SDK has parsed. Numbers
beyond the year 9999 are milliseconds and reported too. In a placebo recording a timestamp is a datetime of Python,
written as `{\"__class__\": \"datetime\", \"year\": 2023, ...}`, and any text in its place is reported.

Why: some SDKs guess, some fail, and milliseconds read as seconds lead to the year 55,000. boto3 makes a datetime of
every timestamp; a replayed text breaks code that works against AWS, or lets code pass that does not.

Example: `\"createTime\": \"2023-08-30T12:00:00Z\"` in a restJson1 body.

What to do: write the form the message names. Say `\"encoding\": \"parsed\"` in a record whose values come from an
SDK.
",
    weights: Weights::same(Severity::Error),
    identity: &["form"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let (found, expected) = (text::json(finding, "found"), text::value(finding, "expected"));
    if let Some(object) = finding.values.get("found").and_then(of_python) {
        return format!("{} is {object}", text::subject(finding));
    }
    format!("{} should be {expected} and is {found}", text::subject(finding))
}

/// What keeps an object of Python, as placebo writes them, from being a time.
fn of_python(found: &Value) -> Option<String> {
    let class = found.get("__class__")?.as_str()?;
    if class != "datetime" {
        return Some(format!("a {class} of Python, and should be a datetime"));
    }
    let parts = [
        ("year", 1..=9999),
        ("month", 1..=12),
        ("day", 1..=31),
        ("hour", 0..=23),
        ("minute", 0..=59),
        ("second", 0..=60),
    ];
    let lacking: Vec<&str> = parts.iter().map(|(part, _)| *part).filter(|part| !found[*part].is_u64()).collect();
    if !lacking.is_empty() {
        return Some(format!("a datetime of Python without {}", lacking.join(", ")));
    }
    let number = |part: &str| found[part].as_u64().unwrap_or_default();
    let (part, _) = parts.iter().find(|(part, range)| !range.contains(&number(part)))?;
    Some(format!("a datetime of Python whose {part} is {}", number(part)))
}

//! A timestamp in another form.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "timestamp-form",
    summary: "a timestamp in another form",
    explain: "\
What it does: reports a timestamp that is not written as protocol and model say: epoch seconds in JSON bodies, RFC 3339
text where the model says iso8601, an HTTP date in headers; ISO 8601 text in values that an SDK has parsed. Numbers
beyond the year 9999 are milliseconds and reported too.

Why: some SDKs guess, some fail, and milliseconds read as seconds lead to the year 55,000.

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
    format!("{} should be {expected} and is {found}", text::subject(finding))
}

//! Too short or too long a text, blob, list or map.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "length-out-of-range",
    summary: "too short or too long a text, blob, list or map",
    explain: "\
What it does: reports a text, blob, list or map that is shorter or longer than the model allows. Text is counted in
code points, blobs in bytes before base64.

Why: the service refuses such a request. Its own responses break their own lengths now and then (an empty text where
one character is the least), so it weighs less there.

Example: an `accountId` of 11 digits.

What to do: keep within the bounds the message names.
",
    weights: Weights::by_half(Severity::Error, Severity::Warning),
    identity: &["bound"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let unit = text::value(finding, "unit");
    let (found, limit) = (text::json(finding, "found"), text::json(finding, "limit"));
    let unit = match (found.as_str(), unit) {
        ("1", "entries") => "entry",
        ("1", unit) => unit.trim_end_matches('s'),
        (_, unit) => unit,
    };
    format!("{} has {found} {unit} and must have {} {limit}", text::subject(finding), text::bound(finding))
}

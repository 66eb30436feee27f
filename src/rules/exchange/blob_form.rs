//! A blob that is not base64.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "blob-form",
    summary: "a blob that is not base64",
    explain: "\
What it does: reports a blob that is not base64 text with padding.

Why: SDKs decode it on reading and fail, or hand on wrong bytes.

Example: `\"data\": \"hello\"`, which is five characters and no base64.

What to do: encode the bytes as base64.
",
    weights: Weights::same(Severity::Error),
    identity: &["found"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    match text::value(finding, "found") {
        "string" => format!("{} is text that is not base64", text::subject(finding)),
        found => {
            format!("{} should be base64 text and is {} {found}", text::subject(finding), text::article(found))
        }
    }
}

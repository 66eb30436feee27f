//! A body that its protocol cannot decode.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "undecodable-body",
    summary: "a body that its protocol cannot decode",
    explain: "\
What it does: reports a body, or a part of one, that is not what the protocol writes: JSON that breaks off, XML that
does not close, CBOR of the wrong kind, text that is not UTF-8. What stands outside of the body is still judged.

Why: some SDKs make an empty output of a truncated body and go on.

Example: a response of status 200 that ends in the middle: `{\"membership\": {\"id\": \"`.

What to do: look whether the recorder cut the body off; if not, the sender did.
",
    weights: Weights::same(Severity::Error),
    needs_paths: true,
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let half = finding.direction.map_or("payload", crate::model::Direction::as_str);
    format!("the body of the {half} cannot be decoded: {}", text::value(finding, "reason"))
}

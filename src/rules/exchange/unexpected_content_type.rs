//! A body of another media type than the protocol's.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "unexpected-content-type",
    summary: "a body of another media type than the protocol's",
    explain: "\
What it does: reports a body whose `Content-Type` is none that its protocol uses for structured values. Bodies that are
one blob or text, and messages without the header, are not judged.

Why: SDKs decode the body whatever the header says, other readers do not.

Example: `Content-Type: text/html` on a JSON body.

What to do: answer with the protocol's media type; the message names it. A page of HTML in place of the body comes from
something between client and service.
",
    weights: Weights::same(Severity::Warning),
    identity: &["found"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let (found, expected) = (text::value(finding, "found"), text::value(finding, "expected"));
    format!("the body is of type {found}, where the protocol writes {expected}")
}

//! A body of another media type than the protocol's or the payload's, or a media type without a body.

use crate::contract::BreachKind;
use crate::finding::{Deviation, Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "unexpected-content-type",
    summary: "a body of another media type than the protocol's or the payload's",
    explain: "\
What it does: reports a body whose `Content-Type` is none that its protocol uses for structured values. A body that is
one blob or text is held against the media type that a Smithy model gives it; botocore's files give none. A request
without a body that names a type is a note, where the operation has nothing to write into a body. Messages without the
header are not judged.

Why: SDKs decode the body whatever the header says, other readers do not. Some services refuse the type of a body that
is not there; older SDKs send it all the same.

Example: `Content-Type: text/html` on a JSON body.

What to do: answer with the protocol's media type; the message names it. A page of HTML in place of the body comes from
something between client and service.
",
    weights: Weights::same(Severity::Warning),
    lighter: |deviation| match deviation {
        Deviation::Breach(BreachKind::ContentType { expected: None, .. }) => Some(Severity::Note),
        _ => None,
    },
    identity: &["found"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let (found, expected) = (text::value(finding, "found"), text::value(finding, "expected"));
    if expected.is_empty() {
        return format!("the type {found} is given, and there is no body");
    }
    format!("the body is of type {found}, where {expected} belongs")
}

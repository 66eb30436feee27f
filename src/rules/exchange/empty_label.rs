//! A label of the path that is empty.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "empty-label",
    summary: "a label of the path that is empty",
    explain: "\
What it does: reports a request whose path leaves a label empty.

Why: the path then means another operation, or none: `GET /memberships/` may be answered with a list. SDKs that do not
check their input send it.

Example: `GET /memberships/` for GetMembership, whose URI is `/memberships/{membershipIdentifier}`.

What to do: look at what the caller passed; a label must not be empty.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Error),
    identity: &["label"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    format!("the label `{}` of the path is empty", text::value(finding, "label"))
}

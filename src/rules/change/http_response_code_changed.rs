//! A success has another status.

use super::{ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "http-response-code-changed",
    summary: "a success has another status",
    explain: "\
What it does: reports an operation whose modelled status of success differs.

Why: services return what they did; tests and mocks that assert the modelled status fail.

Example: a `DELETE` answers with 204 where 200 was modelled.

What to do: look at real responses, then adapt assertions.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::HttpResponseCodeChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| {
        format!("the status of success of {} changed {}", text::operations(finding), text::from_to(finding))
    },
};

//! Another element is around a result.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "result-wrapper-changed",
    summary: "another element is around a result",
    explain: "\
What it does: reports an operation whose result is wrapped by another element, or by none, in query responses.

Why: parsers and mocks look for the old one.

Example: `GetThingResult` becomes `GetThingOutput`.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::ResultWrapperChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| {
        format!("the wrapper around results of {} changed {}", text::operations(finding), text::from_to(finding))
    },
};

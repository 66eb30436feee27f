//! An operation is sent to another host.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "operation-endpoint-changed",
    summary: "an operation is sent to another host",
    explain: "\
What it does: reports an operation whose host prefix differs.

Why: recordings and mocks that match on the host have the old one.

Example: `{AccountId}.` comes before the host.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::OperationEndpointChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the host prefix of {} changed {}", text::operations(finding), text::from_to(finding)),
};

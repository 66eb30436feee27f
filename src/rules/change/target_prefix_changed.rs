//! Requests name another target.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "target-prefix-changed",
    summary: "requests name another target",
    explain: "\
What it does: reports a service whose prefix of `X-Amz-Target` differs.

Why: recordings and mocks that match on the header have the old one.

Example: `AmazonSQS` becomes `AmazonSQS_20121105`.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::TargetPrefixChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the target prefix of the service changed {}", text::from_to(finding)),
};

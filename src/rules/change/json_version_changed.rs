//! Requests name another version of the JSON protocol.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "json-version-changed",
    summary: "requests name another version of the JSON protocol",
    explain: "\
What it does: reports a service whose version of awsJson differs, and so its content type.

Why: recordings and mocks that match on the header have the old one.

Example: `application/x-amz-json-1.0` becomes 1.1.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::JsonVersionChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the JSON version of the service changed {}", text::from_to(finding)),
};

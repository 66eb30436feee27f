//! A member is written by another name.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "wire-name-changed",
    summary: "a member is written by another name",
    explain: "\
What it does: reports a member whose name on the wire differs while SDKs call it as before; a label of a path has
none.

Why: code does not see it; recordings and mocks have the old key.

Example: `Tags` is written `tags` now.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::WireNameChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("{} is written by another name, {}", text::subject(finding), text::from_to(finding)),
};

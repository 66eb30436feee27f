//! An operation is signed otherwise.

use super::{ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "operation-auth-changed",
    summary: "an operation is signed otherwise",
    explain: "\
What it does: reports an operation whose own way of signing differs, where `none` and the scheme without
authentication are the same.

Why: it is called without credentials now, or needs them.

Example: `AssumeRoleWithSAML` is called unsigned.

What to do: try it with the credentials you use.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::OperationAuthChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("signing of {} changed {}", text::operations(finding), text::from_to(finding)),
};

//! An error has another status.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "error-status-changed",
    summary: "an error has another status",
    explain: "\
What it does: reports an error whose HTTP status differs, or that has one in one of the models alone.

Why: tests and mocks that assert statuses fail.

Example: `ThingGone` comes with 404 instead of 400.

What to do: look at real errors, then adapt assertions.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::ErrorStatusChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the status of {} changed {}", text::subject(finding), text::from_to(finding)),
};

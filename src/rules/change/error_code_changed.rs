//! An error has another code.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "error-code-changed",
    summary: "an error has another code",
    explain: "\
What it does: reports an error whose code on the wire differs.

Why: code that compares codes, and recordings of the error, have the old one.

Example: `ThingGone` becomes `Thing.Gone`.

What to do: compare with both.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::ErrorCodeChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the code of {} changed {}", text::subject(finding), text::from_to(finding)),
};

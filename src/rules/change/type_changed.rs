//! A shape is of another type.

use super::{BREAKING, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "type-changed",
    summary: "a shape is of another type",
    explain: "\
What it does: reports a shape that is a string, number, list, structure and so on in one model and another of these in
the other.

Why: values are written and read otherwise.

Example: `maxRows` was a string and is an integer.

What to do: convert where it is used, and record traffic again.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::TypeChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("{} changed its type {}", text::subject(finding), text::from_to(finding)),
};

//! Another member is the whole body.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "payload-changed",
    summary: "another member is the whole body",
    explain: "\
What it does: reports a structure whose payload member differs, or of which only one model has one.

Why: the body has another root.

Example: the body of `PutThing` is `thing` itself now.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::PayloadChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the payload of {} changed {}", text::subject(finding), text::from_to(finding)),
};

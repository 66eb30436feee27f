//! The path of an operation differs in a slash or a greedy label.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "http-uri-cosmetic-changed",
    summary: "the path of an operation differs in a slash or a greedy label",
    explain: "\
What it does: reports a URI template that differs in a slash at its end, or in whether a label takes several segments,
alone.

Why: servers take both, mostly; signatures, mocks and emulators can be strict.

Example: botocore 1.39.11 removed the slash at the end of paths of lambda, and mocks stopped matching.

What to do: run what replays its traffic once.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::HttpUriCosmeticChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| {
        format!("the path of {} differs in form alone, {}", text::operations(finding), text::from_to(finding))
    },
};

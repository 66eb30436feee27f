//! An operation has no input any more.

use super::{BREAKING, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "operation-input-removed",
    summary: "an operation has no input any more",
    explain: "\
What it does: reports an operation whose input only the older model has.

Why: its arguments are gone: code that uses them fails.

Example: `Ping` had an input with members and has none now.

What to do: drop the use of its arguments.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &[],
    mirror: Mirror::Rule("operation-input-added"),
    values: |difference| match &difference.change {
        Change::InputRemoved => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} has no input any more", text::operations(finding)),
};

//! An operation has no output any more.

use super::{BREAKING, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "operation-output-removed",
    summary: "an operation has no output any more",
    explain: "\
What it does: reports an operation whose output only the older model has.

Why: its results are gone: code that uses them fails.

Example: `Ping` had an output with members and has none now.

What to do: drop the use of its results.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &[],
    mirror: Mirror::Rule("operation-output-added"),
    values: |difference| match &difference.change {
        Change::OutputRemoved => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} has no output any more", text::operations(finding)),
};

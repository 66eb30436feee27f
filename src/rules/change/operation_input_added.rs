//! An operation has an input now.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "operation-input-added",
    summary: "an operation has an input now",
    explain: "\
What it does: reports an operation whose input only the newer model has.

Why: a request without one is still legal; signatures of typed SDKs change.

Example: `Ping` had no input and has one now.

What to do: recompile; nothing else.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("operation-input-removed"),
    values: |difference| match &difference.change {
        Change::InputAdded => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} has an input now", text::operations(finding)),
};

//! An operation has an output now.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "operation-output-added",
    summary: "an operation has an output now",
    explain: "\
What it does: reports an operation whose output only the newer model has.

Why: a response without one is still legal; signatures of typed SDKs change.

Example: `Ping` had no output and has one now.

What to do: recompile; nothing else.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("operation-output-removed"),
    values: |difference| match &difference.change {
        Change::OutputAdded => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} has an output now", text::operations(finding)),
};

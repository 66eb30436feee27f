//! An enumeration has a new value.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "enum-value-added",
    summary: "an enumeration has a new value",
    explain: "\
What it does: reports a value that only the newer model lists.

Why: a request may use it. A response may hold it: code that switches over the values takes its default branch.

Example: statuses of a protected query get `PAUSED`.

What to do: look at the default branches over it.
",
    weights: Weights::each([COMPATIBLE, COMPATIBLE, COMPATIBLE], [RISKY, RISKY, COMPATIBLE]),
    identity: &["value"],
    mirror: Mirror::Rule("enum-value-removed"),
    values: |difference| match &difference.change {
        Change::EnumValueAdded { value } => Some(Values::from([("value", value.clone().into())])),
        _ => None,
    },
    message: |finding| format!("{} has the new value {}", text::subject(finding), text::value(finding, "value")),
};

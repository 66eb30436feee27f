//! Values are not sensitive any more.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "sensitive-removed",
    summary: "values are not sensitive any more",
    explain: "\
What it does: reports a shape that the older model alone marks sensitive.

Why: what was masked may appear in logs and recordings.

Example: `password` is no longer marked.

What to do: mask it yourself where it matters.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("sensitive-added"),
    values: |difference| match &difference.change {
        Change::SensitiveRemoved => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} is not sensitive any more", text::subject(finding)),
};

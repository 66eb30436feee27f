//! Absent and zero are told apart in one model alone.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "box-changed",
    summary: "absent and zero are told apart in one model alone",
    explain: "\
What it does: reports a number or boolean that is boxed in one of the models.

Why: typed SDKs have another type for it.

Example: `count` may be absent.

What to do: recompile, and look at zeros.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &["boxed"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::BoxChanged { boxed } => Some(Values::from([("boxed", (*boxed).into())])),
        _ => None,
    },
    message: |finding| {
        format!(
            "a zero of {} {} told apart from an absent one",
            text::subject(finding),
            if text::flag(finding, "boxed") { "is now" } else { "is no longer" }
        )
    },
};

//! A number is of a narrower type.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "numeric-type-narrowed",
    summary: "a number is of a narrower type",
    explain: "\
What it does: reports a number whose type became narrower: integer and long, float and double.

Why: text on the wire stays the same; typed SDKs have another type for it.

Example: `count` was a long and is an integer.

What to do: recompile, and look at conversions.
",
    weights: Weights::both([RISKY, BREAKING, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Rule("numeric-type-widened"),
    values: |difference| match &difference.change {
        Change::NumericTypeNarrowed { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("{} is narrower now, {}", text::subject(finding), text::from_to(finding)),
};

//! A number is of a wider type.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "numeric-type-widened",
    summary: "a number is of a wider type",
    explain: "\
What it does: reports a number whose type became wider: integer and long, float and double.

Why: text on the wire stays the same; typed SDKs have another type for it.

Example: `count` was an integer and is a long.

What to do: recompile, and look at conversions.
",
    weights: Weights::both([RISKY, BREAKING, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Rule("numeric-type-narrowed"),
    values: |difference| match &difference.change {
        Change::NumericTypeWidened { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("{} is wider now, {}", text::subject(finding), text::from_to(finding)),
};

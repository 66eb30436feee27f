//! A structure became a union, or one a structure.

use super::{BREAKING, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "union-changed",
    summary: "a structure became a union, or one a structure",
    explain: "\
What it does: reports a structure of which exactly one member may be set in one of the models alone.

Why: a rule comes or goes that SDKs enforce; typed ones have another type for it.

Example: `ProtectedQueryOutput` becomes a union.

What to do: set exactly one member.
",
    weights: Weights::both([RISKY, BREAKING, RISKY]),
    identity: &["union"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::UnionChanged { union } => Some(Values::from([("union", (*union).into())])),
        _ => None,
    },
    message: |finding| {
        format!(
            "{} {}",
            text::subject(finding),
            if text::flag(finding, "union") { "is a union now" } else { "is no union any more" }
        )
    },
};

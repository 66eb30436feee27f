//! A union has a new variant.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "union-variant-added",
    summary: "a union has a new variant",
    explain: "\
What it does: reports a member of a union that only the newer model has.

Why: a response may hold it, and code that knows the older variants takes its path for unknown ones.

Example: `ProtectedQueryOutput` gets `memberList`.

What to do: handle it, or test the path for unknown variants.
",
    weights: Weights::each([COMPATIBLE, COMPATIBLE, COMPATIBLE], [RISKY, RISKY, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("union-variant-removed"),
    values: |difference| match &difference.change {
        Change::UnionVariantAdded => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("variant {} is new", text::subject(finding)),
};

//! A union lost a variant.

use super::{BREAKING, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "union-variant-removed",
    summary: "a union lost a variant",
    explain: "\
What it does: reports a member of a union that only the older model has.

Why: clients refuse it in requests and do not know it in responses.

Example: `ComputeConfiguration.legacy` is gone.

What to do: use another variant.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &[],
    mirror: Mirror::Rule("union-variant-added"),
    values: |difference| match &difference.change {
        Change::UnionVariantRemoved => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("variant {} is gone", text::subject(finding)),
};

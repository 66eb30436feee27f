//! A list or map holds nulls in one model alone.

use super::{BREAKING, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "sparse-changed",
    summary: "a list or map holds nulls in one model alone",
    explain: "\
What it does: reports a list or map whose elements may be null in one of the models.

Why: code meets nulls it did not expect, or must not send them.

Example: `values` may hold nulls now.

What to do: handle nulls, or leave them out.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["sparse"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::SparseChanged { sparse } => Some(Values::from([("sparse", (*sparse).into())])),
        _ => None,
    },
    message: |finding| {
        format!(
            "{} {} hold nulls",
            text::subject(finding),
            if text::flag(finding, "sparse") { "may now" } else { "must no longer" }
        )
    },
};

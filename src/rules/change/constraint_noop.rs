//! A minimum of 0 came or went.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "constraint-noop",
    summary: "a minimum of 0 came or went",
    explain: "\
What it does: reports a minimum of 0 of a length or count that only one of the models has.

Why: nothing is shorter than nothing.

Example: `nextToken` gets `min: 0`.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::ConstraintNoop => Some(Values::new()),
        _ => None,
    },
    message: |finding| {
        format!("{} has a minimum of 0 in one of the models, which says nothing", text::subject(finding))
    },
};

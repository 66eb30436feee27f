//! A stream must know its length in one model alone.

use super::{BREAKING, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "requires-length-changed",
    summary: "a stream must know its length in one model alone",
    explain: "\
What it does: reports a stream whose length must be known before it is sent, in one of the models.

Why: streams of unknown length are refused.

Example: `PutObject` takes no pipe any more.

What to do: give a length.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["requiresLength"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::RequiresLengthChanged { requires_length } => {
            Some(Values::from([("requiresLength", (*requires_length).into())]))
        }
        _ => None,
    },
    message: |finding| {
        format!(
            "the length of {} {} be known",
            text::subject(finding),
            if text::flag(finding, "requiresLength") { "must now" } else { "need no longer" }
        )
    },
};

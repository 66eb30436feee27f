//! A difference that no rule judges.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "unjudged-difference",
    summary: "a difference that no rule judges",
    explain: "\
What it does: reports a trait that the contract has no place for and that differs between the sources, with the places
where it does.

Why: nothing that differs is passed over; what it means is for you to tell.

Example: `staticContextParams` of an operation, which endpoint rules read.

What to do: look it up in the documentation of models.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["trait"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::Unmodelled { name, places } => {
            Some(Values::from([("trait", name.clone().into()), ("places", places.clone().into())]))
        }
        _ => None,
    },
    message: |finding| {
        format!("`{}` differs at {}, and no rule judges it", text::value(finding, "trait"), text::places(finding))
    },
};

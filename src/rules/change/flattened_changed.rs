//! A list has its wrapping element in one model alone.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "flattened-changed",
    summary: "a list has its wrapping element in one model alone",
    explain: "\
What it does: reports a list or map that is flattened in one of the models.

Why: XML and query strings are laid out otherwise.

Example: `<Tags><Tag/></Tags>` becomes `<Tag/>`.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["flattened"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::FlattenedChanged { flattened } => Some(Values::from([("flattened", (*flattened).into())])),
        _ => None,
    },
    message: |finding| {
        format!(
            "{} {} flattened",
            text::subject(finding),
            if text::flag(finding, "flattened") { "is now" } else { "is no longer" }
        )
    },
};

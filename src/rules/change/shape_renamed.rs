//! A shape has another name.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "shape-renamed",
    summary: "a shape has another name",
    explain: "\
What it does: reports a shape in whose place another one stands. What differs between them is told beside it.

Why: names of shapes are not on the wire and not in dynamic SDKs; typed SDKs name their types by them.

Example: `Tags` becomes `TagMap`.

What to do: rename types.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &["old"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::ShapeRenamed { old } => Some(Values::from([("old", old.clone().into())])),
        _ => None,
    },
    message: |finding| format!("{} was called {}", text::subject(finding), text::value(finding, "old")),
};

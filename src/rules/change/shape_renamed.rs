//! A shape has another name.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "shape-renamed",
    summary: "a shape has another name",
    explain: "\
What it does: reports a structure or enumeration in whose place another one stands: the same by a new name, or, where a
member is named, one that was there before. What differs between them is told beside it. Names of other shapes are seen
nowhere.

Why: names of shapes are not on the wire and not in dynamic SDKs; typed SDKs name their types by them.

Example: `Tags` becomes `TagMap`.

What to do: rename types.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &["old"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::ShapeRenamed { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| match finding.member {
        Some(_) => format!("the type of {} is another one, {}", text::subject(finding), text::from_to(finding)),
        None => format!("{} was called {}", text::value(finding, "new"), text::value(finding, "old")),
    },
};

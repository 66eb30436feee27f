//! A minimum allows more values.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::{Change, End, Way};

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "min-loosened",
    summary: "a minimum allows more values",
    explain: "\
What it does: reports a minimum that fell.

Why: all that was legal is legal; no SDK checks responses.

Example: `min` of `AllowedColumnList` falls from 3 to 1.

What to do: nothing, but for buffers and columns of your own that rely on it.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Rule("min-tightened"),
    values: |difference| match &difference.change {
        Change::BoundChanged { end: End::Min, way: Way::Loosened, old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the minimum of {} is loosened {}", text::subject(finding), text::from_to(finding)),
};

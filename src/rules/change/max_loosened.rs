//! A maximum allows more values.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::{Change, End, Way};

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "max-loosened",
    summary: "a maximum allows more values",
    explain: "\
What it does: reports a maximum that rose.

Why: all that was legal is legal; no SDK checks responses.

Example: `max` of `AllowedColumnList` rises from 100 to 225.

What to do: nothing, but for buffers and columns of your own that rely on it.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Rule("max-tightened"),
    values: |difference| match &difference.change {
        Change::BoundChanged { end: End::Max, way: Way::Loosened, old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the maximum of {} is loosened {}", text::subject(finding), text::from_to(finding)),
};

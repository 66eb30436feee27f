//! A minimum is gone.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::{Change, End, Way};

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "min-removed",
    summary: "a minimum is gone",
    explain: "\
What it does: reports a minimum that only the older model has.

Why: all that was legal is legal; no SDK checks responses.

Example: `name` had min 1 and has none.

What to do: nothing, but for buffers and columns of your own that rely on it.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["old"],
    mirror: Mirror::Rule("min-added"),
    values: |difference| match &difference.change {
        Change::BoundChanged { end: End::Min, way: Way::Removed, old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| {
        format!("{} has no minimum any more; it was {}", text::subject(finding), text::shown(finding, "old"))
    },
};

//! A maximum came.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::{Change, End, Way};

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "max-added",
    summary: "a maximum came",
    explain: "\
What it does: reports a maximum that only the newer model has: of a length, a count, or a number.

Why: only the service checks maxima, when it gets the request. Older recordings of responses may break it.

Example: `name` gets max 100.

What to do: look at the values you send; with `--traffic` recorded ones are held against it.
",
    weights: Weights::each([RISKY, RISKY, RISKY], [RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Rule("max-removed"),
    values: |difference| match &difference.change {
        Change::BoundChanged { end: End::Max, way: Way::Added, old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("{} must be at most {} now", text::subject(finding), text::shown(finding, "new")),
};

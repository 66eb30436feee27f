//! A minimum came.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::{Change, End, Way};

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "min-added",
    summary: "a minimum came",
    explain: "\
What it does: reports a minimum that only the newer model has: of a length, a count, or a number.

Why: botocore checks minima before it sends; the service refuses the rest. Older recordings of responses may break it.

Example: `name` gets min 1.

What to do: look at the values you send; with `--traffic` recorded ones are held against it.
",
    weights: Weights::each([BREAKING, RISKY, BREAKING], [RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Rule("min-removed"),
    values: |difference| match &difference.change {
        Change::BoundChanged { end: End::Min, way: Way::Added, old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("{} must be at least {} now", text::subject(finding), text::shown(finding, "new")),
};

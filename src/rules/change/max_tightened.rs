//! A maximum allows fewer values.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::{Change, End, Way};

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "max-tightened",
    summary: "a maximum allows fewer values",
    explain: "\
What it does: reports a maximum that fell.

Why: only the service checks maxima, when it gets the request. Older recordings of responses may break it.

Example: `max` of `name` falls from 255 to 100.

What to do: look at the values you send; with `--traffic` recorded ones are held against it.
",
    weights: Weights::each([RISKY, RISKY, RISKY], [RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Rule("max-loosened"),
    values: |difference| match &difference.change {
        Change::BoundChanged { end: End::Max, way: Way::Tightened, old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the maximum of {} is tightened {}", text::subject(finding), text::from_to(finding)),
};

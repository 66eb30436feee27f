//! A minimum allows fewer values.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::{Change, End, Way};

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "min-tightened",
    summary: "a minimum allows fewer values",
    explain: "\
What it does: reports a minimum that rose.

Why: botocore checks minima before it sends; the service refuses the rest. Older recordings of responses may break it.

Example: `min` of `name` rises from 1 to 3.

What to do: look at the values you send; with `--traffic` recorded ones are held against it.
",
    weights: Weights::each([BREAKING, RISKY, BREAKING], [RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Rule("min-loosened"),
    values: |difference| match &difference.change {
        Change::BoundChanged { end: End::Min, way: Way::Tightened, old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the minimum of {} is tightened {}", text::subject(finding), text::from_to(finding)),
};

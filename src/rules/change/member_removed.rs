//! A member is gone.

use super::{BREAKING, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "member-removed",
    summary: "a member is gone",
    explain: "\
What it does: reports a member that only the older model has.

Why: clients refuse it in requests as unknown, and drop it from responses though the service may still send it.

Example: `Analysis.legacyState` is in the older model alone.

What to do: stop sending or reading it; `--traffic` says where it occurs.
",
    weights: Weights::each([BREAKING, BREAKING, BREAKING], [BREAKING, BREAKING, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("member-added"),
    values: |difference| match &difference.change {
        Change::MemberRemoved => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} is gone", text::subject(finding)),
};

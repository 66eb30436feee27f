//! A request needs a member that is new.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::model::Direction;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "required-member-added",
    summary: "a request needs a member that is new",
    explain: "\
What it does: reports a member of a request that only the newer model has and that is required there.

Why: clients refuse calls without it before they send anything.

Example: `StartProtectedQuery` begins to need `sqlParameters`.

What to do: pass it in every call.
",
    weights: Weights::each([BREAKING, BREAKING, BREAKING], [COMPATIBLE, COMPATIBLE, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("member-removed"),
    values: |difference| match &difference.change {
        Change::MemberAdded { required: true } if difference.direction == Some(Direction::Request) => {
            Some(Values::new())
        }
        _ => None,
    },
    message: |finding| format!("{} is new and required", text::subject(finding)),
};

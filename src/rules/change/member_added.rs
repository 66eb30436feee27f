//! A member is new.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::model::Direction;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "member-added",
    summary: "a member is new",
    explain: "\
What it does: reports a member that only the newer model has; a required one of a request is `required-member-added`.

Why: old code neither sends it nor looks at it; validators that know the older contract alone meet a key they do not
know.

Example: responses of `GetMembership` get `paymentConfiguration`.

What to do: nothing; recorded contracts are renewed with the upgrade.
",
    weights: Weights::each([COMPATIBLE, COMPATIBLE, COMPATIBLE], [COMPATIBLE, COMPATIBLE, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("member-removed"),
    values: |difference| match &difference.change {
        Change::MemberAdded { required } if !required || difference.direction != Some(Direction::Request) => {
            Some(Values::from([("required", (*required).into())]))
        }
        _ => None,
    },
    message: |finding| format!("{} is new", text::subject(finding)),
};

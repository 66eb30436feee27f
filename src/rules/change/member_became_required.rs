//! A member became required.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "member-became-required",
    summary: "a member became required",
    explain: "\
What it does: reports a member that is required in the newer model and was not.

Why: clients refuse requests without it. Of responses it promises more; typed SDKs have another type for it, and older
recordings may lack it.

Example: `resultConfiguration` must be given.

What to do: pass it always; of responses, renew recordings.
",
    weights: Weights::each([BREAKING, BREAKING, BREAKING], [COMPATIBLE, RISKY, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("member-became-optional"),
    values: |difference| match &difference.change {
        Change::MemberBecameRequired => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} became required", text::subject(finding)),
};

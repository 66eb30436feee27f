//! A member became optional.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "member-became-optional",
    summary: "a member became optional",
    explain: "\
What it does: reports a member that was required in the older model and is not in the newer.

Why: a request may leave it out. A response may come without it: code that relies on it fails, and types of typed SDKs
change.

Example: `ProtectedQuery.sqlParameters` may be absent as of 2023-08-30.

What to do: handle its absence.
",
    weights: Weights::each([COMPATIBLE, COMPATIBLE, COMPATIBLE], [RISKY, BREAKING, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("member-became-required"),
    values: |difference| match &difference.change {
        Change::MemberBecameOptional => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} became optional", text::subject(finding)),
};

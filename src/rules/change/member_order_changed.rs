//! Members stand in another order.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "member-order-changed",
    summary: "members stand in another order",
    explain: "\
What it does: reports a structure whose members stand in another order.

Why: order means nothing.

Example: members are sorted by name.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::MemberOrderChanged => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("members of {} stand in another order", text::subject(finding)),
};

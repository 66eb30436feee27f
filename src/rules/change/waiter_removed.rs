//! A waiter is gone.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "waiter-removed",
    summary: "a waiter is gone",
    explain: "\
What it does: reports a waiter that only the older source has.

Why: asking for it raises an error.

Example: `MembershipActive` is gone.

What to do: wait yourself.
",
    weights: Weights::both([BREAKING, BREAKING, COMPATIBLE]),
    identity: &["waiter"],
    mirror: Mirror::Rule("waiter-added"),
    values: |difference| match &difference.change {
        Change::WaiterRemoved { waiter } => Some(Values::from([("waiter", waiter.clone().into())])),
        _ => None,
    },
    message: |finding| format!("waiter {} is gone", text::value(finding, "waiter")),
};

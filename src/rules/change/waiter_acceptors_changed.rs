//! A waiter waits otherwise.

use super::{ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "waiter-acceptors-changed",
    summary: "a waiter waits otherwise",
    explain: "\
What it does: reports a waiter whose meaning of answers, pause or number of calls differs.

Why: waiting ends earlier, later, or with another result.

Example: `MembershipActive` gives up when the membership is removed.

What to do: look at code that catches its errors.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &["waiter"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::WaiterAcceptorsChanged { waiter } => Some(Values::from([("waiter", waiter.clone().into())])),
        _ => None,
    },
    message: |finding| format!("waiter {} takes answers otherwise, or waits otherwise", text::value(finding, "waiter")),
};

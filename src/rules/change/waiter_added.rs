//! There is a new waiter.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "waiter-added",
    summary: "there is a new waiter",
    explain: "\
What it does: reports a waiter that only the newer source has.

Why: nothing that is called today is concerned.

Example: `MembershipActive` comes.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["waiter"],
    mirror: Mirror::Rule("waiter-removed"),
    values: |difference| match &difference.change {
        Change::WaiterAdded { waiter } => Some(Values::from([("waiter", waiter.clone().into())])),
        _ => None,
    },
    message: |finding| format!("waiter {} is new", text::value(finding, "waiter")),
};

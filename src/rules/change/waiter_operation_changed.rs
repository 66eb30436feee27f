//! A waiter calls another operation.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "waiter-operation-changed",
    summary: "a waiter calls another operation",
    explain: "\
What it does: reports a waiter that asks by another operation.

Why: permissions and arguments differ.

Example: `InstanceRunning` calls `DescribeInstanceStatus`.

What to do: look at permissions and mocks.
",
    weights: Weights::both([BREAKING, BREAKING, COMPATIBLE]),
    identity: &["waiter", "new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::WaiterOperationChanged { waiter, old, new } => {
            let mut values = old_new(old, new);
            values.insert("waiter", waiter.clone().into());
            Some(values)
        }
        _ => None,
    },
    message: |finding| {
        format!("waiter {} calls another operation, {}", text::value(finding, "waiter"), text::from_to(finding))
    },
};

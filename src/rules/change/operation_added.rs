//! An operation is new.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "operation-added",
    summary: "an operation is new",
    explain: "\
What it does: reports an operation that only the newer model has.

Why: nothing that is called today is concerned; coverage of the service grows.

Example: `ListMembers` appears beside `GetMember`.

What to do: nothing. Record traffic of it when you use it.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("operation-removed"),
    values: |difference| match &difference.change {
        Change::OperationAdded => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} is new", text::operations(finding)),
};

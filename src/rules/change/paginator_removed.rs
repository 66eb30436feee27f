//! An operation has no paginator any more.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "paginator-removed",
    summary: "an operation has no paginator any more",
    explain: "\
What it does: reports a paginator that only the older source has.

Why: asking for it raises an error.

Example: `ListMembers` cannot be paged.

What to do: follow tokens yourself.
",
    weights: Weights::both([BREAKING, BREAKING, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("paginator-added"),
    values: |difference| match &difference.change {
        Change::PaginatorRemoved => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} has no paginator any more", text::operations(finding)),
};

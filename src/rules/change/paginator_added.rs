//! An operation has a paginator now.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "paginator-added",
    summary: "an operation has a paginator now",
    explain: "\
What it does: reports a paginator that only the newer source has.

Why: nothing that is called today is concerned.

Example: `ListMembers` can be paged.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("paginator-removed"),
    values: |difference| match &difference.change {
        Change::PaginatorAdded => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} has a paginator now", text::operations(finding)),
};

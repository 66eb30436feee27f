//! Pages are asked for by other tokens.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "paginator-token-changed",
    summary: "pages are asked for by other tokens",
    explain: "\
What it does: reports a paginator whose tokens differ.

Why: the request for the next page differs, so recordings of it do not match.

Example: kinesis `ListShards` in botocore 1.29.31.

What to do: record paged traffic again.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::PaginatorTokenChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| {
        format!("tokens of the paginator of {} changed {}", text::operations(finding), text::from_to(finding))
    },
};

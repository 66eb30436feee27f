//! Pages collect another member.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "paginator-result-key-changed",
    summary: "pages collect another member",
    explain: "\
What it does: reports a paginator whose primary result differs.

Why: what `search` and `build_full_result` yield has another key.

Example: `Things` becomes `Items`.

What to do: read the other key.
",
    weights: Weights::both([BREAKING, BREAKING, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::PaginatorResultKeyChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| {
        format!("the result key of the paginator of {} changed {}", text::operations(finding), text::from_to(finding))
    },
};

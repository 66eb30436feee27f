//! An operation is sent to another path.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "http-uri-changed",
    summary: "an operation is sent to another path",
    explain: "\
What it does: reports an operation whose URI template differs in more than names of labels, a slash at its end, or how
many segments a label takes.

Why: recordings and mocks match on the path.

Example: `/functions/{name}` becomes `/2015-03-31/functions/{name}`.

What to do: record its traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::HttpUriChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the path of {} changed {}", text::operations(finding), text::from_to(finding)),
};

//! A member has another name in EC2 query strings.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "query-name-changed",
    summary: "a member has another name in EC2 query strings",
    explain: "\
What it does: reports a member whose `queryName` differs.

Why: requests have another key.

Example: `blockDeviceMapping` becomes `BlockDeviceMapping`.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::QueryNameChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the query name of {} changed {}", text::subject(finding), text::from_to(finding)),
};

//! A member travels elsewhere.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, location, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "location-changed",
    summary: "a member travels elsewhere",
    explain: "\
What it does: reports a member that moved between body, path, query string, header and status.

Why: code does not see it; recordings and mocks look for it at the old place.

Example: `nextToken` moves from the body to the query string.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::LocationChanged { old, new } => Some(old_new(location(*old), location(*new))),
        _ => None,
    },
    message: |finding| format!("{} moved {}", text::subject(finding), text::from_to(finding)),
};

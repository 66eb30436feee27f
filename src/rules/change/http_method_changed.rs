//! An operation is sent with another method.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "http-method-changed",
    summary: "an operation is sent with another method",
    explain: "\
What it does: reports an operation whose HTTP method differs.

Why: code that calls an SDK does not see it; recordings, mocks, proxies and policies that match on the method do.

Example: `POST /tags` becomes `PUT /tags`.

What to do: record its traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::HttpMethodChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| {
        format!(
            "{} is sent with {} instead of {}",
            text::operations(finding),
            text::value(finding, "new"),
            text::value(finding, "old")
        )
    },
};

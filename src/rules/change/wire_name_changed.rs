//! A member is written by another name.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "wire-name-changed",
    summary: "a member is written by another name",
    explain: "\
What it does: reports a member whose name on the wire differs while SDKs call it as before; in XML also the elements of
a list or map, and a request's root. Labels of a path have no such name, and names of headers no case.

Why: code does not see it; recordings and mocks have the old key.

Example: `Tags` is written `tags` now.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::WireNameChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| {
        let what = match (&finding.shape, &finding.member) {
            (Some(_), Some(_)) => text::subject(finding),
            (Some(shape), None) => format!("each element of {shape}"),
            (None, _) => format!("a request of {}", text::subject(finding)),
        };
        format!("{what} is written by another name, {}", text::from_to(finding))
    },
};

//! A label of a path has another name.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "http-uri-label-renamed",
    summary: "a label of a path has another name",
    explain: "\
What it does: reports a URI template whose labels have other names at the same places.

Why: nothing of it is seen on the wire.

Example: `/things/{Id}` becomes `/things/{thingId}`.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::HttpUriLabelRenamed { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| {
        format!("labels in the path of {} are renamed, {}", text::operations(finding), text::from_to(finding))
    },
};

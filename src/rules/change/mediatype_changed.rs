//! Content has another media type.

use super::{BREAKING, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "mediatype-changed",
    summary: "content has another media type",
    explain: "\
What it does: reports a text or blob whose media type differs.

Why: SDKs may hand it over in another type, JSON in headers above all.

Example: a header becomes `application/json`.

What to do: adapt what builds and reads it.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::MediatypeChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the media type of {} changed {}", text::subject(finding), text::from_to(finding)),
};

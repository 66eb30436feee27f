//! An XML namespace differs.

use super::{BREAKING, COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "xml-namespace-changed",
    summary: "an XML namespace differs",
    explain: "\
What it does: reports an element whose namespace differs.

Why: services and mocks may refuse the other one.

Example: requests of S3 Control get a namespace.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::XmlNamespaceChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the namespace of {} changed {}", text::subject(finding), text::from_to(finding)),
};

//! A client uses another HTTP method.

use super::{Mirror, WireRule, old_new, text};
use crate::finding::Severity;
use crate::rules::Info;
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "wire-method-changed",
        summary: "the operation is called by another HTTP method",
        explain: "\
What it does: reports an operation that is called by another HTTP method than before.

Why: recordings and mocks are matched by method, and so are routes of proxies and emulators.

Example: a list is asked for by POST, with the filter in the body, and was by GET, with the filter in the URL.

What to do: record the operation again. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Error,
        response: Severity::Error,
        identity: &["new"],
    },
    mirror: Mirror::Itself,
    values: |change| match change {
        Change::Method { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("the HTTP method changed {}", text::from_to(finding)),
};

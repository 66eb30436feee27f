//! A client asks for another version of the API.

use super::{Mirror, WireRule, old_new, text};
use crate::finding::Severity;
use crate::rules::Info;
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "wire-version-changed",
        summary: "the operation is called in another version of the API",
        explain: "\
What it does: reports a query protocol's `Version` that differs.

Why: the service may answer otherwise, and recordings that are matched by body or URL do not match.

Example: `Version=2010-08-01` becomes `Version=2016-11-15`.

What to do: read what the other version changes, and record again. If it is meant, `--accept` takes it into the
snapshot.
",
        request: Severity::Error,
        response: Severity::Error,
        identity: &["new"],
    },
    mirror: Mirror::Itself,
    values: |change| match change {
        Change::Version { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("the API version changed {}", text::from_to(finding)),
};

//! A client uses another path.

use super::{Mirror, WireRule, lighter_if_more, old_new, text};
use crate::finding::Severity;
use crate::rules::Info;
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "wire-uri-changed",
        summary: "the operation is called at another path",
        explain: "\
What it does: reports a path of another form: another template, a slash more or less at its end, a base path before
it.

Why: recordings and mocks are matched by path, and so are routes of proxies and emulators.

Example: `/2015-03-31/functions` becomes `/2015-03-31/functions/`.

What to do: record the operation again. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Error,
        response: Severity::Error,
        identity: &["new"],
    },
    mirror: Mirror::Itself,
    values: |change| match change {
        Change::Uri { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    lighter: |change| match change {
        Change::Uri { old, new } => lighter_if_more(old, new),
        _ => None,
    },
    message: |finding| format!("the path changed {}", text::from_to(finding)),
};

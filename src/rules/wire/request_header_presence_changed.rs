//! A header is sent more or less often.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "request-header-presence-changed",
        summary: "a header is sent always and was not, or the other way round",
        explain: "\
What it does: reports a header that was in all requests of the operation and is in some, a warning; or was in some
and is in all, a note.

Why: what is only sometimes there cannot be relied on.

Example: `expect` is sent with large bodies alone.

What to do: see on what it depends. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Warning,
        response: Severity::Warning,
        identity: &["name"],
    },
    mirror: Mirror::Itself,
    values: |change| match change {
        Change::HeaderPresence { name, old, new } => Some(Values::from([
            ("name", name.clone().into()),
            ("old", old.as_str().into()),
            ("new", new.as_str().into()),
        ])),
        _ => None,
    },
    lighter: |change| match change {
        Change::HeaderPresence { old, new, .. } if old < new => Some(Severity::Note),
        _ => None,
    },
    message: |finding| {
        format!(
            "the header {} was {} sent, and is {} sent",
            text::name(finding),
            text::value(finding, "old"),
            text::value(finding, "new")
        )
    },
};

//! A status that did not come back before.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "status-newly-seen",
        summary: "a status comes back that did not",
        explain: "\
What it does: reports an HTTP status that no exchange of the operation had.

Why: clients branch on it.

Example: `GetObject` answers 206 to a range.

What to do: see whether the request or the service changed. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Note,
        response: Severity::Note,
        identity: &["status"],
    },
    mirror: Mirror::Rule("status-no-longer-seen"),
    values: |change| match change {
        Change::StatusAppeared { status } => Some(Values::from([("status", (*status).into())])),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("status {}{} comes back", text::shown(finding, "status"), text::of_error(finding)),
};

//! A status that does not come back any more.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "status-no-longer-seen",
        summary: "a status does not come back any more",
        explain: "\
What it does: reports an HTTP status that some exchange of the operation had and none has any more.

Why: clients branch on it, and a branch has no traffic any more.

Example: `GetObject` answers 206 no more, for no range is asked for.

What to do: see whether the request or the service changed. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Note,
        response: Severity::Note,
        identity: &["status"],
    },
    mirror: Mirror::Rule("status-newly-seen"),
    values: |change| match change {
        Change::StatusGone { status } => Some(Values::from([("status", (*status).into())])),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| {
        format!("status {}{} does not come back any more", text::shown(finding, "status"), text::of_error(finding))
    },
};

//! A part of exchanges that was not recorded before.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "message-newly-recorded",
        summary: "requests, responses or HTTP messages were not recorded before",
        explain: "\
What it does: reports an operation of which requests, responses, or HTTP messages are in the traffic and not in the
snapshot.

Why: nothing is known of what they were before.

Example: a HAR takes the place of placebo files, which hold responses alone.

What to do: If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Note,
        response: Severity::Note,
        identity: &["part"],
    },
    mirror: Mirror::Rule("message-no-longer-recorded"),
    values: |change| match change {
        Change::RecordedAppeared(part) => Some(Values::from([("part", part.as_str().into())])),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("{} were not recorded before", text::value(finding, "part")),
};

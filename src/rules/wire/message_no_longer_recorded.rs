//! A part of exchanges that is not recorded any more.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "message-no-longer-recorded",
        summary: "requests, responses or HTTP messages are not recorded any more",
        explain: "\
What it does: reports an operation of which requests, responses, or HTTP messages are in the snapshot and not in
the traffic.

Why: nothing of them is compared. It is no pass.

Example: placebo files, which hold responses alone, take the place of a HAR.

What to do: record in a form that keeps as much as before. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Warning,
        response: Severity::Warning,
        identity: &["part"],
    },
    mirror: Mirror::Rule("message-newly-recorded"),
    values: |change| match change {
        Change::RecordedGone(part) => Some(Values::from([("part", part.as_str().into())])),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("{} are not recorded any more", text::value(finding, "part")),
};

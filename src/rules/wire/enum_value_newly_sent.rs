//! A value of an enumeration that was not there before.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "enum-value-newly-sent",
        summary: "a value of an enumeration occurs that did not",
        explain: "\
What it does: reports a value of a member that the model enumerates, which no exchange had.

Why: in a response, code that switches over the values takes its default branch. In a request it says what the
client asks for now.

Example: protected queries are seen as `TIMED_OUT`.

What to do: see that code knows the value. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Note,
        response: Severity::Note,
        identity: &["value"],
    },
    mirror: Mirror::Rule("enum-value-no-longer-sent"),
    values: |change| match change {
        Change::EnumValueAppeared { value, .. } => Some(Values::from([("value", value.clone().into())])),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("{} is also {}", text::member(finding), text::value(finding, "value")),
};

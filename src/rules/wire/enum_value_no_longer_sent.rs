//! A value of an enumeration that is not there any more.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "enum-value-no-longer-sent",
        summary: "a value of an enumeration does not occur any more",
        explain: "\
What it does: reports a value of a member that the model enumerates, which some exchange had and none has any more.

Why: in a response, code that switches over the values keeps a branch that no traffic proves. In a request it says
what the client does not ask for any more.

Example: protected queries are not seen as `STARTED` any more: the recordings do not wait as long.

What to do: see that the traffic still exercises what it should. If it is meant, `--accept` takes it into the
snapshot.
",
        request: Severity::Note,
        response: Severity::Note,
        identity: &["value"],
    },
    mirror: Mirror::Rule("enum-value-newly-sent"),
    values: |change| match change {
        Change::EnumValueGone { value, .. } => Some(Values::from([("value", value.clone().into())])),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("{} is not {} any more", text::member(finding), text::value(finding, "value")),
};

//! A member that is not sent any more.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::model::Direction;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "member-no-longer-sent",
        summary: "a member is not sent any more",
        explain: "\
What it does: reports a member that some exchange of the operation had and none has any more. What is within it is
not told again.

Why: in a request, what the program says does not arrive: SDKs drop what their model does not know, without a word.
In a response, code waits for what does not come.

Example: an SDK for a compiled language that is older than the model leaves out `payerConfiguration`.

What to do: see whether the program still sets it; if it does, the client loses data. If it is meant, `--accept`
takes it into the snapshot.
",
        request: Severity::Error,
        response: Severity::Note,
        identity: &[],
    },
    mirror: Mirror::Rule("member-newly-sent"),
    values: |change| match change {
        Change::MemberGone { .. } => Some(Values::new()),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| match finding.direction {
        Some(Direction::Response) => format!("{} was there and is not any more", text::member(finding)),
        _ => format!("{} is not sent any more", text::member(finding)),
    },
};

//! A member that was not sent before.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::model::Direction;
use crate::rules::{Info, Values};
use crate::wire::{Change, Sent};

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "member-newly-sent",
        summary: "a member is sent that was not sent before",
        explain: "\
What it does: reports a member that no exchange of the operation had. What is within it is not told again.

Why: in a request, the client now says something of its own accord, such as a default; recordings that are matched
by body do not match. In a response, code may meet what it does not know.

Example: `clientToken` is in each request, filled in by the SDK.

What to do: see that the service may act on it. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Warning,
        response: Severity::Note,
        identity: &[],
    },
    mirror: Mirror::Rule("member-no-longer-sent"),
    values: |change| match change {
        Change::MemberAppeared { sent, .. } => Some(Values::from([("sent", sent.map_or("", Sent::as_str).into())])),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| match finding.direction {
        Some(Direction::Response) => format!("{} is there and was not", text::member(finding)),
        _ => format!("{} is sent and was not{}", text::member(finding), text::share(finding)),
    },
};

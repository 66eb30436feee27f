//! A member that its structure does not have.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::model::Direction;
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct UnknownMember;

const INFO: Info = Info {
    id: "unknown-member",
    summary: "a member that its structure does not have",
    explain: "\
What it does: reports a member whose name its structure does not have, and which is at home nowhere else in the
operation either.

Why: typed SDKs drop such a member without a word, dynamic ones hand it to code that the contract never promised it to.
In a request the service refuses or ignores it.

Example: `{\"membership\": {\"nickname\": \"a\"}}` where Membership has no `nickname`.

What to do: correct the spelling, or check against the contract of the release that added the member
(`--contract cleanrooms@<date>`, `--model`).
",
    request: Severity::Error,
    response: Severity::Error,
    identity: &[],
};

impl ExchangeRule for UnknownMember {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::UnexpectedMember { elsewhere, nearest } if elsewhere.is_empty() => {
                Some(Values::from([("nearest", nearest.clone().into())]))
            }
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let member = finding.member.as_deref().unwrap_or_default();
        let Some(shape) = finding.shape.as_deref() else {
            let operation = finding.operation.as_deref().unwrap_or("the operation");
            let half = if finding.direction == Some(Direction::Request) { "input" } else { "output" };
            return format!("`{member}` is there, and the {half} of {operation} has no members");
        };
        match text::value(finding, "nearest") {
            "" => format!("{shape} has no member `{member}`"),
            nearest => format!("{shape} has no member `{member}`; did you mean `{nearest}`?"),
        }
    }
}

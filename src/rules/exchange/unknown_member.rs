//! A member that its structure does not have.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "unknown-member",
    summary: "a member that its structure does not have",
    explain: "\
What it does: reports a member whose name its structure does not have, and which is not meant for another place nearby
(`misplaced-member`). Places further off that have a member of the name are a hint.

Why: typed SDKs drop such a member without a word, dynamic ones hand it to code that the contract never promised it to.
In a request the service refuses or ignores it.

Example: `{\"membership\": {\"nickname\": \"a\"}}` where Membership has no `nickname`.

What to do: correct the spelling, or check against the contract of the release that added the member
(`--contract cleanrooms@<date>`, `--model`).
",
    weights: Weights::same(Severity::Error),
    identity: &[],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let member = finding.member.as_deref().unwrap_or_default();
    let Some(shape) = finding.shape.as_deref() else {
        let operation = finding.operation.as_deref().unwrap_or("the operation");
        let half = if finding.direction == Some(Direction::Request) { "input" } else { "output" };
        return format!("`{member}` is there, and the {half} of {operation} has no members");
    };
    match (text::value(finding, "nearest"), text::first_of(finding, "namesakes")) {
        ("", None) => format!("{shape} has no member `{member}`"),
        ("", Some(places)) => format!("{shape} has no member `{member}`; there is one of that name at {places}"),
        (nearest, _) => format!("{shape} has no member `{member}`; did you mean `{nearest}`?"),
    }
}

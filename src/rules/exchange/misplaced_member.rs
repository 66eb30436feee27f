//! A known member at the wrong place.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "misplaced-member",
    summary: "a known member at the wrong place",
    explain: "\
What it does: reports a member that its structure does not have, but that is at home in one place nearby in the
operation, or in the one structure of the service that is like this one but for having more members. It says where. A
name that several structures have is reported as `unknown-member`.

Why: the value is right and arrives nowhere. Readers look for it where the contract puts it.

Example: `memberList` beside `output` of a protected query's result, where it belongs inside; `roleArn` in the result
configuration of a protected query, where only a membership's default has one.

What to do: move the member. Where it was required at its own place, `missing-member` says so too.
",
    weights: Weights::same(Severity::Error),
    identity: &[],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let shape = finding.shape.as_deref().unwrap_or("the structure");
    let member = finding.member.as_deref().unwrap_or_default();
    format!("`{member}` is not a member of {shape}; it belongs at {}", text::list(finding, "belongs", "or"))
}

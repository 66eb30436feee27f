//! A required member is not there.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "missing-member",
    summary: "a required member is not there",
    explain: "\
What it does: reports a member that the contract requires and the payload does not have. The pointer is where the
member should be.

Why: an SDK that compiles types invents a value (an empty text, the year 1970, false) or fails to read the response; a
request without it is refused.

Example: a Membership without `status`.

What to do: add the member. Traffic that was recorded before the member was required is held against the contract
of its day by `--contract cleanrooms@recorded`, or by a model of that time. A page of the change log does not say which
members of a response are required; a model does.
",
    weights: Weights::same(Severity::Error),
    identity: &[],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let member = finding.member.as_deref().unwrap_or_default();
    let element = text::value(finding, "element");
    match &finding.shape {
        Some(shape) if !element.is_empty() => {
            format!("{shape} requires `{member}`, the element {element}, which is not there")
        }
        Some(shape) if text::key(finding) != member => {
            format!("{shape} requires `{member}`, written `{}`, which is not there", text::key(finding))
        }
        Some(shape) => format!("{shape} requires `{member}`, which is not there"),
        None => format!("`{member}` is required and not there"),
    }
}

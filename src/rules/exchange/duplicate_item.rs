//! Two equal elements in a list whose elements differ.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-item",
    summary: "two equal elements in a list whose elements differ",
    explain: "\
What it does: reports a list that holds the same element twice where the model says that no two are equal
(`uniqueItems`, and `set` of older models). Smithy models say it; botocore's files leave it out.

Why: the service refuses such a request. Readers that make a set of the list lose an element.

Example: `\"actions\": [\"read\", \"read\"]`.

What to do: leave one of them.
",
    weights: Weights::by_half(Severity::Error, Severity::Warning),
    identity: &[],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let number = |at: usize| finding.values.get("items").and_then(|items| items.get(at)?.as_u64());
    let subject = text::subject(finding);
    match (number(0), number(1)) {
        (Some(first), Some(second)) if first != second => {
            format!("elements {first} and {second} of {subject} are equal, and must differ")
        }
        _ => format!("two elements of {subject} are equal, and must differ"),
    }
}

//! An operation that the service does not have.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "unknown-operation",
    summary: "an operation that the service does not have",
    explain: "\
What it does: reports an exchange whose operation the contract does not list. Nothing in it can be judged.

Why: a recording that is not checked must not look like one that passed.

Example: `GetMemberships`, where the service has GetMembership and ListMemberships.

What to do: correct the name, or check against a release that has the operation.
",
    weights: Weights::same(Severity::Error),
    identity: &[],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let service = finding.service.as_deref().unwrap_or("the service");
    let operation = finding.operation.as_deref().unwrap_or_default();
    match text::value(finding, "nearest") {
        "" => format!("{service} has no operation {operation}"),
        nearest => format!("{service} has no operation {operation}; did you mean {nearest}?"),
    }
}

//! A success with another status than the model's.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "unexpected-status",
    summary: "a success with another status than the model states",
    explain: "\
What it does: reports a response that is no error and whose HTTP status differs from the operation's.

Why: clients compare statuses, and so do caches and proxies. SDKs take any status below 300, so nobody sees it.
Statuses of partial content (206), and of operations that return the status as a member, are not judged.

Example: GetMembership answered with 201 instead of 200.

What to do: in an emulator, answer with the operation's own status. In real traffic the model may be older than the
service: compare with a newer one.
",
    weights: Weights::same(Severity::Warning),
    identity: &["found"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let operation = finding.operation.as_deref().unwrap_or("the operation");
    let (found, expected) = (text::json(finding, "found"), text::json(finding, "expected"));
    format!("{operation} succeeds with status {found}, where the model states {expected}")
}

//! A success with another status than the model's, or a redirection.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "unexpected-status",
    summary: "a success with another status than the model states, or a redirection",
    explain: "\
What it does: reports a response that is not an error and whose HTTP status differs from the one that the model states
for the operation. Where the model states none, any success is right. It also reports a redirection (3xx) that names no
error, by any service but Amazon S3.

Why: clients compare statuses, and so do caches and proxies. SDKs take any status below 300, so nobody sees it; a
redirection they do not follow, and take for an error without a code. Statuses of partial content (206), and of
operations that return the status as a member, are not judged.

Example: GetMembership answered with 201 instead of 200.

What to do: in an emulator, answer with the operation's own status. In real traffic the model may be older than the
service: compare with a newer one.
",
    half: Some(Direction::Response),
    weights: Weights::same(Severity::Warning),
    identity: &["found"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let operation = finding.operation.as_deref().unwrap_or("the operation");
    let (found, expected) = (text::json(finding, "found"), text::json(finding, "expected"));
    let what = if found.starts_with('3') { "redirects" } else { "succeeds" };
    match expected.as_str() {
        "" => format!("{operation} {what} with status {found}"),
        expected => format!("{operation} {what} with status {found}, where the model states {expected}"),
    }
}

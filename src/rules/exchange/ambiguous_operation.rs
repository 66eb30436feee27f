//! Several operations fit the response equally well.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "ambiguous-operation",
    summary: "several operations fit the response equally well",
    explain: "\
What it does: reports a response whose recording does not name the operation, and which fits the outputs of several
operations equally well, with the same faults. It says by which one it was judged. Operations that share one output are
no reason to report, nor is a response that keeps the contract of each.

Why: a finding may belong to the other operation, and what the other operation requires was not looked for.

Example: a LocalStack snapshot `{\"a\": {\"membership\": {\"status\": 7}}}`, which CreateMembership, GetMembership and
UpdateMembership may each have answered.

What to do: let the snapshot's key hold the operation's name (`get-membership`), or name the service with `--service`
where several services fit.
",
    weights: Weights::same(Severity::Note),
    identity: &[],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let operation = finding.operation.as_deref().unwrap_or("the first");
    let candidates = text::list(finding, "candidates", "and");
    format!("the response fits {candidates} equally well; it was judged as {operation}")
}

//! Several operations fit the response equally well.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct AmbiguousOperation;

const INFO: Info = Info {
    id: "ambiguous-operation",
    summary: "several operations fit the response equally well",
    explain: "\
What it does: reports a response whose recording does not name the operation, and which fits the outputs of several
operations equally well. It says by which one it was judged. Operations that share one output are no reason to report.

Why: a finding may belong to the other operation, and what the other operation requires was not looked for.

Example: a LocalStack snapshot `{\"a\": {\"membership\": {…}}}`, which CreateMembership, GetMembership and
UpdateMembership may each have answered.

What to do: let the snapshot's key hold the operation's name (`get-membership`), or name the service with `--service`
where several services fit.
",
    request: Severity::Note,
    response: Severity::Note,
    identity: &[],
};

impl ExchangeRule for AmbiguousOperation {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::AmbiguousOperation { candidates } => {
                Some(Values::from([("candidates", candidates.clone().into())]))
            }
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let operation = finding.operation.as_deref().unwrap_or("the first");
        let candidates = text::list(finding, "candidates", "and");
        format!("the response fits {candidates} equally well; it was judged as {operation}")
    }
}

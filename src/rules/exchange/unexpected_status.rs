//! A success with another status than the model's.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct UnexpectedStatus;

const INFO: Info = Info {
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
    request: Severity::Warning,
    response: Severity::Warning,
    identity: &["found"],
};

impl ExchangeRule for UnexpectedStatus {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::UnexpectedStatus { found, expected } => {
                Some(Values::from([("found", (*found).into()), ("expected", (*expected).into())]))
            }
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let operation = finding.operation.as_deref().unwrap_or("the operation");
        let (found, expected) = (text::shown(finding, "found"), text::shown(finding, "expected"));
        format!("{operation} succeeds with status {found}, where the model states {expected}")
    }
}

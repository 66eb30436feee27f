//! An operation that the service does not have.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct UnknownOperation;

const INFO: Info = Info {
    id: "unknown-operation",
    summary: "an operation that the service does not have",
    explain: "\
What it does: reports an exchange whose operation the contract does not list. Nothing in it can be judged.

Why: a recording that is not checked must not look like one that passed.

Example: `GetMemberships`, where the service has GetMembership and ListMemberships.

What to do: correct the name, or check against a release that has the operation.
",
    request: Severity::Error,
    response: Severity::Error,
    identity: &[],
};

impl ExchangeRule for UnknownOperation {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::UnknownOperation { nearest } => Some(Values::from([("nearest", nearest.clone().into())])),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let service = finding.service.as_deref().unwrap_or("the service");
        let operation = finding.operation.as_deref().unwrap_or_default();
        match text::value(finding, "nearest") {
            "" => format!("{service} has no operation {operation}"),
            nearest => format!("{service} has no operation {operation}; did you mean {nearest}?"),
        }
    }
}

//! An error with the status of a success.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct ErrorInSuccess;

const INFO: Info = Info {
    id: "error-in-success",
    summary: "an error that comes with the status of a success",
    explain: "\
What it does: reports a response that says it is an error and has a status below 300.

Why: some SDKs look at the status and take the error for an output without members; others look at the error first. The
call fails for one and succeeds for the other.

Example: status 200 with the header `x-amzn-errortype: ConflictException`.

What to do: answer errors with the status that the model declares for them.
",
    request: Severity::Error,
    response: Severity::Error,
    identity: &["code"],
};

impl ExchangeRule for ErrorInSuccess {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::ErrorInSuccess { code, status } => {
                Some(Values::from([("code", code.clone().into()), ("status", (*status).into())]))
            }
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let (code, status) = (text::value(finding, "code"), text::shown(finding, "status"));
        format!("the error {code} comes with status {status}, which is a success")
    }
}

//! An error with another status than the model's.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct ErrorStatusMismatch;

const INFO: Info = Info {
    id: "error-status-mismatch",
    summary: "an error with another status than the model states",
    explain: "\
What it does: reports an error whose HTTP status differs from the one that its shape declares.

Why: the status decides whether a client tries again, and SDKs take the error by its code alone, so a wrong status goes
unseen until a proxy or a retry policy acts on it.

Example: `ResourceNotFoundException` with status 400, where the model states 404.

What to do: in an emulator, answer with the declared status. Services differ from their models here and there, so it is
a warning.
",
    request: Severity::Warning,
    response: Severity::Warning,
    identity: &["code", "found"],
};

impl ExchangeRule for ErrorStatusMismatch {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::ErrorStatus { code, found, expected } => Some(Values::from([
                ("code", code.clone().into()),
                ("found", (*found).into()),
                ("expected", (*expected).into()),
            ])),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let code = text::value(finding, "code");
        let (found, expected) = (text::shown(finding, "found"), text::shown(finding, "expected"));
        format!("{code} comes with status {found}, where the model states {expected}")
    }
}

//! An error that the operation does not declare.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct UndeclaredError;

const INFO: Info = Info {
    id: "undeclared-error",
    summary: "an error that the operation does not declare",
    explain: "\
What it does: reports an error whose code is neither declared for the operation nor common to all AWS services. Models
that declare no error for any operation, as EC2's, are silent about errors, and nothing is concluded from that.

Why: code that catches the declared errors lets this one through. Services do answer with undeclared errors, so it is a
warning.

Example: `TeapotException` from GetMembership.

What to do: in an emulator, answer with a declared error; the message lists them.
",
    request: Severity::Warning,
    response: Severity::Warning,
    identity: &["code"],
};

impl ExchangeRule for UndeclaredError {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::UndeclaredError { code, declared } => {
                Some(Values::from([("code", code.clone().into()), ("declared", declared.clone().into())]))
            }
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let operation = finding.operation.as_deref().unwrap_or("the operation");
        let code = text::value(finding, "code");
        match text::list(finding, "declared", "and").as_str() {
            "" => format!("{operation} does not declare the error {code}; it declares none"),
            declared => format!("{operation} does not declare the error {code}; it declares {declared}"),
        }
    }
}

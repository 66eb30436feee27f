//! A value of another type than modelled.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct WrongType;

const INFO: Info = Info {
    id: "wrong-type",
    summary: "a value of another type than modelled",
    explain: "\
What it does: reports a value whose JSON type is not the one of its shape: a number where text is modelled, a fraction
where a whole number is, an object where a list is.

Why: dynamic SDKs hand the value on as it is, and code fails far from the cause; typed SDKs refuse the whole response.

Example: `\"totalDurationInMillis\": \"1200\"` where a long is modelled.

What to do: send the value as its own type.
",
    request: Severity::Error,
    response: Severity::Error,
    identity: &["found"],
};

impl ExchangeRule for WrongType {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::WrongType { expected, found, value } => Some(Values::from([
                ("expected", (*expected).into()),
                ("found", (*found).into()),
                ("value", value.clone()),
            ])),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let expected = text::value(finding, "expected");
        let found = text::value(finding, "found");
        let subject = text::subject(finding);
        format!("{subject} should be {} {expected} and is {} {found}", text::article(expected), text::article(found))
    }
}

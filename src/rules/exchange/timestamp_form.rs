//! A timestamp in another form.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct TimestampForm;

const INFO: Info = Info {
    id: "timestamp-form",
    summary: "a timestamp in another form",
    explain: "\
What it does: reports a timestamp that is not written as protocol and model say: epoch seconds in JSON bodies, RFC 3339
text where the model says iso8601, an HTTP date in headers; ISO 8601 text in values that an SDK has parsed. Numbers
beyond the year 9999 are milliseconds and reported too.

Why: some SDKs guess, some fail, and milliseconds read as seconds lead to the year 55,000.

Example: `\"createTime\": \"2023-08-30T12:00:00Z\"` in a restJson1 body.

What to do: write the form the message names. Say `\"encoding\": \"parsed\"` in a record whose values come from an
SDK.
",
    request: Severity::Error,
    response: Severity::Error,
    identity: &[],
};

impl ExchangeRule for TimestampForm {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::TimestampForm { expected, found } => {
                Some(Values::from([("expected", (*expected).into()), ("found", found.clone())]))
            }
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let (found, expected) = (text::shown(finding, "found"), text::value(finding, "expected"));
        format!("{} should be {expected} and is {found}", text::subject(finding))
    }
}

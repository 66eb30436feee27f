//! Too small or too large a number.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct NumberOutOfRange;

const INFO: Info = Info {
    id: "number-out-of-range",
    summary: "too small or too large a number",
    explain: "\
What it does: reports a number beyond the bounds of its shape, or beyond those of its type: 32 bits for an integer, 64
for a long.

Why: the service refuses such a request; a client that reads 32 bits overflows or fails.

Example: `3000000000` where an integer is modelled.

What to do: keep within the bounds the message names.
",
    request: Severity::Error,
    response: Severity::Warning,
    identity: &[],
};

impl ExchangeRule for NumberOutOfRange {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::Number { found, limit, above } => {
                Some(Values::from([("found", found.clone()), ("limit", limit.clone()), ("above", (*above).into())]))
            }
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let (found, limit) = (text::shown(finding, "found"), text::shown(finding, "limit"));
        format!("{} is {found} and must be {} {limit}", text::subject(finding), text::bound(finding))
    }
}

//! A key stands twice in its object.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct DuplicateKey;

const INFO: Info = Info {
    id: "duplicate-key",
    summary: "a key stands twice in its object",
    explain: "\
What it does: reports a key that stands more than once in the same JSON object.

Why: readers differ. Most keep the last value, some the first, none complains.

Example: `{\"status\": \"ACTIVE\", \"status\": \"REMOVED\"}`.

What to do: leave one of them.
",
    request: Severity::Error,
    response: Severity::Error,
    identity: &[],
};

impl ExchangeRule for DuplicateKey {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::RepeatedKey => Some(Values::new()),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        format!("{} stands more than once in its object; the last value was judged", text::subject(finding))
    }
}

//! A check that did not come to an end.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct Undecided;

const INFO: Info = Info {
    id: "undecided",
    summary: "a check that did not come to an end",
    explain: "\
What it does: tells of a value whose check was given up: a pattern that went back and forth beyond a limit.

Why: it is neither a pass nor a fault.

Example: a long text against a pattern with nested repetition.

What to do: look at the value; shorter ones are decided.
",
    request: Severity::Note,
    response: Severity::Note,
    identity: &[],
};

impl ExchangeRule for Undecided {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::Undecided { reason } => Some(Values::from([("reason", reason.clone().into())])),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        format!("whether {} conforms is undecided: {}", text::subject(finding), text::value(finding, "reason"))
    }
}

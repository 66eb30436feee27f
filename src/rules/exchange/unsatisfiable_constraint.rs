//! A constraint of the model that nothing can keep.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct UnsatisfiableConstraint;

const INFO: Info = Info {
    id: "unsatisfiable-constraint",
    summary: "a constraint of the model that nothing can keep",
    explain: "\
What it does: reports, once for each member that traffic uses, a shape whose length and pattern exclude each other. The
constraint is left out, so that it does not refuse all traffic.

Why: the model is wrong there, and the value was not checked for it.

Example: a pattern of 36 characters with a max of 32.

What to do: nothing in the traffic; tell the service's team.
",
    request: Severity::Warning,
    response: Severity::Warning,
    identity: &[],
};

impl ExchangeRule for UnsatisfiableConstraint {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::Unsatisfiable { reason } => Some(Values::from([("reason", reason.clone().into())])),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        format!("{} has a constraint that nothing can keep: {}", text::subject(finding), text::value(finding, "reason"))
    }
}

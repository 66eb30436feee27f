//! A constraint that cannot be checked.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct ConstraintNotChecked;

const INFO: Info = Info {
    id: "constraint-not-checked",
    summary: "a constraint that cannot be checked",
    explain: "\
What it does: tells, once for each member that traffic uses, of a constraint that shapegate cannot check: a pattern that
no engine at hand reads, or one that is too large.

Why: a clean result says nothing about it, and says so.

Example: `.{1,100000}`, which is too large for the engine.

What to do: nothing; the note keeps the result honest.
",
    request: Severity::Note,
    response: Severity::Note,
    identity: &["constraint"],
};

impl ExchangeRule for ConstraintNotChecked {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::NotChecked { constraint, reason } => {
                Some(Values::from([("constraint", constraint.clone().into()), ("reason", reason.clone().into())]))
            }
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let (constraint, reason) = (text::value(finding, "constraint"), text::value(finding, "reason"));
        format!("the {constraint} of {} is not checked: {reason}", text::subject(finding))
    }
}

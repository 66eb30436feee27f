//! A label of the path that is empty.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct EmptyLabel;

const INFO: Info = Info {
    id: "empty-label",
    summary: "a label of the path that is empty",
    explain: "\
What it does: reports a request whose path leaves a label empty.

Why: the path then means another operation, or none: `GET /memberships/` may be answered with a list. SDKs that do not
check their input send it.

Example: `GET /memberships/` for GetMembership, whose URI is `/memberships/{membershipIdentifier}`.

What to do: look at what the caller passed; a label must not be empty.
",
    request: Severity::Error,
    response: Severity::Error,
    identity: &["label"],
};

impl ExchangeRule for EmptyLabel {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::EmptyLabel { name } => Some(Values::from([("label", name.clone().into())])),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        format!("the label `{}` of the path is empty", text::value(finding, "label"))
    }
}

//! `null` where a value is modelled.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct NullMember;

const INFO: Info = Info {
    id: "null-member",
    summary: "null where a value is modelled",
    explain: "\
What it does: reports `null` as the value of a member, or as an element of a list or map that is not sparse.

Why: AWS leaves absent members out. SDKs differ on null: some read it as absent, some fail. Real responses hold it now
and then, so it weighs less there.

Example: `\"status\": null`.

What to do: leave the member out.
",
    request: Severity::Error,
    response: Severity::Warning,
    identity: &[],
};

impl ExchangeRule for NullMember {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::Null { expected } => Some(Values::from([("expected", (*expected).into())])),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let expected = text::value(finding, "expected");
        format!("{} is null where {} {expected} belongs", text::subject(finding), text::article(expected))
    }
}

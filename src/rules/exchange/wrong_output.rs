//! An output that is another operation's.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct WrongOutput;

const INFO: Info = Info {
    id: "wrong-output",
    summary: "an output that is another operation's",
    explain: "\
What it does: reports a response none of whose members belong to the operation, and which is a sound output of another
operation of the service. It is told instead of each single member.

Why: SDKs pass over members that they do not know, so the caller gets an output without anything in it.

Example: GetMembership answered with the output of ListMemberships, `{\"membershipSummaries\": []}`.

What to do: in an emulator, look at the routing of requests; in a recording, at how requests and responses were paired.
",
    request: Severity::Error,
    response: Severity::Error,
    identity: &["fits"],
};

impl ExchangeRule for WrongOutput {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::WrongOutput { fits } => Some(Values::from([("fits", fits.clone().into())])),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let operation = finding.operation.as_deref().unwrap_or("the operation");
        format!("the output is none of {operation}; it is one of {}", text::value(finding, "fits"))
    }
}

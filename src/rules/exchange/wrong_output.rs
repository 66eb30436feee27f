//! An output that is another operation's.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "wrong-output",
    summary: "an output that is another operation's",
    explain: "\
What it does: reports a response none of whose members belong to the operation, and which is a sound output of another
operation of the service. It is reported instead of each single member, and names the other operation where one alone
fits.

Why: SDKs pass over members that they do not know, so the caller gets an output without anything in it.

Example: GetMembership answered with the output of ListMemberships, `{\"membershipSummaries\": []}`.

What to do: in an emulator, look at the routing of requests; in a recording, at how requests and responses were paired.
",
    half: Some(Direction::Response),
    weights: Weights::same(Severity::Error),
    identity: &[],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let operation = finding.operation.as_deref().unwrap_or("the operation");
    let fits = match text::value(finding, "fits") {
        "" => "one of several other operations",
        fits => fits,
    };
    format!("the response is not an output of {operation}; it is an output of {fits}")
}

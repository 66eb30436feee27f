//! A header that says another error than the body.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "contradicting-error-codes",
    summary: "a header that says another error than the body",
    explain: "\
What it does: reports an error whose `x-amzn-errortype` header names another error than its JSON body. Namespaces
before a name and URIs behind it do not count.

Why: which of the two a client believes depends on the SDK and the protocol, so one answer raises different errors in
different clients.

Example: `x-amzn-errortype: ResourceNotFoundException` above `{\"__type\": \"ValidationException\"}`.

What to do: in an emulator, write both from one source. In a recording, look for a proxy that replaced the body.
",
    half: Some(Direction::Response),
    weights: Weights::same(Severity::Warning),
    identity: &["header", "body"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let (header, body) = (text::value(finding, "header"), text::value(finding, "body"));
    format!("the header says the error {header}, the body {body}")
}

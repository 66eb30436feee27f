//! An error that the operation does not declare.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "undeclared-error",
    summary: "an error that the operation does not declare",
    explain: "\
What it does: reports an error whose code is neither declared for the operation nor common to all AWS services. Models
that declare no error for any operation, as EC2's, are silent about errors, and nothing is concluded from that.

Why: code that catches the declared errors lets this one through. Services do answer with undeclared errors, so it is a
warning.

Example: `TeapotException` from GetMembership.

What to do: in an emulator, answer with a declared error; the message lists them.
",
    weights: Weights::same(Severity::Warning),
    identity: &["code"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let operation = finding.operation.as_deref().unwrap_or("the operation");
    let code = text::value(finding, "code");
    match text::list(finding, "declared", "and").as_str() {
        "" => format!("{operation} does not declare the error {code}; it declares none"),
        declared => format!("{operation} does not declare the error {code}; it declares {declared}"),
    }
}

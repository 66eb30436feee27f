//! An error that the operation does not declare.

use crate::contract::BreachKind;
use crate::finding::{Deviation, Finding, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "undeclared-error",
    summary: "an error that the operation does not declare",
    explain: "\
What it does: reports an error whose code is not declared for the operation. It is a warning where nothing knows the
code, and a note where the service's model has the error for other operations, or where AWS documents it for every
service or for all operations of this one. Models that declare no error for any operation, as EC2's, are silent about
errors, and nothing is concluded from that.

Why: code that catches the declared errors lets this one through. Services answer with known but undeclared errors every
day; one that nothing knows is more likely a mistake.

Example: `TeapotException` from GetMembership.

What to do: in an emulator, answer with a declared error; the message lists them.
",
    half: Some(Direction::Response),
    weights: Weights::same(Severity::Warning),
    lighter: |deviation| match deviation {
        Deviation::Breach(BreachKind::UndeclaredError { known: Some(_), .. }) => Some(Severity::Note),
        _ => None,
    },
    identity: &["code"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let operation = finding.operation.as_deref().unwrap_or("the operation");
    let code = text::value(finding, "code");
    match (text::value(finding, "known"), text::list(finding, "declared", "and").as_str()) {
        ("model", _) => format!("{operation} does not declare the error {code}, which other operations do"),
        ("common", _) => format!("{operation} does not declare the error {code}, which AWS documents as a common one"),
        (_, "") => format!("{operation} does not declare the error {code}; it declares none"),
        (_, declared) => format!("{operation} does not declare the error {code}; it declares {declared}"),
    }
}

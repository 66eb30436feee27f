//! An error with another status than the model's.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "error-status-mismatch",
    summary: "an error with another status than the model states",
    explain: "\
What it does: reports an error whose HTTP status differs from the one that its shape declares.

Why: the status decides whether a client tries again, and SDKs take the error by its code alone, so a wrong status goes
unseen until a proxy or a retry policy acts on it.

Example: `ResourceNotFoundException` with status 400, where the model states 404.

What to do: in an emulator, answer with the declared status. Services differ from their models here and there, so it is
a warning.
",
    half: Some(Direction::Response),
    weights: Weights::same(Severity::Warning),
    identity: &["code", "found"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let code = text::value(finding, "code");
    let (found, expected) = (text::json(finding, "found"), text::json(finding, "expected"));
    format!("{code} comes with status {found}, where the model states {expected}")
}

//! An error with the status of a success.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "error-in-success",
    summary: "an error that comes with the status of a success",
    explain: "\
What it does: reports a response that says it is an error and has a status below 300.

Why: some SDKs look at the status and take the error for an output without members; others look at the error first. The
call fails for one and succeeds for the other.

Example: status 200 with the header `x-amzn-errortype: ConflictException`.

What to do: answer errors with the status that the model declares for them.
",
    half: Some(Direction::Response),
    weights: Weights::same(Severity::Error),
    identity: &["code"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let (code, status) = (text::value(finding, "code"), text::json(finding, "status"));
    format!("the error {code} comes with status {status}, which is a success")
}

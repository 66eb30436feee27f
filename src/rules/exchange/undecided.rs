//! A check that did not come to an end.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "undecided",
    summary: "a check that did not come to an end",
    explain: "\
What it does: reports a value whose check was given up: a pattern that went back and forth beyond a limit.

Why: it is neither a pass nor a fault.

Example: a long text against a pattern with nested repetition.

What to do: look at the value; shorter ones are decided.
",
    weights: Weights::same(Severity::Note),
    identity: &[],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    format!("whether {} conforms is undecided: {}", text::subject(finding), text::value(finding, "reason"))
}

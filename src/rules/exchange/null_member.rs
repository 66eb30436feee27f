//! `null` where a value is modelled.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "null-member",
    summary: "null where a value is modelled",
    explain: "\
What it does: reports `null` as the value of a member, or as an element of a list or map that is not sparse.

Why: AWS leaves absent members out. SDKs differ on null: some read it as absent, some fail. Real responses hold it now
and then, so it weighs less there.

Example: `\"status\": null`.

What to do: leave the member out.
",
    weights: Weights::by_half(Severity::Error, Severity::Warning),
    identity: &[],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let expected = text::value(finding, "expected");
    format!("{} is null where {} {expected} belongs", text::subject(finding), text::article(expected))
}

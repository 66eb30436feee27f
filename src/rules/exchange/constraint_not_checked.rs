//! A constraint that cannot be checked.

use crate::finding::{Finding, Once, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "constraint-not-checked",
    summary: "a constraint that cannot be checked",
    explain: "\
What it does: tells, once for each member that traffic uses, of a constraint that shapegate cannot check: a pattern that
no engine at hand reads, or one that is too large, or the value of a member that shares its name in messages with
another member of its structure.

Why: a clean result says nothing about it, and says so.

Example: `.{1,100000}`, which is too large for the engine.

What to do: nothing; the note keeps the result honest.
",
    weights: Weights::same(Severity::Note),
    identity: &["constraint"],
    once: Once::PerFingerprint,
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let (constraint, reason) = (text::value(finding, "constraint"), text::value(finding, "reason"));
    format!("the {constraint} of {} is not checked: {reason}", text::subject(finding))
}

//! A constraint of the model that nothing can keep.

use crate::finding::{Finding, Once, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "unsatisfiable-constraint",
    summary: "a constraint of the model that nothing can keep",
    explain: "\
What it does: reports, once for each member that traffic uses, a shape whose length and pattern exclude each other. The
constraint is left out, so that it does not refuse all traffic.

Why: the model is wrong there, and the value was not checked for it.

Example: a pattern of 36 characters with a max of 32.

What to do: nothing in the traffic; tell the service's team.
",
    weights: Weights::same(Severity::Warning),
    identity: &[],
    once: Once::PerFingerprint,
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    format!("{} has a constraint that nothing can keep: {}", text::subject(finding), text::value(finding, "reason"))
}

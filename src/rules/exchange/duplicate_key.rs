//! A key appears twice in its object.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-key",
    summary: "a key appears twice in its object",
    explain: "\
What it does: reports a key that stands more than once in the same JSON object.

Why: readers differ. Most keep the last value, some the first, none complains.

Example: `{\"status\": \"ACTIVE\", \"status\": \"REMOVED\"}`.

What to do: leave one of them.
",
    weights: Weights::same(Severity::Error),
    identity: &[],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    format!("{} stands more than once in its object; the last value was judged", text::subject(finding))
}

//! Too small or too large a number.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "number-out-of-range",
    summary: "too small or too large a number",
    explain: "\
What it does: reports a number beyond the bounds of its shape, or beyond those of its type: 32 bits for an integer, 64
for a long.

Why: the service refuses such a request; a client that reads 32 bits overflows or fails.

Example: `3000000000` where an integer is modelled.

What to do: keep within the bounds the message names.
",
    weights: Weights::by_half(Severity::Error, Severity::Warning),
    identity: &["bound"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let (found, limit) = (text::json(finding, "found"), text::json(finding, "limit"));
    format!("{} is {found} and must be {} {limit}", text::subject(finding), text::bound(finding))
}

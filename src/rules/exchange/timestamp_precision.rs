//! A timestamp that is finer than milliseconds.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "timestamp-precision",
    summary: "a timestamp that is finer than milliseconds",
    explain: "\
What it does: reports a timestamp on the wire with more than three digits behind the second, unless the rest of them are
zeros. Values that an SDK has parsed are not judged.

Why: the protocols promise milliseconds. JavaScript's dates cut the rest off, Python's keep microseconds, and Rust's
keep nanoseconds, so that what was read of one answer by two clients is not equal.

Example: `\"createTime\": 1693399200.123456`.

What to do: nothing, where the service itself writes so; in an emulator, write milliseconds.
",
    weights: Weights::same(Severity::Note),
    identity: &[],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    format!("{} is {}, finer than milliseconds", text::subject(finding), text::json(finding, "found"))
}

//! An error is retried in one model alone.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "error-retryable-changed",
    summary: "an error is retried in one model alone",
    explain: "\
What it does: reports an error that is marked as safe to try again in one of the models.

Why: clients send more or fewer requests after it.

Example: `ThrottlingException` is retried.

What to do: count retries in tests anew.
",
    weights: Weights::both([RISKY, RISKY, COMPATIBLE]),
    identity: &["retryable"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::ErrorRetryableChanged { retryable } => Some(Values::from([("retryable", (*retryable).into())])),
        _ => None,
    },
    message: |finding| {
        format!(
            "{} {} retried",
            text::subject(finding),
            if text::flag(finding, "retryable") { "is now" } else { "is no longer" }
        )
    },
};

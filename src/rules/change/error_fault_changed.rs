//! Another side is at fault for an error.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "error-fault-changed",
    summary: "another side is at fault for an error",
    explain: "\
What it does: reports an error that is the sender's fault by one of the models and the service's by the other.

Why: clients choose by it whether to try again.

Example: `LimitExceeded` becomes the sender's fault.

What to do: count retries in tests anew.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &["sender"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::ErrorFaultChanged { sender } => Some(Values::from([("sender", (*sender).into())])),
        _ => None,
    },
    message: |finding| {
        format!(
            "{} is the {} fault now",
            text::subject(finding),
            if text::flag(finding, "sender") { "sender's" } else { "service's" }
        )
    },
};

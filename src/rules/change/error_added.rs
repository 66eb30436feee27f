//! An operation declares another error.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "error-added",
    summary: "an operation declares another error",
    explain: "\
What it does: reports an error that an operation declares in the newer model alone.

Why: code that handles the declared ones does not handle it.

Example: `StartProtectedQuery` may fail with `ServiceQuotaExceededException`.

What to do: handle it, or look at what handles the rest.
",
    weights: Weights::both([RISKY, RISKY, COMPATIBLE]),
    identity: &["error"],
    mirror: Mirror::Rule("error-removed"),
    values: |difference| match &difference.change {
        Change::ErrorAdded { error } => Some(Values::from([("error", error.clone().into())])),
        _ => None,
    },
    message: |finding| format!("{} is an error of {} now", text::value(finding, "error"), text::operations(finding)),
};

//! An operation does not declare an error any more.

use super::{BREAKING, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "error-removed",
    summary: "an operation does not declare an error any more",
    explain: "\
What it does: reports an error that an operation declares in the older model alone.

Why: the class of the exception may be gone; the service may return it all the same.

Example: `GetMember` does not declare `ConflictException` any more.

What to do: catch it by its code.
",
    weights: Weights::both([RISKY, BREAKING, RISKY]),
    identity: &["error"],
    mirror: Mirror::Rule("error-added"),
    values: |difference| match &difference.change {
        Change::ErrorRemoved { error } => Some(Values::from([("error", error.clone().into())])),
        _ => None,
    },
    message: |finding| {
        format!("{} is no error of {} any more", text::value(finding, "error"), text::operations(finding))
    },
};

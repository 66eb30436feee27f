//! An operation is deprecated.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "operation-deprecated",
    summary: "an operation is deprecated",
    explain: "\
What it does: reports an operation that the newer model marks deprecated and the older one does not.

Why: it works as before, but it is announced to go; compilers of typed SDKs warn.

Example: `chime.CreateMeeting` was marked in botocore 1.29.164 and removed in 1.37.2.

What to do: plan its replacement.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::None("a mark that is taken back promises more than before"),
    values: |difference| match &difference.change {
        Change::OperationDeprecated => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} is deprecated", text::operations(finding)),
};

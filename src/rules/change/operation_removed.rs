//! An operation is gone.

use super::{BREAKING, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "operation-removed",
    summary: "an operation is gone",
    explain: "\
What it does: reports an operation that only the older model has, and that did not come back by another name.

Why: the client method is gone, so calls fail before anything is sent, and recordings of it match no operation.

Example: botocore 1.37.2 has no `chime.CreateMeeting`.

What to do: replace its uses before upgrading; `--traffic` says whether recordings call it.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &[],
    mirror: Mirror::Rule("operation-added"),
    values: |difference| match &difference.change {
        Change::OperationRemoved => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} is gone", text::operations(finding)),
};

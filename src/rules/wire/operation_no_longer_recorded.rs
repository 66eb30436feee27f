//! An operation that is not recorded any more.

use super::{Mirror, WireRule};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "operation-no-longer-recorded",
        summary: "an operation is not recorded any more",
        explain: "\
What it does: reports an operation that is in the snapshot and not in the traffic.

Why: nothing is known of what it does now; either the client does not call it, or it was not recorded.

Example: a client does not ask for `GetBucketLocation` any more.

What to do: see whether the client or the recording changed. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Note,
        response: Severity::Note,
        identity: &[],
    },
    mirror: Mirror::Rule("operation-newly-recorded"),
    values: |change| match change {
        Change::OperationGone => Some(Values::new()),
        _ => None,
    },
    lighter: |_| None,
    message: |_| "the operation is not recorded any more".to_owned(),
};

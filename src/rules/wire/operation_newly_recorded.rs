//! An operation that was not recorded before.

use super::{Mirror, WireRule};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "operation-newly-recorded",
        summary: "an operation was not recorded before",
        explain: "\
What it does: reports an operation that is in the traffic and not in the snapshot.

Why: nothing is known of what it did before.

Example: a client asks for a bucket with `HeadBucket` before it writes.

What to do: see whether the client or the recording changed. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Note,
        response: Severity::Note,
        identity: &[],
    },
    mirror: Mirror::Rule("operation-no-longer-recorded"),
    values: |change| match change {
        Change::OperationAppeared => Some(Values::new()),
        _ => None,
    },
    lighter: |_| None,
    message: |_| "the operation was not recorded before".to_owned(),
};

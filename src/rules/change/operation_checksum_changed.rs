//! Checksums of an operation differ.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, checksum, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "operation-checksum-changed",
    summary: "checksums of an operation differ",
    explain: "\
What it does: reports an operation whose checksums differ: whether a request needs one, which member chooses the
algorithm, and what a response may carry.

Why: headers come or go, and bodies may be encoded in chunks.

Example: `PutObject` needs a checksum.

What to do: compare recorded traffic: `shapegate snapshot --compare`.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::OperationChecksumChanged { old, new } => Some(old_new(checksum(old), checksum(new))),
        _ => None,
    },
    message: |finding| format!("checksums of {} changed {}", text::operations(finding), text::from_to(finding)),
};

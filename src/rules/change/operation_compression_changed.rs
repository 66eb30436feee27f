//! Bodies of an operation are compressed otherwise.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "operation-compression-changed",
    summary: "bodies of an operation are compressed otherwise",
    explain: "\
What it does: reports an operation whose encodings for compressed bodies differ.

Why: bodies are other bytes, and `content-encoding` comes or goes.

Example: `PutMetricData` may be sent with gzip.

What to do: compare recorded traffic: `shapegate snapshot --compare`.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::OperationCompressionChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("compression of {} changed {}", text::operations(finding), text::from_to(finding)),
};

//! Requests are signed by another version.

use super::{ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "signature-version-changed",
    summary: "requests are signed by another version",
    explain: "\
What it does: reports a service whose version of signatures differs.

Why: credentials that worked may not.

Example: `s3v4` becomes `v4`.

What to do: try it with the credentials you use.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::SignatureVersionChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the signature version of the service changed {}", text::from_to(finding)),
};

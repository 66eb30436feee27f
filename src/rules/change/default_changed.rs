//! A member has another default.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "default-changed",
    summary: "a member has another default",
    explain: "\
What it does: reports a member whose default differs, or that has one in one of the models alone.

Why: typed SDKs fill in another value where it is absent.

Example: `maxResults` defaults to 100.

What to do: recompile, and look at defaults.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::DefaultChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the default of {} changed {}", text::subject(finding), text::from_to(finding)),
};

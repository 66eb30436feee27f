//! Values are sensitive now.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "sensitive-added",
    summary: "values are sensitive now",
    explain: "\
What it does: reports a shape that the newer model alone marks sensitive.

Why: SDKs and reports mask it. Recordings of before hold it.

Example: `sqlParameters` are masked.

What to do: `shapegate redact` cleans recordings.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("sensitive-removed"),
    values: |difference| match &difference.change {
        Change::SensitiveAdded => Some(Values::new()),
        _ => None,
    },
    message: |finding| format!("{} is sensitive now", text::subject(finding)),
};

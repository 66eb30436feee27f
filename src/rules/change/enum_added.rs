//! A text lists its values now.

use super::{ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "enum-added",
    summary: "a text lists its values now",
    explain: "\
What it does: reports a text that is an enumeration in the newer model alone.

Why: a set of values that was open is closed, or the other way round; typed SDKs have another type for it.

Example: `region` lists its values now.

What to do: compare the values you use with the list.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("enum-dropped"),
    values: |difference| match &difference.change {
        Change::EnumAdded { values } => Some(Values::from([("values", values.clone().into())])),
        _ => None,
    },
    message: |finding| format!("{} lists its values now: {}", text::subject(finding), text::list(finding, "values")),
};

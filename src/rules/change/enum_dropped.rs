//! A text lists no values any more.

use super::{ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "enum-dropped",
    summary: "a text lists no values any more",
    explain: "\
What it does: reports a text that is an enumeration in the older model alone.

Why: a set of values that was open is closed, or the other way round; typed SDKs have another type for it.

Example: `region` lists no values any more.

What to do: expect any text.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("enum-added"),
    values: |difference| match &difference.change {
        Change::EnumDropped { values } => Some(Values::from([("values", values.clone().into())])),
        _ => None,
    },
    message: |finding| {
        format!("{} lists no values any more; it had {}", text::subject(finding), text::list(finding, "values"))
    },
};

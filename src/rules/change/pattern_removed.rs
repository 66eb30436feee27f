//! A pattern is gone.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "pattern-removed",
    summary: "a pattern is gone",
    explain: "\
What it does: reports a pattern that only the older model has.

Why: all that was legal is legal.

Example: `name` had to match `[a-z]+`.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["old"],
    mirror: Mirror::Rule("pattern-added"),
    values: |difference| match &difference.change {
        Change::PatternRemoved { old } => Some(Values::from([("old", old.clone().into())])),
        _ => None,
    },
    message: |finding| format!("{} need not match {} any more", text::subject(finding), text::shown(finding, "old")),
};

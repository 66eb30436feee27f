//! A pattern differs in its anchors alone.

use super::{COMPATIBLE, ChangeRule, Mirror, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "pattern-anchors-changed",
    summary: "a pattern differs in its anchors alone",
    explain: "\
What it does: reports a pattern that differs in `^` at its beginning or `$` at its end alone.

Why: a pattern must match the whole text with or without them; exports of models have added and dropped them by the
thousand.

Example: `[a-z]+` becomes `^[a-z]+$`.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::PatternAnchorsChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the pattern of {} differs in anchors alone", text::subject(finding)),
};

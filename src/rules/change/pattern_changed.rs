//! A pattern differs.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, old_new, text};
use crate::diff::Change;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "pattern-changed",
    summary: "a pattern differs",
    explain: "\
What it does: reports a pattern that differs in more than the anchors at its ends.

Why: whether it allows more or fewer texts cannot be told in general, so a witness is looked for: a text that was
legal and is refused now.

Example: `KeyPrefix` allows `*` as of 2023-08-30.

What to do: hold the values you send against it; with `--traffic` recorded ones are.
",
    weights: Weights::each([RISKY, RISKY, RISKY], [RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    values: |difference| match &difference.change {
        Change::PatternChanged { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    message: |finding| format!("the pattern of {} changed {}", text::subject(finding), text::from_to(finding)),
};

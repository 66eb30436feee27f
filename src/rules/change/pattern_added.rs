//! A pattern came.

use super::{COMPATIBLE, ChangeRule, Mirror, RISKY, Weights, text};
use crate::diff::Change;
use crate::rules::Values;

pub(super) const RULE: ChangeRule = ChangeRule {
    id: "pattern-added",
    summary: "a pattern came",
    explain: "\
What it does: reports a pattern that only the newer model has.

Why: the service may refuse requests that it took before, or took none of them before either. Older recordings of
responses may break it.

Example: `name` must match `[a-z]+` now.

What to do: hold the values you send against it; with `--traffic` recorded ones are.
",
    weights: Weights::each([RISKY, RISKY, RISKY], [RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Rule("pattern-removed"),
    values: |difference| match &difference.change {
        Change::PatternAdded { new } => Some(Values::from([("new", new.clone().into())])),
        _ => None,
    },
    message: |finding| format!("{} must match {} now", text::subject(finding), text::shown(finding, "new")),
};

//! Changes of patterns.

use crate::finding::{COMPATIBLE, LeadsTo, Mirror, RISKY, Rule, Weights};
use crate::rules::text;

pub(super) static PATTERN_ADDED: Rule = Rule {
    id: "pattern-added",
    summary: "a pattern was added",
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
    message: |finding| {
        format!("{} must match {} now", text::changed(finding), text::code(&text::shown(finding, "new")))
    },
    leads_to: LeadsTo::in_place(&["pattern-mismatch"]),
    narrows: |_| true,
    ..Rule::CHANGE
};

pub(super) static PATTERN_REMOVED: Rule = Rule {
    id: "pattern-removed",
    summary: "a pattern was removed",
    explain: "\
What it does: reports a pattern that only the older model has.

Why: all that was legal is legal.

Example: `name` had to match `[a-z]+`.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["old"],
    mirror: Mirror::Rule("pattern-added"),
    message: |finding| {
        format!("{} no longer has to match {}", text::changed(finding), text::code(&text::shown(finding, "old")))
    },
    ..Rule::CHANGE
};

pub(super) static PATTERN_CHANGED: Rule = Rule {
    id: "pattern-changed",
    summary: "a pattern differs",
    explain: "\
What it does: reports a pattern that differs in more than the anchors at its ends.

Why: whether it allows more or fewer texts cannot be told in general, so a witness is looked for: a text that was
legal and is now rejected.

Example: `KeyPrefix` allows `*` as of 2023-08-30.

What to do: hold the values you send against it; with `--traffic` recorded ones are.
",
    weights: Weights::each([RISKY, RISKY, RISKY], [RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the pattern of {} changed {}", text::changed(finding), text::code_from_to(finding)),
    leads_to: LeadsTo::in_place(&["pattern-mismatch"]),
    narrows: |_| true,
    ..Rule::CHANGE
};

pub(super) static PATTERN_ANCHORS_CHANGED: Rule = Rule {
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
    is_noise: true,
    mirror: Mirror::Itself,
    message: |finding| format!("the pattern of {} differs in anchors alone", text::changed(finding)),
    ..Rule::CHANGE
};

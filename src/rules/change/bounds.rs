//! Changes of lengths and ranges.

use crate::diff::Change;
use crate::finding::{BREAKING, COMPATIBLE, LeadsTo, Mirror, RISKY, Rule, Weights};
use crate::rules::text;

pub(super) static MAX_ADDED: Rule = Rule {
    id: "max-added",
    summary: "a maximum was added",
    explain: "\
What it does: reports a maximum that only the newer model has: of a length, a count, or a number.

Why: only the service checks maxima, when it gets the request. Older recordings of responses may break it.

Example: `name` gets max 100.

What to do: look at the values you send; with `--traffic` recorded ones are held against it.
",
    weights: Weights::each([RISKY, RISKY, RISKY], [RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Rule("max-removed"),
    message: |finding| format!("{} must be at most {} now", text::changed(finding), text::shown(finding, "new")),
    leads_to: LeadsTo::in_place(&["length-out-of-range", "number-out-of-range"]),
    narrows: |_| true,
    ..Rule::CHANGE
};

pub(super) static MAX_REMOVED: Rule = Rule {
    id: "max-removed",
    summary: "a maximum was removed",
    explain: "\
What it does: reports a maximum that only the older model has.

Why: all that was legal is legal; no SDK checks responses.

Example: `name` had max 100 and has none.

What to do: nothing, but for buffers and columns of your own that rely on it.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["old"],
    mirror: Mirror::Rule("max-added"),
    message: |finding| {
        format!("{} no longer has a maximum; it was {}", text::changed(finding), text::shown(finding, "old"))
    },
    ..Rule::CHANGE
};

pub(super) static MAX_LOOSENED: Rule = Rule {
    id: "max-loosened",
    summary: "a maximum allows more values",
    explain: "\
What it does: reports a maximum that rose.

Why: all that was legal is legal; no SDK checks responses.

Example: `max` of `AllowedColumnList` rises from 100 to 225.

What to do: nothing, but for buffers and columns of your own that rely on it.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Rule("max-tightened"),
    message: |finding| format!("the maximum of {} is loosened {}", text::changed(finding), text::from_to(finding)),
    ..Rule::CHANGE
};

pub(super) static MAX_TIGHTENED: Rule = Rule {
    id: "max-tightened",
    summary: "a maximum allows fewer values",
    explain: "\
What it does: reports a maximum that fell.

Why: only the service checks maxima, when it gets the request. Older recordings of responses may break it.

Example: `max` of `name` falls from 255 to 100.

What to do: look at the values you send; with `--traffic` recorded ones are held against it.
",
    weights: Weights::each([RISKY, RISKY, RISKY], [RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Rule("max-loosened"),
    message: |finding| format!("the maximum of {} is tightened {}", text::changed(finding), text::from_to(finding)),
    leads_to: LeadsTo::in_place(&["length-out-of-range", "number-out-of-range"]),
    narrows: |_| true,
    ..Rule::CHANGE
};

pub(super) static MIN_ADDED: Rule = Rule {
    id: "min-added",
    summary: "a minimum was added",
    explain: "\
What it does: reports a minimum that only the newer model has: of a length, a count, or a number.

Why: botocore checks minima before it sends; the service refuses the rest. Older recordings of responses may break it.

Example: `name` gets min 1.

What to do: look at the values you send; with `--traffic` recorded ones are held against it.
",
    weights: Weights::each([BREAKING, RISKY, BREAKING], [RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Rule("min-removed"),
    message: |finding| format!("{} must be at least {} now", text::changed(finding), text::shown(finding, "new")),
    leads_to: LeadsTo::in_place(&["length-out-of-range", "number-out-of-range"]),
    narrows: |_| true,
    ..Rule::CHANGE
};

pub(super) static MIN_REMOVED: Rule = Rule {
    id: "min-removed",
    summary: "a minimum was removed",
    explain: "\
What it does: reports a minimum that only the older model has.

Why: all that was legal is legal; no SDK checks responses.

Example: `name` had min 1 and has none.

What to do: nothing, but for buffers and columns of your own that rely on it.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["old"],
    mirror: Mirror::Rule("min-added"),
    message: |finding| {
        format!("{} no longer has a minimum; it was {}", text::changed(finding), text::shown(finding, "old"))
    },
    ..Rule::CHANGE
};

pub(super) static MIN_LOOSENED: Rule = Rule {
    id: "min-loosened",
    summary: "a minimum allows more values",
    explain: "\
What it does: reports a minimum that fell.

Why: all that was legal is legal; no SDK checks responses.

Example: `min` of `AllowedColumnList` falls from 3 to 1.

What to do: nothing, but for buffers and columns of your own that rely on it.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Rule("min-tightened"),
    message: |finding| format!("the minimum of {} is loosened {}", text::changed(finding), text::from_to(finding)),
    ..Rule::CHANGE
};

pub(super) static MIN_TIGHTENED: Rule = Rule {
    id: "min-tightened",
    summary: "a minimum allows fewer values",
    explain: "\
What it does: reports a minimum that rose.

Why: botocore checks minima before it sends; the service refuses the rest. Older recordings of responses may break it.

Example: `min` of `name` rises from 1 to 3.

What to do: look at the values you send; with `--traffic` recorded ones are held against it.
",
    weights: Weights::each([BREAKING, RISKY, BREAKING], [RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Rule("min-loosened"),
    message: |finding| format!("the minimum of {} is tightened {}", text::changed(finding), text::from_to(finding)),
    leads_to: LeadsTo::in_place(&["length-out-of-range", "number-out-of-range"]),
    narrows: |_| true,
    ..Rule::CHANGE
};

pub(super) static CONSTRAINT_NOOP: Rule = Rule {
    id: "constraint-noop",
    summary: "a minimum of 0 was added or removed",
    explain: "\
What it does: reports a minimum of 0 of a length or count that only one of the models has.

Why: nothing is shorter than nothing.

Example: `nextToken` gets `min: 0`.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    is_noise: true,
    mirror: Mirror::Itself,
    message: |finding| {
        format!("{} has a minimum of 0 in one of the models, which says nothing", text::changed(finding))
    },
    ..Rule::CHANGE
};

pub(super) static UNIQUE_ITEMS_CHANGED: Rule = Rule {
    id: "unique-items-changed",
    summary: "the elements of a list must differ in one model alone",
    explain: "\
What it does: reports a list of which only one model says that no two elements are equal. Smithy models state it;
botocore's files leave it out, so that nothing is reported between the two languages.

Why: the service refuses equal elements. No SDK checks them.

Example: `actions` becomes a set.

What to do: leave equal elements out of what you send; with `--traffic` recorded lists are held against it.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &["unique"],
    mirror: Mirror::Itself,
    message: |finding| {
        let what = if text::flag(finding, "unique") { "must differ now" } else { "may now be equal" };
        format!("elements of {} {what}", text::changed(finding))
    },
    leads_to: LeadsTo::in_place(&["duplicate-item"]),
    narrows: |change| matches!(change, Change::UniqueItemsChanged { unique: true }),
    ..Rule::CHANGE
};

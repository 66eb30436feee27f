//! Changes of enumerations.

use crate::finding::{BREAKING, COMPATIBLE, LeadsTo, Mirror, RISKY, Rule, Uses, Weights};
use crate::rules::text;

pub(super) static ENUM_VALUE_ADDED: Rule = Rule {
    id: "enum-value-added",
    summary: "an enumeration has a new value",
    explain: "\
What it does: reports a value that only the newer model lists.

Why: a request may use it. A response may hold it: code that switches over the values takes its default branch.

Example: statuses of a protected query get `PAUSED`.

What to do: look at the default branches over it.
",
    weights: Weights::each([COMPATIBLE, COMPATIBLE, COMPATIBLE], [RISKY, RISKY, COMPATIBLE]),
    identity: &["value"],
    mirror: Mirror::Rule("enum-value-removed"),
    message: |finding| format!("{} has the new value {}", text::changed(finding), text::value(finding, "value")),
    ..Rule::CHANGE
};

pub(super) static ENUM_VALUE_REMOVED: Rule = Rule {
    id: "enum-value-removed",
    summary: "an enumeration lost a value",
    explain: "\
What it does: reports a value that only the older model lists.

Why: the service refuses it in requests, and constants of typed SDKs are gone.

Example: `MemberAbility` no longer has `CAN_AUDIT`.

What to do: use another value; `--traffic` says where it occurs.
",
    weights: Weights::each([BREAKING, BREAKING, BREAKING], [RISKY, BREAKING, RISKY]),
    identity: &["value"],
    mirror: Mirror::Rule("enum-value-added"),
    message: |finding| format!("{} no longer has the value {}", text::changed(finding), text::value(finding, "value")),
    leads_to: LeadsTo::in_place(&["unknown-enum-value"]),
    narrows: |_| true,
    uses: Uses::Value,
    ..Rule::CHANGE
};

pub(super) static ENUM_ADDED: Rule = Rule {
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
    message: |finding| format!("{} lists its values now: {}", text::changed(finding), text::shown(finding, "values")),
    leads_to: LeadsTo::in_place(&["unknown-enum-value"]),
    narrows: |_| true,
    ..Rule::CHANGE
};

pub(super) static ENUM_DROPPED: Rule = Rule {
    id: "enum-dropped",
    summary: "a text no longer lists values",
    explain: "\
What it does: reports a text that is an enumeration in the older model alone.

Why: a set of values that was open is closed, or the other way round; typed SDKs have another type for it.

Example: `region` no longer lists values.

What to do: expect any text.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("enum-added"),
    message: |finding| {
        format!("{} no longer lists values; it had {}", text::changed(finding), text::shown(finding, "values"))
    },
    ..Rule::CHANGE
};

pub(super) static ENUM_REORDERED: Rule = Rule {
    id: "enum-reordered",
    summary: "an enumeration lists its values in another order",
    explain: "\
What it does: reports an enumeration with the same values in another order.

Why: order means nothing.

Example: `CSV, PARQUET` becomes `PARQUET, CSV`.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    is_noise: true,
    mirror: Mirror::Itself,
    message: |finding| format!("{} lists its values in another order", text::changed(finding)),
    ..Rule::CHANGE
};

//! Changes of types and unions.

use crate::diff::Change;
use crate::finding::{BREAKING, COMPATIBLE, LeadsTo, Mirror, RISKY, Root, Rule, Uses, Weights};
use crate::rules::text;

pub(super) static TYPE_CHANGED: Rule = Rule {
    id: "type-changed",
    summary: "a shape is of another type",
    explain: "\
What it does: reports a shape that is a string, number, list, structure and so on in one model and another of these in
the other.

Why: values are written and read otherwise.

Example: `maxRows` was a string and is an integer.

What to do: convert where it is used, and record traffic again.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("{} changed its type {}", text::changed(finding), text::from_to(finding)),
    leads_to: LeadsTo::in_place(&[
        "blob-form",
        "length-out-of-range",
        "misplaced-member",
        "missing-member",
        "null-member",
        "number-out-of-range",
        "pattern-mismatch",
        "timestamp-form",
        "unknown-enum-value",
        "unknown-member",
        "wrong-type",
    ]),
    narrows: |_| true,
    ..Rule::CHANGE
};

pub(super) static NUMERIC_TYPE_WIDENED: Rule = Rule {
    id: "numeric-type-widened",
    summary: "a number is of a wider type",
    explain: "\
What it does: reports a number whose type became wider: byte, short, integer and long, float and double.

Why: text on the wire stays the same; typed SDKs have another type for it.

Example: `count` was an integer and is a long.

What to do: recompile, and look at conversions.
",
    weights: Weights::both([RISKY, BREAKING, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Rule("numeric-type-narrowed"),
    message: |finding| format!("{} is wider now, {}", text::changed(finding), text::from_to(finding)),
    leads_to: LeadsTo::Nothing("every number of the narrower type is one of the wider"),
    ..Rule::CHANGE
};

pub(super) static NUMERIC_TYPE_NARROWED: Rule = Rule {
    id: "numeric-type-narrowed",
    summary: "a number is of a narrower type",
    explain: "\
What it does: reports a number whose type became narrower: byte, short, integer and long, float and double.

Why: text on the wire stays the same; typed SDKs have another type for it.

Example: `count` was a long and is an integer.

What to do: recompile, and look at conversions.
",
    weights: Weights::both([RISKY, BREAKING, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Rule("numeric-type-widened"),
    message: |finding| format!("{} is narrower now, {}", text::changed(finding), text::from_to(finding)),
    leads_to: LeadsTo::in_place(&["number-out-of-range", "wrong-type"]),
    narrows: |_| true,
    ..Rule::CHANGE
};

pub(super) static DOCUMENT_CHANGED: Rule = Rule {
    id: "document-changed",
    summary: "a structure became a free document, or one a structure",
    explain: "\
What it does: reports a shape that is any JSON in one model and has a type in the other.

Why: SDKs hand it over in another form.

Example: `inputSchema` was a structure and is any JSON now.

What to do: adapt what builds and reads it.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["document"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} {}",
            text::changed(finding),
            if text::flag(finding, "document") { "is any JSON now" } else { "has members of its own now" }
        )
    },
    leads_to: LeadsTo::in_place(&[
        "blob-form",
        "misplaced-member",
        "missing-member",
        "timestamp-form",
        "unknown-member",
        "wrong-type",
    ]),
    narrows: |change| matches!(change, Change::DocumentChanged { document: false }),
    ..Rule::CHANGE
};

pub(super) static SHAPE_RENAMED: Rule = Rule {
    id: "shape-renamed",
    summary: "a shape has another name",
    explain: "\
What it does: reports a structure or enumeration in whose place another one stands: the same by a new name, or, where
a member is named, one that was there before. What differs between them is reported beside it. Names of other shapes
are seen nowhere.

Why: names of shapes are not on the wire and not in dynamic SDKs; typed SDKs name their types by them.

Example: `Tags` becomes `TagMap`.

What to do: rename types.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &["old"],
    mirror: Mirror::Itself,
    message: |finding| match finding.member {
        Some(_) => format!("the type of {} is another one, {}", text::changed(finding), text::from_to(finding)),
        None => format!("{} was called {}", text::value(finding, "new"), text::value(finding, "old")),
    },
    comes_with: &[Root::of_service("protocol-changed")],
    ..Rule::CHANGE
};

pub(super) static UNION_CHANGED: Rule = Rule {
    id: "union-changed",
    summary: "a structure became a union, or one a structure",
    explain: "\
What it does: reports a structure of which exactly one member may be set in one of the models alone.

Why: a rule comes or goes that SDKs enforce; typed ones have another type for it.

Example: `ProtectedQueryOutput` becomes a union.

What to do: set exactly one member.
",
    weights: Weights::both([RISKY, BREAKING, RISKY]),
    identity: &["union"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} {}",
            text::changed(finding),
            if text::flag(finding, "union") { "is now a union" } else { "is no longer a union" }
        )
    },
    leads_to: LeadsTo::in_place(&["union-arity"]),
    narrows: |change| matches!(change, Change::UnionChanged { union: true }),
    ..Rule::CHANGE
};

pub(super) static UNION_VARIANT_ADDED: Rule = Rule {
    id: "union-variant-added",
    summary: "a union has a new variant",
    explain: "\
What it does: reports a member of a union that only the newer model has.

Why: a response may hold it, and code that knows the older variants takes its path for unknown ones.

Example: `ProtectedQueryOutput` gets `memberList`.

What to do: handle it, or test the path for unknown variants.
",
    weights: Weights::each([COMPATIBLE, COMPATIBLE, COMPATIBLE], [RISKY, RISKY, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("union-variant-removed"),
    message: |finding| format!("variant {} is new", text::changed(finding)),
    leads_to: LeadsTo::in_place(&["union-arity"]),
    uses: Uses::Holder,
    ..Rule::CHANGE
};

pub(super) static UNION_VARIANT_REMOVED: Rule = Rule {
    id: "union-variant-removed",
    summary: "a union lost a variant",
    explain: "\
What it does: reports a member of a union that only the older model has.

Why: clients refuse it in requests and do not know it in responses.

Example: `ComputeConfiguration.legacy` is gone.

What to do: use another variant.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &[],
    mirror: Mirror::Rule("union-variant-added"),
    message: |finding| format!("variant {} is gone", text::changed(finding)),
    leads_to: LeadsTo::in_place(&["misplaced-member", "missing-member", "union-arity", "unknown-member"]),
    narrows: |_| true,
    ..Rule::CHANGE
};

//! Changes of members.

use crate::diff::Change;
use crate::finding::{BREAKING, COMPATIBLE, LeadsTo, Mirror, RISKY, Rule, Uses, Weights};
use crate::rules::text;

pub(super) static MEMBER_ADDED: Rule = Rule {
    id: "member-added",
    summary: "a member is new",
    explain: "\
What it does: reports a member that only the newer model has; a required one of a request is `required-member-added`.

Why: old code neither sends it nor looks at it; validators that know the older contract alone meet a key they do not
know.

Example: responses of `GetMembership` get `paymentConfiguration`.

What to do: nothing; recorded contracts are renewed with the upgrade.
",
    weights: Weights::each([COMPATIBLE, COMPATIBLE, COMPATIBLE], [COMPATIBLE, COMPATIBLE, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("member-removed"),
    message: |finding| format!("{} is new", text::changed(finding)),
    leads_to: LeadsTo::in_place(&["missing-member"]),
    narrows: |change| matches!(change, Change::MemberAdded { required: true }),
    uses: Uses::Holder,
    ..Rule::CHANGE
};

pub(super) static REQUIRED_MEMBER_ADDED: Rule = Rule {
    id: "required-member-added",
    summary: "a request needs a member that is new",
    explain: "\
What it does: reports a member of a request that only the newer model has and that is required there.

Why: clients refuse calls without it before they send anything.

Example: `StartProtectedQuery` begins to need `sqlParameters`.

What to do: pass it in every call.
",
    weights: Weights::each([BREAKING, BREAKING, BREAKING], [COMPATIBLE, COMPATIBLE, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("member-removed"),
    message: |finding| format!("{} is new and required", text::changed(finding)),
    leads_to: LeadsTo::in_place(&["missing-member"]),
    narrows: |_| true,
    uses: Uses::Holder,
    ..Rule::CHANGE
};

pub(super) static MEMBER_REMOVED: Rule = Rule {
    id: "member-removed",
    summary: "a member is gone",
    explain: "\
What it does: reports a member that only the older model has.

Why: clients refuse it in requests as unknown, and drop it from responses though the service may still send it.

Example: `Analysis.legacyState` is in the older model alone.

What to do: stop sending or reading it; `--traffic` says where it occurs.
",
    weights: Weights::each([BREAKING, BREAKING, BREAKING], [BREAKING, BREAKING, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("member-added"),
    message: |finding| format!("{} is gone", text::changed(finding)),
    leads_to: LeadsTo::in_place(&["misplaced-member", "missing-member", "union-arity", "unknown-member"]),
    narrows: |_| true,
    ..Rule::CHANGE
};

pub(super) static MEMBER_CASE_RENAMED: Rule = Rule {
    id: "member-case-renamed",
    summary: "a member differs in case alone",
    explain: "\
What it does: reports a member that is gone where one came that differs from it in upper and lower case alone.

Why: names are compared exactly, so the old one is unknown.

Example: `Dbname` becomes `dbName`.

What to do: rename it wherever it is used.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("{} is now `{}`", text::changed(finding), text::value(finding, "new")),
    leads_to: LeadsTo::in_place(&["misplaced-member", "missing-member", "union-arity", "unknown-member"]),
    narrows: |_| true,
    ..Rule::CHANGE
};

pub(super) static MEMBER_BECAME_REQUIRED: Rule = Rule {
    id: "member-became-required",
    summary: "a member became required",
    explain: "\
What it does: reports a member that is required in the newer model and was not.

Why: clients refuse requests without it. Of responses it promises more; typed SDKs have another type for it, and older
recordings may lack it.

Example: `resultConfiguration` must be given.

What to do: pass it always; of responses, renew recordings.
",
    weights: Weights::each([BREAKING, BREAKING, BREAKING], [COMPATIBLE, RISKY, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("member-became-optional"),
    message: |finding| format!("{} became required", text::changed(finding)),
    leads_to: LeadsTo::in_place(&["missing-member"]),
    narrows: |_| true,
    uses: Uses::Holder,
    ..Rule::CHANGE
};

pub(super) static MEMBER_BECAME_OPTIONAL: Rule = Rule {
    id: "member-became-optional",
    summary: "a member became optional",
    explain: "\
What it does: reports a member that was required in the older model and is not in the newer.

Why: a request may leave it out. A response may come without it: code that relies on it fails, and types of typed SDKs
change.

Example: `ProtectedQuery.sqlParameters` may be absent as of 2023-08-30.

What to do: handle its absence.
",
    weights: Weights::each([COMPATIBLE, COMPATIBLE, COMPATIBLE], [RISKY, BREAKING, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("member-became-required"),
    message: |finding| format!("{} became optional", text::changed(finding)),
    leads_to: LeadsTo::Nothing("what was always there may still be there"),
    ..Rule::CHANGE
};

pub(super) static MEMBER_DEPRECATED: Rule = Rule {
    id: "member-deprecated",
    summary: "a member is deprecated",
    explain: "\
What it does: reports a member, or a shape, that the newer model alone marks deprecated.

Why: it works as before, but it is announced to go; compilers of typed SDKs warn.

Example: `UsageQuantity` is to be replaced by `UsageQuantityAsDecimal`.

What to do: plan its replacement.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::None("a mark that is taken back promises more than before"),
    message: |finding| format!("{} is deprecated", text::changed(finding)),
    ..Rule::CHANGE
};

pub(super) static MEMBER_ORDER_CHANGED: Rule = Rule {
    id: "member-order-changed",
    summary: "members stand in another order",
    explain: "\
What it does: reports a structure whose members stand in another order.

Why: order means nothing.

Example: members are sorted by name.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    is_noise: true,
    mirror: Mirror::Itself,
    message: |finding| format!("members of {} stand in another order", text::changed(finding)),
    ..Rule::CHANGE
};

pub(super) static IDEMPOTENCY_TOKEN_ADDED: Rule = Rule {
    id: "idempotency-token-added",
    summary: "a token is filled in",
    explain: "\
What it does: reports a member that SDKs fill in when it is left out, in the newer model alone.

Why: bodies of requests get a field that is random: recordings stop matching.

Example: `clientRequestToken` of `StartBackup`.

What to do: pass a token of your own in tests, or leave the field out when matching.
",
    weights: Weights::each([COMPATIBLE, COMPATIBLE, RISKY], [COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("idempotency-token-removed"),
    message: |finding| format!("{} is filled in by SDKs now", text::changed(finding)),
    ..Rule::CHANGE
};

pub(super) static IDEMPOTENCY_TOKEN_REMOVED: Rule = Rule {
    id: "idempotency-token-removed",
    summary: "a token is no longer filled in",
    explain: "\
What it does: reports a member that SDKs filled in when it was left out, by the older model.

Why: callers must pass it, or calls are no longer safe to repeat.

Example: `clientToken` must be passed.

What to do: pass it.
",
    weights: Weights::each([BREAKING, RISKY, RISKY], [COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("idempotency-token-added"),
    message: |finding| format!("{} is no longer filled in by SDKs", text::changed(finding)),
    leads_to: LeadsTo::Nothing("a member that clients no longer fill in is missing in new traffic alone"),
    ..Rule::CHANGE
};

pub(super) static SENSITIVE_ADDED: Rule = Rule {
    id: "sensitive-added",
    summary: "values are sensitive now",
    explain: "\
What it does: reports a shape that the newer model alone marks sensitive.

Why: SDKs and reports mask it. Recordings of before hold it.

Example: `sqlParameters` are masked.

What to do: `shapegate redact` cleans recordings.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("sensitive-removed"),
    message: |finding| format!("{} is sensitive now", text::changed(finding)),
    ..Rule::CHANGE
};

pub(super) static SENSITIVE_REMOVED: Rule = Rule {
    id: "sensitive-removed",
    summary: "values are no longer sensitive",
    explain: "\
What it does: reports a shape that the older model alone marks sensitive.

Why: what was masked may appear in logs and recordings.

Example: `password` is no longer marked.

What to do: mask it yourself where it matters.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &[],
    mirror: Mirror::Rule("sensitive-added"),
    message: |finding| format!("{} is no longer sensitive", text::changed(finding)),
    ..Rule::CHANGE
};

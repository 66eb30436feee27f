//! Changes of paginators and waiters.

use crate::finding::{BREAKING, COMPATIBLE, LeadsTo, Mirror, RISKY, Root, Rule, Weights};
use crate::rules::text;

pub(super) static PAGINATOR_ADDED: Rule = Rule {
    id: "paginator-added",
    summary: "an operation has a paginator now",
    explain: "\
What it does: reports a paginator that only the newer source has.

Why: nothing that is called today is concerned.

Example: `ListMembers` can be paged.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("paginator-removed"),
    message: |finding| format!("{} has a paginator now", text::operations(finding)),
    ..Rule::CHANGE
};

pub(super) static PAGINATOR_REMOVED: Rule = Rule {
    id: "paginator-removed",
    summary: "an operation no longer has a paginator",
    explain: "\
What it does: reports a paginator that only the older source has.

Why: asking for it raises an error.

Example: `ListMembers` cannot be paged.

What to do: follow tokens yourself.
",
    weights: Weights::both([BREAKING, BREAKING, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("paginator-added"),
    message: |finding| format!("{} no longer has a paginator", text::operations(finding)),
    leads_to: LeadsTo::Nothing("paginators are code of the SDK, and each page is an ordinary exchange"),
    comes_with: &[Root::of_operation("operation-removed"), Root::of_operation("operation-renamed")],
    ..Rule::CHANGE
};

pub(super) static PAGINATOR_TOKEN_CHANGED: Rule = Rule {
    id: "paginator-token-changed",
    summary: "pages are asked for by other tokens",
    explain: "\
What it does: reports a paginator whose tokens differ.

Why: the request for the next page differs, so recordings of it do not match.

Example: kinesis `ListShards` in botocore 1.29.31.

What to do: record paged traffic again.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &[],
    mirror: Mirror::Itself,
    message: |finding| {
        format!("tokens of the paginator of {} changed {}", text::operations(finding), text::from_to(finding))
    },
    ..Rule::CHANGE
};

pub(super) static PAGINATOR_RESULT_KEY_CHANGED: Rule = Rule {
    id: "paginator-result-key-changed",
    summary: "pages collect another member",
    explain: "\
What it does: reports a paginator whose primary result differs.

Why: what `search` and `build_full_result` yield has another key.

Example: `Things` becomes `Items`.

What to do: read the other key.
",
    weights: Weights::both([BREAKING, BREAKING, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!("the result key of the paginator of {} changed {}", text::operations(finding), text::from_to(finding))
    },
    leads_to: LeadsTo::Nothing("paginators are code of the SDK, and each page is an ordinary exchange"),
    ..Rule::CHANGE
};

pub(super) static PAGINATOR_DETAIL_CHANGED: Rule = Rule {
    id: "paginator-detail-changed",
    summary: "a paginator differs in a lesser key",
    explain: "\
What it does: reports a paginator that differs in its limit, in what says that there is more, or in results beside the
primary one.

Why: most code sees nothing of it.

Example: a second result key comes.

What to do: look at code that sets the size of pages.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "the paginator of {} differs in its limit, in what says that there is more, or in further results",
            text::operations(finding)
        )
    },
    ..Rule::CHANGE
};

pub(super) static WAITER_ADDED: Rule = Rule {
    id: "waiter-added",
    summary: "there is a new waiter",
    explain: "\
What it does: reports a waiter that only the newer source has.

Why: nothing that is called today is concerned.

Example: `MembershipActive` comes.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["waiter"],
    mirror: Mirror::Rule("waiter-removed"),
    message: |finding| format!("waiter {} is new", text::value(finding, "waiter")),
    ..Rule::CHANGE
};

pub(super) static WAITER_REMOVED: Rule = Rule {
    id: "waiter-removed",
    summary: "a waiter is gone",
    explain: "\
What it does: reports a waiter that only the older source has.

Why: asking for it raises an error.

Example: `MembershipActive` is gone.

What to do: wait yourself.
",
    weights: Weights::both([BREAKING, BREAKING, COMPATIBLE]),
    identity: &["waiter"],
    mirror: Mirror::Rule("waiter-added"),
    message: |finding| format!("waiter {} is gone", text::value(finding, "waiter")),
    leads_to: LeadsTo::Nothing("waiters are code of the SDK, and each call is an ordinary exchange"),
    comes_with: &[Root::of_operation("operation-removed"), Root::of_operation("operation-renamed")],
    ..Rule::CHANGE
};

pub(super) static WAITER_OPERATION_CHANGED: Rule = Rule {
    id: "waiter-operation-changed",
    summary: "a waiter calls another operation",
    explain: "\
What it does: reports a waiter that asks by another operation.

Why: permissions and arguments differ.

Example: `InstanceRunning` calls `DescribeInstanceStatus`.

What to do: look at permissions and mocks.
",
    weights: Weights::both([BREAKING, BREAKING, COMPATIBLE]),
    identity: &["waiter", "new"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!("waiter {} calls another operation, {}", text::value(finding, "waiter"), text::from_to(finding))
    },
    leads_to: LeadsTo::Nothing("waiters are code of the SDK, and each call is an ordinary exchange"),
    ..Rule::CHANGE
};

pub(super) static WAITER_ACCEPTORS_CHANGED: Rule = Rule {
    id: "waiter-acceptors-changed",
    summary: "a waiter waits otherwise",
    explain: "\
What it does: reports a waiter whose meaning of answers, pause or number of calls differs.

Why: waiting ends earlier, later, or with another result.

Example: `MembershipActive` gives up when the membership is removed.

What to do: look at code that catches its errors.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &["waiter"],
    mirror: Mirror::Itself,
    message: |finding| format!("waiter {} takes answers otherwise, or waits otherwise", text::value(finding, "waiter")),
    ..Rule::CHANGE
};

//! Changes of errors.

use crate::finding::{BREAKING, COMPATIBLE, LeadsTo, Mirror, RISKY, Root, Rule, Uses, Weights};
use crate::rules::text;

pub(super) static ERROR_ADDED: Rule = Rule {
    id: "error-added",
    summary: "an operation declares another error",
    explain: "\
What it does: reports an error that an operation declares in the newer model alone.

Why: code that handles the declared ones does not handle it.

Example: `StartProtectedQuery` may fail with `ServiceQuotaExceededException`.

What to do: handle it, or look at what handles the rest.
",
    weights: Weights::both([RISKY, RISKY, COMPATIBLE]),
    identity: &["error"],
    mirror: Mirror::Rule("error-removed"),
    message: |finding| format!("{} is an error of {} now", text::value(finding, "error"), text::operations(finding)),
    comes_with: &[Root::of_service("protocol-changed")],
    ..Rule::CHANGE
};

pub(super) static ERROR_REMOVED: Rule = Rule {
    id: "error-removed",
    summary: "an operation no longer declares an error",
    explain: "\
What it does: reports an error that an operation declares in the older model alone.

Why: the class of the exception may be gone; the service may return it all the same.

Example: `GetMember` no longer declares `ConflictException`.

What to do: catch it by its code.
",
    weights: Weights::both([RISKY, BREAKING, RISKY]),
    identity: &["error"],
    mirror: Mirror::Rule("error-added"),
    message: |finding| {
        format!("{} is no longer an error of {}", text::value(finding, "error"), text::operations(finding))
    },
    leads_to: LeadsTo::anywhere(&["undeclared-error"]),
    comes_with: &[Root::of_service("protocol-changed")],
    uses: Uses::Error,
    ..Rule::CHANGE
};

pub(super) static ERROR_CODE_CHANGED: Rule = Rule {
    id: "error-code-changed",
    summary: "an error has another code",
    explain: "\
What it does: reports an error whose code on the wire differs.

Why: code that compares codes, and recordings of the error, have the old one.

Example: `ThingGone` becomes `Thing.Gone`.

What to do: compare with both.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the code of {} changed {}", text::changed(finding), text::from_to(finding)),
    leads_to: LeadsTo::anywhere(&["undeclared-error"]),
    comes_with: &[Root::of_service("protocol-changed")],
    ..Rule::CHANGE
};

pub(super) static ERROR_STATUS_CHANGED: Rule = Rule {
    id: "error-status-changed",
    summary: "an error has another status",
    explain: "\
What it does: reports an error whose HTTP status differs, or that has one in one of the models alone.

Why: tests and mocks that assert statuses fail.

Example: `ThingGone` comes with 404 instead of 400.

What to do: look at real errors, then adapt assertions.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the status of {} changed {}", text::changed(finding), text::from_to(finding)),
    leads_to: LeadsTo::anywhere(&["error-status-mismatch"]),
    comes_with: &[Root::of_service("protocol-changed")],
    ..Rule::CHANGE
};

pub(super) static ERROR_FAULT_CHANGED: Rule = Rule {
    id: "error-fault-changed",
    summary: "another side is at fault for an error",
    explain: "\
What it does: reports an error that is the sender's fault by one of the models and the service's by the other.

Why: clients choose by it whether to try again.

Example: `LimitExceeded` becomes the sender's fault.

What to do: count retries in tests anew.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &["sender"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} is the {} fault now",
            text::changed(finding),
            if text::flag(finding, "sender") { "sender's" } else { "service's" }
        )
    },
    comes_with: &[Root::of_service("protocol-changed")],
    ..Rule::CHANGE
};

pub(super) static ERROR_RETRYABLE_CHANGED: Rule = Rule {
    id: "error-retryable-changed",
    summary: "an error is retried in one model alone",
    explain: "\
What it does: reports an error that is marked as safe to try again in one of the models.

Why: clients send more or fewer requests after it.

Example: `ThrottlingException` is retried.

What to do: count retries in tests anew.
",
    weights: Weights::both([RISKY, RISKY, COMPATIBLE]),
    identity: &["retryable"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} {} retried",
            text::changed(finding),
            if text::flag(finding, "retryable") { "is now" } else { "is no longer" }
        )
    },
    comes_with: &[Root::of_service("protocol-changed")],
    ..Rule::CHANGE
};

//! Changes of the HTTP binding of operations.

use crate::finding::{BREAKING, COMPATIBLE, LeadsTo, Mirror, RISKY, Root, Rule, Weights};
use crate::rules::text;

pub(super) static HTTP_METHOD_CHANGED: Rule = Rule {
    id: "http-method-changed",
    summary: "an operation is sent with another method",
    explain: "\
What it does: reports an operation whose HTTP method differs.

Why: code that calls an SDK does not see it; recordings, mocks, proxies and policies that match on the method do.

Example: `POST /tags` becomes `PUT /tags`.

What to do: record its traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} is sent with {} instead of {}",
            text::operations(finding),
            text::value(finding, "new"),
            text::value(finding, "old")
        )
    },
    leads_to: LeadsTo::anywhere(&["unknown-operation"]),
    ..Rule::CHANGE
};

pub(super) static HTTP_URI_CHANGED: Rule = Rule {
    id: "http-uri-changed",
    summary: "an operation is sent to another path",
    explain: "\
What it does: reports an operation whose URI template differs in more than names of labels, a slash at its end, or how
many segments a label takes.

Why: recordings and mocks match on the path.

Example: `/functions/{name}` becomes `/2015-03-31/functions/{name}`.

What to do: record its traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the path of {} changed {}", text::operations(finding), text::from_to(finding)),
    leads_to: LeadsTo::anywhere(&["unknown-operation"]),
    comes_with: &[Root::of_operation("http-method-changed")],
    ..Rule::CHANGE
};

pub(super) static HTTP_URI_COSMETIC_CHANGED: Rule = Rule {
    id: "http-uri-cosmetic-changed",
    summary: "the path of an operation differs in a slash or a greedy label",
    explain: "\
What it does: reports a URI template that differs in a slash at its end, or in whether a label takes several segments,
alone.

Why: servers take both, mostly; signatures, mocks and emulators can be strict.

Example: botocore 1.39.11 removed the slash at the end of paths of lambda, and mocks stopped matching.

What to do: run what replays its traffic once.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!("the path of {} differs in form alone, {}", text::operations(finding), text::from_to(finding))
    },
    leads_to: LeadsTo::anywhere(&["unknown-operation"]),
    ..Rule::CHANGE
};

pub(super) static HTTP_URI_LABEL_RENAMED: Rule = Rule {
    id: "http-uri-label-renamed",
    summary: "a label of a path has another name",
    explain: "\
What it does: reports a URI template whose labels have other names at the same places.

Why: nothing of it is seen on the wire.

Example: `/things/{Id}` becomes `/things/{thingId}`.

What to do: nothing.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!("labels in the path of {} are renamed, {}", text::operations(finding), text::from_to(finding))
    },
    ..Rule::CHANGE
};

pub(super) static HTTP_RESPONSE_CODE_CHANGED: Rule = Rule {
    id: "http-response-code-changed",
    summary: "a success has another status",
    explain: "\
What it does: reports an operation whose modelled status of success differs.

Why: services return what they did; tests and mocks that assert the modelled status fail.

Example: a `DELETE` answers with 204 where 200 was modelled.

What to do: look at real responses, then adapt assertions.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!("the status of success of {} changed {}", text::operations(finding), text::from_to(finding))
    },
    leads_to: LeadsTo::anywhere(&["unexpected-status"]),
    ..Rule::CHANGE
};

//! Changes of the protocol that clients speak.

use crate::finding::{BREAKING, COMPATIBLE, LeadsTo, Mirror, RISKY, Root, Rule, Weights};
use crate::rules::text;

pub(super) static PROTOCOL_CHANGED: Rule = Rule {
    id: "protocol-changed",
    summary: "the service is spoken to in another protocol",
    explain: "\
What it does: reports a service whose protocol differs, as clients choose it. What differs in the layout of messages
is part of it and not told again.

Why: code stays as it is; every recording and mock of the service has the old form.

Example: SQS changed from awsQuery to awsJson in botocore 1.31.81.

What to do: record all its traffic again; `shapegate check` reads either form.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the protocol of the service changed {}", text::from_to(finding)),
    leads_to: LeadsTo::anywhere(&[
        "blob-form",
        "misplaced-member",
        "missing-member",
        "timestamp-form",
        "undecodable-body",
        "unexpected-content-type",
        "unknown-member",
        "unknown-operation",
        "wrong-type",
    ]),
    ..Rule::CHANGE
};

pub(super) static PROTOCOLS_LIST_CHANGED: Rule = Rule {
    id: "protocols-list-changed",
    summary: "the service lists other protocols",
    explain: "\
What it does: reports a service that lists other protocols while clients choose the same one.

Why: a next release may switch.

Example: `rpcv2Cbor` is listed beside `awsJson`.

What to do: nothing yet.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &[],
    mirror: Mirror::Itself,
    message: |finding| format!("the protocols of the service changed {}", text::from_to(finding)),
    comes_with: &[Root::of_service("protocol-changed")],
    ..Rule::CHANGE
};

pub(super) static TARGET_PREFIX_CHANGED: Rule = Rule {
    id: "target-prefix-changed",
    summary: "requests name another target",
    explain: "\
What it does: reports a service whose prefix of `X-Amz-Target` differs.

Why: recordings and mocks that match on the header have the old one.

Example: `AmazonSQS` becomes `AmazonSQS_20121105`.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the target prefix of the service changed {}", text::from_to(finding)),
    leads_to: LeadsTo::anywhere(&["unknown-operation"]),
    comes_with: &[Root::of_service("protocol-changed")],
    ..Rule::CHANGE
};

pub(super) static JSON_VERSION_CHANGED: Rule = Rule {
    id: "json-version-changed",
    summary: "requests name another version of the JSON protocol",
    explain: "\
What it does: reports a service whose version of awsJson differs, and so its content type.

Why: recordings and mocks that match on the header have the old one.

Example: `application/x-amz-json-1.0` becomes 1.1.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the JSON version of the service changed {}", text::from_to(finding)),
    leads_to: LeadsTo::anywhere(&["undecodable-body", "unexpected-content-type", "wrong-type"]),
    comes_with: &[Root::of_service("protocol-changed")],
    ..Rule::CHANGE
};

pub(super) static RESULT_WRAPPER_CHANGED: Rule = Rule {
    id: "result-wrapper-changed",
    summary: "another element is around a result",
    explain: "\
What it does: reports an operation whose result is wrapped by another element, or by none, in query responses.

Why: parsers and mocks look for the old one.

Example: `GetThingResult` becomes `GetThingOutput`.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!("the wrapper around results of {} changed {}", text::operations(finding), text::from_to(finding))
    },
    leads_to: LeadsTo::anywhere(&["undecodable-body", "unexpected-content-type", "wrong-type"]),
    ..Rule::CHANGE
};

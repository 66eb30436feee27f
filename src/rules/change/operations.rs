//! Changes of operations.

use crate::finding::{BREAKING, COMPATIBLE, LeadsTo, Mirror, RISKY, Rule, Weights};
use crate::rules::text;

pub(super) static OPERATION_ADDED: Rule = Rule {
    id: "operation-added",
    summary: "an operation is new",
    explain: "\
What it does: reports an operation that only the newer model has.

Why: nothing that is called today is concerned; coverage of the service grows.

Example: `ListMembers` appears beside `GetMember`.

What to do: nothing. Record traffic of it when you use it.
",
    weights: Weights::both([COMPATIBLE, COMPATIBLE, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("operation-removed"),
    message: |finding| format!("{} is new", text::operations(finding)),
    ..Rule::CHANGE
};

pub(super) static OPERATION_REMOVED: Rule = Rule {
    id: "operation-removed",
    summary: "an operation is gone",
    explain: "\
What it does: reports an operation that only the older model has, and that did not come back by another name.

Why: the client method is gone, so calls fail before anything is sent, and recordings of it match no operation.

Example: botocore 1.37.2 has no `chime.CreateMeeting`.

What to do: replace its uses before upgrading; `--traffic` says whether recordings call it.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &[],
    mirror: Mirror::Rule("operation-added"),
    message: |finding| format!("{} is gone", text::operations(finding)),
    leads_to: LeadsTo::anywhere(&["unknown-operation"]),
    ..Rule::CHANGE
};

pub(super) static OPERATION_RENAMED: Rule = Rule {
    id: "operation-renamed",
    summary: "an operation has another name",
    explain: "\
What it does: reports an operation that is gone where another one with the same method and path came, or one that
differs from it in case alone.

Why: the client method is called otherwise; on the wire a REST call may be the same.

Example: `GetItem` becomes `GetItems` at `GET /items`.

What to do: rename the calls. Recordings of REST services go on matching.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("{} is now {}", text::operations(finding), text::value(finding, "new")),
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

pub(super) static OPERATION_DEPRECATED: Rule = Rule {
    id: "operation-deprecated",
    summary: "an operation is deprecated",
    explain: "\
What it does: reports an operation that the newer model marks deprecated and the older one does not.

Why: it works as before, but it is announced to go; compilers of typed SDKs warn.

Example: `chime.CreateMeeting` was marked in botocore 1.29.164 and removed in 1.37.2.

What to do: plan its replacement.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::None("a mark that is taken back promises more than before"),
    message: |finding| format!("{} is deprecated", text::operations(finding)),
    ..Rule::CHANGE
};

pub(super) static OPERATION_INPUT_ADDED: Rule = Rule {
    id: "operation-input-added",
    summary: "an operation has an input now",
    explain: "\
What it does: reports an operation whose input only the newer model has.

Why: a request without one is still legal; signatures of typed SDKs change.

Example: `Ping` had no input and has one now.

What to do: recompile; nothing else.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("operation-input-removed"),
    message: |finding| format!("{} has an input now", text::operations(finding)),
    ..Rule::CHANGE
};

pub(super) static OPERATION_INPUT_REMOVED: Rule = Rule {
    id: "operation-input-removed",
    summary: "an operation no longer has an input",
    explain: "\
What it does: reports an operation whose input only the older model has.

Why: its arguments are gone: code that uses them fails.

Example: `Ping` had an input with members and has none now.

What to do: drop the use of its arguments.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &[],
    mirror: Mirror::Rule("operation-input-added"),
    message: |finding| format!("{} no longer has an input", text::operations(finding)),
    leads_to: LeadsTo::anywhere(&["misplaced-member", "unknown-member"]),
    ..Rule::CHANGE
};

pub(super) static OPERATION_OUTPUT_ADDED: Rule = Rule {
    id: "operation-output-added",
    summary: "an operation has an output now",
    explain: "\
What it does: reports an operation whose output only the newer model has.

Why: a response without one is still legal; signatures of typed SDKs change.

Example: `Ping` had no output and has one now.

What to do: recompile; nothing else.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &[],
    mirror: Mirror::Rule("operation-output-removed"),
    message: |finding| format!("{} has an output now", text::operations(finding)),
    ..Rule::CHANGE
};

pub(super) static OPERATION_OUTPUT_REMOVED: Rule = Rule {
    id: "operation-output-removed",
    summary: "an operation no longer has an output",
    explain: "\
What it does: reports an operation whose output only the older model has.

Why: its results are gone: code that uses them fails.

Example: `Ping` had an output with members and has none now.

What to do: drop the use of its results.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &[],
    mirror: Mirror::Rule("operation-output-added"),
    message: |finding| format!("{} no longer has an output", text::operations(finding)),
    leads_to: LeadsTo::anywhere(&["misplaced-member", "unknown-member"]),
    ..Rule::CHANGE
};

pub(super) static OPERATION_AUTH_CHANGED: Rule = Rule {
    id: "operation-auth-changed",
    summary: "an operation is signed otherwise",
    explain: "\
What it does: reports an operation whose own way of signing differs, where `none` and the scheme without
authentication are the same.

Why: it is called without credentials now, or needs them.

Example: `AssumeRoleWithSAML` is called unsigned.

What to do: try it with the credentials you use.
",
    weights: Weights::both([RISKY, RISKY, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("signing of {} changed {}", text::operations(finding), text::from_to(finding)),
    ..Rule::CHANGE
};

pub(super) static OPERATION_CHECKSUM_CHANGED: Rule = Rule {
    id: "operation-checksum-changed",
    summary: "checksums of an operation differ",
    explain: "\
What it does: reports an operation whose checksums differ: whether a request needs one, which member chooses the
algorithm, and what a response may carry.

Why: headers come or go, and bodies may be encoded in chunks.

Example: `PutObject` needs a checksum.

What to do: compare recorded traffic: `shapegate snapshot --compare`.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("checksums of {} changed {}", text::operations(finding), text::from_to(finding)),
    ..Rule::CHANGE
};

pub(super) static OPERATION_COMPRESSION_CHANGED: Rule = Rule {
    id: "operation-compression-changed",
    summary: "bodies of an operation are compressed otherwise",
    explain: "\
What it does: reports an operation whose encodings for compressed bodies differ.

Why: bodies are other bytes, and `content-encoding` comes or goes.

Example: `PutMetricData` may be sent with gzip.

What to do: compare recorded traffic: `shapegate snapshot --compare`.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &[],
    mirror: Mirror::Itself,
    message: |finding| format!("compression of {} changed {}", text::operations(finding), text::from_to(finding)),
    ..Rule::CHANGE
};

pub(super) static OPERATION_ENDPOINT_CHANGED: Rule = Rule {
    id: "operation-endpoint-changed",
    summary: "an operation is sent to another host",
    explain: "\
What it does: reports an operation whose host prefix differs.

Why: recordings and mocks that match on the host have the old one.

Example: `{AccountId}.` comes before the host.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the host prefix of {} changed {}", text::operations(finding), text::from_to(finding)),
    ..Rule::CHANGE
};

pub(super) static OPERATION_UNSIGNED_PAYLOAD_CHANGED: Rule = Rule {
    id: "operation-unsigned-payload-changed",
    summary: "the body is signed in one model alone",
    explain: "\
What it does: reports an operation whose body is left out of the signature in one of the models.

Why: the header with the digest of the body is another.

Example: `PutThing` is sent with `UNSIGNED-PAYLOAD`.

What to do: compare recorded traffic: `shapegate snapshot --compare`.
",
    weights: Weights::both([RISKY, COMPATIBLE, RISKY]),
    identity: &["unsigned"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "the body of {} {} signed",
            text::operations(finding),
            if text::flag(finding, "unsigned") { "is no longer" } else { "is now" }
        )
    },
    ..Rule::CHANGE
};

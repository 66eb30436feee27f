//! Changes of how a value is written.

use crate::diff::Change;
use crate::finding::{BREAKING, COMPATIBLE, LeadsTo, Mirror, RISKY, Root, Rule, Weights};
use crate::rules::text;

pub(super) static TIMESTAMP_FORMAT_CHANGED: Rule = Rule {
    id: "timestamp-format-changed",
    summary: "a timestamp is written in another form",
    explain: "\
What it does: reports a timestamp whose form differs as it takes effect: by the member, the shape, the place, or the
protocol.

Why: text on the wire differs; SDKs hand over the same.

Example: `createTime` was a number of seconds and is ISO 8601 now.

What to do: record traffic again and adapt mocks.
",
    weights: Weights::both([BREAKING, COMPATIBLE, BREAKING]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("{} is written in another form, {}", text::changed(finding), text::from_to(finding)),
    leads_to: LeadsTo::in_place(&["timestamp-form"]),
    ..Rule::CHANGE
};

pub(super) static JSONVALUE_CHANGED: Rule = Rule {
    id: "jsonvalue-changed",
    summary: "a text is parsed as JSON in one model alone",
    explain: "\
What it does: reports a member that SDKs hand over as parsed JSON by one of the models and as text by the other.

Why: code gets another type.

Example: `PriceList` of pricing in July 2022.

What to do: adapt what builds and reads it.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["jsonValue"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} is {} now",
            text::changed(finding),
            if text::flag(finding, "jsonValue") { "parsed as JSON" } else { "plain text" }
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
    ..Rule::CHANGE
};

pub(super) static MEDIATYPE_CHANGED: Rule = Rule {
    id: "mediatype-changed",
    summary: "content has another media type",
    explain: "\
What it does: reports a text or blob whose media type differs.

Why: SDKs may hand it over in another type, JSON in headers above all.

Example: a header becomes `application/json`.

What to do: adapt what builds and reads it.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the media type of {} changed {}", text::changed(finding), text::from_to(finding)),
    leads_to: LeadsTo::in_place(&["length-out-of-range", "pattern-mismatch", "unknown-enum-value", "wrong-type"]),
    ..Rule::CHANGE
};

pub(super) static STREAMING_CHANGED: Rule = Rule {
    id: "streaming-changed",
    summary: "a blob is a stream in one model alone",
    explain: "\
What it does: reports a blob that is streamed in one of the models.

Why: SDKs hand over another kind of object.

Example: `body` of `GetObject` becomes a stream.

What to do: read it as a stream, or as bytes.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["streaming"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} is {} now",
            text::changed(finding),
            if text::flag(finding, "streaming") { "a stream" } else { "no stream" }
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
    ..Rule::CHANGE
};

pub(super) static REQUIRES_LENGTH_CHANGED: Rule = Rule {
    id: "requires-length-changed",
    summary: "a stream must know its length in one model alone",
    explain: "\
What it does: reports a stream whose length must be known before it is sent, in one of the models.

Why: streams of unknown length are refused.

Example: `PutObject` no longer takes a pipe.

What to do: give a length.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["requiresLength"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "the length of {} {} be known",
            text::changed(finding),
            if text::flag(finding, "requiresLength") { "must now" } else { "need no longer" }
        )
    },
    leads_to: LeadsTo::Nothing("a recording keeps a body whole, however it was sent"),
    ..Rule::CHANGE
};

pub(super) static EVENTSTREAM_CHANGED: Rule = Rule {
    id: "eventstream-changed",
    summary: "a structure is a stream of events in one model alone",
    explain: "\
What it does: reports a structure that is an event stream, or an event of one, in one of the models.

Why: messages are framed otherwise.

Example: `chunks` becomes an event stream.

What to do: rewrite what sends or reads it.
",
    weights: Weights::both([BREAKING, BREAKING, BREAKING]),
    identity: &["eventStream"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} is {} now",
            text::changed(finding),
            if text::flag(finding, "eventStream") { "part of an event stream" } else { "part of no event stream" }
        )
    },
    leads_to: LeadsTo::Rules {
        in_place: &["blob-form", "misplaced-member", "missing-member", "unknown-member", "wrong-type"],
        anywhere: &["undecodable-body"],
    },
    ..Rule::CHANGE
};

pub(super) static SPARSE_CHANGED: Rule = Rule {
    id: "sparse-changed",
    summary: "a list or map holds nulls in one model alone",
    explain: "\
What it does: reports a list or map whose elements may be null in one of the models.

Why: code meets nulls it did not expect, or must not send them.

Example: `values` may hold nulls now.

What to do: handle nulls, or leave them out.
",
    weights: Weights::both([BREAKING, BREAKING, RISKY]),
    identity: &["sparse"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} {} hold nulls",
            text::changed(finding),
            if text::flag(finding, "sparse") { "may now" } else { "must no longer" }
        )
    },
    leads_to: LeadsTo::in_place(&["null-member"]),
    narrows: |change| matches!(change, Change::SparseChanged { sparse: false }),
    ..Rule::CHANGE
};

pub(super) static BOX_CHANGED: Rule = Rule {
    id: "box-changed",
    summary: "only one model distinguishes absent from zero",
    explain: "\
What it does: reports a number or boolean that is boxed in one of the models.

Why: typed SDKs have another type for it.

Example: `count` may be absent.

What to do: recompile, and look at zeros.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &["boxed"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "{} {} distinguishes zero from absent",
            text::changed(finding),
            if text::flag(finding, "boxed") { "now" } else { "no longer" }
        )
    },
    comes_with: &[Root::of_service("protocol-changed")],
    ..Rule::CHANGE
};

pub(super) static DEFAULT_CHANGED: Rule = Rule {
    id: "default-changed",
    summary: "a member has another default",
    explain: "\
What it does: reports a member whose default differs, or that has one in one of the models alone.

Why: typed SDKs fill in another value where it is absent.

Example: `maxResults` defaults to 100.

What to do: recompile, and look at defaults.
",
    weights: Weights::both([COMPATIBLE, RISKY, COMPATIBLE]),
    identity: &["new"],
    mirror: Mirror::Itself,
    message: |finding| format!("the default of {} changed {}", text::changed(finding), text::from_to(finding)),
    ..Rule::CHANGE
};

//! Headers of requests.

use super::predicate;
use crate::finding::{Deviation, Mirror, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;
use crate::wire::Change;

pub(super) static REQUEST_HEADER_APPEARED: Rule = Rule {
    id: "request-header-appeared",
    summary: "a header is sent that was not sent before",
    explain: "\
What it does: reports a header of requests that no request of the operation had. Headers that only carry members
are reported as members.

Why: the service may answer otherwise, what stands in between may refuse it, and recordings that are matched by
headers do not match. A header within the signature has to arrive unchanged.

Example: from botocore 1.36.0 on, S3 uploads have `x-amz-trailer: x-amz-checksum-crc32`.

What to do: find out which setting sends it; S3-compatible services often need `request_checksum_calculation =
when_required`. If it is meant, `--accept` takes it into the snapshot.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Warning),
    identity: &["name"],
    mirror: Mirror::Rule("request-header-disappeared"),
    message: |finding| {
        let value = match text::alternatives(finding, "value") {
            none if none == "none" => String::new(),
            value => format!(": {value}"),
        };
        format!("the header {} is sent{}{value}", text::name(finding), text::share(finding))
    },
    ..Rule::WIRE
};

pub(super) static REQUEST_HEADER_DISAPPEARED: Rule = Rule {
    id: "request-header-disappeared",
    summary: "a header is no longer sent",
    explain: "\
What it does: reports a header of requests that some request of the operation had and none has now.

Why: what the service, a proxy or a mock took from it is gone: an integrity check, a format, a condition.

Example: from botocore 1.36.0 on, `DeleteObjects` of S3 has no `content-md5`.

What to do: see whether anything relies on it. S3-compatible services may insist on `content-md5`. If it is meant,
`--accept` takes it into the snapshot.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Warning),
    identity: &["name"],
    mirror: Mirror::Rule("request-header-appeared"),
    message: |finding| format!("the header {} is no longer sent", text::name(finding)),
    ..Rule::WIRE
};

pub(super) static REQUEST_HEADER_PRESENCE_CHANGED: Rule = Rule {
    id: "request-header-presence-changed",
    summary: "a header is sent always and was not, or the other way round",
    explain: "\
What it does: reports a header that was in all requests of the operation and is in some, a warning; or was in some
and is in all, a note.

Why: what is only sometimes there cannot be relied on.

Example: `expect` is sent with large bodies alone.

What to do: see on what it depends. If it is meant, `--accept` takes it into the snapshot.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Warning),
    lighter: |deviation| match deviation {
        Deviation::Wire(Change::HeaderPresence { old, new, .. }) if old < new => Some(Severity::Note),
        _ => None,
    },
    identity: &["name", "new"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "the header {} was {} sent, and is {} sent",
            text::name(finding),
            text::value(finding, "old"),
            text::value(finding, "new")
        )
    },
    ..Rule::WIRE
};

pub(super) static REQUEST_HEADER_SIGNING_CHANGED: Rule = Rule {
    id: "request-header-signing-changed",
    summary: "a header is part of the signature and was not, or the other way round",
    explain: "\
What it does: reports a header that was sent before and after, of which the signature covers more or fewer.

Why: what is signed must not be changed on the way: a proxy that rewrites the header breaks the signature. What is
not signed may be changed by anyone.

Example: `transfer-encoding` becomes part of the signature.

What to do: see what stands between client and service. If it is meant, `--accept` takes it into the snapshot.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Note),
    identity: &["name", "new"],
    mirror: Mirror::Itself,
    message: |finding| {
        format!(
            "the header {} was {} signed, and is {} signed",
            text::name(finding),
            text::value(finding, "old"),
            text::value(finding, "new")
        )
    },
    ..Rule::WIRE
};

pub(super) static REQUEST_HEADER_VALUE_CHANGED: Rule = Rule {
    id: "request-header-value-changed",
    summary: "a header of the protocol says something else",
    explain: "\
What it does: reports another value of a header that belongs to the protocol: media types, encodings, checksum
algorithms, the form of the payload's hash, how often a call is tried at most (`amz-sdk-request`).

Why: the service reads the body by it, and may refuse it or answer otherwise. A client that retries less often gives
up where it went on before.

Example: `x-amz-content-sha256` goes from UNSIGNED-PAYLOAD to STREAMING-UNSIGNED-PAYLOAD-TRAILER.

What to do: see that what stands between client and service knows the new value. If it is meant, `--accept` takes
it into the snapshot.
",
    half: Some(Direction::Request),
    weights: Weights::same(Severity::Warning),
    identity: &["name", "seen", "value"],
    mirror: Mirror::Itself,
    message: |finding| format!("the header {} {}", text::name(finding), predicate(finding)),
    ..Rule::WIRE
};

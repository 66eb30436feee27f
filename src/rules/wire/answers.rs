//! Responses.

use super::predicate;
use crate::finding::{Mirror, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;

pub(super) static STATUS_NEWLY_SEEN: Rule = Rule {
    id: "status-newly-seen",
    summary: "a status comes back that did not",
    explain: "\
What it does: reports an HTTP status that no exchange of the operation had.

Why: clients branch on it.

Example: `GetObject` answers 206 to a range.

What to do: see whether the request or the service changed. If it is meant, `--accept` takes it into the snapshot.
",
    half: Some(Direction::Response),
    weights: Weights::same(Severity::Note),
    identity: &["status"],
    mirror: Mirror::Rule("status-no-longer-seen"),
    message: |finding| {
        format!("status {}{} comes back", text::alternatives(finding, "status"), text::of_error(finding))
    },
    ..Rule::WIRE
};

pub(super) static STATUS_NO_LONGER_SEEN: Rule = Rule {
    id: "status-no-longer-seen",
    summary: "a status no longer comes back",
    explain: "\
What it does: reports an HTTP status that some exchange of the operation had and none has now.

Why: clients branch on it, and a branch no longer has traffic.

Example: `GetObject` answers 206 no more, for no range is asked for.

What to do: see whether the request or the service changed. If it is meant, `--accept` takes it into the snapshot.
",
    half: Some(Direction::Response),
    weights: Weights::same(Severity::Note),
    identity: &["status"],
    mirror: Mirror::Rule("status-newly-seen"),
    message: |finding| {
        format!("status {}{} no longer comes back", text::alternatives(finding, "status"), text::of_error(finding))
    },
    ..Rule::WIRE
};

pub(super) static ERROR_NEWLY_SEEN: Rule = Rule {
    id: "error-newly-seen",
    summary: "an error comes back that did not",
    explain: "\
What it does: reports an error code that no exchange of the operation had.

Why: the calls are the same and one of them is refused: often the request changed.

Example: `PutObject` is refused with `NotImplemented` by a service that does not know trailers.

What to do: see what the refused request has that it did not have. If it is meant, `--accept` takes it into the
snapshot.
",
    half: Some(Direction::Response),
    weights: Weights::same(Severity::Note),
    identity: &[],
    mirror: Mirror::Rule("error-no-longer-seen"),
    message: |finding| format!("the error {} comes back", finding.shape.as_deref().unwrap_or_default()),
    ..Rule::WIRE
};

pub(super) static ERROR_NO_LONGER_SEEN: Rule = Rule {
    id: "error-no-longer-seen",
    summary: "an error no longer comes back",
    explain: "\
What it does: reports an error code that some exchange of the operation had and none has now.

Why: its handling no longer has traffic.

Example: `PutObject` is no longer refused with `BadDigest`.

What to do: see that the traffic still exercises what it should. If it is meant, `--accept` takes it into the
snapshot.
",
    half: Some(Direction::Response),
    weights: Weights::same(Severity::Note),
    identity: &[],
    mirror: Mirror::Rule("error-newly-seen"),
    message: |finding| format!("the error {} no longer comes back", finding.shape.as_deref().unwrap_or_default()),
    ..Rule::WIRE
};

pub(super) static RESPONSE_CONTENT_TYPE_CHANGED: Rule = Rule {
    id: "response-content-type-changed",
    summary: "a response is of another media type",
    explain: "\
What it does: reports another `Content-Type` of responses, where it is not what a user stored.

Why: clients read the body by it. Mostly the protocol changed with it.

Example: SQS answers `text/xml` in awsQuery, and `application/x-amz-json-1.0` in awsJson.

What to do: see that what reads recorded responses knows the type. If it is meant, `--accept` takes it into the
snapshot.
",
    half: Some(Direction::Response),
    weights: Weights::same(Severity::Note),
    identity: &["seen", "value"],
    mirror: Mirror::Itself,
    message: |finding| format!("the content type{} {}", text::of_error(finding), predicate(finding)),
    ..Rule::WIRE
};

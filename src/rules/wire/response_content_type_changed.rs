//! A response is of another media type.

use super::{Mirror, WireRule, old_new, text};
use crate::finding::Severity;
use crate::rules::Info;
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "response-content-type-changed",
        summary: "a response is of another media type",
        explain: "\
What it does: reports another `Content-Type` of responses, where it is not what a user stored.

Why: clients read the body by it. Mostly the protocol changed with it.

Example: SQS answers `text/xml` in awsQuery, and `application/x-amz-json-1.0` in awsJson.

What to do: see that what reads recorded responses knows the type. If it is meant, `--accept` takes it into the
snapshot.
",
        request: Severity::Note,
        response: Severity::Note,
        identity: &["new"],
    },
    mirror: Mirror::Itself,
    values: |change| match change {
        Change::ContentType { old, new } => Some(old_new(old, new)),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("the content type{} changed {}", text::of_error(finding), text::from_to(finding)),
};

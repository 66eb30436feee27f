//! A header that is not sent any more.

use super::{Mirror, WireRule, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "request-header-disappeared",
        summary: "a header is not sent any more",
        explain: "\
What it does: reports a header of requests that some request of the operation had and none has any more.

Why: what the service, a proxy or a mock took from it is gone: an integrity check, a format, a condition.

Example: from botocore 1.36.0 on, `DeleteObjects` of S3 has no `content-md5`.

What to do: see whether anything relies on it. S3-compatible services may insist on `content-md5`. If it is meant,
`--accept` takes it into the snapshot.
",
        request: Severity::Warning,
        response: Severity::Warning,
        identity: &["name"],
    },
    mirror: Mirror::Rule("request-header-appeared"),
    values: |change| match change {
        Change::HeaderGone { name } => Some(Values::from([("name", name.clone().into())])),
        _ => None,
    },
    lighter: |_| None,
    message: |finding| format!("the header {} is not sent any more", text::name(finding)),
};

//! A header that was not sent before.

use super::{Mirror, WireRule, list, text};
use crate::finding::Severity;
use crate::rules::{Info, Values};
use crate::wire::Change;

pub(super) const RULE: WireRule = WireRule {
    info: Info {
        id: "request-header-appeared",
        summary: "a header is sent that was not sent before",
        explain: "\
What it does: reports a header of requests that no request of the operation had. Headers that only carry members
are told as members.

Why: the service may answer otherwise, what stands in between may refuse it, and recordings that are matched by
headers do not match. A header within the signature has to arrive unchanged.

Example: from botocore 1.36.0 on, S3 uploads have `x-amz-trailer: x-amz-checksum-crc32`.

What to do: find out which setting sends it; S3-compatible services often need `request_checksum_calculation =
when_required`. If it is meant, `--accept` takes it into the snapshot.
",
        request: Severity::Warning,
        response: Severity::Warning,
        identity: &["name"],
    },
    mirror: Mirror::Rule("request-header-disappeared"),
    values: |change| match change {
        Change::HeaderAppeared { name, sent, value } => {
            Some(Values::from([("name", name.clone().into()), ("sent", sent.as_str().into()), ("value", list(value))]))
        }
        _ => None,
    },
    lighter: |_| None,
    message: |finding| {
        let value = match text::shown(finding, "value") {
            none if none == "none" => String::new(),
            value => format!(": {value}"),
        };
        format!("the header {} is sent{}{value}", text::name(finding), text::share(finding))
    },
};

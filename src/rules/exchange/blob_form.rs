//! A blob that is not base64.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct BlobForm;

const INFO: Info = Info {
    id: "blob-form",
    summary: "a blob that is not base64",
    explain: "\
What it does: reports a blob that is not base64 text with padding.

Why: SDKs decode it on reading and fail, or hand on wrong bytes.

Example: `\"data\": \"hello\"`, which is five characters and no base64.

What to do: encode the bytes as base64.
",
    request: Severity::Error,
    response: Severity::Error,
    identity: &[],
};

impl ExchangeRule for BlobForm {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::BlobForm { found } => Some(Values::from([("found", (*found).into())])),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        match text::value(finding, "found") {
            "string" => format!("{} is text that is not base64", text::subject(finding)),
            found => {
                format!("{} should be base64 text and is {} {found}", text::subject(finding), text::article(found))
            }
        }
    }
}

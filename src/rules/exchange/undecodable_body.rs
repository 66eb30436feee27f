//! A body that its protocol cannot decode.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct UndecodableBody;

const INFO: Info = Info {
    id: "undecodable-body",
    summary: "a body that its protocol cannot decode",
    explain: "\
What it does: reports a body, or a part of one, that is not what the protocol writes: JSON that breaks off, XML that
does not close, CBOR of the wrong kind, text that is not UTF-8. What stands outside of the body is still judged.

Why: some SDKs make an empty output of a truncated body and go on.

Example: a response of status 200 that ends in the middle: `{\"membership\": {\"id\": \"`.

What to do: look whether the recorder cut the body off; if not, the sender did.
",
    request: Severity::Error,
    response: Severity::Error,
    identity: &[],
};

impl ExchangeRule for UndecodableBody {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::Undecodable { reason, .. } => Some(Values::from([("reason", reason.clone().into())])),
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let half = finding.direction.map_or("payload", crate::model::Direction::as_str);
        format!("the body of the {half} cannot be decoded: {}", text::value(finding, "reason"))
    }
}

//! A body of another media type than the protocol's.

use crate::contract::BreachKind;
use crate::finding::{Finding, Severity};
use crate::rules::{ExchangeRule, Info, Values, text};

pub(super) struct UnexpectedContentType;

const INFO: Info = Info {
    id: "unexpected-content-type",
    summary: "a body of another media type than the protocol's",
    explain: "\
What it does: reports a body whose `Content-Type` is none that its protocol uses for structured values. Bodies that are
one blob or text, and messages without the header, are not judged.

Why: SDKs decode the body whatever the header says, other readers do not.

Example: `Content-Type: text/html` on a JSON body.

What to do: answer with the protocol's media type; the message names it. A page of HTML in place of the body comes from
something between client and service.
",
    request: Severity::Warning,
    response: Severity::Warning,
    identity: &["found"],
};

impl ExchangeRule for UnexpectedContentType {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn values(&self, breach: &BreachKind) -> Option<Values> {
        match breach {
            BreachKind::ContentType { found, expected } => {
                Some(Values::from([("found", found.clone().into()), ("expected", expected.clone().into())]))
            }
            _ => None,
        }
    }

    fn message(&self, finding: &Finding) -> String {
        let (found, expected) = (text::value(finding, "found"), text::value(finding, "expected"));
        format!("the body is of type {found}, where the protocol writes {expected}")
    }
}

//! An error in JSON or CBOR without its code in awsQuery, of a service that left awsQuery.

use crate::contract::BreachKind;
use crate::finding::{Deviation, Finding, Rule, Severity, Weights};
use crate::model::Direction;
use crate::rules::text;

pub(super) static RULE: Rule = Rule {
    id: "missing-query-error",
    summary: "an error without the header that holds its code in awsQuery",
    explain: "\
What it does: reports an error that the model has, answered in JSON or CBOR without the header `x-amzn-query-error`,
where the service spoke awsQuery before and promises its codes to clients of that time (`awsQueryCompatible`). It is a
warning where the code in awsQuery is another than the error's name, and a note where it is the same or not known. A
recording whose response headers were left out shows nothing.

Why: SDKs take the error's code from that header. Without it code that compares with
`AWS.SimpleQueueService.NonExistentQueue` gets `QueueDoesNotExist`, and does not recognise it.

Example: SQS answers `QueueDoesNotExist`, and the header is not there.

What to do: in an emulator, send `x-amzn-query-error: CODE;Sender` (or `;Receiver`).
",
    half: Some(Direction::Response),
    weights: Weights::same(Severity::Warning),
    lighter: |deviation| match deviation {
        Deviation::Breach(BreachKind::MissingQueryError { code, in_query }) => {
            in_query.as_ref().is_none_or(|own| own == code).then_some(Severity::Note)
        }
        _ => None,
    },
    identity: &["code"],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    let code = text::value(finding, "code");
    match text::value(finding, "inQuery") {
        "" => format!("the header x-amzn-query-error is not there, which has the code of {code} in awsQuery"),
        own => format!("the header x-amzn-query-error is not there, which has the code of {code} in awsQuery, {own}"),
    }
}

//! An error that does not say which one it is.

use crate::finding::{Finding, Rule, Severity, Weights};
use crate::model::Direction;

pub(super) static RULE: Rule = Rule {
    id: "missing-error-code",
    summary: "an answer to a refused request that does not say which error it is",
    explain: "\
What it does: reports a response with a status of 400 or above that names no error code, neither in the header
`x-amzn-errortype` nor in its body. The answer to a HEAD request has no body and is not judged.

Why: without a code an SDK raises its most general exception, and code that catches the modelled error misses it.

Example: status 404 with the body `{\"message\": \"not found\"}`.

What to do: name the error the way the protocol does. Where a proxy answered in place of the service, the recording
shows the proxy, not the contract.
",
    half: Some(Direction::Response),
    weights: Weights::same(Severity::Error),
    identity: &[],
    message,
    ..Rule::TRAFFIC
};

fn message(finding: &Finding) -> String {
    match finding.values.get("status").and_then(serde_json::Value::as_u64) {
        Some(status) => format!("a response with status {status} does not say which error it is"),
        None => "an error does not say which one it is".to_owned(),
    }
}

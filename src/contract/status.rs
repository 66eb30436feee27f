//! What an exchange's status says against what the model and the rest of the answer say.

use super::Contract;
use super::breach::{Breach, BreachKind};
use crate::model::{Direction, Operation, Protocol};
use crate::recording::{Exchange, Excuse, Extent, Failure};

/// Part of a content that was asked for, which the model does not tell apart from the whole.
const PARTIAL_CONTENT: u16 = 206;

impl Contract {
    /// Deviations of the status and of the kind of answer.
    pub(super) fn status(&self, operation: &Operation, exchange: &Exchange<'_>) -> Option<Breach> {
        if exchange.extent == Extent::Payload {
            return None;
        }
        let kind = match &exchange.error {
            // restJson1 says the code in a header.
            Some(error) if error.code.is_none() && is_in_header(exchange) => None,
            Some(error) => self.error_status(operation, error, exchange),
            None => self.success_status(operation, exchange),
        }?;
        Some(Breach { direction: Some(Direction::Response), ..Breach::whole(kind) })
    }

    fn error_status(&self, operation: &Operation, error: &Failure<'_>, exchange: &Exchange<'_>) -> Option<BreachKind> {
        let status = exchange.status;
        let Some(code) = error.plain_code() else {
            // S3 alone redirects: to the region of a bucket.
            if let Some(found) = status.filter(|status| (300..400).contains(status) && !is_s3(&self.service().name)) {
                let expected = operation.http.known().and_then(|http| http.status);
                return Some(BreachKind::UnexpectedStatus { found, expected });
            }
            // The answer to a HEAD request has no body to say it in.
            let has_body = operation.http.known().is_none_or(|http| http.method != "HEAD");
            return (error.needs_code && has_body).then_some(BreachKind::MissingErrorCode { status });
        };
        let found = status?;
        if found < 300 {
            // S3 begins to answer before it knows: its copies and uploads may fail with status 200, as documented.
            if self.service().name == "s3" {
                return None;
            }
            return Some(BreachKind::ErrorInSuccess { code: code.to_owned(), status: found });
        }
        let expected = self.stated_status(operation, code, exchange.protocol)?;
        (found != expected).then(|| BreachKind::ErrorStatus { code: code.to_owned(), found, expected })
    }

    /// The status that the model states for an error in a protocol; awsJson has none to state.
    pub fn stated_status(&self, operation: &Operation, code: &str, protocol: Option<Protocol>) -> Option<u16> {
        let service = self.service();
        if protocol.or(service.protocol()) == Some(Protocol::AwsJson) {
            return None;
        }
        service.error(Some(operation), code, protocol)?.error()?.status
    }

    fn success_status(&self, operation: &Operation, exchange: &Exchange<'_>) -> Option<BreachKind> {
        let found = exchange.status?;
        let expected = operation.http.known()?.status?;
        if found == expected || found == PARTIAL_CONTENT || self.service().binds_status(operation) {
            return None;
        }
        Some(BreachKind::UnexpectedStatus { found, expected: Some(expected) })
    }
}

fn is_s3(service: &str) -> bool {
    matches!(service, "s3" | "s3control")
}

/// Whether the code of an error may have been in the headers that the recording lacks.
fn is_in_header(exchange: &Exchange<'_>) -> bool {
    Excuse::CodeLeftOut.holds(exchange.fidelity) && exchange.protocol == Some(Protocol::RestJson)
}

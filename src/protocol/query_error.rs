//! The header in which a service that left awsQuery says the code that awsQuery has for an error.

use std::borrow::Cow;

use super::Call;
use crate::model::{Direction, Protocol};
use crate::recording::{Flaw, FlawKind, HttpResponse, plain_code};

const NAME: &str = "x-amzn-query-error";

/// The code in the header, where it is there.
pub(super) fn code(response: &HttpResponse<'_>) -> Option<String> {
    let header = response.headers.get(NAME)?;
    let code = header.split(';').next().unwrap_or_default().trim();
    (!code.is_empty()).then(|| code.to_owned())
}

/// An error of the model that the header is missing of. What answers in place of the service need not know it.
pub(super) fn missing(call: &Call<'_, '_>, response: &HttpResponse<'_>, code: Option<&str>) -> Option<Flaw> {
    let protocol = call.routed.protocol;
    let in_query = call.service.in_query.as_ref()?;
    let speaks_otherwise = matches!(protocol, Protocol::AwsJson | Protocol::RpcV2Cbor);
    let header = response.headers.get(NAME).unwrap_or(Cow::Borrowed(""));
    if !speaks_otherwise || response.status < 400 || !header.is_empty() {
        return None;
    }
    let error = call.service.error(Some(call.routed.operation), plain_code(code?), Some(protocol))?;
    let in_query = in_query.known().map(|service| {
        let own = service.shape(&error.id).and_then(|shape| shape.error()?.code.clone());
        own.unwrap_or_else(|| error.id.to_string())
    });
    let kind = FlawKind::NoQueryError { code: error.id.to_string(), in_query };
    Some(Flaw { direction: Direction::Response, pointer: String::new(), kind })
}

//! Messages → values again, without a recording in between.

use std::borrow::Cow;

use super::Message;
use crate::evidence::Evidence;
use crate::model::{Operation, Service};
use crate::protocol::{decode, routes};
use crate::recording::{Exchange, Headers, HttpExchange, HttpRequest, HttpResponse, Notation, Written};

/// Shows what a reader makes of a request and its response; `None` where the request is not known to call the operation.
pub fn read_back<R>(
    service: &Service,
    operation: &Operation,
    (sent, answered): (&Message, &Message),
    see: impl FnOnce(&Exchange<'_>) -> R,
) -> Option<R> {
    let (method, url) = &sent.target;
    let http = HttpExchange::new(
        HttpRequest::new(method, Written::verbatim(url, 0), headers(sent), body(sent)),
        Some(HttpResponse::new(answered.status, headers(answered), body(answered))),
    );
    let mut likely = routes(service, &http.request, &Evidence::of(&http.request)).into_iter();
    let routed = likely.find(|routed| routed.operation.name == operation.name)?;
    Some(see(&decode(service, &routed, &http)))
}

fn headers(message: &Message) -> Headers<'_> {
    let mut headers = Headers::default();
    for (name, value) in &message.headers {
        headers.push(Cow::Borrowed(name), Written::verbatim(value, 0));
    }
    headers
}

fn body(message: &Message) -> Option<Written<'_>> {
    let bytes = message.body.as_deref()?;
    Some(Written::new(Cow::Borrowed(bytes), 0..bytes.len(), Notation::Verbatim))
}

//! Which operation an exchange is of whose request does not say it.

use super::route::Routed;
use super::xml;
use crate::model::{Direction, Service};
use crate::recording::HttpExchange;

/// The operation that an exchange in a query protocol is of, where the recording lacks the request's body, which names it:
/// the answer's root element is called after it.
pub fn route_by_answer<'m>(service: &'m Service, http: &HttpExchange<'_>) -> Option<Routed<'m>> {
    let protocols = service.protocols.known()?;
    let protocol = protocols.iter().find(|protocol| protocol.is_query())?;
    let answer = http.response.as_ref().filter(|answer| answer.status < 300 && http.may_lack_a_form())?;
    let text = std::str::from_utf8(&answer.body.as_ref()?.bytes).ok()?;
    let root = xml::parse(text, Direction::Response, http.has_placeholders).ok()?;
    let operation = service.operations.get(root.name.strip_suffix("Response")?)?;
    Some(Routed { by_answer: true, ..Routed::named(operation, *protocol) })
}

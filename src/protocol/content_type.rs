//! Media types of bodies against what protocol and model say of them.

use super::{Call, Shaped, Wire, event_stream};
use crate::model::{Direction, Fact, Location, Member, Service};
use crate::recording::{Excuse, Flaw, FlawKind, Headers, HttpResponse, Written, redact};

const NAME: &str = "content-type";

/// A request whose media type is not the one of its body, or that names one and has no body to write.
pub(super) fn of_request(wire: &dyn Wire, call: &Call<'_, '_>) -> Option<Flaw> {
    let request = &call.http.request;
    let shaped = call.input();
    // Of a body that is not known nobody can say that it is not there.
    if request.had_other_content() {
        return None;
    }
    // A stub need not match the body, so that there may have been one.
    if request.body.is_none() && wire.protocol().is_rest() && !Excuse::BodyNotMatched.holds(call.http.fidelity()) {
        return without_body(&request.headers, shaped.as_ref());
    }
    of_body(wire, call.service, (&request.headers, request.body.as_ref()), &shaped?)
}

/// A response whose media type is not the one of its body.
pub(super) fn of_response(
    wire: &dyn Wire,
    call: &Call<'_, '_>,
    response: &HttpResponse<'_>,
    shaped: &Shaped<'_>,
) -> Option<Flaw> {
    of_body(wire, call.service, (&response.headers, response.body.as_ref()), shaped)
}

fn of_body(
    wire: &dyn Wire,
    service: &Service,
    (headers, body): (&Headers<'_>, Option<&Written<'_>>),
    shaped: &Shaped<'_>,
) -> Option<Flaw> {
    body?;
    let found = stated(headers)?;
    let expected = if is_structured(service, shaped) {
        let expected = wire.media_types(service, shaped.direction);
        if expected.contains(&found.as_str()) {
            return None;
        }
        expected[0].to_owned()
    } else {
        own_type(service, shaped).filter(|own| *own != found)?
    };
    let kind = FlawKind::ContentType { found, expected: Some(expected) };
    Some(Flaw { direction: shaped.direction, pointer: String::new(), kind })
}

/// A media type of a body that is not there, where the operation has nothing to write into one.
fn without_body(headers: &Headers<'_>, shaped: Option<&Shaped<'_>>) -> Option<Flaw> {
    let found = stated(headers)?;
    let in_body =
        |member: &Member| matches!(member.location_in(Direction::Request), Fact::Unknown | Fact::Known(Location::Body));
    let structure = shaped.map(|shaped| shaped.structure);
    let has_body = structure.is_some_and(|input| input.payload.is_some() || input.members.iter().any(in_body));
    let is_a_member = structure.is_some_and(|input| input.has_header(NAME));
    let kind = FlawKind::ContentType { found, expected: None };
    let flaw = Flaw { direction: Direction::Request, pointer: String::new(), kind };
    (!has_body && !is_a_member).then_some(flaw)
}

/// The media type that a message states, where a recorder did not mask it.
fn stated(headers: &Headers<'_>) -> Option<String> {
    headers.media_type().filter(|found| !found.is_empty() && !redact::is_placeholder(found))
}

/// The media type that the model gives a payload of one blob or text. A member that travels in the header says itself
/// which it is.
fn own_type(service: &Service, shaped: &Shaped<'_>) -> Option<String> {
    let payload = shaped.structure.payload_member().filter(|_| !shaped.structure.has_header(NAME))?;
    let stated = service.shape(&payload.target)?.media_type.as_deref()?;
    let plain = stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    (!plain.is_empty() && !plain.contains('*')).then_some(plain)
}

/// Whether the body holds structured values rather than one blob, text or stream.
fn is_structured(service: &Service, shaped: &Shaped<'_>) -> bool {
    let payload = shaped.structure.payload_member();
    let Some(payload) = payload else { return event_stream::member(service, shaped).is_none() };
    let structure = service.structure(&payload.target).filter(|structure| !structure.event_stream);
    !payload.streaming && structure.is_some()
}

//! HTTP exchanges ↔ modelled values: which operation a request calls, and what its parts mean to the model.
//!
//! By what a request says of itself ([`Evidence`]) [`route()`] finds the operation, [`decode`] turns the exchange into an
//! [`Exchange`] of values under their wire names, with the place that each came from ([`Origins`]). One file per
//! protocol. What cannot be decoded becomes a [`Flaw`]; the rest is decoded all the same.

mod address;
mod aws_json;
mod aws_query;
mod bindings;
mod body;
mod by_answer;
mod cbor;
mod cbor_body;
mod cbor_edit;
mod cbor_item;
mod content_type;
mod ec2_query;
pub mod encode;
mod event_stream;
mod form;
mod json_body;
mod payload;
mod query_error;
mod release;
mod rest;
mod rest_json;
mod rest_xml;
mod route;
mod rpc_v2_cbor;
mod scalar;
mod uri;
mod xml;
mod xml_error;
mod xml_root;
mod xml_value;

use std::collections::BTreeSet;

use serde_json::Value;

pub use self::address::{Address, OTHER, is_plain};
pub use self::by_answer::route_by_answer;
pub use self::cbor_edit::{
    CborLeaf, CborNode, CborPlace, EditOfCbor, begins_cbor, edited_cbor, texts_among, tree_of_cbor, value_of_cbor,
};
pub use self::route::{Routed, route, routes};
pub(crate) use self::uri::{parameter_within, parts_of_path, values_of_form, values_of_parameters};

use crate::evidence::{self, Evidence};
use crate::model::{Direction, Encoding, Operation, Protocol, Service, Structure};
use crate::recording::json::child;
use crate::recording::{
    Exchange, Excuse, Extent, Failure, Flaw, FlawKind, HttpExchange, HttpResponse, Origins, Payload, ServiceName,
    placeholders, plain_code,
};

/// Every protocol.
const PROTOCOLS: &[&dyn Wire] = &[
    &rest_json::RestJson,
    &aws_json::AwsJson,
    &rest_xml::RestXml,
    &aws_query::AwsQuery,
    &ec2_query::Ec2Query,
    &rpc_v2_cbor::RpcV2Cbor,
];

/// One protocol: how requests and responses carry values.
trait Wire: Sync {
    /// Which one it is.
    fn protocol(&self) -> Protocol;

    /// The values of a request.
    fn request<'h>(&self, call: &Call<'_, 'h>) -> Half<'h>;

    /// The values of a response that has members of `structure`: an output's, or an error's.
    fn response<'h>(&self, call: &Call<'_, 'h>, response: &'h HttpResponse<'h>, structure: &Shaped<'_>) -> Half<'h>;

    /// The code of an error, as on the wire; `None` where the response does not say it.
    fn error_code(&self, call: &Call<'_, '_>, response: &HttpResponse<'_>) -> Option<String>;

    /// What keeps the body of an error without a code from being one of the protocol, where reading its members does not tell.
    fn unreadable_error(&self, _response: &HttpResponse<'_>) -> Option<Flaw> {
        None
    }

    /// Media types that a body of structured values may have.
    fn media_types(&self, service: &Service, direction: Direction) -> &'static [&'static str];
}

/// A call that is decoded.
struct Call<'m, 'h> {
    /// The service as the protocol has it.
    service: &'m Service,
    /// Which names of members values stand under.
    keys: Encoding,
    routed: &'m Routed<'m>,
    http: &'h HttpExchange<'h>,
}

impl<'m> Call<'m, '_> {
    /// The operation as the protocol has it.
    fn operation(&self) -> &'m Operation {
        self.service.operations.get(&self.routed.operation.name).unwrap_or(self.routed.operation)
    }

    /// The request's members; `None` where the operation takes nothing.
    fn input(&self) -> Option<Shaped<'m>> {
        let structure = self.service.half(self.routed.operation, Direction::Request)?;
        Some(Shaped { structure, direction: Direction::Request })
    }
}

/// A structure of the model to decode values of.
struct Shaped<'m> {
    structure: &'m Structure,
    direction: Direction,
}

/// One decoded half of an exchange.
#[derive(Default)]
struct Half<'h> {
    payload: Option<Payload<'h>>,
    flaws: Vec<Flaw>,
    /// A body that is a stream, which is not judged.
    streams: usize,
    /// Events of an event stream.
    events: usize,
}

/// Decodes an exchange whose operation is known.
///
/// The protocol is taken from the exchange where it says one, else from the model.
pub fn decode<'h>(service: &Service, routed: &Routed<'_>, http: &'h HttpExchange<'h>) -> Exchange<'h> {
    let name = ServiceName::Name(service.name.clone().into());
    let mut exchange = Exchange::named(name, routed.operation.name.clone().into(), Extent::Exchange);
    exchange.entry = http.entry;
    exchange.offset = http.offset;
    exchange.recorded_at.clone_from(&http.recorded_at);
    exchange.status = http.response.as_ref().map(|response| response.status);
    exchange.protocol = Some(routed.protocol);
    exchange.fidelity = http.fidelity();
    for label in &routed.empty_labels {
        let kind = FlawKind::EmptyLabel { name: label.clone() };
        exchange.flaws.push(Flaw { direction: Direction::Request, pointer: format!("/{label}"), kind });
    }
    let Some(wire) = PROTOCOLS.iter().find(|wire| wire.protocol() == routed.protocol) else { return exchange };
    let in_protocol = service.in_protocol(routed.protocol).unwrap_or(service);
    // Names on the wire are those of the service's own protocol, whatever the message's.
    let keys = if std::ptr::eq(in_protocol, service) { Encoding::Wire } else { Encoding::Parsed };
    let call = Call { service: in_protocol, keys, routed, http };
    let request = wire.request(&call);
    exchange.flaws.extend(release::other(&call));
    exchange.flaws.extend(content_type::of_request(*wire, &call));
    exchange.request = request.payload;
    // A stub need not match the body, so that there may have been one.
    let lacks_content = http.request.lacks_content() || routed.by_answer;
    if lacks_content || http.is_stub && http.request.body.is_none() {
        exchange.request.iter_mut().for_each(Payload::lacks_body);
    }
    exchange.flaws.extend(request.flaws);
    let has_other = http.request.had_other_content();
    let unrecorded = || Flaw::unrecorded(Direction::Request, has_other);
    exchange.flaws.extend((lacks_content && request.streams == 0).then(unrecorded));
    exchange.streams += request.streams;
    exchange.events += request.events;
    if let Some(response) = &http.response {
        respond(*wire, &call, response, &mut exchange);
    }
    if http.has_placeholders {
        let error = exchange.error.as_mut().map(|error| &mut error.payload);
        [exchange.request.as_mut(), exchange.response.as_mut(), error].into_iter().flatten().for_each(hide);
    }
    exchange
}

/// Notes the values of a payload that hold placeholders of its recorder.
fn hide(payload: &mut Payload<'_>) {
    let mut hidden = BTreeSet::new();
    if let Some(value) = &payload.value {
        hidden_in(value, "", &mut hidden);
    }
    if !hidden.is_empty() {
        payload.origins.get_or_insert_default().hidden = hidden;
    }
}

fn hidden_in(value: &Value, pointer: &str, hidden: &mut BTreeSet<String>) {
    let is_hidden = |text: &str| placeholders(text).next().is_some();
    match value {
        Value::String(text) if is_hidden(text) => drop(hidden.insert(pointer.to_owned())),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| hidden_in(item, &format!("{pointer}/{at}"), hidden));
        }
        Value::Object(members) => {
            for (key, member) in members {
                let below = child(pointer, key);
                if is_hidden(key) {
                    hidden.insert(below.clone());
                }
                hidden_in(member, &below, hidden);
            }
        }
        _ => {}
    }
}

/// An exchange whose operation is not known. Its name is what the request says, or its method and path.
pub fn undecoded<'h>(http: &'h HttpExchange<'h>, evidence: &Evidence) -> Exchange<'h> {
    let named = [&evidence.target, &evidence.rpc].into_iter().flatten().map(|(_, operation)| operation).next();
    let named = named.or(evidence.action.as_ref().map(|action| &action.name));
    let operation = named.cloned().unwrap_or_else(|| format!("{} {}", http.request.method, http.request.parts().path));
    // The form would have named it.
    let unrecorded = (named.is_none() && http.lacks_a_form())
        .then(|| Flaw::unrecorded(Direction::Request, http.request.had_other_content()));
    Exchange {
        flaws: unrecorded.into_iter().collect(),
        entry: http.entry,
        offset: http.offset,
        recorded_at: http.recorded_at.clone(),
        status: http.response.as_ref().map(|response| response.status),
        ..Exchange::named(ServiceName::Name(evidence.label().into()), operation.into(), Extent::Exchange)
    }
}

/// Decodes what came back: an output, or the error that the response says it is.
fn respond<'h>(wire: &dyn Wire, call: &Call<'_, 'h>, response: &'h HttpResponse<'h>, exchange: &mut Exchange<'h>) {
    let operation = call.routed.operation;
    let code = wire.error_code(call, response).or_else(|| error_in_body(call, response));
    let refused = response.status >= 300;
    let is_error = refused || code.is_some();
    let shape = if is_error {
        code.as_deref().and_then(|code| error_shape(call, code))
    } else {
        call.service.half(operation, Direction::Response)
    };
    let empty = Structure::default();
    let structure = shape.unwrap_or(&empty);
    let shaped = Shaped { structure, direction: Direction::Response };
    let mut half = wire.response(call, response, &shaped);
    half.flaws.extend(contradiction(wire.protocol(), response, structure));
    half.flaws.extend(content_type::of_response(wire, call, response, &shaped));
    if !Excuse::QueryErrorLeftOut.holds(exchange.fidelity) {
        half.flaws.extend(query_error::missing(call, response, code.as_deref()));
    }
    if is_error && code.is_none() {
        half.flaws.extend(wire.unreadable_error(response));
    }
    // An answer to HEAD tells the length of a body that it does not have.
    if response.lacks_content() && call.http.request.method != "HEAD" {
        half.payload.iter_mut().for_each(Payload::lacks_body);
        half.flaws.extend((half.streams == 0).then(|| Flaw::unrecorded(Direction::Response, false)));
    }
    if is_error {
        let payload = half.payload.unwrap_or_else(Payload::empty);
        let is_unreadable = half.flaws.iter().any(|flaw| matches!(flaw.kind, FlawKind::Undecodable { .. }));
        let needs_code = response.status >= 400 && !response.lacks_content() && !is_unreadable;
        exchange.error = Some(Failure { code: code.map(Into::into), needs_code, payload });
    } else {
        exchange.response = half.payload;
    }
    exchange.flaws.extend(half.flaws);
    exchange.streams += half.streams;
    exchange.events += half.events;
}

impl Half<'_> {
    /// A half without any members.
    fn empty() -> Self {
        Self { payload: Some(Payload::empty()), ..Self::default() }
    }
}

/// An error of the service that a body of JSON names although the status is a success.
fn error_in_body(call: &Call<'_, '_>, response: &HttpResponse<'_>) -> Option<String> {
    let code = json_body::type_name(response.body.as_ref()?)?;
    error_shape(call, &code).map(|_| code)
}

/// A header of an error in JSON that says another error than the body.
fn contradiction(protocol: Protocol, response: &HttpResponse<'_>, structure: &Structure) -> Option<Flaw> {
    if !matches!(protocol, Protocol::RestJson | Protocol::AwsJson) || response.status < 400 {
        return None;
    }
    let header = response.headers.get("x-amzn-errortype").filter(|code| !code.is_empty())?;
    // A member of the error's own may be called `code` and mean something else.
    let is_member = |name: &str| structure.members.iter().any(|member| member.wire_name() == name);
    let body = json_body::error_code_but(response.body.as_ref(), is_member)?;
    if plain_code(&header) == plain_code(&body) {
        return None;
    }
    let kind = FlawKind::ErrorCodes { header: plain_code(&header).to_owned(), body: plain_code(&body).to_owned() };
    Some(Flaw { direction: Direction::Response, pointer: String::new(), kind })
}

/// The error that a code, as on the wire, stands for.
fn error_shape<'m>(call: &Call<'m, '_>, code: &str) -> Option<&'m Structure> {
    call.service.error(Some(call.routed.operation), plain_code(code), Some(call.routed.protocol))?.structure()
}

/// A decoded value with where its parts came from.
fn composed(text: &str, value: serde_json::Value, origins: Origins) -> Payload<'_> {
    Payload::composed(text, value, origins)
}

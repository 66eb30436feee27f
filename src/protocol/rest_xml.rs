//! restXml: members in path, query string and headers, the others in an XML body.
//!
//! S3 has ways of its own: it answers 200 to what fails later, describes errors without a wrapper, and sends the one
//! member of `GetBucketLocation` as the root element.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::bindings::{self, is_in_body};
use super::payload::Target;
use super::rest;
use super::xml::{self, Element};
use super::xml_error::{self, Envelope};
use super::xml_root::Roots;
use super::xml_value::XmlReader;
use super::{Call, Half, Shaped, Wire};
use crate::model::{Direction, Encoding, Operation, Protocol, Service, ShapeKind, Structure};
use crate::recording::{Flaw, HttpResponse, Origins};
use crate::schema::{is_stream, member_keys};

pub(super) struct RestXml;

impl Wire for RestXml {
    fn protocol(&self) -> Protocol {
        Protocol::RestXml
    }

    fn request<'h>(&self, call: &Call<'_, 'h>) -> Half<'h> {
        let Some(shaped) = call.input() else { return Half::empty() };
        let bound = bindings::of_request(call, shaped.structure);
        rest::half(call, bound, &shaped, call.http.request.body.as_ref(), &|text, target, origins| {
            parse(call, &shaped, text, target, origins, |_, _| ())
        })
    }

    fn response<'h>(&self, call: &Call<'_, 'h>, response: &'h HttpResponse<'h>, shaped: &Shaped<'_>) -> Half<'h> {
        let bound = bindings::of_response(call.service, response, shaped.structure);
        let output = call.service.half(call.routed.operation, Direction::Response);
        let is_output = output.is_some_and(|output| std::ptr::eq(output, shaped.structure));
        let roots = Roots::of(call.service, call.operation()).filter(|_| is_output);
        let misnamed = Cell::new(None);
        let mut half = rest::half(call, bound, shaped, response.body.as_ref(), &|text, target, origins| {
            parse(call, shaped, text, target, origins, |root, target| {
                misnamed.set(roots.and_then(|roots| roots.other_name(root, target)));
            })
        });
        half.flaws.extend(misnamed.take());
        half
    }

    fn error_code(&self, call: &Call<'_, '_>, response: &HttpResponse<'_>) -> Option<String> {
        // What is stored may look like an error.
        let may_be = response.status >= 300 || !has_opaque_payload(call.service, call.routed.operation);
        Envelope::of(call).code(response.body.as_ref().filter(|_| may_be), call.http.has_placeholders)
    }

    fn media_types(&self, _: &Service, _: Direction) -> &'static [&'static str] {
        &["application/xml", "text/xml"]
    }
}

/// Reads a body; `look_at_root` sees its root element where that holds what was asked for.
fn parse(
    call: &Call<'_, '_>,
    shaped: &Shaped<'_>,
    text: &str,
    target: Target<'_>,
    origins: &mut Origins,
    look_at_root: impl Fn(&Element, Target<'_>),
) -> Result<Value, Flaw> {
    let root = xml::parse(text, shaped.direction, call.http.has_placeholders)?;
    let mut reader = XmlReader { service: call.service, keys: Encoding::Wire, direction: shaped.direction, origins };
    if let Target::Payload(shape, pointer) = target {
        look_at_root(&root, target);
        return Ok(reader.value(shape, None, &root, pointer));
    }
    if let Some(members) = xml_error::members(&mut reader, shaped, Envelope::Rest, &root) {
        return Ok(Value::Object(members));
    }
    if let Some(members) = unwrapped(&mut reader, shaped, &root) {
        return Ok(Value::Object(members));
    }
    look_at_root(&root, target);
    reader.note("", &root);
    if root.children.is_empty() && !root.is_blank() {
        return Ok(root.text.into());
    }
    Ok(Value::Object(reader.members(shaped.structure, &root, "", &|_| false)))
}

/// The output whose one member is the root element itself. One that is empty stands for none, as S3 has it for the
/// buckets of its oldest region.
fn unwrapped(reader: &mut XmlReader<'_, '_>, shaped: &Shaped<'_>, root: &Element) -> Option<Map<String, Value>> {
    let mut in_body =
        member_keys(shaped.structure, Encoding::Wire).filter(|(_, member)| is_in_body(member, shaped.direction));
    let (Some((key, member)), None) = (in_body.next(), in_body.next()) else { return None };
    if member.wire_name() != root.name || !root.children.is_empty() {
        return None;
    }
    let shape = reader.service.shape(&member.target).filter(|shape| matches!(shape.kind, ShapeKind::String(_)))?;
    let mut members = Map::new();
    if !root.is_blank() {
        members.insert(key.to_owned(), reader.value(shape, Some(member), root, &format!("/{key}")));
    }
    Some(members)
}

/// Whether a success has a body of no structure.
fn has_opaque_payload(service: &Service, operation: &Operation) -> bool {
    let output = service.half(operation, Direction::Response);
    let payload = output.and_then(Structure::payload_member);
    payload.is_some_and(|member| {
        let kind = service.shape(&member.target).map(|shape| &shape.kind);
        member.streaming || kind.is_none_or(|kind| is_stream(kind) || !matches!(kind, ShapeKind::Structure(_)))
    })
}

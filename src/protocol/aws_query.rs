//! awsQuery: requests are forms of `Action`, `Version` and parameters, responses XML.

use serde_json::Value;

use super::body::{text, text_of};
use super::form::{self, Naming, Node};
use super::xml::{self, Element};
use super::xml_value::XmlReader;
use super::{Call, Half, Shaped, Wire, xml_error};
use crate::model::{Direction, Protocol};
use crate::recording::{HttpResponse, Origins, Written};

pub(super) struct AwsQuery;

impl Wire for AwsQuery {
    fn protocol(&self) -> Protocol {
        Protocol::AwsQuery
    }

    fn request<'h>(&self, call: &Call<'_, 'h>) -> Half<'h> {
        request(call, Naming::Query)
    }

    fn response<'h>(&self, call: &Call<'_, 'h>, response: &'h HttpResponse<'h>, shaped: &Shaped<'_>) -> Half<'h> {
        let operation = call.routed.operation;
        let result = operation.result_wrapper.clone().unwrap_or_else(|| format!("{}Result", operation.name));
        half(call, response.body.as_ref(), shaped, |reader, root| {
            let is_metadata = |part: &Element| part.name == "ResponseMetadata";
            let Some(wrapped) = root.child(&result) else {
                return reader.members(shaped.structure, root, "", &is_metadata);
            };
            let mut members = reader.members(shaped.structure, wrapped, "", &|_| false);
            // Nothing but metadata belongs beside the result.
            let beside = |part: &Element| is_metadata(part) || part.name == result;
            members.extend(reader.members(&crate::model::Structure::default(), root, "", &beside));
            members
        })
    }

    fn error_code(&self, _: &Call<'_, '_>, response: &HttpResponse<'_>) -> Option<String> {
        xml::error_code(response.body.as_ref())
    }

    fn media_types(&self, direction: Direction) -> &'static [&'static str] {
        media_types(direction)
    }
}

/// Media types of forms and their answers.
pub(super) fn media_types(direction: Direction) -> &'static [&'static str] {
    match direction {
        Direction::Request => &["application/x-www-form-urlencoded"],
        Direction::Response => &["text/xml", "application/xml"],
    }
}

/// The values of a request, which is a form or a query string.
pub(super) fn request<'h>(call: &Call<'_, 'h>, naming: Naming) -> Half<'h> {
    let Some(Shaped { structure, .. }) = call.input() else { return Half::empty() };
    let request = &call.http.request;
    let mut half = Half::default();
    let mut origins = Origins::default();
    let is_modelled = |name: &str| structure.members.iter().any(|member| member.wire_name() == name);
    let is_other = |name: &str| matches!(name, "Action" | "Version") || !is_modelled(name) && is_of_signing(name);
    let mut parameters = Node::default();
    parameters.add_query(request.parts().query, &is_other);
    match request.body.as_ref().map(|body| text(body, Direction::Request)) {
        Some(Ok(text)) => parameters.add_form(text, &is_other),
        Some(Err(flaw)) => {
            origins.partial = true;
            half.flaws.push(flaw);
        }
        None => {}
    }
    let mut reader = form::FormReader { service: call.service, naming, origins: &mut origins };
    let members = reader.members(structure, &parameters, "");
    half.payload = Some(super::composed(text_of(request.body.as_ref()), Value::Object(members), origins));
    half
}

/// The values of a response. `members` reads those of a success.
pub(super) fn half<'h>(
    call: &Call<'_, 'h>,
    body: Option<&'h Written<'h>>,
    shaped: &Shaped<'_>,
    members: impl FnOnce(&mut XmlReader<'_, '_>, &Element) -> serde_json::Map<String, Value>,
) -> Half<'h> {
    let Some(body) = body else { return Half::empty() };
    let mut origins = Origins::default();
    let mut half = Half::default();
    let root = text(body, shaped.direction).and_then(|text| xml::parse(text, shaped.direction));
    let members = match root {
        Ok(root) => {
            let mut reader = XmlReader { service: call.service, origins: &mut origins };
            reader.note("", &root);
            xml_error::members(&mut reader, shaped, &root).unwrap_or_else(|| members(&mut reader, &root))
        }
        Err(flaw) => {
            origins.partial = true;
            half.flaws.push(flaw);
            serde_json::Map::new()
        }
    };
    half.payload = Some(super::composed(text_of(Some(body)), Value::Object(members), origins));
    half
}

/// Parameters that request signing adds to a form or query string.
fn is_of_signing(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.starts_with("x-amz-")
        || matches!(
            name,
            "AWSAccessKeyId"
                | "Expires"
                | "SecurityToken"
                | "Signature"
                | "SignatureMethod"
                | "SignatureVersion"
                | "Timestamp"
        )
}

//! awsQuery: requests are forms of `Action`, `Version` and parameters, responses XML.

use serde_json::{Map, Value};

use super::body::{text, text_of, undecodable};
use super::form::{self, Naming, Node};
use super::xml::{self, Element};
use super::xml_error::{self, Envelope};
use super::xml_root;
use super::xml_value::XmlReader;
use super::{Call, Half, Shaped, Wire};
use crate::model::{Direction, Protocol, Service, Structure};
use crate::recording::json::child;
use crate::recording::{Flaw, HttpResponse, Origin, Origins};
use crate::schema::member_keys;

/// The member of requests to a queue of SQS that names it.
const QUEUE_URL: &str = "QueueUrl";

pub(super) struct AwsQuery;

impl Wire for AwsQuery {
    fn protocol(&self) -> Protocol {
        Protocol::AwsQuery
    }

    fn request<'h>(&self, call: &Call<'_, 'h>) -> Half<'h> {
        request(call, Naming::Query)
    }

    fn response<'h>(&self, call: &Call<'_, 'h>, response: &'h HttpResponse<'h>, shaped: &Shaped<'_>) -> Half<'h> {
        let operation = call.operation();
        let result = operation.result_wrapper.clone().unwrap_or_else(|| format!("{}Result", operation.name));
        half(call, response, shaped, |reader, root| {
            let is_metadata = |part: &Element| part.name == "ResponseMetadata";
            let Some(wrapped) = root.child(&result) else {
                if operation.result_wrapper.is_some() {
                    let reason = format!("<{}> has no element <{result}>", root.name);
                    return Err(undecodable(shaped.direction, reason, root.range.start));
                }
                return Ok(reader.members(shaped.structure, root, "", &is_metadata));
            };
            let mut members = reader.members(shaped.structure, wrapped, "", &|_| false);
            // Nothing but metadata belongs beside the result.
            let beside = |part: &Element| is_metadata(part) || part.name == result;
            members.extend(reader.members(&Structure::default(), root, "", &beside));
            Ok(members)
        })
    }

    fn error_code(&self, call: &Call<'_, '_>, response: &HttpResponse<'_>) -> Option<String> {
        Envelope::of(call).code(response.body.as_ref(), call.http.has_placeholders)
    }

    fn media_types(&self, _: &Service, direction: Direction) -> &'static [&'static str] {
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
    let mut reader = form::FormReader { service: call.service, keys: call.keys, naming, origins: &mut origins };
    let mut members = reader.members(structure, &parameters, "");
    if let Some((key, url)) = queue_url(call, structure).filter(|(key, _)| !members.contains_key(*key)) {
        origins.insert(child("", key), Origin::Label(key.to_owned()));
        members.insert(key.to_owned(), url.into());
    }
    half.payload = Some(super::composed(text_of(request.body.as_ref()), Value::Object(members), origins));
    half
}

/// The member that names a queue, and the URL that stands for it: requests to a queue of SQS go to its own path, and need not
/// say it again.
fn queue_url<'m>(call: &Call<'m, '_>, structure: &'m Structure) -> Option<(&'m str, String)> {
    let (key, _) = member_keys(structure, call.keys).find(|(_, member)| member.name == QUEUE_URL)?;
    let request = &call.http.request;
    let path = request.parts().path;
    let is_of_a_queue = path.trim_matches('/').split('/').filter(|part| !part.is_empty()).count() == 2;
    let url = request.url.text();
    let whole = url.split(['?', '#']).next().unwrap_or_default();
    (call.service.name == "sqs" && is_of_a_queue).then(|| (key, whole.to_owned()))
}

/// The values of a response. `members` reads those of a success, whose root element is called like the operation.
pub(super) fn half<'h>(
    call: &Call<'_, 'h>,
    response: &'h HttpResponse<'h>,
    shaped: &Shaped<'_>,
    members: impl FnOnce(&mut XmlReader<'_, '_>, &Element) -> Result<Map<String, Value>, Flaw>,
) -> Half<'h> {
    let direction = shaped.direction;
    let is_success = response.status < 300;
    let root = match &response.body {
        Some(body) => text(body, direction).and_then(|text| xml::parse(text, direction, call.http.has_placeholders)),
        None if is_success && is_awaited(call, shaped) && response.is_empty() => {
            Err(undecodable(direction, "it is empty".to_owned(), 0))
        }
        None => return Half::empty(),
    };
    let mut origins = Origins::default();
    let mut half = Half::default();
    let members = root.and_then(|root| {
        let mut reader = XmlReader { service: call.service, keys: call.keys, direction, origins: &mut origins };
        reader.note("", &root);
        match xml_error::members(&mut reader, shaped, Envelope::of(call), &root) {
            Some(members) => Ok(members),
            // An error that cannot be found is told as such.
            None if !is_success => Ok(Map::new()),
            None => xml_root::check(call.routed.operation, &root).and_then(|()| members(&mut reader, &root)),
        }
    });
    let members = members.unwrap_or_else(|flaw| {
        origins.partial = true;
        half.flaws.push(flaw);
        Map::new()
    });
    half.payload = Some(super::composed(text_of(response.body.as_ref()), Value::Object(members), origins));
    half
}

/// Whether an answer has a body: where the model states a result, or members of one.
fn is_awaited(call: &Call<'_, '_>, shaped: &Shaped<'_>) -> bool {
    call.operation().result_wrapper.is_some() || !shaped.structure.members.is_empty()
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

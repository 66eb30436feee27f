//! ec2Query: like awsQuery, with names and lists of its own, and responses without a wrapper.

use super::form::Naming;
use super::xml::Element;
use super::xml_error::Envelope;
use super::{Call, Half, Shaped, Wire, aws_query};
use crate::model::{Direction, Protocol, Service};
use crate::recording::HttpResponse;

pub(super) struct Ec2Query;

impl Wire for Ec2Query {
    fn protocol(&self) -> Protocol {
        Protocol::Ec2Query
    }

    fn request<'h>(&self, call: &Call<'_, 'h>) -> Half<'h> {
        aws_query::request(call, Naming::Ec2)
    }

    fn response<'h>(&self, call: &Call<'_, 'h>, response: &'h HttpResponse<'h>, shaped: &Shaped<'_>) -> Half<'h> {
        aws_query::half(call, response, shaped, |reader, root| {
            let is_modelled = |name: &str| shaped.structure.members.iter().any(|member| member.wire_name() == name);
            // `return` is what operations without an output answer.
            let is_wrapper = |part: &Element| {
                matches!(part.name.as_str(), "requestId" | "RequestId" | "return") && !is_modelled(&part.name)
            };
            Ok(reader.members(shaped.structure, root, "", &is_wrapper))
        })
    }

    fn error_code(&self, call: &Call<'_, '_>, response: &HttpResponse<'_>) -> Option<String> {
        Envelope::of(call).code(response.body.as_ref(), call.http.has_placeholders)
    }

    fn media_types(&self, _: &Service, direction: Direction) -> &'static [&'static str] {
        aws_query::media_types(direction)
    }
}

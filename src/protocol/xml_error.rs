//! Errors in XML: what restXml and the query protocols share.

use serde_json::{Map, Value};

use super::xml::{self, Element};
use super::xml_value::XmlReader;
use super::{Call, Shaped};
use crate::model::{Direction, Protocol, Structure};
use crate::recording::json::child;
use crate::recording::{Written, XML_ERROR_PARTS};
use crate::schema::member_keys;

/// The error of Route 53 that has no description like others.
const CHANGE_BATCH: &str = "InvalidChangeBatch";

/// The elements around the description of an error. Receivers look for no other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Envelope {
    /// restXml: `ErrorResponse`, or nothing (S3). Route 53 has an error that is called like its code.
    Rest,
    /// awsQuery: `ErrorResponse`.
    Query,
    /// ec2Query: `Response` and `Errors`.
    Ec2,
}

impl Envelope {
    /// That of the call's protocol.
    pub(super) fn of(call: &Call<'_, '_>) -> Self {
        match call.routed.protocol {
            Protocol::Ec2Query => Self::Ec2,
            // SimpleDB is older than awsQuery, and has kept its errors.
            Protocol::AwsQuery if call.service.name == "sdb" => Self::Ec2,
            Protocol::AwsQuery => Self::Query,
            _ => Self::Rest,
        }
    }

    /// The element that describes an error; `None` where the root element holds none of that kind.
    fn error(self, root: &Element) -> Option<&Element> {
        match (self, root.name.as_str()) {
            (Self::Rest, "Error") if root.child("Code").is_some() => Some(root),
            (Self::Rest, CHANGE_BATCH) => Some(root),
            (Self::Rest | Self::Query, "ErrorResponse") => root.child("Error"),
            (Self::Ec2, "Response") => root.child("Errors")?.child("Error"),
            _ => None,
        }
    }

    /// The code of the error that the root element describes.
    fn code_in(self, root: &Element) -> Option<String> {
        let error = self.error(root)?;
        let code = error.child("Code").map_or("", |code| code.text.trim());
        match (code, error.name.as_str()) {
            ("", CHANGE_BATCH) => Some(CHANGE_BATCH.to_owned()),
            ("", _) => None,
            (code, _) => Some(code.to_owned()),
        }
    }

    /// The code of the error within a body; `None` where it holds none.
    pub(super) fn code(self, body: Option<&Written<'_>>, has_placeholders: bool) -> Option<String> {
        let text = std::str::from_utf8(&body?.bytes).ok()?;
        // Not every answer is worth being read twice.
        if !["Error>", "<Error", CHANGE_BATCH].iter().any(|part| text.contains(part)) {
            return None;
        }
        self.code_in(&xml::parse(text, Direction::Response, has_placeholders).ok()?)
    }
}

/// The members of an error; `None` where the structure or the element is none.
pub(super) fn members(
    reader: &mut XmlReader<'_, '_>,
    shaped: &Shaped<'_>,
    envelope: Envelope,
    root: &Element,
) -> Option<Map<String, Value>> {
    let structure = shaped.structure;
    let element = envelope.error(root)?;
    if structure.error.is_none() && !structure.members.is_empty() {
        return None;
    }
    reader.note("", element);
    // S3's own kind of error tells whatever may help, such as `BucketName`, and says so in its documentation.
    let is_bare = std::ptr::eq(element, root);
    let is_wrapper = |part: &Element| {
        !is_member(structure, &part.name) && (is_bare || XML_ERROR_PARTS.contains(&part.name.as_str()))
    };
    let mut members = reader.members(structure, element, "", &is_wrapper);
    // Models write `message` where the wire has `Message`.
    let message = member_keys(structure, reader.keys).find(|(key, _)| key.eq_ignore_ascii_case("message"));
    if let (Some((key, member)), Some(found)) = (message, element.child("Message"))
        && !members.contains_key(key)
        && let Some(shape) = reader.service.shape(&member.target)
    {
        let value = reader.value(shape, Some(member), found, &child("", key));
        members.insert(key.to_owned(), value);
    }
    Some(members)
}

fn is_member(structure: &Structure, name: &str) -> bool {
    structure.members.iter().any(|member| member.wire_name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_of_that_name_without_a_code_is_no_error() {
        for (text, is_error) in [("<Error><Code/></Error>", true), ("<Error><Message>m</Message></Error>", false)] {
            let root = xml::parse(text, Direction::Response, false).unwrap_or_else(|flaw| panic!("{flaw:?}"));
            assert_eq!(Envelope::Rest.error(&root).is_some(), is_error, "{text}");
        }
    }

    #[test]
    fn finds_errors_where_the_protocol_puts_them() {
        let code = |envelope: Envelope, text: &str| {
            envelope.code_in(
                &xml::parse(text, Direction::Response, false).unwrap_or_else(|flaw| panic!("{text}: {flaw:?}")),
            )
        };
        let error = "<Error><Type>Sender</Type><Code>Gone</Code></Error>";
        let wrapped = format!("<ErrorResponse>{error}</ErrorResponse>");
        let listed = format!("<Response><Errors>{error}</Errors></Response>");
        let mixed = format!("<ErrorResponse><Errors>{error}</Errors></ErrorResponse>");
        for (text, by) in [
            (error, &[Envelope::Rest][..]),
            (&wrapped, &[Envelope::Rest, Envelope::Query]),
            (&listed, &[Envelope::Ec2]),
            (&mixed, &[]),
        ] {
            for envelope in [Envelope::Rest, Envelope::Query, Envelope::Ec2] {
                let expected = by.contains(&envelope).then_some("Gone");
                assert_eq!(code(envelope, text).as_deref(), expected, "{text}");
            }
        }
        let none = |text: &str| assert_eq!(code(Envelope::Rest, text), None, "{text}");
        none(&format!("<ListErrors>{error}</ListErrors>"));
        none("<Error><Key>k</Key></Error>");
        none("<ErrorResponse><Error><Code> </Code></Error></ErrorResponse>");
        let batch = "<InvalidChangeBatch><Messages><Message>m</Message></Messages></InvalidChangeBatch>";
        assert_eq!(code(Envelope::Rest, batch).as_deref(), Some("InvalidChangeBatch"));
    }
}

//! Errors in XML: what restXml and the query protocols share.

use serde_json::{Map, Value};

use super::Shaped;
use super::xml::Element;
use super::xml_value::XmlReader;
use crate::model::{Encoding, Structure};
use crate::recording::XML_ERROR_PARTS;
use crate::recording::json::child;
use crate::schema::member_keys;

/// The members of an error; `None` where the structure or the element is none.
pub(super) fn members(
    reader: &mut XmlReader<'_, '_>,
    shaped: &Shaped<'_>,
    root: &Element,
) -> Option<Map<String, Value>> {
    let structure = shaped.structure;
    let element = root.error()?;
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
    let message = member_keys(structure, Encoding::Wire).find(|(key, _)| key.eq_ignore_ascii_case("message"));
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
    member_keys(structure, Encoding::Wire).any(|(_, member)| member.wire_name() == name)
}

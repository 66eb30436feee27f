//! Values → elements of XML, for restXml and for the responses of the query protocols.

use std::io::Write as _;

use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use serde_json::{Map, Value};

use super::{Encoded, Half, text, unwritable};
use crate::model::{Direction, Encoding, Member, Service, Shape, ShapeKind, Structure, XmlTraits};
use crate::schema::member_keys;

/// What stands for the number that a service gives a request.
const REQUEST_ID: &str = "00000000-0000-4000-8000-000000000000";

/// The body of a restXml message: an element with the members that belong in it.
pub(super) fn rest_body(half: &Half<'_>, members: &Map<String, Value>) -> Encoded<Vec<u8>> {
    let shape = half.operation.root(half.direction).and_then(|id| half.service.shape(id));
    let named = shape.and_then(|shape| match half.direction {
        Direction::Request => shape.xml.name.as_deref(),
        Direction::Response => half.operation.root_element(shape),
    });
    let name = named.map_or_else(|| root_name(half), str::to_owned);
    let mut out = Out::new(half.service);
    let start = Out::start(&name, shape.map(|shape| &shape.xml));
    out.structure(half.structure, members, start)?;
    Ok(out.bytes())
}

/// The body that is one member.
pub(super) fn payload(half: &Half<'_>, member: &Member, value: &Value) -> Encoded<Vec<u8>> {
    let Some(shape) = half.service.shape(&member.target) else { return unwritable("its shape is not known") };
    let mut out = Out::new(half.service);
    let name = shape.xml.name.as_deref().or(member.xml.name.as_deref()).unwrap_or(member.wire_name());
    let xml = if shape.xml.namespace.is_some() { &shape.xml } else { &member.xml };
    let start = Out::start(name, Some(xml));
    out.element(start, shape, value)?;
    Ok(out.bytes())
}

/// The response of awsQuery: the result within its wrapper, and metadata.
pub(super) fn query_response(half: &Half<'_>, result: &str) -> Encoded<Vec<u8>> {
    let mut out = Out::new(half.service);
    let root = Out::start(&root_name(half), None);
    out.wrap(root, |out| {
        let start = Out::start(result, None);
        out.structure(half.structure, half.members, start)?;
        let metadata = Out::start("ResponseMetadata", None);
        out.wrap(metadata, |out| out.leaf("RequestId", REQUEST_ID))
    })?;
    Ok(out.bytes())
}

/// The response of ec2Query: the members beside the number of the request.
pub(super) fn ec2_response(half: &Half<'_>) -> Encoded<Vec<u8>> {
    let mut out = Out::new(half.service);
    let root = Out::start(&root_name(half), None);
    out.wrap(root, |out| {
        if !half.members.contains_key("requestId") {
            out.leaf("requestId", REQUEST_ID)?;
        }
        out.members(half.structure, half.members)
    })?;
    Ok(out.bytes())
}

/// A name for the outermost element where the model has none.
fn root_name(half: &Half<'_>) -> String {
    let kind = match half.direction {
        Direction::Request => "Request",
        Direction::Response => "Response",
    };
    format!("{}{kind}", half.operation.name)
}

/// A document that is being written.
struct Out<'m> {
    service: &'m Service,
    writer: Writer<Vec<u8>>,
}

impl<'m> Out<'m> {
    fn new(service: &'m Service) -> Self {
        let mut writer = Writer::new(Vec::new());
        writer.get_mut().write_all(br#"<?xml version="1.0" encoding="UTF-8"?>"#).expect("memory takes it");
        Self { service, writer }
    }

    fn bytes(self) -> Vec<u8> {
        self.writer.into_inner()
    }

    fn start(name: &str, xml: Option<&XmlTraits>) -> BytesStart<'static> {
        let mut start = BytesStart::new(name.to_owned());
        if let Some(namespace) = xml.and_then(|xml| xml.namespace.as_deref()) {
            start.push_attribute(("xmlns", namespace));
        }
        start
    }

    fn write(&mut self, event: Event<'_>) {
        self.writer.write_event(event).expect("memory takes it");
    }

    /// An element with what `inner` writes.
    fn wrap(&mut self, start: BytesStart<'static>, inner: impl FnOnce(&mut Self) -> Encoded<()>) -> Encoded<()> {
        let end = BytesEnd::new(start.name().as_ref().to_owned());
        self.write(Event::Start(start));
        inner(self)?;
        self.write(Event::End(end));
        Ok(())
    }

    fn leaf(&mut self, name: &str, content: &str) -> Encoded<()> {
        let content = escaped(content)?;
        let start = Out::start(name, None);
        self.wrap(start, |out| {
            out.write(Event::Text(BytesText::from_escaped(content)));
            Ok(())
        })
    }

    /// The element of a value that is not flattened.
    fn element(&mut self, start: BytesStart<'static>, shape: &Shape, value: &Value) -> Encoded<()> {
        match (&shape.kind, value) {
            (ShapeKind::Structure(structure), Value::Object(members)) => self.structure(structure, members, start),
            (ShapeKind::List(list), Value::Array(items)) => {
                let name = list.element();
                self.wrap(start, |out| out.each(name, &list.target, items))
            }
            (ShapeKind::Map(_), Value::Object(entries)) => self.wrap(start, |out| out.entries("entry", shape, entries)),
            (ShapeKind::Structure(_) | ShapeKind::List(_) | ShapeKind::Map(_), _) => unwritable("its type is another"),
            (_, scalar) => {
                let content = escaped(&text(scalar)?)?;
                self.wrap(start, |out| {
                    out.write(Event::Text(BytesText::from_escaped(content)));
                    Ok(())
                })
            }
        }
    }

    /// An element of a structure, with those of its members that are attributes.
    fn structure(
        &mut self,
        structure: &Structure,
        members: &Map<String, Value>,
        mut start: BytesStart<'static>,
    ) -> Encoded<()> {
        for (key, member) in member_keys(structure, Encoding::Wire).filter(|(_, member)| member.xml.attribute) {
            if let Some(value) = members.get(key) {
                let name = member.wire_name();
                if let Some((prefix, _)) = name.split_once(':') {
                    let declared = format!("xmlns:{prefix}");
                    start.push_attribute((declared.as_str(), format!("urn:{prefix}").as_str()));
                }
                let content = text(value)?;
                escaped(&content)?;
                start.push_attribute((name, content.as_str()));
            }
        }
        self.wrap(start, |out| out.members(structure, members))
    }

    fn members(&mut self, structure: &Structure, members: &Map<String, Value>) -> Encoded<()> {
        for (key, value) in members {
            let member = structure.member_of_key(key, Encoding::Wire);
            let Some(member) = member else { return unwritable(format!("`{key}` is not a member")) };
            if !member.xml.attribute {
                self.member(member, value)?;
            }
        }
        Ok(())
    }

    fn member(&mut self, member: &Member, value: &Value) -> Encoded<()> {
        let Some(shape) = self.service.shape(&member.target) else { return unwritable("its shape is not known") };
        let name = member.wire_name();
        match (&shape.kind, value) {
            (ShapeKind::List(list), Value::Array(items)) if member.is_flattened(shape) => {
                if items.is_empty() {
                    return unwritable("a flattened list is never empty");
                }
                self.each(list.wire_name.as_deref().unwrap_or(name), &list.target, items)
            }
            (ShapeKind::Map(_), Value::Object(entries)) if member.is_flattened(shape) => {
                if entries.is_empty() {
                    return unwritable("a flattened map is never empty");
                }
                self.entries(name, shape, entries)
            }
            _ => {
                let xml = if member.xml.namespace.is_some() { &member.xml } else { &shape.xml };
                let start = Out::start(name, Some(xml));
                self.element(start, shape, value)
            }
        }
    }

    /// An element of that name for each item.
    fn each(&mut self, name: &str, target: &crate::model::ShapeId, items: &[Value]) -> Encoded<()> {
        let Some(shape) = self.service.shape(target) else { return unwritable("its shape is not known") };
        for item in items {
            let start = Out::start(name, None);
            self.element(start, shape, item)?;
        }
        Ok(())
    }

    /// An element of that name for each entry of a map, with one for its key and one for its value.
    fn entries(&mut self, name: &str, map: &Shape, entries: &Map<String, Value>) -> Encoded<()> {
        let ShapeKind::Map(map) = &map.kind else { return unwritable("its type is another") };
        let Some(shape) = self.service.shape(&map.value) else { return unwritable("its shape is not known") };
        for (key, value) in entries {
            let start = Out::start(name, None);
            self.wrap(start, |out| {
                let (key_name, value_name) = map.elements();
                out.leaf(key_name, key)?;
                out.element(Out::start(value_name, None), shape, value)
            })?;
        }
        Ok(())
    }
}

/// Whether XML 1.0 has a character.
pub fn is_xml(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Text as XML has it. Some characters it does not have at all.
fn escaped(text: &str) -> Encoded<String> {
    if !text.chars().all(is_xml) {
        return unwritable("XML does not have one of its characters");
    }
    // A reader takes the end of a line for its own.
    Ok(escape(text).replace('\r', "&#13;"))
}

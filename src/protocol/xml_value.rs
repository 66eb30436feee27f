//! Elements of XML → values, as the model's shapes say.
//!
//! Text that does not fit its shape stays text, and elements that the model does not know stay under their own names:
//! the contract then says what is wrong with them.

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::bindings::is_in_body;
use super::scalar::scalar;
use super::xml::Element;
use crate::model::{
    Direction, Encoding, ListMember, MapEntry, Member, Service, Shape, ShapeKind, Structure, TimestampFormat,
};
use crate::recording::json::child;
use crate::recording::{Misnamed, Origin, Origins};
use crate::schema::member_keys;

/// Reads elements of one service's messages.
pub(super) struct XmlReader<'m, 'o> {
    /// The model.
    pub(super) service: &'m Service,
    /// Which names of members values stand under.
    pub(super) keys: Encoding,
    /// Half of the exchange.
    pub(super) direction: Direction,
    /// Where values came from.
    pub(super) origins: &'o mut Origins,
}

impl<'m> XmlReader<'m, '_> {
    /// The members of a structure at `pointer` within an element, but for children that `is_wrapper` knows.
    pub(super) fn members(
        &mut self,
        structure: &Structure,
        element: &Element,
        pointer: &str,
        is_wrapper: &dyn Fn(&Element) -> bool,
    ) -> Map<String, Value> {
        let mut members = self.attributes(structure, element, pointer);
        for (name, elements) in grouped(element.children.iter().filter(|part| !is_wrapper(part))) {
            let (key, value) = if let Some((key, member)) = self.member_of(structure, name) {
                (key, self.member(member, &elements, &child(pointer, key)))
            } else {
                self.note_all(&child(pointer, name), &elements);
                if let Some(own) = self.namesake(structure, name) {
                    let own = own.to_owned();
                    self.origins.misnamed.push(Misnamed { pointer: pointer.to_owned(), name: name.to_owned(), own });
                    continue;
                }
                (name, untyped_group(&elements))
            };
            if members.insert(key.to_owned(), value).is_some() {
                self.origins.repeated.push(child(pointer, key));
            }
        }
        members
    }

    /// The value of an element, whose place is noted.
    pub(super) fn value(&mut self, shape: &Shape, member: Option<&Member>, element: &Element, pointer: &str) -> Value {
        self.note(pointer, element);
        match &shape.kind {
            ShapeKind::Structure(structure) => self.structure(structure, element, pointer),
            ShapeKind::List(list) => self.list(list, element, pointer),
            ShapeKind::Map(_) if element.children.is_empty() && !element.is_blank() => element.text.as_str().into(),
            ShapeKind::Map(map) => {
                let entries: Vec<&Element> = element.children.iter().collect();
                if entries.iter().all(|entry| entry.name == "entry") {
                    self.entries(map, &entries, pointer)
                } else {
                    Value::Array(entries.into_iter().map(untyped).collect())
                }
            }
            _ if !element.children.is_empty() => untyped(element),
            ShapeKind::String(_) => element.text.as_str().into(),
            _ => scalar(shape, element.text.trim(), member, TimestampFormat::Iso8601),
        }
    }

    /// Notes the place of an element.
    pub(super) fn note(&mut self, pointer: &str, element: &Element) {
        let origin = Origin::Part { name: element.name.clone(), range: element.range.clone() };
        self.origins.insert(pointer.to_owned(), origin);
    }

    /// Notes the place of elements that are one value together: from the first to the last, so that none of a secret
    /// one is shown.
    fn note_all(&mut self, pointer: &str, elements: &[&Element]) {
        if let (Some(first), Some(last)) = (elements.first(), elements.last()) {
            let origin = Origin::Part { name: first.name.clone(), range: first.range.start..last.range.end };
            self.origins.insert(pointer.to_owned(), origin);
        }
    }

    fn structure(&mut self, structure: &Structure, element: &Element, pointer: &str) -> Value {
        if element.children.is_empty() && !element.is_blank() {
            return element.text.as_str().into();
        }
        Value::Object(self.members(structure, element, pointer, &|_| false))
    }

    /// The member that an element of that name is, or is a part of.
    fn member_of<'s>(&self, structure: &'s Structure, name: &str) -> Option<(&'s str, &'s Member)>
    where
        'm: 's,
    {
        let is_element = |own: &Member| is_in_body(own, self.direction) && !own.xml.attribute;
        structure.member_of_element(name, self.keys, |member| self.element_name(member), is_element)
    }

    /// The element's own name of a member that is in the body and stands in values under the given one.
    fn namesake<'s>(&self, structure: &'s Structure, name: &str) -> Option<&'s str>
    where
        'm: 's,
    {
        let is_element = |own: &Member| is_in_body(own, self.direction) && !own.xml.attribute;
        let (_, member) = member_keys(structure, self.keys).find(|(key, own)| *key == name && is_element(own))?;
        Some(self.element_name(member))
    }

    /// The name of the element, or of each of the elements, that a member is.
    fn element_name<'s>(&self, member: &'s Member) -> &'s str
    where
        'm: 's,
    {
        self.service.shape(&member.target).map_or(member.wire_name(), |shape| member.element(shape))
    }

    fn member(&mut self, member: &Member, elements: &[&Element], pointer: &str) -> Value {
        let Some(shape) = self.service.shape(&member.target) else { return untyped_group(elements) };
        match &shape.kind {
            ShapeKind::List(list) if member.is_flattened(shape) => {
                self.note_all(pointer, elements);
                self.items(list, elements, pointer)
            }
            ShapeKind::Map(map) if member.is_flattened(shape) => {
                self.note_all(pointer, elements);
                self.entries(map, elements, pointer)
            }
            _ => {
                if elements.len() > 1 {
                    self.origins.repeated.push(pointer.to_owned());
                }
                // Of equals the last one counts, as in JSON.
                let last = elements.last().map(|last| self.value(shape, Some(member), last, pointer));
                last.unwrap_or(Value::Null)
            }
        }
    }

    fn list(&mut self, list: &ListMember, element: &Element, pointer: &str) -> Value {
        let name = list.element();
        let items: Vec<&Element> = element.children.iter().collect();
        if items.is_empty() && !element.is_blank() || items.iter().any(|item| item.name != name) {
            // Receivers look for elements of that one name, so this is no list to them.
            return untyped(element);
        }
        self.items(list, &items, pointer)
    }

    fn items(&mut self, list: &ListMember, items: &[&Element], pointer: &str) -> Value {
        let Some(shape) = self.service.shape(&list.target) else { return untyped_group(items) };
        let values = items.iter().enumerate();
        Value::Array(values.map(|(index, item)| self.value(shape, None, item, &format!("{pointer}/{index}"))).collect())
    }

    /// The value of a map, each entry of which is an element with one for its key and one for its value.
    fn entries(&mut self, map: &MapEntry, entries: &[&Element], pointer: &str) -> Value {
        let (key_name, value_name) = map.elements();
        let is_entry = |entry: &&Element| {
            let known = |part: &Element| part.name == key_name || part.name == value_name;
            entry.child(key_name).is_some() && entry.children.iter().all(known)
        };
        let Some(shape) = self.service.shape(&map.value).filter(|_| entries.iter().all(is_entry)) else {
            return Value::Array(entries.iter().map(|entry| untyped(entry)).collect());
        };
        let mut values = Map::new();
        for entry in entries {
            let Some(key) = entry.child(key_name) else { continue };
            let below = child(pointer, &key.text);
            let value = entry.child(value_name).map(|value| self.value(shape, None, value, &below));
            // A finding may be about the key.
            self.note(&below, entry);
            if values.insert(key.text.clone(), value.unwrap_or(Value::Null)).is_some() {
                self.origins.repeated.push(below);
            }
        }
        Value::Object(values)
    }

    /// Members that are attributes of the element.
    fn attributes(&mut self, structure: &Structure, element: &Element, pointer: &str) -> Map<String, Value> {
        let mut members = Map::new();
        for (key, member) in member_keys(structure, self.keys).filter(|(_, member)| member.xml.attribute) {
            // The prefix of a namespace is the sender's choice.
            let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
            let wanted = local(member.wire_name());
            let found = element.attributes.iter().find(|own| !is_namespace(&own.name) && local(&own.name) == wanted);
            if let (Some(found), Some(shape)) = (found, self.service.shape(&member.target)) {
                let origin = Origin::Part { name: found.name.clone(), range: found.range.clone() };
                self.origins.insert(child(pointer, key), origin);
                members.insert(key.to_owned(), scalar(shape, &found.value, Some(member), TimestampFormat::Iso8601));
            }
        }
        members
    }
}

/// Elements by their names, both in their order.
fn grouped<'e>(elements: impl Iterator<Item = &'e Element>) -> IndexMap<&'e str, Vec<&'e Element>, RandomState> {
    let mut groups: IndexMap<&str, Vec<&Element>, RandomState> = IndexMap::default();
    for element in elements {
        groups.entry(&element.name).or_default().push(element);
    }
    groups
}

fn is_namespace(attribute: &str) -> bool {
    attribute == "xmlns" || attribute.starts_with("xmlns:")
}

/// The value of an element that the model says nothing of, or something else.
fn untyped(element: &Element) -> Value {
    if element.children.is_empty() {
        return element.text.as_str().into();
    }
    let groups = grouped(element.children.iter()).into_iter();
    Value::Object(groups.map(|(name, elements)| (name.to_owned(), untyped_group(&elements))).collect())
}

fn untyped_group(elements: &[&Element]) -> Value {
    match elements {
        [one] => untyped(one),
        several => Value::Array(several.iter().map(|element| untyped(element)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn root(text: &str) -> Element {
        super::super::xml::parse(text, Direction::Response, false).expect("XML")
    }

    #[test]
    fn what_is_not_modelled_is_kept() {
        let element = root("<r><a>1</a><b><c/></b><a><d>2</d></a>\n</r>");
        assert_eq!(untyped(&element), json!({"a": ["1", {"d": "2"}], "b": {"c": ""}}));
        assert_eq!(untyped(&root("<r> x </r>")), " x ");
    }

    #[test]
    fn flattened_lists_are_named_by_element_or_member() {
        let model = json!({"metadata": {"endpointPrefix": "x"}, "operations": {}, "shapes": {
            "S": {"type": "string"},
            "L": {"type": "list", "member": {"shape": "S", "locationName": "Item"}, "flattened": true},
            "R": {"type": "structure", "members": {"Items": {"shape": "L"}, "Other": {"shape": "S"}}}}});
        let service = crate::ingest::botocore::parse(model.to_string().as_bytes(), None).expect("a model").service;
        let ShapeKind::Structure(structure) = &service.shapes["R"].kind else { panic!("a structure") };
        let read = |text: &str| {
            let mut origins = Origins::default();
            let (keys, direction) = (Encoding::Wire, Direction::Response);
            let mut reader = XmlReader { service: &service, keys, direction, origins: &mut origins };
            let members = reader.members(structure, &root(text), "", &|part| part.name == "Wrapper");
            let place = |pointer| origins.find(pointer).map(|(origin, _)| origin.clone());
            (Value::Object(members), [place("/Items"), place("/Items/1")], origins.repeated)
        };
        let expected = json!({"Items": ["a", "b"], "Other": "c"});
        let (value, place, repeated) = read("<R><Item>a</Item><Other>c</Other><Wrapper/><Item>b</Item></R>");
        assert_eq!((value, repeated), (expected.clone(), Vec::<String>::new()));
        let part = |range| Some(Origin::Part { name: "Item".into(), range });
        assert_eq!(place, [part(3..57), part(43..57)]);
        assert_eq!(read("<R><Items>a</Items><Items>b</Items><Other>c</Other></R>").0, expected, "as requests have it");
        let (value, _, repeated) = read("<R><Other>a</Other><Other>c</Other></R>");
        assert_eq!((value, repeated), (json!({"Other": "c"}), vec!["/Other".to_owned()]));
    }
}

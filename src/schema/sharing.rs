//! Members of one structure that share a name at one place of messages, so that no reader can tell which of them is meant.

use std::collections::{HashMap, HashSet};

use crate::model::{Direction, Encoding, Location, Member, Protocol, Service, Structure};
use crate::text::capitalised;

/// The members of a structure that share a name with others.
#[derive(Debug, Default)]
pub(super) struct Sharing<'m> {
    /// By the member's name: the name in messages, and all members that it stands for.
    of: HashMap<&'m str, (String, Vec<&'m str>)>,
}

impl<'m> Sharing<'m> {
    /// Those of a structure in messages of one direction in a protocol.
    pub(super) fn new(
        service: &'m Service,
        structure: &'m Structure,
        direction: Direction,
        encoding: Encoding,
        protocol: Option<Protocol>,
    ) -> Self {
        let by_element = protocol.is_some_and(|protocol| protocol.is_xml() || protocol == Protocol::Ec2Query);
        let is_renamed = |member: &Member| member.wire_name.is_some() || member.query_name.is_some();
        // Names in SDKs are the keys of an object.
        if encoding == Encoding::Parsed || !(by_element || structure.members.iter().any(is_renamed)) {
            return Self::default();
        }
        let mut groups: HashMap<(Location, bool, String), Vec<&'m Member>> = HashMap::new();
        for member in structure.members.iter().filter(|member| structure.payload.as_deref() != Some(&*member.name)) {
            let location = member.location_in(direction).known().copied().unwrap_or(Location::Body);
            if location == Location::Status {
                continue;
            }
            let name = name(service, member, location, direction, protocol);
            groups.entry((location, member.xml.attribute, name)).or_default().push(member);
        }
        let shared =
            groups.into_iter().filter(|((.., name), members)| members.len() > 1 && !are_told_apart(name, members));
        let of = shared.flat_map(|((.., name), members)| {
            let members: Vec<&str> = members.into_iter().map(|member| &*member.name).collect();
            members.clone().into_iter().map(move |member| (member, (name.clone(), members.clone())))
        });
        Self { of: of.collect() }
    }

    /// Whether a member shares its name.
    pub(super) fn has(&self, member: &Member) -> bool {
        self.of.contains_key(&*member.name)
    }

    /// The name that a member shares, and why its value is not checked.
    pub(super) fn reason(&self, member: &Member) -> Option<(&str, String)> {
        let (name, members) = self.of.get(&*member.name)?;
        let (last, others) = members.split_last()?;
        Some((name, format!("{name} is the name of {} and {last} in messages", others.join(", "))))
    }
}

/// Whether all of them are lists that share the name of their elements alone: real messages, and all requests, then name the
/// elements after the members.
fn are_told_apart(name: &str, members: &[&Member]) -> bool {
    let own: HashSet<&str> = members.iter().map(|member| member.wire_name()).collect();
    own.len() == members.len() && !own.contains(name)
}

/// The name of a member in messages.
fn name(
    service: &Service,
    member: &Member,
    location: Location,
    direction: Direction,
    protocol: Option<Protocol>,
) -> String {
    let is_query = direction == Direction::Request && protocol == Some(Protocol::Ec2Query);
    match (location, protocol) {
        (Location::Header | Location::PrefixHeaders, _) => member.wire_name().to_ascii_lowercase(),
        (Location::Body, _) if is_query => member.query_name.clone().unwrap_or_else(|| capitalised(member.wire_name())),
        (Location::Body, Some(protocol)) if protocol.is_xml() => {
            service.shape(&member.target).map_or(member.wire_name(), |shape| member.element(shape)).to_owned()
        }
        _ => member.wire_name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ingest::botocore;

    /// The members that share a name, with that name.
    fn shared(protocol: &str, members: &serde_json::Value, direction: Direction) -> Vec<String> {
        let model = json!({"metadata": {"endpointPrefix": "x", "protocol": protocol}, "operations": {}, "shapes": {
            "Text": {"type": "string"},
            "Texts": {"type": "list", "member": {"shape": "Text"}},
            "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
            "Flat": {"type": "list", "member": {"shape": "Text", "locationName": "item"}, "flattened": true},
            "Root": {"type": "structure", "members": members}}});
        let service = botocore::parse(model.to_string().as_bytes(), None).expect("a sound model").service;
        let structure = service.structure(&crate::model::ShapeId::new("Root")).expect("it is one");
        let of = |encoding| {
            let sharing = Sharing::new(&service, structure, direction, encoding, service.protocol());
            let told = structure.members.iter().filter_map(|member| sharing.reason(member).map(|told| (member, told)));
            told.map(|(member, (name, _))| format!("{} {name}", member.name)).collect::<Vec<_>>()
        };
        assert_eq!(of(Encoding::Parsed), [""; 0], "SDKs tell them apart");
        of(Encoding::Wire)
    }

    #[test]
    fn members_of_one_name_at_one_place_are_found_in_each_protocol() {
        let named = |shape: &str, name: &str, location: &str| match location {
            "" => json!({"shape": shape, "locationName": name}),
            location => json!({"shape": shape, "locationName": name, "location": location}),
        };
        let both = |location: &str, names: [&str; 2]| json!({"A": named("Text", names[0], location), "B": named("Text", names[1], location), "C": {"shape": "Text"}});
        for (protocol, location, names, expected) in [
            ("rest-json", "", ["x", "x"], "x"),
            ("json", "", ["x", "x"], "x"),
            ("rest-json", "header", ["X-One", "x-one"], "x-one"),
            ("rest-json", "headers", ["x-", "X-"], "x-"),
            ("rest-json", "querystring", ["q", "q"], "q"),
            ("rest-xml", "uri", ["l", "l"], "l"),
            ("query", "", ["x", "x"], "x"),
            // In requests the first letter of ec2Query is upper case.
            ("ec2", "", ["name", "Name"], "Name"),
        ] {
            let found = shared(protocol, &both(location, names), Direction::Request);
            assert_eq!(found, [format!("A {expected}"), format!("B {expected}")], "{protocol} {location}");
            let other = shared(protocol, &both(location, [names[0], "other"]), Direction::Request);
            assert_eq!(other, [""; 0], "{protocol} {location}");
        }
        assert_eq!(shared("ec2", &both("", ["name", "Name"]), Direction::Response), [""; 0]);
    }

    #[test]
    fn elements_of_a_flattened_list_have_the_name_of_the_list_s_element() {
        let members = json!({"Items": {"shape": "Flat"}, "item": {"shape": "Text"}, "Other": {"shape": "Texts"}});
        assert_eq!(shared("rest-xml", &members, Direction::Response), ["Items item", "item item"]);
        assert_eq!(shared("rest-json", &members, Direction::Response), [""; 0], "JSON has no elements");
        let lists = json!({"Items": {"shape": "Flat"}, "More": {"shape": "Flat"}});
        assert_eq!(shared("rest-xml", &lists, Direction::Response), [""; 0], "their own names tell them apart");
        let lists = json!({"Items": {"shape": "Flat"}, "More": {"shape": "Flat", "locationName": "Items"}});
        assert_eq!(shared("rest-xml", &lists, Direction::Response), ["Items item", "More item"]);
    }

    #[test]
    fn one_name_at_two_places_is_two_names() {
        let id = |more: serde_json::Value| {
            let mut member = json!({"shape": "Text", "locationName": "id"});
            member.as_object_mut().expect("it is one").extend(more.as_object().cloned().unwrap_or_default());
            member
        };
        let members = json!({"A": id(json!({"location": "header"})), "B": id(json!({"location": "querystring"})),
            "C": id(json!({})), "D": id(json!({"xmlAttribute": true})), "E": id(json!({"location": "uri"}))});
        assert_eq!(shared("rest-xml", &members, Direction::Request), [""; 0]);
        // Nothing but a body has labels and parameters in a response.
        assert_eq!(shared("rest-xml", &members, Direction::Response), ["B id", "C id", "E id"]);
    }
}

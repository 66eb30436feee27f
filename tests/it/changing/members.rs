//! Changes of members.

use serde_json::{Map, Value, json};

use super::{Documents, How, Row, Spot, is_error, is_structure};

pub(super) const MUTATIONS: &[Row] = &[
    ("member-added", How::Documents(added), &[]),
    ("member-removed", How::Swapped("member-added"), &[]),
    ("required-member-added", How::Documents(demanded), &["member-added"]),
    ("union-variant-added", How::Documents(variant), &[]),
    ("union-variant-removed", How::Swapped("union-variant-added"), &[]),
    ("member-case-renamed", How::Documents(other_case), &[]),
    ("member-became-required", How::Documents(required), &[]),
    ("member-became-optional", How::Swapped("member-became-required"), &[]),
    ("member-order-changed", How::Documents(order), &[]),
    ("member-deprecated", How::Documents(|d| flag(d, "deprecated", |_| true)), &[]),
    ("idempotency-token-added", How::Documents(|d| flag(d, "idempotencyToken", is_text)), &[]),
    ("idempotency-token-removed", How::Swapped("idempotency-token-added"), &[]),
    ("jsonvalue-changed", How::Documents(|d| flag(d, "jsonvalue", is_text)), &[]),
    ("host-label-changed", How::Documents(|d| flag(d, "hostLabel", is_text)), &[]),
    ("event-binding-changed", How::Documents(|d| flag(d, "eventheader", is_text)), &[]),
    ("box-changed", How::Documents(boxed), &[]),
    ("streaming-changed", How::Documents(stream), &[]),
    ("timestamp-format-changed", How::Documents(timestamp), &[]),
    ("wire-name-changed", How::Documents(wire_name), &[]),
    ("query-name-changed", How::Documents(query_name), &[]),
    ("location-changed", How::Documents(location), &[]),
    ("payload-changed", How::Documents(payload), &[]),
    ("flattened-changed", How::Documents(flattened), &[]),
    ("xml-attribute-changed", How::Documents(attribute), &[]),
    ("xml-namespace-changed", How::Documents(namespace), &[]),
    ("type-changed", How::Documents(another_type), &[]),
    ("default-changed", How::Services(service::default), &[]),
    ("mediatype-changed", How::Services(service::media_type), &[]),
    ("unique-items-changed", How::Services(service::unique), &[]),
];

const MUTANT: &str = "zzMutant";

fn is_text(target: &Value) -> bool {
    target["type"] == "string"
}

/// Adds a member to a structure that fits.
fn add(d: &mut Documents<'_>, fits: fn(&Value) -> bool) -> Option<String> {
    let owner = d.shape(|_, _, shape| is_structure(shape) && fits(shape))?;
    let target = d.shape(|_, _, shape| shape["type"] == "string")?;
    if !d.at(&owner)["members"].is_object() {
        d.at(&owner)["members"] = json!({});
    }
    d.at(&owner)["members"][MUTANT] = json!({"shape": target});
    Some(owner)
}

fn added(d: &mut Documents<'_>) -> Option<Spot> {
    Some(Spot::Member(add(d, |shape| shape["union"] != true)?, MUTANT.into()))
}

fn demanded(d: &mut Documents<'_>) -> Option<Spot> {
    let owner = add(d, |shape| shape["union"] != true)?;
    demand(d, &owner, MUTANT);
    Some(Spot::Demanded(owner, MUTANT.into()))
}

fn variant(d: &mut Documents<'_>) -> Option<Spot> {
    Some(Spot::Member(add(d, |shape| shape["union"] == true)?, MUTANT.into()))
}

fn demand(d: &mut Documents<'_>, owner: &str, member: &str) {
    let shape = d.at(owner);
    match shape["required"].as_array_mut() {
        Some(required) => required.push(member.into()),
        None => shape["required"] = json!([member]),
    }
}

fn is_required(owner: &Value, member: &str) -> bool {
    owner["required"].as_array().is_some_and(|required| required.iter().any(|name| name == member))
}

/// The same name in capitals, in the same place.
fn other_case(d: &mut Documents<'_>) -> Option<Spot> {
    let (owner, member) = d.member(|_, [_, name], [owner, member, _]| {
        let newer = name.to_uppercase();
        let is_alone = owner["members"]
            .as_object()
            .is_some_and(|all| all.keys().filter(|other| other.eq_ignore_ascii_case(name)).count() == 1);
        newer != *name && is_alone && member["location"] != "uri" && owner["payload"] != *name
    })?;
    let newer = member.to_uppercase();
    if let Some(required) = d.at(&owner)["required"].as_array_mut() {
        required.iter_mut().filter(|name| **name == member).for_each(|name| *name = newer.as_str().into());
    }
    let members = std::mem::take(d.at(&owner)["members"].as_object_mut()?);
    let renamed =
        members.into_iter().map(|(name, value)| if name == member { (newer.clone(), value) } else { (name, value) });
    d.at(&owner)["members"] = Value::Object(renamed.collect());
    Some(Spot::Member(owner, member))
}

fn required(d: &mut Documents<'_>) -> Option<Spot> {
    let (owner, member) = d.member(|_, [_, name], [owner, ..]| owner["union"] != true && !is_required(owner, name))?;
    demand(d, &owner, &member);
    Some(Spot::Member(owner, member))
}

fn order(d: &mut Documents<'_>) -> Option<Spot> {
    let owner = d.shape(|_, _, shape| {
        is_structure(shape) && shape["members"].as_object().is_some_and(|members| members.len() > 1)
    })?;
    let members = std::mem::take(d.at(&owner)["members"].as_object_mut()?);
    d.at(&owner)["members"] = Value::Object(members.into_iter().rev().collect::<Map<_, _>>());
    Some(Spot::Shape(owner))
}

/// Sets a trait of a member that does not have it and whose target fits.
fn flag(d: &mut Documents<'_>, key: &str, fits: fn(&Value) -> bool) -> Option<Spot> {
    let (owner, member) = d.member(|_, _, [_, member, target]| member[key].is_null() && fits(target))?;
    d.at(&owner)["members"][&member][key] = true.into();
    Some(Spot::Member(owner, member))
}

/// Sets a trait that the target does not have either.
fn own_flag(d: &mut Documents<'_>, key: &str, fits: fn(&Value) -> bool) -> Option<Spot> {
    let (owner, member) =
        d.member(|_, _, [_, member, target]| member[key].is_null() && target[key].is_null() && fits(target))?;
    d.at(&owner)["members"][&member][key] = true.into();
    Some(Spot::Member(owner, member))
}

fn boxed(d: &mut Documents<'_>) -> Option<Spot> {
    own_flag(d, "box", |target| ["integer", "long", "float", "double", "boolean"].iter().any(|k| target["type"] == *k))
}

fn stream(d: &mut Documents<'_>) -> Option<Spot> {
    own_flag(d, "streaming", |target| target["type"] == "blob")
}

/// Another form than that of member, shape, place and protocol.
fn timestamp(d: &mut Documents<'_>) -> Option<Spot> {
    let (owner, member) = d.member(|_, _, [_, _, target]| target["type"] == "timestamp")?;
    let (at, body) =
        (&d.new["shapes"][&owner]["members"][&member], if d.writes_elements() { "iso8601" } else { "unixTimestamp" });
    let of_shape = &d.new["shapes"][at["shape"].as_str()?]["timestampFormat"];
    let of_place = match at["location"].as_str() {
        Some("header") => "rfc822",
        Some("uri" | "querystring") => "iso8601",
        _ => body,
    };
    let present = at["timestampFormat"].as_str().or(of_shape.as_str()).unwrap_or(of_place);
    let other = ["rfc822", "iso8601", "unixTimestamp"].into_iter().find(|form| *form != present)?;
    d.at(&owner)["members"][&member]["timestampFormat"] = other.into();
    Some(Spot::Member(owner, member))
}

fn wire_name(d: &mut Documents<'_>) -> Option<Spot> {
    let (owner, member) = d.member(|_, _, [_, member, _]| member["location"] != "uri")?;
    d.at(&owner)["members"][&member]["locationName"] = "x-mutant".into();
    Some(Spot::Member(owner, member))
}

fn query_name(d: &mut Documents<'_>) -> Option<Spot> {
    let (owner, member) = d.member(|d, _, _| d.protocol() == "ec2")?;
    d.at(&owner)["members"][&member]["queryName"] = "Mutant".into();
    Some(Spot::Member(owner, member))
}

/// From the body of a request or response into a header.
fn location(d: &mut Documents<'_>) -> Option<Spot> {
    let (owner, member) = d.member(|d, [owner, name], [shape, member, target]| {
        d.is_rest() && d.is_root(owner) && is_text(target) && member["location"].is_null() && shape["payload"] != *name
    })?;
    d.at(&owner)["members"][&member]["location"] = "header".into();
    Some(Spot::Member(owner, member))
}

fn payload(d: &mut Documents<'_>) -> Option<Spot> {
    let (owner, member) = d.member(|d, [owner, _], [shape, member, target]| {
        d.is_rest()
            && d.is_root(owner)
            && !is_error(shape)
            && shape["payload"].is_null()
            && member["location"].is_null()
            && (is_structure(target) || target["type"] == "blob")
    })?;
    d.at(&owner)["payload"] = member.into();
    Some(Spot::Shape(owner))
}

fn flattened(d: &mut Documents<'_>) -> Option<Spot> {
    if !d.writes_elements() {
        return None;
    }
    own_flag(d, "flattened", |target| target["type"] == "list" || target["type"] == "map")
}

fn attribute(d: &mut Documents<'_>) -> Option<Spot> {
    if !d.writes_elements() {
        return None;
    }
    own_flag(d, "xmlAttribute", |_| true)
}

fn namespace(d: &mut Documents<'_>) -> Option<Spot> {
    let (owner, member) = d.member(|d, _, [_, member, _]| d.writes_elements() && member["xmlNamespace"].is_null())?;
    d.at(&owner)["members"][&member]["xmlNamespace"] = json!({"uri": "https://mutant.example.com/"});
    Some(Spot::Member(owner, member))
}

/// A member leads to a shape of another kind, while its own stays where it is.
fn another_type(d: &mut Documents<'_>) -> Option<Spot> {
    let (owner, member) = d.member(|_, _, [_, member, target]| is_text(target) && member["location"].is_null())?;
    for side in [&mut d.old, &mut d.new] {
        side["shapes"]["ZzMutant"] = json!({"type": "boolean"});
    }
    d.at(&owner)["members"][&member]["shape"] = "ZzMutant".into();
    Some(Spot::Member(owner, member))
}

/// What no botocore model states.
mod service {
    use serde_json::json;
    use shapegate::model::{ListMember, Service, ShapeId, ShapeKind};

    use crate::changing::Spot;

    fn input<'s>(service: &'s Service, operation: &str) -> Option<&'s ShapeId> {
        service.operations.get(operation)?.input.as_ref()
    }

    pub(super) fn default(_old: &mut Service, new: &mut Service, operation: &str) -> Spot {
        let id = input(new, operation).expect("the operation has an input").clone();
        let shape = new.shapes.get_mut(&id).expect("targets resolve");
        let ShapeKind::Structure(structure) = &mut shape.kind else { panic!("inputs are structures") };
        let member = structure.members.first_mut().expect("the input has members");
        member.default = Some(json!("mutant"));
        Spot::Member(id.to_string(), member.name.clone())
    }

    /// The first member becomes a list in both models, of such lists.
    pub(super) fn unique(old: &mut Service, new: &mut Service, operation: &str) -> Spot {
        let id = input(new, operation).expect("the operation has an input").clone();
        let ShapeKind::Structure(structure) = &new.shapes[&id].kind else { panic!("inputs are structures") };
        let target = structure.members.first().expect("the input has members").target.clone();
        for (service, unique) in [(old, false), (new, true)] {
            let mut element = ListMember::plain(target.clone());
            element.unique = unique;
            service.shapes.get_mut(&target).expect("targets resolve").kind = ShapeKind::List(element);
        }
        Spot::Shape(target.to_string())
    }

    pub(super) fn media_type(_old: &mut Service, new: &mut Service, operation: &str) -> Spot {
        let id = input(new, operation).expect("the operation has an input").clone();
        let ShapeKind::Structure(structure) = &new.shapes[&id].kind else { panic!("inputs are structures") };
        let target = structure.members.first().expect("the input has members").target.clone();
        new.shapes.get_mut(&target).expect("targets resolve").media_type = Some("text/mutant".into());
        Spot::Shape(target.to_string())
    }
}

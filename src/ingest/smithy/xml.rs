//! XML layout as the model has it: at shapes where all who use them agree, and at the roots of requests.

use std::collections::{BTreeMap, BTreeSet};

use super::service::Facts;
use crate::model::{Fact, Location, Operation, Protocol, Shape, ShapeId, ShapeKind, XmlTraits};

/// What users of a list or map say of its layout.
#[derive(Default)]
struct Users {
    flattened: BTreeSet<bool>,
    names: BTreeSet<Option<String>>,
}

/// Moves `xmlFlattened` from members to the list or map that they refer to, where every user has it. In awsQuery a
/// flattened list's element has the name that the member gives.
pub(super) fn settle_flattened(shapes: &mut BTreeMap<ShapeId, Shape>, spoken: Option<Protocol>) {
    let users = users(shapes);
    let all_flatten =
        |target: &ShapeId| users.get(target).is_some_and(|users| users.flattened == BTreeSet::from([true]));
    let agreed = |target: &ShapeId| match users.get(target).map(|users| users.names.iter().collect::<Vec<_>>()) {
        Some(names) if spoken == Some(Protocol::AwsQuery) && names.len() == 1 => names[0].clone(),
        _ => None,
    };
    let is_list: BTreeSet<ShapeId> = shapes
        .values()
        .filter(|shape| matches!(shape.kind, ShapeKind::List(_)))
        .map(|shape| shape.id.clone())
        .collect();
    for shape in shapes.values_mut() {
        if let ShapeKind::Structure(structure) = &mut shape.kind {
            for member in structure.members.iter_mut().filter(|member| all_flatten(&member.target)) {
                member.xml.flattened = false;
                if is_list.contains(&member.target) && agreed(&member.target).is_some() {
                    member.wire_name = None;
                }
            }
        }
        if all_flatten(&shape.id) {
            shape.xml.flattened = true;
            if let ShapeKind::List(list) = &mut shape.kind {
                list.wire_name = agreed(&shape.id).or(list.wire_name.take());
            }
        }
    }
}

fn users(shapes: &BTreeMap<ShapeId, Shape>) -> BTreeMap<ShapeId, Users> {
    let mut users: BTreeMap<ShapeId, Users> = BTreeMap::new();
    let mut add = |target: &ShapeId, flattened, name| {
        let users = users.entry(target.clone()).or_default();
        users.flattened.insert(flattened);
        users.names.insert(name);
    };
    for shape in shapes.values() {
        match &shape.kind {
            ShapeKind::Structure(structure) => {
                for member in &structure.members {
                    add(&member.target, member.xml.flattened, member.wire_name.clone());
                }
            }
            ShapeKind::List(list) => add(&list.target, false, None),
            ShapeKind::Map(map) => add(&map.value, false, None),
            _ => {}
        }
    }
    users
}

/// Names the root elements of restXml requests: the input's, where members stand in it, or the payload's.
pub(super) fn name_roots(
    operations: &mut BTreeMap<String, Operation>,
    shapes: &mut BTreeMap<ShapeId, Shape>,
    facts: &Facts,
) {
    for operation in operations.values_mut() {
        let Some(input) = &operation.input else { continue };
        let Some(Shape { kind: ShapeKind::Structure(structure), xml, .. }) = shapes.get(input) else { continue };
        let namespace = |xml: &XmlTraits| xml.namespace.clone().or_else(|| facts.xml_namespace.clone());
        if let Some(payload) = structure.payload_member() {
            let Some(target) = shapes.get(&payload.target).filter(|shape| is_structure(shape)) else { continue };
            let own = payload.wire_name.clone().or_else(|| target.xml.name.clone());
            let name = own.unwrap_or_else(|| target.id.to_string());
            let namespace = payload.xml.namespace.clone().or_else(|| namespace(&target.xml));
            let (input, member) = (input.clone(), payload.name.clone());
            set_root(shapes, &input, &member, name, namespace);
        } else if structure.members.iter().any(|member| member.location == Fact::Known(Location::Body)) {
            operation.input_xml = XmlTraits {
                name: Some(xml.name.clone().unwrap_or_else(|| input.to_string())),
                namespace: namespace(xml),
                ..XmlTraits::default()
            };
        }
    }
}

fn is_structure(shape: &Shape) -> bool {
    matches!(&shape.kind, ShapeKind::Structure(structure) if !structure.event_stream)
}

fn set_root(
    shapes: &mut BTreeMap<ShapeId, Shape>,
    input: &ShapeId,
    member: &str,
    name: String,
    namespace: Option<String>,
) {
    let Some(Shape { kind: ShapeKind::Structure(structure), .. }) = shapes.get_mut(input) else { return };
    let Some(member) = structure.members.iter_mut().find(|one| one.name == member) else { return };
    member.xml.namespace = namespace;
    member.wire_name = Some(name);
}

/// Leaves out names on the wire that are the members' own.
pub(super) fn forget_names_of_members(shapes: &mut BTreeMap<ShapeId, Shape>) {
    for shape in shapes.values_mut() {
        let ShapeKind::Structure(structure) = &mut shape.kind else { continue };
        for member in &mut structure.members {
            member.wire_name = member.wire_name.take().filter(|name| *name != member.name);
        }
    }
}

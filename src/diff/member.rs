//! Members of two structures that stand in each other's place.

use std::collections::{HashMap, HashSet, VecDeque};

use super::Change;
use super::effective::{self, wire_name};
use super::shape::{class, has_traits, own};
use super::sides::{Edge, Local, Pair, Sides, Told};
use crate::model::{Direction, Fact, Location, Member, Presence, Protocol, Shape, Structure};

pub(super) fn differences(sides: &Sides<'_>, [old, new]: [&Structure; 2], direction: Direction, local: &mut Local) {
    let is_union = new.union == Fact::Known(true) && old.union == Fact::Known(true);
    let renamed = gone(old, new, is_union, local);
    for came in new.members.iter().filter(|member| old.member(&member.name).is_none()) {
        if renamed.contains(came.name.as_str()) {
            continue;
        }
        let required = came.presence == Presence::Required;
        let change = if is_union { Change::UnionVariantAdded } else { Change::MemberAdded { required } };
        local.changes.push((came.name.clone(), change));
    }
    for one in &old.members {
        let Some(two) = new.member(&one.name) else { continue };
        let pair = (one.target.clone(), two.target.clone(), direction);
        let (changes, told) = of_one(sides, one, two, &pair);
        local.changes.extend(changes.into_iter().map(|change| (one.name.clone(), change)));
        local.below.push(Edge { pair, told });
    }
}

/// Tells members that are gone, and returns those that came in their place: the same but for case.
fn gone<'m>(old: &Structure, new: &'m Structure, is_union: bool, local: &mut Local) -> HashSet<&'m str> {
    let mut came: HashMap<String, VecDeque<&str>> = HashMap::new();
    for member in new.members.iter().filter(|member| old.member(&member.name).is_none()) {
        came.entry(member.name.to_ascii_lowercase()).or_default().push_back(&member.name);
    }
    let mut renamed = HashSet::new();
    for gone in old.members.iter().filter(|member| new.member(&member.name).is_none()) {
        let heir = came.get_mut(&gone.name.to_ascii_lowercase()).and_then(VecDeque::pop_front);
        let change = match heir {
            Some(heir) => {
                renamed.insert(heir);
                Change::MemberCaseRenamed { new: heir.to_owned() }
            }
            // What a page does not show may be cut off by it.
            None if new.union == Fact::Unknown => continue,
            None if is_union => Change::UnionVariantRemoved,
            None => Change::MemberRemoved,
        };
        local.changes.push((gone.name.clone(), change));
    }
    renamed
}

/// What differs about a member, and what of its shapes is told with it.
fn of_one(sides: &Sides<'_>, old: &Member, new: &Member, pair: &Pair) -> (Vec<Change>, Told) {
    let mut found = Vec::new();
    match (old.presence, new.presence) {
        (Presence::Optional, Presence::Required) => found.push(Change::MemberBecameRequired),
        (Presence::Required, Presence::Optional) => found.push(Change::MemberBecameOptional),
        _ => {}
    }
    let (Some(one), Some(two)) = (sides.old.shape(&old.target), sides.new.shape(&new.target)) else {
        return (found, Told::NOTHING);
    };
    if old.location == Fact::Unknown || new.location == Fact::Unknown || !has_traits(one) || !has_traits(two) {
        return (found, Told::NOTHING);
    }
    found.extend(of_traits(old, new));
    if sides.same_protocol {
        found.extend(of_layout(sides, (old, one), (new, two), pair.2));
    }
    // A member that points to another shape than before differs itself; both shapes may well be as they were.
    let other_kind = old.target != new.target && class(&one.kind) != class(&two.kind);
    let told = if other_kind || sides.is_another(&old.target, &new.target) {
        Told::EVERYTHING
    } else {
        effective::set_by_members(sides, old, new)
    };
    if class(&one.kind) == class(&two.kind) {
        let together = effective::differences(sides, (old, one), (new, two));
        found.extend(together.into_iter().filter(|(kind, _)| told.has(*kind)).map(|(_, change)| change));
    }
    if told == Told::EVERYTHING {
        let of_shapes = own(sides, pair).into_iter().filter(|(kind, _)| *kind == Told::SHAPE);
        found.extend(of_shapes.map(|(_, change)| change));
    }
    (found, told)
}

fn of_traits(old: &Member, new: &Member) -> Vec<Change> {
    let mut found = Vec::new();
    if new.deprecated && !old.deprecated {
        found.push(Change::MemberDeprecated);
    }
    match (old.idempotency_token, new.idempotency_token) {
        (false, true) => found.push(Change::IdempotencyTokenAdded),
        (true, false) => found.push(Change::IdempotencyTokenRemoved),
        _ => {}
    }
    if old.json_value != new.json_value {
        found.push(Change::JsonvalueChanged { json_value: new.json_value });
    }
    if old.host_label != new.host_label {
        found.push(Change::HostLabelChanged { host_label: new.host_label });
    }
    if (old.event_payload, old.event_header) != (new.event_payload, new.event_header) {
        found.push(Change::EventBindingChanged { payload: new.event_payload, header: new.event_header });
    }
    if old.default != new.default {
        found.push(Change::DefaultChanged { old: old.default.clone(), new: new.default.clone() });
    }
    found
}

/// Where a member travels, and by which name.
fn of_layout(sides: &Sides<'_>, old: (&Member, &Shape), new: (&Member, &Shape), direction: Direction) -> Vec<Change> {
    let mut found = Vec::new();
    let [from, to] = [old, new].map(|of| wire_name(sides, of).to_owned());
    match (old.0.location_in(direction), new.0.location_in(direction)) {
        (Fact::Known(old), Fact::Known(new)) if old != new => found.push(Change::LocationChanged { old, new }),
        // A label's name is seen by nobody; the template tells when it changes.
        (Fact::Known(Location::Label), _) => {}
        // Names of headers are the same whatever their case.
        (Fact::Known(Location::Header | Location::PrefixHeaders), _) if from.eq_ignore_ascii_case(&to) => {}
        _ if from != to => found.push(Change::WireNameChanged { old: from, new: to }),
        _ => {}
    }
    if sides.new.protocol() == Some(Protocol::Ec2Query) && old.0.query_name != new.0.query_name {
        let (old, new) = (old.0.query_name.clone(), new.0.query_name.clone());
        found.push(Change::QueryNameChanged { old, new });
    }
    found
}

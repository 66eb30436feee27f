//! Members of two structures that stand in each other's place.

use super::shape::{Local, Sides, has_traits};
use super::{Change, protocol};
use crate::model::{
    Direction, Fact, Location, Member, Presence, Protocol, Shape, ShapeKind, Structure, TimestampFormat, XmlTraits,
};

pub(super) fn differences(sides: &Sides<'_>, [old, new]: [&Structure; 2], direction: Direction, local: &mut Local) {
    let is_union = new.union == Fact::Known(true) && old.union == Fact::Known(true);
    let mut renamed: Vec<&str> = Vec::new();
    for gone in old.members.iter().filter(|member| new.member(&member.name).is_none()) {
        let heir = new
            .members
            .iter()
            .find(|came| came.name.eq_ignore_ascii_case(&gone.name) && old.member(&came.name).is_none());
        let change = match heir {
            Some(heir) => {
                renamed.push(&heir.name);
                Change::MemberCaseRenamed { new: heir.name.clone() }
            }
            // What a page does not show may be cut off by it.
            None if new.union == Fact::Unknown => continue,
            None if is_union => Change::UnionVariantRemoved,
            None => Change::MemberRemoved,
        };
        local.changes.push((Some(gone.name.clone()), change));
    }
    for came in new.members.iter().filter(|member| old.member(&member.name).is_none()) {
        if renamed.contains(&came.name.as_str()) {
            continue;
        }
        let required = came.presence == Presence::Required;
        let change = if is_union { Change::UnionVariantAdded } else { Change::MemberAdded { required } };
        local.changes.push((Some(came.name.clone()), change));
    }
    for one in &old.members {
        let Some(two) = new.member(&one.name) else { continue };
        let changes = of_one(sides, one, two);
        local.changes.extend(changes.into_iter().map(|change| (Some(one.name.clone()), change)));
        local.below.push((one.target.clone(), two.target.clone(), direction));
    }
    if old.union != Fact::Unknown && new.union != Fact::Unknown {
        let shared = |of: &Structure, other: &Structure| {
            let names = of.members.iter().map(|member| member.name.clone());
            names.filter(|name| other.member(name).is_some()).collect::<Vec<_>>()
        };
        if shared(old, new) != shared(new, old) {
            local.changes.push((None, Change::MemberOrderChanged));
        }
    }
}

fn of_one(sides: &Sides<'_>, old: &Member, new: &Member) -> Vec<Change> {
    let mut found = Vec::new();
    match (old.presence, new.presence) {
        (Presence::Optional, Presence::Required) => found.push(Change::MemberBecameRequired),
        (Presence::Required, Presence::Optional) => found.push(Change::MemberBecameOptional),
        _ => {}
    }
    let (Some(one), Some(two)) = (sides.old.shape(&old.target), sides.new.shape(&new.target)) else { return found };
    if old.location == Fact::Unknown || new.location == Fact::Unknown || !has_traits(one) || !has_traits(two) {
        return found;
    }
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
    if old.streaming != new.streaming {
        found.push(Change::StreamingChanged { streaming: new.streaming });
    }
    if old.host_label != new.host_label {
        found.push(Change::HostLabelChanged { host_label: new.host_label });
    }
    if (old.event_payload, old.event_header) != (new.event_payload, new.event_header) {
        found.push(Change::EventBindingChanged { payload: new.event_payload, header: new.event_header });
    }
    if old.boxed != new.boxed {
        found.push(Change::BoxChanged { boxed: new.boxed });
    }
    if old.default != new.default {
        found.push(Change::DefaultChanged { old: old.default.clone(), new: new.default.clone() });
    }
    if sides.same_protocol {
        of_layout(sides, (old, one), (new, two), &mut found);
    }
    found
}

/// How a member travels.
fn of_layout(sides: &Sides<'_>, (old, one): (&Member, &Shape), (new, two): (&Member, &Shape), found: &mut Vec<Change>) {
    match (old.location, new.location) {
        (Fact::Known(old), Fact::Known(new)) if old != new => found.push(Change::LocationChanged { old, new }),
        // A label's name is seen by nobody; the template tells when it changes.
        (Fact::Known(Location::Label), _) => {}
        _ if old.wire_name() != new.wire_name() => {
            let (old, new) = (old.wire_name().to_owned(), new.wire_name().to_owned());
            found.push(Change::WireNameChanged { old, new });
        }
        _ => {}
    }
    if protocol(sides.new) == Some(Protocol::Ec2Query) && old.query_name != new.query_name {
        found.push(Change::QueryNameChanged { old: old.query_name.clone(), new: new.query_name.clone() });
    }
    if super::writes_element_names(sides.new) {
        found.extend(of_xml(&old.xml, &new.xml));
    }
    let [before, after] = sides.body_timestamps();
    if let (Some(from), Some(to)) = (format_at(old, one, before), format_at(new, two, after))
        && from != to
        && !is_the_shapes_own(old, new)
    {
        found.push(Change::TimestampFormatChanged { old: from, new: to });
    }
}

/// Whether nothing but the shape's own format can differ, which the shapes' comparison tells.
fn is_the_shapes_own(old: &Member, new: &Member) -> bool {
    let plain = |member: &Member| member.timestamp_format.is_none() && member.location == Fact::Known(Location::Body);
    plain(old) && plain(new)
}

/// How a member's timestamp is written: as the member says, or its shape, or the place, or the protocol.
fn format_at(member: &Member, shape: &Shape, body: Option<TimestampFormat>) -> Option<TimestampFormat> {
    let ShapeKind::Timestamp(Fact::Known(of_shape)) = shape.kind else { return None };
    let of_place = match member.location {
        Fact::Known(Location::Header) => Some(TimestampFormat::HttpDate),
        Fact::Known(Location::Query | Location::Label) => Some(TimestampFormat::Iso8601),
        _ => body,
    };
    member.timestamp_format.or(of_shape).or(of_place)
}

/// XML layout.
pub(super) fn of_xml(old: &XmlTraits, new: &XmlTraits) -> impl Iterator<Item = Change> + use<> {
    let mut found = Vec::new();
    if old.flattened != new.flattened {
        found.push(Change::FlattenedChanged { flattened: new.flattened });
    }
    if old.attribute != new.attribute {
        found.push(Change::XmlAttributeChanged { attribute: new.attribute });
    }
    if old.namespace != new.namespace {
        found.push(Change::XmlNamespaceChanged { old: old.namespace.clone(), new: new.namespace.clone() });
    }
    if old.wrapper != new.wrapper || old.name != new.name {
        let (old, new) = (old.name.clone().unwrap_or_default(), new.name.clone().unwrap_or_default());
        found.push(Change::WireNameChanged { old, new });
    }
    found.into_iter()
}

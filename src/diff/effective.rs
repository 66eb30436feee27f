//! Traits that stand on a member or on its shape. What both say together takes effect, so a trait that moves from the
//! one to the other is no difference, and one that the member overrides is none of the shape's.

use super::sides::{Sides, Told};
use super::{Change, writes_element_names};
use crate::model::{Fact, Location, Member, Shape, ShapeKind, TimestampFormat, XmlTraits};

/// The kinds of traits that a member sets itself, on either side: there, the shape's alone tell nothing.
pub(super) fn set_by_members(sides: &Sides<'_>, old: &Member, new: &Member) -> Told {
    let any = |sets: &dyn Fn(&Member) -> bool| sets(old) || sets(new);
    let lays_out = |member: &Member| {
        let XmlTraits { namespace, attribute, flattened, .. } = &member.xml;
        member.wire_name.is_some() || namespace.is_some() || *attribute || *flattened
    };
    let writes_times =
        |member: &Member| member.timestamp_format.is_some() || member.location != Fact::Known(Location::Body);
    Told::NOTHING
        .with(Told::BOX, any(&|member| member.boxed))
        .with(Told::STREAM, any(&|member| member.streaming))
        .with(Told::TIMESTAMP, any(&writes_times))
        .with(Told::LAYOUT, writes_element_names(sides.new) && any(&lays_out))
}

/// What differs about a member and its shape taken together, with the kind of each difference.
pub(super) fn differences(sides: &Sides<'_>, old: (&Member, &Shape), new: (&Member, &Shape)) -> Vec<(Told, Change)> {
    let mut found = Vec::new();
    let boxed = |(member, shape): (&Member, &Shape)| tells_zero_apart(shape) && (member.boxed || shape.boxed);
    if boxed(old) != boxed(new) {
        found.push((Told::BOX, Change::BoxChanged { boxed: boxed(new) }));
    }
    let streams = |(member, shape): (&Member, &Shape)| member.streaming || is_stream(shape);
    if streams(old) != streams(new) {
        found.push((Told::STREAM, Change::StreamingChanged { streaming: streams(new) }));
    }
    if !sides.same_protocol {
        return found;
    }
    let [before, after] = sides.body_timestamps();
    if let (Some(from), Some(to)) = (format_at(old, before), format_at(new, after))
        && from != to
    {
        found.push((Told::TIMESTAMP, Change::TimestampFormatChanged { old: from, new: to }));
    }
    if writes_element_names(sides.new) {
        found.extend(of_xml(&together(old), &together(new)).map(|change| (Told::LAYOUT, change)));
    }
    found
}

/// Whether a zero and nothing are two things once the shape is boxed. Text, say, is never taken for a zero.
pub(super) fn tells_zero_apart(shape: &Shape) -> bool {
    matches!(shape.kind, ShapeKind::Integer(_) | ShapeKind::Float(_) | ShapeKind::Boolean)
}

pub(super) fn is_stream(shape: &Shape) -> bool {
    matches!(&shape.kind, ShapeKind::Blob(streaming) if streaming.0)
}

/// How a member's timestamp is written: as the member says, or its shape, or the place, or the protocol.
fn format_at((member, shape): (&Member, &Shape), body: Option<TimestampFormat>) -> Option<TimestampFormat> {
    let ShapeKind::Timestamp(Fact::Known(of_shape)) = shape.kind else { return None };
    let of_place = match member.location {
        Fact::Known(Location::Header) => Some(TimestampFormat::HttpDate),
        Fact::Known(Location::Query | Location::Label) => Some(TimestampFormat::Iso8601),
        _ => body,
    };
    member.timestamp_format.or(of_shape).or(of_place)
}

/// XML layout of a member in its place, beside its name.
fn together((member, shape): (&Member, &Shape)) -> XmlTraits {
    XmlTraits {
        name: None,
        namespace: member.xml.namespace.clone().or_else(|| shape.xml.namespace.clone()),
        attribute: member.xml.attribute || shape.xml.attribute,
        flattened: member.is_flattened(shape),
        wrapper: false,
    }
}

/// The name a member is written by. Where elements have names, a shape may bring its own.
pub(super) fn wire_name<'m>(sides: &Sides<'_>, (member, shape): (&'m Member, &'m Shape)) -> &'m str {
    let of_shape = || shape.xml.name.as_deref().filter(|_| writes_element_names(sides.new));
    member.wire_name.as_deref().or_else(of_shape).unwrap_or(&member.name)
}

/// XML layout beside names. A result's wrapper within a shape is a remark that no SDK heeds.
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
    found.into_iter()
}

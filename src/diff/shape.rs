//! Two shapes that stand in each other's place: what differs about them, not below them.

use std::collections::HashSet;

use super::Change;
use super::effective::{is_stream, of_xml, tells_zero_apart};
use super::sides::{Pair, Sides, Told};
use super::text::{bounds, patterns};
use crate::model::{EnumValues, Fact, FloatWidth, IntegerWidth, ListMember, MapEntry, Shape, ShapeKind, Structure};

/// What differs about two shapes themselves, with the kind of each difference.
pub(super) fn own(sides: &Sides<'_>, (old, new, _): &Pair) -> Vec<(Told, Change)> {
    let (Some(one), Some(two)) = (sides.old.shape(old), sides.new.shape(new)) else { return Vec::new() };
    if class(&one.kind) != class(&two.kind) {
        return vec![(Told::SHAPE, of_classes(&one.kind, &two.kind))];
    }
    let both_say = has_traits(one) && has_traits(two);
    let mut found = Vec::new();
    if both_say && old != new && has_a_type(&one.kind) && has_a_type(&two.kind) {
        found.push(Change::ShapeRenamed { old: old.to_string(), new: new.to_string() });
    }
    of_kinds(sides, one, two, &mut found);
    if both_say {
        of_traits(one, two, &mut found);
    }
    let mut found: Vec<(Told, Change)> = found.into_iter().map(|change| (Told::SHAPE, change)).collect();
    if both_say {
        found.extend(of_shared_traits(sides, one, two));
    }
    found
}

/// Whether SDKs have a type by the shape's name. Nobody sees the names of other shapes.
fn has_a_type(kind: &ShapeKind) -> bool {
    matches!(kind, ShapeKind::Structure(_) | ShapeKind::String(EnumValues(Some(_))))
}

/// What differs by kind; both are of one class.
fn of_kinds(sides: &Sides<'_>, one: &Shape, two: &Shape, found: &mut Vec<Change>) {
    match (&one.kind, &two.kind) {
        (ShapeKind::Structure(old), ShapeKind::Structure(new)) => of_structures(sides, old, new, found),
        (ShapeKind::List(old), ShapeKind::List(new)) => of_lists(sides, old, new, found),
        (ShapeKind::Map(old), ShapeKind::Map(new)) => of_maps(sides, old, new, found),
        (ShapeKind::String(old), ShapeKind::String(new)) => {
            of_values(old.0.as_deref(), new.0.as_deref(), has_traits(one) && has_traits(two), found);
        }
        (ShapeKind::Integer(old), ShapeKind::Integer(new)) if old != new => {
            let known = *old != IntegerWidth::Unknown && *new != IntegerWidth::Unknown;
            found.extend(known.then(|| of_widths(one, two, new > old)));
        }
        (ShapeKind::Float(old), ShapeKind::Float(new)) if old != new => {
            let known = *old != FloatWidth::Unknown && *new != FloatWidth::Unknown;
            found.extend(known.then(|| of_widths(one, two, *new == FloatWidth::Double)));
        }
        _ => {}
    }
}

/// Whether the source says anything about a shape's traits. A documentation page does not.
pub(super) fn has_traits(shape: &Shape) -> bool {
    shape.constraints != Fact::Unknown
}

/// Shapes of different classes are written differently.
pub(super) fn class(kind: &ShapeKind) -> &'static str {
    match kind {
        ShapeKind::Structure(_) => "structure",
        ShapeKind::String(_) => "string",
        ShapeKind::Integer(_) => "integer",
        ShapeKind::Float(_) => "float",
        other => other.name(),
    }
}

fn of_classes(old: &ShapeKind, new: &ShapeKind) -> Change {
    match (old, new) {
        (ShapeKind::Document, _) => Change::DocumentChanged { document: false },
        (_, ShapeKind::Document) => Change::DocumentChanged { document: true },
        _ => Change::TypeChanged { old: old.name(), new: new.name() },
    }
}

fn of_widths(old: &Shape, new: &Shape, wider: bool) -> Change {
    let (old, new) = (old.kind.name(), new.kind.name());
    if wider { Change::NumericTypeWidened { old, new } } else { Change::NumericTypeNarrowed { old, new } }
}

fn of_structures(sides: &Sides<'_>, old: &Structure, new: &Structure, found: &mut Vec<Change>) {
    if let (Fact::Known(one), Fact::Known(two)) = (old.union, new.union) {
        found.extend((one != two).then_some(Change::UnionChanged { union: two }));
        let shared = |of: &Structure, other: &Structure| {
            let names = of.members.iter().map(|member| member.name.clone());
            names.filter(|name| other.member(name).is_some()).collect::<Vec<_>>()
        };
        found.extend((shared(old, new) != shared(new, old)).then_some(Change::MemberOrderChanged));
    }
    if old.event_stream != new.event_stream || old.event != new.event {
        found.push(Change::EventstreamChanged { event_stream: new.event_stream || new.event });
    }
    if sides.same_protocol && old.payload != new.payload {
        found.push(Change::PayloadChanged { old: old.payload.clone(), new: new.payload.clone() });
    }
}

fn of_lists(sides: &Sides<'_>, old: &ListMember, new: &ListMember, found: &mut Vec<Change>) {
    if old.sparse != new.sparse {
        found.push(Change::SparseChanged { sparse: new.sparse });
    }
    if old.unique != new.unique {
        found.push(Change::UniqueItemsChanged { unique: new.unique });
    }
    if old.json_value != new.json_value {
        found.push(Change::JsonvalueChanged { json_value: new.json_value });
    }
    of_element_names(sides, old.wire_name.as_deref(), new.wire_name.as_deref(), "member", found);
}

fn of_maps(sides: &Sides<'_>, old: &MapEntry, new: &MapEntry, found: &mut Vec<Change>) {
    if old.sparse != new.sparse {
        found.push(Change::SparseChanged { sparse: new.sparse });
    }
    of_element_names(sides, old.wire_names.0.as_deref(), new.wire_names.0.as_deref(), "key", found);
    of_element_names(sides, old.wire_names.1.as_deref(), new.wire_names.1.as_deref(), "value", found);
}

/// Names of elements, which XML and query strings write and JSON does not.
fn of_element_names(
    sides: &Sides<'_>,
    old: Option<&str>,
    new: Option<&str>,
    default: &'static str,
    found: &mut Vec<Change>,
) {
    let name = |name: Option<&str>| name.unwrap_or(default).to_owned();
    let (old, new) = (name(old), name(new));
    if old != new && sides.same_protocol && super::writes_element_names(sides.new) {
        found.push(Change::WireNameChanged { old, new });
    }
}

/// Enumerations are sets of values; whether there is one is a fact of its own.
fn of_values(old: Option<&[String]>, new: Option<&[String]>, both_say: bool, found: &mut Vec<Change>) {
    match (old, new) {
        (Some(old), Some(new)) => {
            let [before, after] = [old, new].map(|values| values.iter().collect::<HashSet<_>>());
            let added = new.iter().filter(|value| !before.contains(value));
            found.extend(added.map(|value| Change::EnumValueAdded { value: value.clone() }));
            // A page shows all values, but a page in the place of the newer model takes nothing away.
            let removed = old.iter().filter(|value| both_say && !after.contains(value));
            found.extend(removed.map(|value| Change::EnumValueRemoved { value: value.clone() }));
            let kept_before = old.iter().filter(|value| after.contains(value));
            let kept_after = new.iter().filter(|value| before.contains(value));
            if both_say && !kept_before.eq(kept_after) {
                found.push(Change::EnumReordered);
            }
        }
        (None, Some(new)) if both_say => found.push(Change::EnumAdded { values: new.to_vec() }),
        (Some(old), None) if both_say => found.push(Change::EnumDropped { values: old.to_vec() }),
        _ => {}
    }
}

fn of_traits(old: &Shape, new: &Shape, found: &mut Vec<Change>) {
    if let (Fact::Known(one), Fact::Known(two)) = (&old.constraints, &new.constraints) {
        let is_number = matches!(new.kind, ShapeKind::Integer(_) | ShapeKind::Float(_));
        found.extend(bounds(one, two, is_number));
        found.extend(patterns(one.pattern.as_deref(), two.pattern.as_deref()));
    }
    match (old.sensitive, new.sensitive) {
        (false, true) => found.push(Change::SensitiveAdded),
        (true, false) => found.push(Change::SensitiveRemoved),
        _ => {}
    }
    if new.deprecated && !old.deprecated {
        found.push(Change::MemberDeprecated);
    }
    if old.requires_length != new.requires_length {
        found.push(Change::RequiresLengthChanged { requires_length: new.requires_length });
    }
    if old.media_type != new.media_type {
        found.push(Change::MediatypeChanged { old: old.media_type.clone(), new: new.media_type.clone() });
    }
}

/// Traits that may stand on members as well.
fn of_shared_traits(sides: &Sides<'_>, old: &Shape, new: &Shape) -> Vec<(Told, Change)> {
    let mut found = Vec::new();
    let streams = is_stream(new);
    if is_stream(old) != streams {
        found.push((Told::STREAM, Change::StreamingChanged { streaming: streams }));
    }
    if old.boxed != new.boxed && tells_zero_apart(new) {
        found.push((Told::BOX, Change::BoxChanged { boxed: new.boxed }));
    }
    if !sides.same_protocol {
        return found;
    }
    if let (ShapeKind::Timestamp(Fact::Known(one)), ShapeKind::Timestamp(Fact::Known(two))) = (&old.kind, &new.kind) {
        let [before, after] = sides.body_timestamps();
        if let (Some(old), Some(new)) = (one.or(before), two.or(after))
            && old != new
        {
            found.push((Told::TIMESTAMP, Change::TimestampFormatChanged { old, new }));
        }
    }
    if super::writes_element_names(sides.new) {
        found.extend(of_xml(&old.xml, &new.xml).map(|change| (Told::LAYOUT, change)));
    }
    found
}

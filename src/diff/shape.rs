//! Two shapes that stand in each other's place: what differs about them, not below them.

use super::Change;
use super::member;
use super::text::{bounds, patterns};
use super::walk::Pair;
use crate::model::{
    Constraints, Direction, Fact, FloatWidth, IntegerWidth, ListMember, MapEntry, Service, Shape, ShapeId, ShapeKind,
    Structure, TimestampFormat,
};

/// What differs about one pair, by member where it is about one, and the pairs below it.
#[derive(Debug, Default)]
pub(super) struct Local {
    pub(super) changes: Vec<(Option<String>, Change)>,
    pub(super) below: Vec<Pair>,
}

impl Local {
    fn add(&mut self, change: Change) {
        self.changes.push((None, change));
    }
}

/// The two models, and what both shapes are asked with.
pub(super) struct Sides<'m> {
    pub(super) old: &'m Service,
    pub(super) new: &'m Service,
    /// Both speak the same protocol, so that differences of layout count.
    pub(super) same_protocol: bool,
}

impl Sides<'_> {
    /// The format of timestamps in bodies of either side, where neither shape nor member sets one.
    pub(super) fn body_timestamps(&self) -> [Option<TimestampFormat>; 2] {
        [self.old, self.new].map(|service| super::protocol(service).map(crate::model::Protocol::body_timestamps))
    }
}

pub(super) fn compare(sides: &Sides<'_>, (old, new, direction): &Pair) -> Local {
    let mut local = Local::default();
    let (Some(one), Some(two)) = (sides.old.shape(old), sides.new.shape(new)) else { return local };
    if class(&one.kind) != class(&two.kind) {
        local.add(of_classes(&one.kind, &two.kind));
        return local;
    }
    if old != new {
        local.add(Change::ShapeRenamed { old: old.to_string() });
    }
    match (&one.kind, &two.kind) {
        (ShapeKind::Structure(old), ShapeKind::Structure(new)) => {
            of_structures(sides, [old, new], *direction, &mut local);
        }
        (ShapeKind::List(old), ShapeKind::List(new)) => of_lists(sides, old, new, *direction, &mut local),
        (ShapeKind::Map(old), ShapeKind::Map(new)) => of_maps(sides, old, new, *direction, &mut local),
        (ShapeKind::String(old), ShapeKind::String(new)) => {
            of_values(old.0.as_deref(), new.0.as_deref(), has_traits(one) && has_traits(two), &mut local);
        }
        (ShapeKind::Integer(old), ShapeKind::Integer(new)) if old != new => {
            let known = *old != IntegerWidth::Unknown && *new != IntegerWidth::Unknown;
            local.changes.extend(known.then(|| (None, of_widths(one, two, *new == IntegerWidth::Long))));
        }
        (ShapeKind::Float(old), ShapeKind::Float(new)) if old != new => {
            let known = *old != FloatWidth::Unknown && *new != FloatWidth::Unknown;
            local.changes.extend(known.then(|| (None, of_widths(one, two, *new == FloatWidth::Double))));
        }
        (ShapeKind::Timestamp(Fact::Known(old)), ShapeKind::Timestamp(Fact::Known(new))) => {
            let [before, after] = sides.body_timestamps();
            if let (Some(old), Some(new)) = (old.or(before), new.or(after))
                && old != new
                && sides.same_protocol
            {
                local.add(Change::TimestampFormatChanged { old, new });
            }
        }
        _ => {}
    }
    if has_traits(one) && has_traits(two) {
        of_traits(sides, one, two, &mut local);
    }
    local
}

/// Whether the source says anything about a shape's traits. A documentation page does not.
pub(super) fn has_traits(shape: &Shape) -> bool {
    shape.constraints != Fact::Unknown
}

/// Shapes of different classes are written differently.
fn class(kind: &ShapeKind) -> &'static str {
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

fn of_structures(sides: &Sides<'_>, [old, new]: [&Structure; 2], direction: Direction, local: &mut Local) {
    if let (Fact::Known(one), Fact::Known(two)) = (old.union, new.union)
        && one != two
    {
        local.add(Change::UnionChanged { union: two });
    }
    if old.event_stream != new.event_stream || old.event != new.event {
        local.add(Change::EventstreamChanged { event_stream: new.event_stream || new.event });
    }
    if sides.same_protocol && old.payload != new.payload {
        local.add(Change::PayloadChanged { old: old.payload.clone(), new: new.payload.clone() });
    }
    member::differences(sides, [old, new], direction, local);
}

fn of_lists(sides: &Sides<'_>, old: &ListMember, new: &ListMember, direction: Direction, local: &mut Local) {
    if old.sparse != new.sparse {
        local.add(Change::SparseChanged { sparse: new.sparse });
    }
    if old.json_value != new.json_value {
        local.add(Change::JsonvalueChanged { json_value: new.json_value });
    }
    of_element_names(sides, old.wire_name.as_deref(), new.wire_name.as_deref(), "member", local);
    local.below.push((old.target.clone(), new.target.clone(), direction));
}

fn of_maps(sides: &Sides<'_>, old: &MapEntry, new: &MapEntry, direction: Direction, local: &mut Local) {
    if old.sparse != new.sparse {
        local.add(Change::SparseChanged { sparse: new.sparse });
    }
    of_element_names(sides, old.wire_names.0.as_deref(), new.wire_names.0.as_deref(), "key", local);
    of_element_names(sides, old.wire_names.1.as_deref(), new.wire_names.1.as_deref(), "value", local);
    let pair = |old: &ShapeId, new: &ShapeId| (old.clone(), new.clone(), direction);
    local.below.extend([pair(&old.key, &new.key), pair(&old.value, &new.value)]);
}

/// Names of elements, which XML and query strings write and JSON does not.
fn of_element_names(sides: &Sides<'_>, old: Option<&str>, new: Option<&str>, default: &'static str, local: &mut Local) {
    let name = |name: Option<&str>| name.unwrap_or(default).to_owned();
    let (old, new) = (name(old), name(new));
    if old != new && sides.same_protocol && super::writes_element_names(sides.new) {
        local.add(Change::WireNameChanged { old, new });
    }
}

/// Enumerations are sets of values; whether there is one is a fact of its own.
fn of_values(old: Option<&[String]>, new: Option<&[String]>, both_say: bool, local: &mut Local) {
    match (old, new) {
        (Some(old), Some(new)) => {
            let added = new.iter().filter(|value| !old.contains(value));
            local.changes.extend(added.map(|value| (None, Change::EnumValueAdded { value: value.clone() })));
            // A page shows all values, but a page in the place of the newer model takes nothing away.
            let removed = old.iter().filter(|value| both_say && !new.contains(value));
            local.changes.extend(removed.map(|value| (None, Change::EnumValueRemoved { value: value.clone() })));
            let kept = |values: &[String], other: &[String]| {
                values.iter().filter(|value| other.contains(value)).cloned().collect::<Vec<_>>()
            };
            if both_say && kept(old, new) != kept(new, old) {
                local.add(Change::EnumReordered);
            }
        }
        (None, Some(new)) if both_say => local.add(Change::EnumAdded { values: new.to_vec() }),
        (Some(old), None) if both_say => local.add(Change::EnumDropped { values: old.to_vec() }),
        _ => {}
    }
}

fn of_traits(sides: &Sides<'_>, old: &Shape, new: &Shape, local: &mut Local) {
    if let (Fact::Known(one), Fact::Known(two)) = (&old.constraints, &new.constraints) {
        of_constraints(&new.kind, one, two, local);
    }
    match (old.sensitive, new.sensitive) {
        (false, true) => local.add(Change::SensitiveAdded),
        (true, false) => local.add(Change::SensitiveRemoved),
        _ => {}
    }
    let is_stream = |shape: &Shape| matches!(&shape.kind, ShapeKind::Blob(streaming) if streaming.0);
    if is_stream(old) != is_stream(new) {
        local.add(Change::StreamingChanged { streaming: is_stream(new) });
    }
    if old.requires_length != new.requires_length {
        local.add(Change::RequiresLengthChanged { requires_length: new.requires_length });
    }
    if old.media_type != new.media_type {
        local.add(Change::MediatypeChanged { old: old.media_type.clone(), new: new.media_type.clone() });
    }
    if old.boxed != new.boxed {
        local.add(Change::BoxChanged { boxed: new.boxed });
    }
    if sides.same_protocol && super::writes_element_names(sides.new) {
        local.changes.extend(member::of_xml(&old.xml, &new.xml).map(|change| (None, change)));
    }
}

fn of_constraints(kind: &ShapeKind, old: &Constraints, new: &Constraints, local: &mut Local) {
    let is_number = matches!(kind, ShapeKind::Integer(_) | ShapeKind::Float(_));
    local.changes.extend(bounds(old, new, is_number).map(|change| (None, change)));
    local.changes.extend(patterns(old.pattern.as_deref(), new.pattern.as_deref()).map(|change| (None, change)));
}

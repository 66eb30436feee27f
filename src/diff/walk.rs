//! The way from operations to shapes: each pair of shapes is compared once for each direction.

use std::collections::{BTreeMap, HashMap};

use super::shape::own;
use super::sides::{Edge, Local, Pair, Sides, Told};
use super::{Change, Difference, member, same_protocol};
use crate::model::{Direction, Operation, Presence, Service, Shape, ShapeId, ShapeKind};

pub(super) fn differences(old: &Service, new: &Service) -> Vec<Difference> {
    let sides = Sides { old, new, same_protocol: same_protocol(old, new) };
    let mut walk = Walk { sides, compared: HashMap::new() };
    // By the newer shape's name, so that the order depends on names alone.
    let mut concerned: BTreeMap<(ShapeId, Direction, ShapeId), BTreeMap<&str, Told>> = BTreeMap::new();
    for operation in old.operations.values() {
        let Some(other) = new.operations.get(&operation.name) else { continue };
        for direction in [Direction::Request, Direction::Response] {
            for ((older, newer, direction), told) in walk.reached(roots(operation, other, direction)) {
                concerned.entry((newer, direction, older)).or_default().insert(&operation.name, told);
            }
        }
    }
    let mut found = of_new_inputs(old, new);
    for ((newer, direction, older), operations) in concerned {
        let local = walk.compared.remove(&(older.clone(), newer.clone(), direction)).unwrap_or_default();
        let mut add = |member, change, operations: Vec<String>| {
            let (shape, older_shape) = (Some(newer.to_string()), Some(older.to_string()));
            found.push(Difference { change, operations, direction: Some(direction), shape, older_shape, member });
        };
        for (kind, change) in local.own {
            let untold = operations.iter().filter(|(_, told)| !told.has(kind));
            let untold: Vec<String> = untold.map(|(name, _)| (*name).to_owned()).collect();
            if !untold.is_empty() {
                add(None, change, untold);
            }
        }
        for (member, change) in local.changes {
            add(Some(member), change, operations.keys().map(|name| (*name).to_owned()).collect());
        }
    }
    found
}

/// What an operation demands that took nothing before.
fn of_new_inputs(old: &Service, new: &Service) -> Vec<Difference> {
    let mut found = Vec::new();
    for operation in old.operations.values().filter(|operation| operation.input.is_none() && !old.is_partial()) {
        let input = new.operations.get(&operation.name).and_then(|other| other.input.as_ref());
        let Some(Shape { id, kind: ShapeKind::Structure(structure), .. }) = input.and_then(|id| new.shape(id)) else {
            continue;
        };
        let demanded = structure.members.iter().filter(|member| member.presence == Presence::Required);
        found.extend(demanded.map(|member| Difference {
            operations: vec![operation.name.clone()],
            direction: Some(Direction::Request),
            shape: Some(id.to_string()),
            member: Some(member.name.clone()),
            ..Difference::of_service(Change::MemberAdded { required: true })
        }));
    }
    found
}

/// Where the walk begins: the input or output, and the errors that both declare.
fn roots(operation: &Operation, other: &Operation, direction: Direction) -> Vec<Pair> {
    let mut roots = Vec::new();
    if let (Some(older), Some(newer)) = (operation.root(direction), other.root(direction)) {
        roots.push((older.clone(), newer.clone(), direction));
    }
    if let (Direction::Response, Some(one), Some(two)) = (direction, operation.errors.known(), other.errors.known()) {
        roots.extend(one.iter().filter(|error| two.contains(error)).map(|id| (id.clone(), id.clone(), direction)));
    }
    roots
}

struct Walk<'m> {
    sides: Sides<'m>,
    compared: HashMap<Pair, Local>,
}

impl Walk<'_> {
    /// All pairs that roots lead to, themselves among them, each with what all ways that lead there have told.
    fn reached(&mut self, roots: Vec<Pair>) -> HashMap<Pair, Told> {
        let mut seen: HashMap<Pair, Told> = HashMap::new();
        let mut open: Vec<(Pair, Told)> = roots.into_iter().map(|pair| (pair, Told::NOTHING)).collect();
        while let Some((pair, told)) = open.pop() {
            if let Some(known) = seen.get_mut(&pair) {
                *known = known.and(told);
                continue;
            }
            seen.insert(pair.clone(), told);
            let sides = &self.sides;
            let local = self.compared.entry(pair).or_insert_with_key(|pair| compare(sides, pair));
            open.extend(local.below.iter().map(|edge| (edge.pair.clone(), edge.told)));
        }
        seen
    }
}

/// What differs about two shapes, and the pairs below them.
fn compare(sides: &Sides<'_>, pair: &Pair) -> Local {
    let mut local = Local { own: own(sides, pair), ..Local::default() };
    let (old, new, direction) = pair;
    let (Some(one), Some(two)) = (sides.old.shape(old), sides.new.shape(new)) else { return local };
    let below =
        |old: &ShapeId, new: &ShapeId| Edge { pair: (old.clone(), new.clone(), *direction), told: Told::NOTHING };
    match (&one.kind, &two.kind) {
        (ShapeKind::Structure(old), ShapeKind::Structure(new)) => {
            member::differences(sides, [old, new], *direction, &mut local);
        }
        (ShapeKind::List(old), ShapeKind::List(new)) => local.below.push(below(&old.target, &new.target)),
        (ShapeKind::Map(old), ShapeKind::Map(new)) => {
            local.below.extend([below(&old.key, &new.key), below(&old.value, &new.value)]);
        }
        _ => {}
    }
    local
}

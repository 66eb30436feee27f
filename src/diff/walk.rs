//! The way from operations to shapes: each pair of shapes is compared once for each direction.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::shape::{Local, Sides, compare};
use super::{Difference, same_protocol};
use crate::model::{Direction, Operation, Service, ShapeId};

/// An older shape and the newer one that stands in its place, as seen in one direction.
pub(super) type Pair = (ShapeId, ShapeId, Direction);

pub(super) fn differences(old: &Service, new: &Service) -> Vec<Difference> {
    let sides = Sides { old, new, same_protocol: same_protocol(old, new) };
    let mut walk = Walk { sides, compared: HashMap::new() };
    // By the newer shape's name, so that the order depends on names alone.
    let mut concerned: BTreeMap<(ShapeId, Direction, ShapeId), BTreeSet<&str>> = BTreeMap::new();
    for operation in old.operations.values() {
        let Some(other) = new.operations.get(&operation.name) else { continue };
        for direction in [Direction::Request, Direction::Response] {
            for root in roots(operation, other, direction) {
                for (older, newer, direction) in walk.reached(root) {
                    concerned.entry((newer, direction, older)).or_default().insert(&operation.name);
                }
            }
        }
    }
    let mut found = Vec::new();
    for ((newer, direction, older), operations) in concerned {
        let operations: Vec<String> = operations.into_iter().map(str::to_owned).collect();
        let local = walk.compared.remove(&(older.clone(), newer.clone(), direction)).unwrap_or_default();
        for (member, change) in local.changes {
            let (shape, older_shape) = (Some(newer.to_string()), Some(older.to_string()));
            let direction = Some(direction);
            found.push(Difference { change, operations: operations.clone(), direction, shape, older_shape, member });
        }
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
    /// All pairs that a root leads to, itself among them. What is the same throughout differs in nothing below either,
    /// but that is for the comparison to find.
    fn reached(&mut self, root: Pair) -> HashSet<Pair> {
        let mut seen = HashSet::new();
        let mut open = vec![root];
        while let Some(pair) = open.pop() {
            if !seen.insert(pair.clone()) {
                continue;
            }
            let sides = &self.sides;
            let local = self.compared.entry(pair).or_insert_with_key(|pair| compare(sides, pair));
            open.extend(local.below.iter().cloned());
        }
        seen
    }
}

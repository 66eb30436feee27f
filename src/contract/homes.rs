//! Where a member's name is at home, for members that stand where they do not belong.

use std::collections::{BTreeMap, HashSet};

use super::place::Place;
use crate::model::{Direction, Encoding, Operation, Service, Shape, ShapeId, ShapeKind, Structure};
use crate::recording::json::child;
use crate::schema::member_keys;

/// Places of one operation by the name that stands there, such as
/// `memberList` → `/protectedQuery/result/output/memberList` of the response.
pub(super) type Homes = BTreeMap<String, Vec<(Direction, String)>>;

/// Most places that are remembered for one name.
const ENOUGH: usize = 8;
/// Most structures that are looked at, for services whose trees are endless.
const LIMIT: usize = 20_000;

/// All names of an operation with their places.
pub(super) fn homes(service: &Service, operation: &Operation, encoding: Encoding) -> Homes {
    let mut homes = Homes::new();
    for direction in [Direction::Request, Direction::Response] {
        if let Some(root) = operation.root(direction) {
            let mut search = Search { service, encoding, direction, homes: &mut homes, seen: 0, open: HashSet::new() };
            search.visit(root, "");
        }
    }
    homes
}

/// All names of an error with their places.
pub(super) fn homes_of_error(service: &Service, error: &ShapeId, encoding: Encoding) -> Homes {
    let mut homes = Homes::new();
    let direction = Direction::Response;
    let mut search = Search { service, encoding, direction, homes: &mut homes, seen: 0, open: HashSet::new() };
    search.visit(error, "");
    homes
}

struct Search<'m, 'h> {
    service: &'m Service,
    encoding: Encoding,
    direction: Direction,
    homes: &'h mut Homes,
    seen: usize,
    /// Shapes between the root and here; one that leads back to itself is not followed again.
    open: HashSet<&'m ShapeId>,
}

impl<'m> Search<'m, '_> {
    fn visit(&mut self, id: &'m ShapeId, pointer: &str) {
        let Some(shape) = self.service.shape(id) else { return };
        self.seen += 1;
        if self.seen > LIMIT || !self.open.insert(id) {
            return;
        }
        match &shape.kind {
            ShapeKind::Structure(structure) => {
                for (key, member) in member_keys(structure, self.encoding) {
                    let here = child(pointer, key);
                    let places = self.homes.entry(key.to_owned()).or_default();
                    if places.len() < ENOUGH {
                        places.push((self.direction, here.clone()));
                    }
                    self.visit(&member.target, &here);
                }
            }
            ShapeKind::List(list) => self.visit(&list.target, &format!("{pointer}/*")),
            ShapeKind::Map(map) => self.visit(&map.value, &format!("{pointer}/*")),
            _ => {}
        }
        self.open.remove(id);
    }
}

/// Where `name` belongs, seen from a structure that does not have it: in the first of `homes` that has it, the same
/// direction first; else in a structure of the service that is like this one (or one around it) but for having more.
pub(super) fn elsewhere(
    service: &Service,
    homes: &[&Homes],
    place: &Place<'_>,
    name: &str,
    direction: Direction,
    encoding: Encoding,
) -> Vec<String> {
    if let Some(places) = homes.iter().find_map(|homes| homes.get(name)) {
        let of = |wanted| places.iter().filter(move |(place, _)| *place == wanted);
        let same: Vec<String> = of(direction).map(|(_, pointer)| pointer.clone()).collect();
        if !same.is_empty() {
            return same;
        }
        return places.iter().map(|(direction, pointer)| format!("{pointer} of the {direction}")).collect();
    }
    let around = place.target.into_iter().chain(place.structures.iter().rev().copied());
    for shape in around {
        let kin = kin(service, shape, name, encoding);
        if !kin.is_empty() {
            return kin;
        }
    }
    Vec::new()
}

/// Structures that have `name` and everything that `shape` has.
fn kin(service: &Service, shape: &Shape, name: &str, encoding: Encoding) -> Vec<String> {
    let Some(own) = shape.structure() else { return Vec::new() };
    if own.members.is_empty() {
        return Vec::new();
    }
    let has = |structure: &Structure, name: &str| member_keys(structure, encoding).any(|(key, _)| key == name);
    let has_all = |other: &Structure| has(other, name) && member_keys(own, encoding).all(|(key, _)| has(other, key));
    let others = service.shapes.values().filter(|other| other.id != shape.id);
    let alike = others.filter(|other| other.structure().is_some_and(has_all));
    alike.take(ENOUGH).map(|other| format!("{}.{name}", other.id)).collect()
}

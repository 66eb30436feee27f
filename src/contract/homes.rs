//! Where a member's name is at home, for members that stand where they do not belong.

use std::collections::{BTreeMap, HashSet};

use super::names::Names;
use super::place::{Place, member};
use crate::model::{Direction, Encoding, Operation, Service, Shape, ShapeId, ShapeKind, Structure};
use crate::recording::json::{child, segments};
use crate::schema::member_keys;

/// Places of one operation by the name that stands there, such as
/// `memberList` → `/protectedQuery/result/output/memberList` of the response.
pub(super) type Homes = BTreeMap<String, Vec<(Direction, String)>>;

/// Most places that are remembered for one name.
const ENOUGH: usize = 8;
/// Most steps between a structure and the home of a member that was meant to be there.
const NEAR: usize = 2;
/// Most lists and maps within each other that are looked into.
const DEEPEST_LIST: usize = 4;
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

/// Where a name is at home, seen from a structure that does not have it.
pub(super) enum Elsewhere {
    /// The one place nearby that has it.
    Belongs(String),
    /// Places that have it too, none of which need be meant.
    Namesakes(Vec<String>),
}

/// A structure without the member that stands in it.
pub(super) struct SeenFrom<'m, 'p> {
    pub(super) service: &'m Service,
    pub(super) names: &'m Names,
    pub(super) root: Option<&'m ShapeId>,
    /// Pointer of the structure.
    pub(super) pointer: &'p str,
    pub(super) direction: Direction,
    pub(super) encoding: Encoding,
}

impl<'m> SeenFrom<'m, '_> {
    /// Where `name` is at home: nearby; else in the first of `homes` that has it; else in a structure of the service that
    /// is like this one (or one around it) but for having more.
    pub(super) fn elsewhere<'h>(&self, homes: impl FnOnce() -> Vec<&'h Homes>, name: &str) -> Elsewhere {
        if let Some(home) = self.nearby(name) {
            return Elsewhere::Belongs(home);
        }
        let Some(places) = homes().into_iter().find_map(|homes| homes.get(name)) else { return self.kin(name) };
        let of_this_half = |(direction, _): &(Direction, String)| *direction == self.direction;
        let told = |place: &(Direction, String)| match place {
            (_, home) if of_this_half(place) => home.clone(),
            (direction, home) => format!("{home} of the {direction}"),
        };
        match &places[..] {
            [only] if !of_this_half(only) && distance(self.pointer, holder(&only.1)) <= NEAR => {
                Elsewhere::Belongs(told(only))
            }
            _ => Elsewhere::Namesakes(places.iter().map(told).collect()),
        }
    }

    /// The one home that is nearest: within a structure of this one, in the one around it, or one step further.
    fn nearby(&self, name: &str) -> Option<String> {
        let around = self.around();
        let (own, outer) = around.split_first()?;
        let below = self.below(own);
        let in_any = |holders: &[Holder<'m>]| {
            let has = |holder: &&Holder<'m>| member(holder.structure, name, self.encoding).is_some();
            holders.iter().filter(has).map(|holder| child(&holder.pointer, name)).collect::<Vec<String>>()
        };
        let further = || {
            let mut further: Vec<Holder<'m>> = below.iter().flat_map(|holder| self.below(holder)).collect();
            further.extend(outer.first().into_iter().flat_map(|parent| self.below(parent)));
            further.extend(outer.get(1).cloned());
            further
        };
        let mut found = in_any(&below);
        if found.is_empty() {
            found = in_any(&outer[..outer.len().min(1)]);
        }
        if found.is_empty() {
            found = in_any(&further());
        }
        found.pop().filter(|_| found.is_empty())
    }

    /// This structure and those around it, the innermost first.
    fn around(&self) -> Vec<Holder<'m>> {
        let mut around = Vec::new();
        let mut pointer = self.pointer;
        loop {
            let place = Place::find(self.service, self.root, segments(pointer), self.encoding);
            around.extend(place.structure().map(|structure| Holder { pointer: pointer.to_owned(), structure }));
            let Some(end) = pointer.rfind('/') else { return around };
            pointer = &pointer[..end];
        }
    }

    /// Structures within one, those of lists and maps too.
    fn below(&self, holder: &Holder<'m>) -> Vec<Holder<'m>> {
        let within = member_keys(holder.structure, self.encoding).filter_map(|(key, member)| {
            let mut shape = self.service.shape(&member.target)?;
            for depth in 0..DEEPEST_LIST {
                let element = match &shape.kind {
                    ShapeKind::Structure(structure) => {
                        let pointer = child(&holder.pointer, key) + &"/*".repeat(depth);
                        return Some(Holder { pointer, structure });
                    }
                    ShapeKind::List(list) => &list.target,
                    ShapeKind::Map(map) => &map.value,
                    _ => return None,
                };
                shape = self.service.shape(element)?;
            }
            None
        });
        within.collect()
    }

    fn kin(&self, name: &str) -> Elsewhere {
        let place = Place::find(self.service, self.root, segments(self.pointer), self.encoding);
        let around = place.target.into_iter().chain(place.structures.iter().rev().copied());
        for shape in around {
            let mut kin = self.kin_of(shape, name);
            // Of several, one that is named after this structure is meant.
            let named: Vec<&Shape> = kin.iter().copied().filter(|other| is_named_after(other, shape)).collect();
            if let [one] = named[..] {
                kin = vec![one];
            }
            let told = |other: &Shape| format!("{}.{name}", other.id);
            match kin[..] {
                [] => {}
                [only] => return Elsewhere::Belongs(told(only)),
                _ => return Elsewhere::Namesakes(kin.into_iter().map(told).collect()),
            }
        }
        Elsewhere::Namesakes(Vec::new())
    }

    /// Structures that have `name` and everything that `shape` has.
    fn kin_of(&self, shape: &Shape, name: &str) -> Vec<&'m Shape> {
        let encoding = self.encoding;
        let Some(own) = shape.structure().filter(|own| !own.members.is_empty()) else { return Vec::new() };
        let has = |structure: &Structure, name: &str| structure.member_of_key(name, encoding).is_some();
        let has_all =
            |other: &Structure| has(other, name) && member_keys(own, encoding).all(|(key, _)| has(other, key));
        let others = self.names.having(self.service, name, (own, encoding)).into_iter();
        let alike = others.filter(|other| other.id != shape.id && other.structure().is_some_and(has_all));
        alike.take(ENOUGH).collect()
    }
}

/// A structure with its place.
#[derive(Clone)]
struct Holder<'m> {
    pointer: String,
    structure: &'m Structure,
}

fn is_named_after(other: &Shape, shape: &Shape) -> bool {
    other.id.as_str().contains(shape.id.as_str())
}

fn holder(home: &str) -> &str {
    home.rsplit_once('/').map_or("", |(holder, _)| holder)
}

/// Steps from one structure to another, up to what holds both and down again. Lists and maps between are no steps.
fn distance(from: &str, to: &str) -> usize {
    let is_step = |name: &str| !(name == "*" || name.bytes().all(|byte| byte.is_ascii_digit()));
    let from: Vec<_> = segments(from).filter(|name| is_step(name)).collect();
    let to: Vec<_> = segments(to).filter(|name| is_step(name)).collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    from.len() + to.len() - 2 * shared
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{BreachKind, Contract};
    use crate::model::Encoding;
    use crate::recording::{Exchange, Extent, Payload, ServiceName};

    #[test]
    fn of_several_kin_the_one_that_is_named_after_the_structure_is_meant() {
        let structure = |members: &[&str]| {
            let members: serde_json::Map<_, _> =
                members.iter().map(|name| ((*name).to_owned(), json!({"shape": "Text"}))).collect();
            json!({"type": "structure", "members": members})
        };
        let operation = |name: &str, output: &str| {
            let http = json!({"method": "POST", "requestUri": format!("/{name}")});
            json!({"name": name, "http": http, "output": {"shape": output}})
        };
        let holding = |name: &str, shape: &str| json!({"type": "structure", "members": {name: {"shape": shape}}});
        let model = json!({
            "metadata": {"endpointPrefix": "x", "protocol": "rest-json", "serviceId": "x"},
            "operations": {"GetThing": operation("GetThing", "Got"), "ListThings": operation("ListThings", "Things"),
                "ListOthers": operation("ListOthers", "Others")},
            "shapes": {"Got": holding("thing", "Thing"), "Things": holding("first", "ThingSummary"),
                "Others": holding("first", "Other"), "Thing": structure(&["id"]), "ThingSummary": structure(&["id", "name"]),
                "Other": structure(&["id", "name"]), "Text": {"type": "string"}}});
        let service = crate::ingest::botocore::parse(model.to_string().as_bytes(), None).expect("a model").service;
        let got = Payload::text(r#"{"thing": {"id": "a", "name": "b"}}"#, Encoding::Wire);
        let named = Exchange::named(ServiceName::Name("x".into()), "GetThing".into(), Extent::Payload);
        let seen = Contract::new(service).observe(&Exchange { response: Some(got), ..named }).expect("a sound model");
        let [breach] = &seen.breaches[..] else { panic!("{seen:#?}") };
        let BreachKind::UnexpectedMember { elsewhere, namesakes, .. } = &breach.kind else { panic!("{breach:#?}") };
        assert_eq!((&elsewhere[..], &namesakes[..]), (&["ThingSummary.name".to_owned()][..], &[][..]));
    }
}

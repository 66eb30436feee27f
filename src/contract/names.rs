//! Which structures of a service have members of which names.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::model::{Encoding, Service, Shape, ShapeId, Structure};
use crate::schema::member_keys;

/// Different names that are looked for in all shapes before an index is made: a run asks for a few, and shapes need not be read for them.
const LOOKED_FOR: usize = 64;
/// Keys of a structure of which the rarest is looked for.
const COMPARED: usize = 64;

/// Structures by the names of their members.
#[derive(Default)]
pub(super) struct Names {
    /// What was found of each name that was looked for.
    looked_for: Mutex<HashMap<String, Vec<ShapeId>>>,
    index: OnceLock<Index>,
}

struct Index {
    structures: Vec<ShapeId>,
    /// Hashes of names, each with the number of a structure that has a member so called, sorted.
    members: Box<[(u64, u32)]>,
}

impl Names {
    /// Structures of which some have a member of that name and all keys of another structure, in the order of their names:
    /// all that do are among them.
    pub(super) fn having<'s>(
        &self,
        service: &'s Service,
        name: &str,
        (structure, encoding): (&Structure, Encoding),
    ) -> Vec<&'s Shape> {
        if self.index.get().is_none() {
            let looked_for = || self.looked_for.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(found) = looked_for().get(name) {
                return found.iter().filter_map(|id| service.shape(id)).collect();
            }
            if looked_for().len() < LOOKED_FOR {
                // Nobody waits while shapes are read.
                let found: Vec<&Shape> = service.shapes.naming(name).collect();
                looked_for().insert(name.to_owned(), found.iter().map(|shape| shape.id.clone()).collect());
                return found;
            }
        }
        let index = self.index.get_or_init(|| Index::new(service));
        let keys = member_keys(structure, encoding).take(COMPARED).map(|(key, _)| index.of(key));
        let rarest = keys.fold(index.of(name), |a, b| if b.len() < a.len() { b } else { a });
        rarest.iter().filter_map(|(_, number)| service.shape(index.structures.get(*number as usize)?)).collect()
    }
}

impl Index {
    fn new(service: &Service) -> Self {
        let (mut structures, mut members) = (Vec::new(), Vec::new());
        for shape in service.shapes.values() {
            let (Some(structure), Ok(number)) = (shape.structure(), u32::try_from(structures.len())) else { continue };
            for member in &structure.members {
                members.extend([&*member.name, member.wire_name()].map(|name| (hash(name), number)));
            }
            structures.push(shape.id.clone());
        }
        members.sort_unstable();
        members.dedup();
        Self { structures, members: members.into() }
    }

    fn of(&self, name: &str) -> &[(u64, u32)] {
        let hash = hash(name);
        let start = self.members.partition_point(|(own, _)| *own < hash);
        let length = self.members[start..].partition_point(|(own, _)| *own == hash);
        &self.members[start..start + length]
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_index_finds_what_looking_through_all_shapes_finds() {
        let structure = |number: usize| {
            let member = |name: String| (name, json!({"shape": "Text"}));
            let named = ["common".to_owned(), format!("own{number}"), format!("tens{}", number % 10)].map(member);
            let written = ("written".to_owned(), json!({"shape": "Text", "locationName": format!("w{number}")}));
            let members: serde_json::Map<_, _> = named.into_iter().chain([written]).collect();
            (format!("S{number:04}"), json!({"type": "structure", "members": members}))
        };
        let mut shapes: serde_json::Map<_, _> = (0..1_000).map(structure).collect();
        shapes.insert("Text".to_owned(), json!({"type": "string"}));
        let model = json!({"metadata": {"endpointPrefix": "x", "protocol": "json", "serviceId": "X"},
            "operations": {}, "shapes": shapes});
        let service = crate::ingest::botocore::parse(model.to_string().as_bytes(), None).expect("a model").service;
        let own = service.shapes["S0007"].structure().expect("a structure");
        let has = |names: &Names, name: &str| -> Vec<&str> {
            let having = names.having(&service, name, (own, Encoding::Wire)).into_iter();
            let having = having.filter(|shape| {
                shape.structure().is_some_and(|one| one.member_of_key(name, Encoding::Wire).is_some())
                    && shape.id.as_str() == "S0007"
            });
            having.map(|shape| shape.id.as_str()).collect()
        };
        let names = Names::default();
        let asked = ["common", "tens7", "w7", "written", "w8", "gone"];
        let before = asked.map(|name| has(&names, name));
        assert!(names.index.get().is_none());
        (0..LOOKED_FOR).for_each(|_| drop(has(&names, "common")));
        assert!(names.index.get().is_none(), "of a name it is remembered");
        (0..LOOKED_FOR).for_each(|at| drop(has(&names, &format!("gone{at}"))));
        assert!(names.index.get().is_some());
        assert_eq!(asked.map(|name| has(&names, name)), before);
        // All have it, and one has all that the structure has.
        assert_eq!(names.having(&service, "common", (own, Encoding::Wire)).len(), 1);
    }
}

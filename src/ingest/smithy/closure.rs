//! What a service consists of: its operations, also those of its resources, the shapes they lead to, and their names.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::document::{Document, PRELUDE, short};
use super::raw::{RawShape, type_of};
use crate::error::{Error, Result};
use crate::model::ShapeId;
use crate::text::capitalised;

/// The structure of operations that take or return nothing.
pub(super) const UNIT: &str = "smithy.api#Unit";
/// Operations that a resource binds one by one.
const LIFECYCLE: [&str; 6] = ["create", "put", "read", "update", "delete", "list"];

/// The closure of a service.
pub(super) struct Closure {
    /// Ids of its operations.
    pub(super) operations: BTreeSet<String>,
    /// Names of the data shapes that they lead to.
    names: BTreeMap<String, ShapeId>,
}

impl Closure {
    /// Walks from the service of that id.
    pub(super) fn of(document: &Document, id: &str, service: &RawShape) -> Result<Self> {
        let operations = operations(document, id, service)?;
        let shapes = shapes(document, &operations, service)?;
        Ok(Self { operations, names: named(document, &shapes, id, service) })
    }

    /// The data shapes with their names.
    pub(super) fn shapes(&self) -> impl Iterator<Item = (&str, &ShapeId)> {
        self.names.iter().map(|(id, name)| (id.as_str(), name))
    }

    /// The name of a data shape within the service.
    pub(super) fn name(&self, id: &str) -> ShapeId {
        self.names.get(id).cloned().unwrap_or_else(|| ShapeId::new(short(id)))
    }
}

/// Targets of a list of references.
pub(super) fn references<'s>(shape: &'s RawShape, key: &str) -> impl Iterator<Item = &'s str> {
    shape.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(target)
}

fn target(reference: &Value) -> Option<&str> {
    reference.get("target")?.as_str()
}

/// The operation's input or output, where it has one.
pub(super) fn root<'s>(operation: &'s RawShape, key: &str) -> Option<&'s str> {
    operation.get(key).and_then(target).filter(|id| *id != UNIT)
}

fn defined(document: &Document, id: &str, user: &str) -> Result<RawShape> {
    document.shape(id).ok_or_else(|| {
        Error::new(format!("shape {id} is used at {user} and not defined"))
            .remedy("A model must bring all its shapes; export it with its dependencies.")
    })
}

/// Ids of all operations of the service and of its resources, and of theirs.
pub(super) fn operations(document: &Document, id: &str, service: &RawShape) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::from([id.to_owned()]);
    let mut open = vec![(id.to_owned(), service.clone())];
    while let Some((user, entity)) = open.pop() {
        let lifecycle = LIFECYCLE.iter().filter_map(|key| entity.get(*key).and_then(target));
        let bound = references(&entity, "operations").chain(references(&entity, "collectionOperations"));
        for operation in bound.chain(lifecycle) {
            if type_of(&defined(document, operation, &user)?) != "operation" {
                return Err(Error::new(format!("{operation}, which {user} binds, is no operation")));
            }
            found.insert(operation.to_owned());
        }
        for resource in references(&entity, "resources") {
            if seen.insert(resource.to_owned()) {
                open.push((resource.to_owned(), defined(document, resource, &user)?));
            }
        }
    }
    Ok(found)
}

/// Ids of all data shapes below operations, with their shapes.
fn shapes(
    document: &Document,
    operations: &BTreeSet<String>,
    service: &RawShape,
) -> Result<BTreeMap<String, RawShape>> {
    let mut open: VecDeque<(String, String)> = VecDeque::new();
    let mut reach = |id: &str, user: &str| open.push_back((id.to_owned(), user.to_owned()));
    for id in operations {
        let operation = defined(document, id, "the service")?;
        let roots = ["input", "output"].into_iter().filter_map(|key| root(&operation, key));
        let errors = references(&operation, "errors").chain(references(service, "errors"));
        roots.chain(errors).for_each(|target| reach(target, id));
    }
    let mut found = BTreeMap::new();
    while let Some((id, user)) = open.pop_front() {
        if found.contains_key(&id) {
            continue;
        }
        let shape = defined(document, &id, &user)?;
        open.extend(targets(&shape).map(|target| (target.to_owned(), id.clone())));
        found.insert(id, shape);
    }
    Ok(found)
}

/// What the members of a data shape refer to. Those of enumerations are values.
fn targets(shape: &RawShape) -> impl Iterator<Item = &str> {
    let is_enum = matches!(type_of(shape), "enum" | "intEnum");
    let members = shape.get("members").and_then(Value::as_object).filter(|_| !is_enum);
    let parts = ["member", "key", "value"].into_iter().filter_map(|key| shape.get(key));
    members.into_iter().flat_map(serde_json::Map::values).chain(parts).filter_map(target)
}

/// Names without namespaces, but as the service renames them. Where two shapes that differ would share one, the
/// service's own keeps it and the other is named with its namespace.
fn named(
    document: &Document,
    shapes: &BTreeMap<String, RawShape>,
    service_id: &str,
    service: &RawShape,
) -> BTreeMap<String, ShapeId> {
    let renamed = |id: &str| service.get("rename").and_then(|all| all.get(id)).and_then(Value::as_str);
    let own_namespace = service_id.split('#').next().unwrap_or_default();
    let is_own = |id: &str| id.split('#').next() == Some(own_namespace);
    let mut by_name: BTreeMap<&str, &str> = BTreeMap::new();
    for id in shapes.keys() {
        let holder = by_name.entry(renamed(id).unwrap_or_else(|| short(id))).or_insert(id);
        if is_own(id) {
            *holder = id;
        }
    }
    let same = |one: &str, other: &str| one == other || document.shape(one) == document.shape(other);
    shapes
        .keys()
        .map(|id| {
            let name = renamed(id).unwrap_or_else(|| short(id));
            let is_holder = by_name.get(name).is_some_and(|holder| same(holder, id));
            let name = if is_holder { name.to_owned() } else { with_namespace(id) };
            (id.clone(), ShapeId::new(name))
        })
        .collect()
}

/// `smithy.api#Boolean` as `SmithyApiBoolean`.
fn with_namespace(id: &str) -> String {
    let namespace = id.strip_suffix(short(id)).unwrap_or(PRELUDE).trim_end_matches('#');
    namespace.split('.').chain([short(id)]).map(capitalised).collect()
}

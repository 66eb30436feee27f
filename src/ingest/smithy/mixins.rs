//! Mixins and `apply`, written out.
//!
//! What a mixin brings comes before what a shape has of its own; traits of its own win. `apply` adds traits to shapes
//! and members, those that came from mixins among them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::raw::{RawShape, with_traits};
use crate::error::{Error, Result};
use crate::limits::DEPTH;

const MIXIN: &str = "smithy.api#mixin";

/// Shapes with everything that mixins and `apply` add to them.
pub(super) fn flattened(
    mut written: BTreeMap<String, RawShape>,
    applied: Vec<(String, RawShape)>,
) -> Result<BTreeMap<String, RawShape>> {
    let (of_members, of_shapes): (Vec<_>, Vec<_>) = applied.into_iter().partition(|(id, _)| id.contains('$'));
    for (id, apply) in of_shapes {
        // A file may add traits to shapes that others define.
        if let Some(shape) = written.get_mut(&id) {
            add_traits(shape, &apply);
        }
    }
    let of_members = by_shape(&of_members);
    let mut mixing = Mixing { written: &written, of_members, done: BTreeMap::new() };
    for id in written.keys() {
        mixing.shape(id, &mut Vec::new())?;
    }
    Ok(mixing.done)
}

/// Traits by the member they are for, by shape.
fn by_shape(applied: &[(String, RawShape)]) -> BTreeMap<&str, Vec<(&str, &RawShape)>> {
    let mut found: BTreeMap<&str, Vec<(&str, &RawShape)>> = BTreeMap::new();
    for (id, apply) in applied {
        if let Some((shape, member)) = id.split_once('$') {
            found.entry(shape).or_default().push((member, apply));
        }
    }
    found
}

fn add_traits(to: &mut RawShape, from: &RawShape) {
    if let Some(Value::Object(more)) = from.get("traits") {
        with_traits(to, |traits| traits.extend(more.clone()));
    }
}

struct Mixing<'w> {
    written: &'w BTreeMap<String, RawShape>,
    of_members: BTreeMap<&'w str, Vec<(&'w str, &'w RawShape)>>,
    done: BTreeMap<String, RawShape>,
}

impl Mixing<'_> {
    /// Writes out one shape; `above` are the shapes that it is mixed into.
    fn shape(&mut self, id: &str, above: &mut Vec<String>) -> Result<RawShape> {
        if let Some(done) = self.done.get(id) {
            return Ok(done.clone());
        }
        if above.iter().any(|one| one == id) {
            return Err(Error::new(format!("shapes.{id} is mixed into itself")));
        }
        if above.len() == DEPTH {
            return Err(Error::new(format!("shapes.{id} is a mixin of mixins, more than {DEPTH} levels deep")));
        }
        let Some(own) = self.written.get(id) else {
            let user = above.last().map_or("?", String::as_str);
            return Err(Error::new(format!("shapes.{user}.mixins names {id}, which is not defined")));
        };
        above.push(id.to_owned());
        let mut shape = own.clone();
        let mixins = shape.swap_remove("mixins").unwrap_or_default();
        let mut result = RawShape::new();
        for target in mixins.as_array().into_iter().flatten().filter_map(|mixin| mixin.get("target")?.as_str()) {
            mix(&mut result, self.brought(target, above)?);
        }
        above.pop();
        mix(&mut result, shape);
        for (member, apply) in self.of_members.get(id).into_iter().flatten() {
            if let Some(member) = member_of(&mut result, member) {
                add_traits(member, apply);
            }
        }
        self.done.insert(id.to_owned(), result.clone());
        Ok(result)
    }

    /// What a mixin brings: everything but the traits that stay with it.
    fn brought(&mut self, id: &str, above: &mut Vec<String>) -> Result<RawShape> {
        let mut mixin = self.shape(id, above)?;
        if let Some(Value::Object(traits)) = mixin.get_mut("traits") {
            let own = traits.swap_remove(MIXIN).unwrap_or_default();
            let local = own.get("localTraits").and_then(Value::as_array).cloned().unwrap_or_default();
            traits.retain(|name, _| !local.iter().any(|local| local.as_str() == Some(name)));
        }
        Ok(mixin)
    }
}

/// Lays a shape over another: its lists are appended, its members and traits win.
fn mix(result: &mut RawShape, over: RawShape) {
    for (key, value) in over {
        match (result.get_mut(&key), value) {
            (Some(Value::Object(below)), Value::Object(above)) if key == "members" => mix_members(below, above),
            (Some(Value::Object(below)), Value::Object(above)) => below.extend(above),
            (Some(Value::Array(below)), Value::Array(above)) => below.extend(above),
            (_, value) => {
                result.insert(key, value);
            }
        }
    }
}

/// A member that is defined again keeps its place and the traits it had.
fn mix_members(below: &mut Map<String, Value>, above: Map<String, Value>) {
    for (name, member) in above {
        match (below.get_mut(&name), member) {
            (Some(Value::Object(known)), Value::Object(again)) => mix(known, again),
            (_, member) => {
                below.insert(name, member);
            }
        }
    }
}

fn member_of<'s>(shape: &'s mut RawShape, name: &str) -> Option<&'s mut RawShape> {
    if matches!(name, "member" | "key" | "value") && shape.contains_key(name) {
        return shape.get_mut(name)?.as_object_mut();
    }
    shape.get_mut("members")?.get_mut(name)?.as_object_mut()
}

//! Which shapes a value reaches: those that some part of it is held against.
//!
//! An operation leads to hundreds of shapes and a payload to a few, so that the full path asks what a payload reaches alone.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::{Encoding, Service, ShapeId, ShapeKind};
use crate::schema::member_keys;

/// The shapes below `root` that values of that encoding reach. More may be among them, never less.
pub(super) fn reached<'m, 'v>(
    service: &'m Service,
    root: &ShapeId,
    encoding: Encoding,
    values: impl Iterator<Item = &'v Value>,
) -> BTreeSet<&'m ShapeId> {
    let mut walk = Walk { service, encoding, reached: BTreeSet::new() };
    for value in values {
        walk.visit(root, value);
    }
    walk.reached
}

struct Walk<'m> {
    service: &'m Service,
    encoding: Encoding,
    reached: BTreeSet<&'m ShapeId>,
}

impl Walk<'_> {
    /// Goes no deeper than the value does.
    fn visit(&mut self, id: &ShapeId, value: &Value) {
        let Some((id, shape)) = self.service.shapes.get_key_value(id) else { return };
        self.reached.insert(id);
        match (&shape.kind, value) {
            (ShapeKind::Structure(structure), Value::Object(members)) => {
                for (key, member) in member_keys(structure, self.encoding) {
                    if let Some(value) = members.get(key) {
                        self.visit(&member.target, value);
                    }
                }
            }
            (ShapeKind::List(list), Value::Array(items)) => {
                for item in items {
                    self.visit(&list.target, item);
                }
            }
            (ShapeKind::Map(map), Value::Object(entries)) => {
                self.visit(&map.key, &Value::Null);
                for value in entries.values() {
                    self.visit(&map.value, value);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ingest::botocore;

    #[test]
    fn what_no_part_of_a_value_is_held_against_is_not_reached() {
        let members = |names: &[&str]| names.iter().map(|name| (name.to_string(), json!({"shape": name}))).collect();
        let structure =
            |names: &[&str]| json!({"type": "structure", "members": serde_json::Value::Object(members(names))});
        let model = json!({
            "metadata": {"endpointPrefix": "x", "protocol": "json"}, "operations": {},
            "shapes": {
                "Root": structure(&["List", "Map", "Other", "Again"]),
                "List": {"type": "list", "member": {"shape": "Item"}},
                "Item": structure(&["Text", "Other"]),
                "Map": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Item"}},
                "Again": structure(&["Root"]),
                "Other": {"type": "string"}, "Text": {"type": "string"}, "Key": {"type": "string"}}});
        let service = botocore::parse(model.to_string().as_bytes(), None).expect("a sound model").service;
        let of = |value: Value| {
            let reached = reached(&service, &ShapeId::new("Root"), Encoding::Wire, [&value].into_iter());
            reached.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of(json!({"X": 1})), "Root");
        assert_eq!(of(json!({"List": []})), "List Root");
        assert_eq!(of(json!({"List": [{}, {"Text": 1}], "Other": null})), "Item List Other Root Text");
        assert_eq!(of(json!({"Map": {"a": 1}})), "Item Key Map Root");
        assert_eq!(of(json!({"Map": [], "List": {"Text": 1}})), "List Map Root");
        assert_eq!(of(json!({"Again": {"Root": {"Again": 1}}})), "Again Root");
    }
}

//! Version 1 of Smithy, told in the words of version 2.
//!
//! In version 1 a number or boolean is zero where it is absent, unless it is boxed; in version 2 it is not, unless it
//! has a default. `set` is a list whose items differ.

use serde_json::{Map, Value};

use super::raw::{RawShape, type_of, with_traits};

const BOX: &str = "smithy.api#box";
const DEFAULT: &str = "smithy.api#default";

/// Rewrites one shape.
pub(super) fn in_version_two(shape: &mut RawShape) {
    match type_of(shape) {
        "set" => {
            shape.insert("type".to_owned(), "list".into());
            with_traits(shape, |traits| traits.insert("smithy.api#uniqueItems".to_owned(), Value::Object(Map::new())));
        }
        "boolean" => has_default(shape, Value::from(false)),
        "byte" | "short" | "integer" | "long" | "float" | "double" => has_default(shape, Value::from(0)),
        "structure" => {
            let Some(Value::Object(members)) = shape.get_mut("members") else { return };
            for member in members.values_mut().filter_map(Value::as_object_mut) {
                if member.get("traits").is_some_and(|traits| traits.get(BOX).is_some()) {
                    with_traits(member, |traits| traits.insert(DEFAULT.to_owned(), Value::Null));
                }
            }
        }
        _ => {}
    }
}

fn has_default(shape: &mut RawShape, zero: Value) {
    with_traits(shape, |traits| {
        if !traits.contains_key(BOX) {
            traits.entry(DEFAULT.to_owned()).or_insert(zero);
        }
    });
}

//! What the full path asks of a value by one shape: alone, where what stands within is judged by the shapes it is of, or with
//! all that the shape leads to.

use std::sync::{Arc, OnceLock};

use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Map, Value};

use super::keyword;
use crate::counters::VALIDATORS;
use crate::error::{Error, Result};
use crate::schema::{ANNOTATIONS, definition};

/// How much of a value is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// What the shape itself says.
    Alone,
    /// What the shapes that it leads to say of what stands within, too.
    Whole,
}

/// What the full path asks of a value.
pub(super) struct Part {
    pub(super) schema: Arc<Value>,
    pub(super) validator: Validator,
}

/// What it asks by one shape, each made when a value is first in doubt.
#[derive(Default)]
pub(super) struct Parts {
    alone: OnceLock<Result<Part>>,
    whole: OnceLock<Result<Part>>,
}

impl Parts {
    /// What it asks to that extent, of which `schema` is the schema.
    pub(super) fn get(&self, extent: Extent, schema: impl FnOnce() -> Arc<Value>) -> Result<&Part> {
        let known = match extent {
            Extent::Alone => &self.alone,
            Extent::Whole => &self.whole,
        };
        let made = known.get_or_init(|| {
            let schema = schema();
            Ok(Part { validator: validator(&schema)?, schema })
        });
        made.as_ref().map_err(Clone::clone)
    }
}

/// The schema of a shape without what it refers to, which lets everything pass; `other` has the schemas of other shapes. Keys of a
/// map are asked about: they are no values of their own.
pub(super) fn alone(schema: Map<String, Value>, other: &dyn Fn(&str) -> Option<Map<String, Value>>) -> Value {
    let mut schema = Value::Object(schema);
    let mut keys = Vec::new();
    cut(&mut schema, &mut keys);
    let definitions: Map<String, Value> =
        keys.into_iter().filter_map(|name| Some((name.clone(), Value::Object(other(&name)?)))).collect();
    if !definitions.is_empty() {
        schema["$defs"] = Value::Object(definitions);
    }
    schema
}

/// Takes references out of a schema, but for those of keys, whose names are collected.
fn cut(schema: &mut Value, keys: &mut Vec<String>) {
    let map = match schema {
        Value::Object(map) => map,
        Value::Array(all) => return all.iter_mut().for_each(|one| cut(one, keys)),
        _ => return,
    };
    map.shift_remove("$ref");
    for (keyword, below) in map.iter_mut() {
        match (keyword.as_str(), below) {
            // What stands here are names of members, which may be called like keywords.
            ("properties", Value::Object(members)) => members.values_mut().for_each(|member| cut(member, keys)),
            ("propertyNames", below) => match below.get("$ref").and_then(Value::as_str) {
                Some(target) => keys.extend(definition(target)),
                None => cut(below, keys),
            },
            (_, below) => cut(below, keys),
        }
    }
}

/// Whether a schema refers to others.
pub(super) fn refers(schema: &Map<String, Value>) -> bool {
    fn within(schema: &Value) -> bool {
        match schema {
            Value::Object(map) => refers(map),
            Value::Array(items) => items.iter().any(within),
            _ => false,
        }
    }
    schema.get("$ref").is_some_and(Value::is_string) || schema.values().any(within)
}

/// Compiles a schema that [`crate::schema`] emitted. Its patterns are matched by the same matcher as on the fast path.
fn validator(schema: &Value) -> Result<Validator> {
    VALIDATORS.add(1);
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .with_keyword("pattern", keyword::pattern)
        .with_keyword(ANNOTATIONS, keyword::annotations)
        .build(schema)
        .map_err(|error| does_not_compile(&error))
}

pub(super) fn does_not_compile(error: &ValidationError<'_>) -> Error {
    Error::new(format!("the schema does not compile: {error} (at {:?})", error.instance_path().as_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_shape_alone_asks_about_no_value_of_another() {
        let schema = json!({
            "type": "object",
            "properties": {
                "$ref": {"$ref": "#/$defs/A"}, "b": {"type": "string"}, "properties": {"$ref": "#/$defs/A"},
                "c": {"if": {"type": "null"}, "else": {"$ref": "#/$defs/A"}}, "propertyNames": {"$ref": "#/$defs/A"}
            },
            "propertyNames": {"$ref": "#/$defs/Key"},
            "additionalProperties": {"type": "array", "items": {"$ref": "#/$defs/A", "x-shapegate": {"unit": 1}}}
        });
        let Value::Object(schema) = schema else { panic!("an object") };
        let other = |name: &str| json!({"title": name}).as_object().cloned();
        assert_eq!(
            alone(schema, &other),
            json!({
                "type": "object",
                "properties": {
                    "$ref": {}, "b": {"type": "string"}, "properties": {},
                    "c": {"if": {"type": "null"}, "else": {}}, "propertyNames": {}
                },
                "propertyNames": {"$ref": "#/$defs/Key"},
                "additionalProperties": {"type": "array", "items": {"x-shapegate": {"unit": 1}}},
                "$defs": {"Key": {"title": "Key"}}
            })
        );
    }
}

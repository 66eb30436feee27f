//! Shapes and members as a file writes them.

use serde_json::{Map, Value};

/// A shape or member as the file writes it.
pub(super) type RawShape = Map<String, Value>;

/// The type that a shape is written with.
pub(super) fn type_of(shape: &RawShape) -> &str {
    shape.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// Changes the traits of a shape or member, which may have none yet.
pub(super) fn with_traits<T>(written: &mut RawShape, change: impl FnOnce(&mut Map<String, Value>) -> T) {
    let traits = written.entry("traits".to_owned()).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(traits) = traits {
        change(traits);
    }
}

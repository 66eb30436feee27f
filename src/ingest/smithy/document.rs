//! The shapes of one file by their absolute ids, as if written without mixins and `apply`, in Smithy 2.0.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::mixins;
use super::raw::{RawShape, type_of};
use super::version::in_version_two;
use crate::error::{Error, Result};

/// Namespace of the shapes that every model has.
pub(super) const PRELUDE: &str = "smithy.api#";

/// A file's shapes.
pub(super) struct Document {
    shapes: BTreeMap<String, RawShape>,
}

impl Document {
    /// Reads a file.
    pub(super) fn read(text: &[u8]) -> Result<Self> {
        let document: Value = serde_json::from_slice(text).map_err(|error| Error::not_json(&error))?;
        let Value::Object(mut top) = document else { return Err(no_model("it is no JSON object")) };
        let Some(Value::String(version)) = top.get("smithy") else { return Err(no_model("`smithy` is missing")) };
        let first = match version.split('.').next() {
            Some("1") => true,
            Some("2") => false,
            _ => {
                let told = format!("Smithy version {version:?} is not known");
                return Err(Error::new(told).remedy("Versions 1 and 2 are read."));
            }
        };
        let Some(Value::Object(written)) = top.swap_remove("shapes") else {
            return Err(no_model("`shapes` is missing"));
        };
        let mut shapes = BTreeMap::new();
        let mut applied = Vec::new();
        for (id, shape) in written {
            let Value::Object(mut shape) = shape else { return Err(Error::new(format!("shapes.{id} is no object"))) };
            match shape.get("type").and_then(Value::as_str) {
                Some("apply") => applied.push((id, shape)),
                Some(_) => {
                    if first {
                        in_version_two(&mut shape);
                    }
                    shapes.insert(id, shape);
                }
                None => return Err(Error::new(format!("shapes.{id}.type is missing"))),
            }
        }
        Ok(Self { shapes: mixins::flattened(shapes, applied)? })
    }

    /// The shape of that id, or the prelude's.
    pub(super) fn shape(&self, id: &str) -> Option<RawShape> {
        self.shapes.get(id).cloned().or_else(|| prelude(id.strip_prefix(PRELUDE)?))
    }

    /// The id of the one service.
    pub(super) fn service(&self) -> Result<&str> {
        let is_service = |(_, shape): &(&String, &RawShape)| type_of(shape) == "service";
        let services: Vec<&str> = self.shapes.iter().filter(is_service).map(|(id, _)| id.as_str()).collect();
        match services[..] {
            [one] => Ok(one),
            [] => Err(Error::new("a Smithy model without a service")
                .remedy("A model of shapes alone says nothing of operations; name the file that has the service.")),
            _ => Err(Error::new(format!("a Smithy model of several services: {}", services.join(", ")))
                .remedy("Name files with one service each.")),
        }
    }
}

fn no_model(why: &str) -> Error {
    Error::new(format!("JSON, but no Smithy model: {why}"))
        .remedy("A Smithy model as JSON has `smithy` (the version) and `shapes`; IDL files (.smithy) are not read.")
}

/// Name within its namespace.
pub(super) fn short(id: &str) -> &str {
    id.rsplit('#').next().unwrap_or(id)
}

/// A shape that every model has.
fn prelude(name: &str) -> Option<RawShape> {
    let (bare, primitive) = name.strip_prefix("Primitive").map_or((name, false), |bare| (bare, true));
    let kind = match bare {
        "Blob" => "blob",
        "Boolean" => "boolean",
        "String" => "string",
        "Byte" => "byte",
        "Short" => "short",
        "Integer" => "integer",
        "Long" => "long",
        "Float" => "float",
        "Double" => "double",
        "BigInteger" => "bigInteger",
        "BigDecimal" => "bigDecimal",
        "Timestamp" => "timestamp",
        "Document" => "document",
        "Unit" => "structure",
        _ => return None,
    };
    let mut shape = RawShape::from_iter([("type".to_owned(), Value::from(kind))]);
    if primitive {
        let zero = if kind == "boolean" { Value::from(false) } else { Value::from(0) };
        shape.insert("traits".to_owned(), Value::Object(Map::from_iter([("smithy.api#default".to_owned(), zero)])));
    }
    Some(shape)
}

//! General validators of JSON Schema over the same records, by the schemas that `shapegate schema` writes.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::{Result, each_text};

#[derive(Deserialize)]
struct Record {
    operation: String,
    direction: String,
    payload: Value,
}

/// Schemas by operation and half, as records name them.
fn schemas(folder: &Path) -> Result<HashMap<(String, String), Value>> {
    let mut all = HashMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| format!("{} is not UTF-8", name.display()))?;
        let parts: Vec<&str> = name.split('.').collect();
        let [operation, half, "schema", "json"] = parts[..] else { continue };
        let direction = if half == "input" { "request" } else { "response" };
        let schema = serde_json::from_slice(&fs::read(entry.path())?)?;
        all.insert((operation.to_owned(), direction.to_owned()), schema);
    }
    Ok(all)
}

/// Judges each record; how many were not valid.
fn judge(path: &Path, is_valid: impl Fn((String, String), &Value) -> bool) -> Result<()> {
    let mut invalid = 0_usize;
    each_text(path, |text| {
        let Record { operation, direction, payload } = serde_json::from_slice(text)?;
        invalid += usize::from(!is_valid((operation, direction), &payload));
        Ok(())
    })?;
    println!("{invalid}");
    Ok(())
}

pub fn jsonschema(folder: &Path, path: &Path) -> Result<()> {
    let mut validators = HashMap::new();
    for (half, schema) in schemas(folder)? {
        validators.insert(half, jsonschema::draft202012::new(&schema).map_err(|error| error.to_string())?);
    }
    judge(path, |half, payload| validators.get(&half).is_some_and(|validator| validator.is_valid(payload)))
}

/// Patterns that look around are left out: `boon` compiles by `regex`, which has none.
pub fn boon(folder: &Path, path: &Path) -> Result<()> {
    let (mut compiler, mut all) = (boon::Compiler::new(), boon::Schemas::new());
    let mut indexes = HashMap::new();
    for (half, mut schema) in schemas(folder)? {
        without_looking_around(&mut schema);
        let place = format!("urn:bench:{}:{}", half.0, half.1);
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("$id");
        }
        compiler.add_resource(&place, schema).map_err(|error| error.to_string())?;
        let index = compiler.compile(&place, &mut all).map_err(|error| format!("{error:#}"))?;
        indexes.insert(half, index);
    }
    judge(path, |half, payload| indexes.get(&half).is_some_and(|index| all.validate(payload, *index).is_ok()))
}

fn without_looking_around(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let looks_around = |value: &Value| {
                value.as_str().is_some_and(|text| ["(?!", "(?=", "(?<"].iter().any(|look| text.contains(look)))
            };
            if members.get("pattern").is_some_and(looks_around) {
                members.remove("pattern");
            }
            members.values_mut().for_each(without_looking_around);
        }
        Value::Array(elements) => elements.iter_mut().for_each(without_looking_around),
        _ => {}
    }
}

//! JSON Schema of one shape → [`Node`]. Understands the schemas that [`crate::schema`] emits; anything else is
//! [`Node::NotSure`].

use serde_json::{Map, Value};

use super::super::keyword::is_time_on_the_wire;
use super::super::part::refers;
use super::{Link, MOST_EXACT, MOST_MEMBERS, Members, Node, Object, Seen, Text, Values};
use crate::schema::{self, ANNOTATIONS, pattern};

/// Keywords that ask nothing of a value.
const SILENT: &[&str] = &["$schema", "$id", "title", "$defs", "contentEncoding"];

/// The node of a schema. `number` is that of the shape that a reference names; `None` where there is none of that name.
pub(super) fn compile(schema: &Map<String, Value>, number: &dyn Fn(&str) -> Option<u32>) -> Node {
    Compiler { number }.own(schema).unwrap_or_else(|| not_sure(schema))
}

struct Compiler<'n> {
    number: &'n dyn Fn(&str) -> Option<u32>,
}

impl Compiler<'_> {
    fn link(&self, schema: &Value) -> Link {
        let Some(map) = schema.as_object() else { return Link::own(Node::NotSure { refers: false }) };
        if let Some(target) = map.get("$ref") {
            // Beside a reference only annotations stand, which do not concern the value here.
            let only_annotations = map.keys().all(|key| key == "$ref" || key == ANNOTATIONS);
            let name = target.as_str().filter(|_| only_annotations).and_then(schema::definition);
            return match name.and_then(|name| (self.number)(&name)) {
                Some(number) => Link::Shape(number),
                None => Link::own(Node::NotSure { refers: true }),
            };
        }
        Link::own(self.own(map).unwrap_or_else(|| not_sure(map)))
    }

    /// The node of a schema without a reference; `None` where it says something that is not understood here.
    fn own(&self, map: &Map<String, Value>) -> Option<Node> {
        let mut rest = Rest { map, used: Vec::new() };
        let notes = rest.take(ANNOTATIONS);
        if needs_the_full_path(notes) {
            return None;
        }
        let bytes = byte_bounds(notes);
        let is_time = notes.is_some_and(|notes| is_time_on_the_wire(map, notes));
        let node = match rest.take("type") {
            None if rest.map.contains_key("if") => Some(Node::Sparse(self.sparse(&mut rest)?)),
            None => Some(Node::Any),
            Some(Value::String(name)) => match name.as_str() {
                "object" => self.object(&mut rest),
                "array" => Some(Node::Array {
                    items: self.link(rest.take("items")?),
                    min: rest.count("minItems", 0)?,
                    max: rest.count("maxItems", usize::MAX)?,
                }),
                "string" => text(&mut rest, bytes).map(|text| Node::Text(Text { is_time, ..text })),
                "boolean" => Some(Node::Boolean),
                "integer" => Some(Node::Integer {
                    min: rest.take("minimum").map_or(Some(i64::MIN), Value::as_i64)?,
                    max: rest.take("maximum").map_or(Some(i64::MAX), Value::as_i64)?,
                }),
                "number" => number(&mut rest, None, is_time),
                _ => None,
            },
            Some(Value::Array(types)) if *types == ["number", "string"] => {
                let text = Text { is_time, ..text(&mut rest, bytes)? };
                number(&mut rest, Some(text), is_time)
            }
            Some(_) => None,
        };
        node.filter(|_| rest.is_used_up())
    }

    fn object(&self, rest: &mut Rest<'_>) -> Option<Node> {
        let (min, max) = (rest.count("minProperties", 0)?, rest.count("maxProperties", usize::MAX)?);
        let beyond = rest.take("additionalProperties");
        let Some(properties) = rest.take("properties") else {
            return match beyond {
                // Of `ResponseMetadata` nothing is said but that it is an object.
                None => None,
                Some(values) => {
                    let keys = self.link(rest.take("propertyNames")?);
                    Some(Node::Map { keys, values: self.link(values), min, max })
                }
            };
        };
        if beyond != Some(&Value::Bool(false)) {
            return None;
        }
        let properties = properties.as_object().filter(|properties| properties.len() <= MOST_MEMBERS)?;
        let members = Members::new(properties.iter().map(|(key, schema)| (&**key, self.link(schema))))?;
        let mut required: Seen = [0; 4];
        if let Some(names) = rest.take("required") {
            for name in names.as_array()? {
                let at = members.position(name.as_str()?)?;
                required[at / 64] |= 1 << (at % 64);
            }
        }
        let (min, max) = (u32::try_from(min).ok()?, u32::try_from(max).unwrap_or(u32::MAX));
        Some(Node::Object(Object { members, required, min, max }))
    }

    /// `{"if": {"type": "null"}, "else": …}`
    fn sparse(&self, rest: &mut Rest<'_>) -> Option<Link> {
        let is_null = rest.take("if")? == &serde_json::json!({"type": "null"});
        let otherwise = rest.take("else")?;
        is_null.then(|| self.link(otherwise))
    }
}

fn not_sure(schema: &Map<String, Value>) -> Node {
    Node::NotSure { refers: refers(schema) }
}

/// Whether the annotations tell of a constraint that needs the full path.
fn needs_the_full_path(annotations: Option<&Value>) -> bool {
    annotations.is_some_and(|notes| notes.get("unchecked").is_some() || notes.get("unsatisfiable").is_some())
}

/// Bounds of a blob's bytes among the annotations.
fn byte_bounds(annotations: Option<&Value>) -> Option<(u64, u64)> {
    let bytes = annotations?.get("bytes")?;
    let bound = |name: &str| bytes.get(name).and_then(Value::as_u64);
    Some((bound("minimum").unwrap_or(0), bound("maximum").unwrap_or(u64::MAX)))
}

fn text(rest: &mut Rest<'_>, bytes: Option<(u64, u64)>) -> Option<Text> {
    let values = match rest.take("enum") {
        None => None,
        Some(values) => {
            let texts = values.as_array()?.iter().map(|value| value.as_str().map(Box::from));
            Some(Values::new(texts.collect::<Option<Vec<_>>>()?))
        }
    };
    let pattern = match rest.take("pattern") {
        None => None,
        Some(pattern) => Some(pattern::compile(pattern.as_str()?).ok()?),
    };
    let max = match rest.count("maxLength", usize::MAX)? {
        usize::MAX => None,
        max => Some(max),
    };
    Some(Text { min: rest.count("minLength", 0)?, max, values, pattern, bytes, is_time: false })
}

fn number(rest: &mut Rest<'_>, text: Option<Text>, is_time: bool) -> Option<Node> {
    let min = rest.take("minimum").map_or(Some(f64::NEG_INFINITY), exact)?;
    let max = rest.take("maximum").map_or(Some(f64::INFINITY), exact)?;
    Some(Node::Number { min, max, text, is_time })
}

/// A bound as floating point; `None` where it would be rounded, since what lies in between is then misjudged.
fn exact(bound: &Value) -> Option<f64> {
    match bound.as_i64() {
        Some(whole) if whole.unsigned_abs() > MOST_EXACT => None,
        None if bound.is_u64() => None,
        _ => bound.as_f64(),
    }
}

/// The keywords of a schema, ticked off one by one.
struct Rest<'s> {
    map: &'s Map<String, Value>,
    used: Vec<&'static str>,
}

impl<'s> Rest<'s> {
    fn take(&mut self, keyword: &'static str) -> Option<&'s Value> {
        self.used.push(keyword);
        self.map.get(keyword)
    }

    /// A count; `None` where it is no whole number.
    fn count(&mut self, keyword: &'static str, otherwise: usize) -> Option<usize> {
        match self.take(keyword) {
            None => Some(otherwise),
            Some(value) => value.as_u64().and_then(|count| usize::try_from(count).ok()),
        }
    }

    fn is_used_up(&self) -> bool {
        self.map.keys().all(|key| self.used.contains(&key.as_str()) || SILENT.contains(&key.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bounds_that_floating_point_rounds_are_left_to_the_full_path() {
        let most = 1_i64 << 53;
        for (bound, read) in [
            (json!(most), Some(9_007_199_254_740_992.0)),
            (json!(-most), Some(-9_007_199_254_740_992.0)),
            (json!(most + 1), None),
            (json!(-most - 1), None),
            (json!(most + 2), None),
            (json!(u64::MAX), None),
            (json!(0.5), Some(0.5)),
        ] {
            assert_eq!(exact(&bound), read, "{bound}");
        }
    }
}

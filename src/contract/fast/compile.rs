//! JSON Schema → [`Program`]. Understands the schemas that [`crate::schema`] emits; anything else is [`Node::NotSure`].

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::super::keyword::is_time_on_the_wire;
use super::{MOST_EXACT, MOST_MEMBERS, Members, Node, Object, Program, Seen, Text, Values};
use crate::schema::{self, ANNOTATIONS, pattern};

/// Keywords that ask nothing of a value.
const SILENT: &[&str] = &["$schema", "$id", "title", "$defs", "contentEncoding"];

impl Program {
    pub(in crate::contract) fn compile(schema: &Value) -> Self {
        let definitions = schema.get("$defs").and_then(Value::as_object);
        let mut compiler = Compiler { definitions, nodes: Vec::new(), named: HashMap::new() };
        let root = compiler.node(schema);
        Self { nodes: compiler.nodes, root }
    }
}

struct Compiler<'s> {
    definitions: Option<&'s Map<String, Value>>,
    nodes: Vec<Node>,
    /// Nodes of `$defs`, entered before they are compiled, so that recursion finds them.
    named: HashMap<String, usize>,
}

impl<'s> Compiler<'s> {
    fn node(&mut self, schema: &'s Value) -> usize {
        let Some(map) = schema.as_object() else { return self.push(Node::NotSure) };
        if let Some(target) = map.get("$ref") {
            // Beside a reference only annotations stand, which do not concern the value here.
            let only_annotations = map.keys().all(|key| key == "$ref" || key == ANNOTATIONS);
            let name = target.as_str().and_then(schema::definition);
            return match name {
                Some(name) if only_annotations => self.definition(&name),
                _ => self.push(Node::NotSure),
            };
        }
        let node = self.own(map).unwrap_or(Node::NotSure);
        self.push(node)
    }

    fn push(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn definition(&mut self, name: &str) -> usize {
        if let Some(known) = self.named.get(name) {
            return *known;
        }
        let Some(map) = self.definitions.and_then(|all| all.get(name)).and_then(Value::as_object) else {
            return self.push(Node::NotSure);
        };
        let at = self.push(Node::NotSure);
        self.named.insert(name.to_owned(), at);
        self.nodes[at] = self.own(map).unwrap_or(Node::NotSure);
        at
    }

    /// The node of a schema without a reference; `None` where it says something that is not understood here.
    fn own(&mut self, map: &'s Map<String, Value>) -> Option<Node> {
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
                    items: self.node(rest.take("items")?),
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

    fn object(&mut self, rest: &mut Rest<'s>) -> Option<Node> {
        let (min, max) = (rest.count("minProperties", 0)?, rest.count("maxProperties", usize::MAX)?);
        let beyond = rest.take("additionalProperties");
        let Some(properties) = rest.take("properties") else {
            return match beyond {
                // Of `ResponseMetadata` nothing is said but that it is an object.
                None => None,
                Some(values) => {
                    let keys = rest.take("propertyNames")?;
                    let keys = self.node(keys);
                    // Keys are texts, whose rules other places may share.
                    let Node::Text(keys) = &self.nodes[keys] else { return None };
                    let keys = keys.clone();
                    Some(Node::Map { keys, values: self.node(values), min, max })
                }
            };
        };
        if beyond != Some(&Value::Bool(false)) {
            return None;
        }
        let mut members: Vec<(Box<str>, usize)> = Vec::new();
        for (key, schema) in properties.as_object()? {
            members.push((key.as_str().into(), self.node(schema)));
        }
        if members.len() > MOST_MEMBERS {
            return None;
        }
        let members = Members::new(members)?;
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
    fn sparse(&mut self, rest: &mut Rest<'s>) -> Option<usize> {
        let is_null = rest.take("if")? == &serde_json::json!({"type": "null"});
        let otherwise = rest.take("else")?;
        is_null.then(|| self.node(otherwise))
    }
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

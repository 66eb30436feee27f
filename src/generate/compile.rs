//! JSON Schema → [`Program`].
//!
//! Understands the schemas that [`crate::schema`] emits, and others that say no more than those. Anything else is an
//! error that names the keyword.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::pattern::Sampler;
use super::program::{Loose, Member, Node, NodeId, Program, Structure};
use super::source::Source;
use super::text::{Carrier, Text};
use crate::error::{Error, Result};
use crate::model::TimestampFormat;
use crate::schema::{self, ANNOTATIONS};

/// Keywords that ask nothing of a payload.
const SILENT: &[&str] = &["$schema", "$id", "$comment", "title", "description", "$defs", ANNOTATIONS];

impl Program {
    /// The program of a schema.
    pub(super) fn compile(schema: &Value) -> Result<Self> {
        let definitions = schema.get("$defs").and_then(Value::as_object);
        let mut compiler = Compiler { definitions, nodes: Vec::new(), names: Vec::new(), named: HashMap::new() };
        let root = compiler.node(schema, "the root")?;
        Self::new(compiler.nodes, compiler.names, root)
    }
}

struct Compiler<'s> {
    definitions: Option<&'s Map<String, Value>>,
    nodes: Vec<Node>,
    names: Vec<String>,
    /// Nodes of `$defs`, entered before they are compiled, so that recursion finds them.
    named: HashMap<String, NodeId>,
}

impl<'s> Compiler<'s> {
    fn node(&mut self, schema: &'s Value, place: &str) -> Result<NodeId> {
        let Some(map) = schema.as_object() else {
            return Err(Error::new(format!("{place}: {schema} is no schema to make payloads of")));
        };
        if let Some(target) = map.get("$ref") {
            let name = target.as_str().and_then(schema::definition);
            let name = name.ok_or_else(|| Error::new(format!("{place}: $ref {target} does not lead to $defs")))?;
            return self.definition(&name);
        }
        let name = map.get("title").and_then(Value::as_str).unwrap_or(place);
        let id = self.reserve(name);
        self.nodes[id] = self.own(map, place)?;
        Ok(id)
    }

    fn reserve(&mut self, name: &str) -> NodeId {
        self.nodes.push(Node::Boolean);
        self.names.push(name.to_owned());
        self.nodes.len() - 1
    }

    fn definition(&mut self, name: &str) -> Result<NodeId> {
        if let Some(known) = self.named.get(name) {
            return Ok(*known);
        }
        let map = self.definitions.and_then(|all| all.get(name)).and_then(Value::as_object);
        let map = map.ok_or_else(|| Error::new(format!("$defs has no schema {name:?}")))?;
        let id = self.reserve(name);
        self.named.insert(name.to_owned(), id);
        self.nodes[id] = self.own(map, name)?;
        Ok(id)
    }

    fn own(&mut self, map: &'s Map<String, Value>, place: &str) -> Result<Node> {
        let rest = Keywords { map, place };
        let notes = map.get(ANNOTATIONS);
        let note = |name: &str| notes.and_then(|notes| notes.get(name));
        if let Some(told) = note("unsatisfiable") {
            let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
            return Ok(Node::Never { pattern: text("pattern"), reason: text("reason") });
        }
        if let Some(told) = note("unchecked").and_then(|all| all.get(0)) {
            let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
            return Ok(Node::Never { pattern: text("value"), reason: text("reason") });
        }
        if map.contains_key("if") {
            rest.only(&["if", "else"])?;
            return match (map["if"] == serde_json::json!({"type": "null"}), map.get("else")) {
                (true, Some(otherwise)) => Ok(Node::Sparse(self.node(otherwise, place)?)),
                _ => Err(Error::new(format!("{place}: `if` other than for null is not understood"))),
            };
        }
        let Some(kind) = map.get("type") else {
            rest.only(&[])?;
            let flag = |name: &str| note(name) == Some(&Value::Bool(true));
            return Ok(Node::Any(if flag("streaming") { Loose::Stream } else { Loose::Document }));
        };
        let kind = match kind {
            Value::Array(kinds) if *kinds == ["number", "string"] => "number or string",
            other => other.as_str().unwrap_or_default(),
        };
        if note("timestampFormat").is_some() {
            let bounds: &[&str] = if kind == "string" { &[] } else { &["minimum", "maximum"] };
            rest.only(&[bounds, &["type", "pattern"]].concat())?;
            return Ok(Node::Timestamp(stamp(kind, note("timestampFormat"))));
        }
        match kind {
            "boolean" => rest.only(&["type"]).map(|()| Node::Boolean),
            "integer" => rest.integer(),
            "number" | "number or string" => rest.number(kind != "number"),
            "string" if note("jsonValue") == Some(&Value::Bool(true)) => {
                let reason = "JSON documents that are a text within bounds are not made".to_owned();
                let never = Node::Never { pattern: String::new(), reason };
                Ok(rest.only(&["type"]).map_or(never, |()| Node::Any(Loose::JsonText)))
            }
            "string" => rest.text(note("bytes")),
            "array" => {
                rest.only(&["type", "items", "minItems", "maxItems", "uniqueItems"])?;
                let items = map.get("items").ok_or_else(|| Error::new(format!("{place}: `items` is not there")))?;
                let (min, max) = rest.bounds("minItems", "maxItems");
                let unique = map.get("uniqueItems") == Some(&Value::Bool(true));
                if unique && min > 1 {
                    let reason = format!("lists of {min} or more elements that differ are not made");
                    return Ok(Node::Never { pattern: String::new(), reason });
                }
                Ok(Node::List { items: self.node(items, place)?, min, max, unique })
            }
            "object" => self.object(&rest),
            other => Err(Error::new(format!("{place}: type {other:?} is not understood"))),
        }
    }

    fn object(&mut self, rest: &Keywords<'s, '_>) -> Result<Node> {
        let Keywords { map, place } = *rest;
        let (min, max) = rest.bounds("minProperties", "maxProperties");
        let Some(properties) = map.get("properties").and_then(Value::as_object) else {
            rest.only(&["type", "additionalProperties", "propertyNames", "minProperties", "maxProperties"])?;
            let Some(values) = map.get("additionalProperties") else { return Ok(Node::Any(Loose::Metadata)) };
            let keys = if let Some(keys) = map.get("propertyNames") {
                self.node(keys, place)?
            } else {
                let id = self.reserve(place);
                self.nodes[id] = Node::Text(Text::free(0, u64::MAX).into());
                id
            };
            let values = self.node(values, place)?;
            return Ok(Node::Map { keys, values, min, max });
        };
        rest.only(&["type", "properties", "required", "additionalProperties", "minProperties", "maxProperties"])?;
        let union = (min, max) == (1, 1);
        if !union && (min, max) != (0, u64::MAX) {
            return Err(Error::new(format!("{place}: a number of members other than 1 is not understood")));
        }
        let required: Vec<&str> =
            map.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let mut members = Vec::new();
        for (key, schema) in properties {
            let location = schema.get(ANNOTATIONS).and_then(|notes| notes.get("location")).and_then(Value::as_str);
            let carrier = match location {
                Some("label") => Carrier::Label,
                Some("header" | "prefixHeaders") => Carrier::Header,
                _ => Carrier::Body,
            };
            let node = self.node(schema, key)?;
            members.push(Member { key: key.clone(), node, required: required.contains(&key.as_str()), carrier });
        }
        if let Some(missing) = required.iter().find(|name| !properties.contains_key(**name)) {
            return Err(Error::new(format!("{place}: `{missing}` is required and not among the properties")));
        }
        Ok(Node::Structure(Structure { members, union }))
    }
}

/// The form of a timestamp: what its type says, and, for texts, the annotation.
fn stamp(kind: &str, format: Option<&Value>) -> Option<TimestampFormat> {
    match (kind, format.and_then(Value::as_str)) {
        ("number", _) => Some(TimestampFormat::UnixTimestamp),
        ("string", Some("rfc822")) => Some(TimestampFormat::HttpDate),
        ("string", _) => Some(TimestampFormat::Iso8601),
        _ => None,
    }
}

/// The keywords of one schema.
#[derive(Clone, Copy)]
struct Keywords<'s, 'p> {
    map: &'s Map<String, Value>,
    place: &'p str,
}

impl Keywords<'_, '_> {
    /// Refuses keywords that would be passed over.
    fn only(&self, known: &[&str]) -> Result<()> {
        let understood = |key: &str| known.contains(&key) || SILENT.contains(&key);
        match self.map.keys().find(|key| !understood(key)) {
            Some(key) => Err(Error::new(format!("{}: `{key}` is not understood here", self.place))),
            None => Ok(()),
        }
    }

    fn bounds(&self, min: &str, max: &str) -> (u64, u64) {
        let count = |keyword: &str, otherwise| self.map.get(keyword).and_then(Value::as_u64).unwrap_or(otherwise);
        (count(min, 0), count(max, u64::MAX))
    }

    fn integer(&self) -> Result<Node> {
        self.only(&["type", "minimum", "maximum"])?;
        let end = |keyword: &str, otherwise: i64, round: fn(f64) -> f64| {
            let bound = self.map.get(keyword);
            let whole = bound.and_then(|bound| bound.as_i64().map(i128::from).or(bound.as_u64().map(i128::from)));
            #[allow(clippy::cast_possible_truncation, reason = "a bound beyond every integer stays beyond")]
            let rounded = bound.and_then(Value::as_f64).map(|bound| round(bound) as i128);
            whole.or(rounded).unwrap_or(otherwise.into())
        };
        let (min, max) = (end("minimum", i64::MIN, f64::ceil), end("maximum", i64::MAX, f64::floor));
        if min > max {
            return Ok(Node::Never { pattern: String::new(), reason: format!("minimum {min} is above maximum {max}") });
        }
        Ok(Node::Integer { min, max })
    }

    fn number(&self, texts: bool) -> Result<Node> {
        self.only(if texts { &["type", "minimum", "maximum", "pattern"] } else { &["type", "minimum", "maximum"] })?;
        let bound = |keyword: &str| self.map.get(keyword).and_then(Value::as_number).cloned();
        // Such a pattern is a list of texts.
        let pattern = self.map.get("pattern").and_then(Value::as_str).filter(|_| texts).unwrap_or_default();
        let listed = pattern.trim_start_matches("^(?:").trim_end_matches(")$").split('|');
        let texts = listed.filter(|text| !text.is_empty()).map(str::to_owned).collect();
        Ok(Node::Number { min: bound("minimum"), max: bound("maximum"), texts })
    }

    fn text(&self, bytes: Option<&Value>) -> Result<Node> {
        if let Some(values) = self.map.get("enum") {
            self.only(&["type", "enum"])?;
            let texts = values.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
            return Ok(Node::Enum(texts.collect()));
        }
        if self.map.get("contentEncoding").is_some_and(|encoding| encoding == "base64") {
            self.only(&["type", "contentEncoding", "pattern"])?;
            let bound = |name: &str| bytes.and_then(|bytes| bytes.get(name)).and_then(Value::as_u64);
            return Ok(Node::Blob { min: bound("minimum").unwrap_or(0), max: bound("maximum").unwrap_or(u64::MAX) });
        }
        self.only(&["type", "pattern", "minLength", "maxLength"])?;
        let (min, max) = self.bounds("minLength", "maxLength");
        let Some(pattern) = self.map.get("pattern").and_then(Value::as_str) else {
            return Ok(Node::Text(Text::free(min, max).into()));
        };
        let never = |reason: &str| Node::Never { pattern: pattern.to_owned(), reason: reason.to_owned() };
        let Some(sampler) = Sampler::new(pattern) else {
            return Ok(never("the pattern refers to its own groups"));
        };
        if sampler.text((min, max), false, &mut Source::simplest()).is_none() {
            return Ok(never("no text within the bounds that matches was found"));
        }
        Ok(Node::Text(Text::patterned(min, max, sampler).into()))
    }
}

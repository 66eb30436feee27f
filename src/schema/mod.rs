//! Model → JSON Schema 2020-12, the same bytes for the same model.
//!
//! Nothing else in the crate makes schemas. One schema describes the input or output of one operation (or one error)
//! in one value encoding: all members of the modelled value together, wherever they travel. What JSON Schema cannot
//! say stands under one key, [`ANNOTATIONS`].

mod bounds;
mod form;
mod naming;
pub mod pattern;
mod shape;
mod sharing;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

pub use self::form::{BASE64, EPOCH, HTTP_DATE, ISO_8601, ISO_8601_PARSED};
pub use self::naming::definition;
pub use self::shape::{Unchecked, member_keys};
use crate::model::{Correction, Direction, Encoding, Fact, Protocol, Service, ShapeId, ShapeKind, TimestampFormat};

/// The one key of a schema that is no JSON Schema keyword.
pub const ANNOTATIONS: &str = "x-shapegate";

/// The member that boto adds beside a parsed output.
pub const RESPONSE_METADATA: &str = "ResponseMetadata";

/// Makes the schemas of one service.
#[derive(Debug)]
pub struct Emitter<'m> {
    service: &'m Service,
    /// The protocol of messages, where that is known.
    protocol: Option<Protocol>,
    /// How a timestamp travels in a body where the model sets no format; `None` where that is unknown.
    body_timestamps: Option<TimestampFormat>,
    /// How every timestamp travels, whatever format the model sets, where the protocol knows one alone.
    fixed_timestamps: Option<TimestampFormat>,
}

impl<'m> Emitter<'m> {
    /// An emitter for the service, with the timestamps of its own protocol.
    pub fn new(service: &'m Service) -> Self {
        let emitter = Self { service, protocol: None, body_timestamps: None, fixed_timestamps: None };
        match service.protocol() {
            Some(protocol) => emitter.with_timestamps_of(protocol),
            None => emitter,
        }
    }

    /// An emitter for traffic of another protocol than the service's own.
    #[must_use]
    pub fn with_timestamps_of(self, protocol: Protocol) -> Self {
        Self {
            protocol: Some(protocol),
            body_timestamps: Some(protocol.body_timestamps()),
            fixed_timestamps: protocol.fixed_timestamps(),
            ..self
        }
    }

    /// The schema of an operation's input or output; `None` where there is no such operation.
    ///
    /// An operation without that structure gets the schema of an empty one.
    pub fn operation(&self, operation: &str, direction: Direction, encoding: Encoding) -> Option<Value> {
        let operation = self.service.operations.get(operation)?;
        let file = format!("{}.{}", operation.name, half(direction));
        let mut head = self.head(encoding);
        head["operation"] = operation.name.as_str().into();
        head["direction"] = direction.as_str().into();
        Some(self.document(&file, operation.root(direction), head, encoding, direction))
    }

    /// The schema of an error's body; `None` where there is no such shape.
    pub fn error(&self, shape: &ShapeId, encoding: Encoding) -> Option<Value> {
        self.service.shape(shape)?;
        let file = format!("{shape}.error");
        let mut head = self.head(encoding);
        head["error"] = shape.as_str().into();
        head["direction"] = Direction::Response.as_str().into();
        Some(self.document(&file, Some(shape), head, encoding, Direction::Response))
    }

    fn head(&self, encoding: Encoding) -> Value {
        let mut head = json!({"service": self.service.name});
        if let Some(release) = self.service.release.known() {
            head["release"] = release.as_str().into();
        }
        if let Some(version) = self.service.api_version.known() {
            head["apiVersion"] = version.as_str().into();
        }
        head["encoding"] = encoding.as_str().into();
        head
    }

    fn document(
        &self,
        file: &str,
        root: Option<&ShapeId>,
        mut head: Value,
        encoding: Encoding,
        direction: Direction,
    ) -> Value {
        let release = self.service.release.known().or(self.service.api_version.known());
        let release = release.map_or("unknown", String::as_str);
        let mut schema = Map::new();
        schema.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
        // A page and a model of one release say different things, so their schemas have different names.
        let evidence = if self.service.api_version.known().is_some() { "modelled" } else { "documented" };
        let parts = [self.service.name.as_str(), release, evidence, file, encoding.as_str()];
        schema.insert("$id".into(), naming::urn(parts).into());
        schema.insert("title".into(), format!("{} {file}", self.service.full_name).into());
        let reached = self.reached(root, encoding, direction);
        let corrections = self.corrections(root, &reached, head["operation"].as_str());
        if !corrections.is_empty() {
            head["errata"] = corrections.into();
        }
        let mut body = self.body(root, encoding, direction);
        if let Some(Value::Object(of_shape)) = body.shift_remove(ANNOTATIONS) {
            head.as_object_mut().expect("made as an object above").extend(of_shape);
        }
        body.shift_remove("title");
        schema.insert(ANNOTATIONS.into(), head);
        schema.extend(body);
        let definitions = self.definitions(reached, encoding, direction);
        if !definitions.is_empty() {
            schema.insert("$defs".into(), Value::Object(definitions));
        }
        Value::Object(schema)
    }

    /// The schema of a whole payload, without its head and without the definitions that it refers to.
    pub(crate) fn body(&self, root: Option<&ShapeId>, encoding: Encoding, direction: Direction) -> Map<String, Value> {
        let body = root.and_then(|root| self.service.shape(root)).map_or_else(
            || json!({"type": "object", "properties": {}, "additionalProperties": false}),
            |root| self.shape(root, encoding, direction),
        );
        let Value::Object(mut body) = body else { unreachable!("a shape's schema is an object") };
        if encoding == Encoding::Parsed && direction == Direction::Response {
            let properties = body.get_mut("properties").and_then(Value::as_object_mut);
            if let Some(properties) = properties.filter(|properties| !properties.contains_key(RESPONSE_METADATA)) {
                properties
                    .insert(RESPONSE_METADATA.into(), json!({"type": "object", ANNOTATIONS: {"addedBySdk": true}}));
            }
        }
        body
    }

    /// The schema of a shape within others; `None` where there is no such shape.
    pub(crate) fn definition(
        &self,
        shape: &ShapeId,
        encoding: Encoding,
        direction: Direction,
    ) -> Option<Map<String, Value>> {
        match self.shape(self.service.shape(shape)?, encoding, direction) {
            Value::Object(schema) => Some(schema),
            _ => None,
        }
    }

    /// The schema of a shape with those of all that it leads to; `None` where there is no such shape.
    pub(crate) fn with_definitions(
        &self,
        shape: &ShapeId,
        encoding: Encoding,
        direction: Direction,
    ) -> Option<Map<String, Value>> {
        let mut schema = self.definition(shape, encoding, direction)?;
        let definitions = self.definitions(self.reached(Some(shape), encoding, direction), encoding, direction);
        schema.insert("$defs".into(), Value::Object(definitions));
        Some(schema)
    }

    /// What errata changed of shapes that the root leads to, of the root, or of its operation.
    fn corrections(&self, root: Option<&ShapeId>, reached: &BTreeSet<&ShapeId>, operation: Option<&str>) -> Vec<Value> {
        let concerns = |correction: &&Correction| {
            let mut shapes = root.into_iter().chain(reached.iter().copied());
            shapes.any(|shape| correction.concerns("shapes", shape.as_str()))
                || operation.is_some_and(|name| correction.concerns("operations", name))
        };
        let shown = |correction: &Correction| {
            let Correction { erratum, about, references, places } = correction;
            json!({"erratum": erratum, "about": about, "references": references, "changed": places})
        };
        self.service.corrections.iter().filter(concerns).map(shown).collect()
    }

    /// Shapes that the root leads to; the root itself only where something leads back to it.
    fn reached<'r>(
        &'r self,
        root: Option<&'r ShapeId>,
        encoding: Encoding,
        direction: Direction,
    ) -> BTreeSet<&'r ShapeId> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&ShapeId> = root.into_iter().collect();
        while let Some(id) = open.pop() {
            let references = self.service.shape(id).map(|shape| self.references(shape, encoding, direction));
            for target in references.unwrap_or_default() {
                if reached.insert(target) {
                    open.push(target);
                }
            }
        }
        reached
    }

    /// Schemas of shapes, by name.
    fn definitions(&self, shapes: BTreeSet<&ShapeId>, encoding: Encoding, direction: Direction) -> Map<String, Value> {
        let schema = |id: &ShapeId| {
            let shape = self.service.shape(id)?;
            Some(self.shape(shape, encoding, direction))
        };
        let schemas: BTreeMap<&str, Value> =
            shapes.into_iter().filter_map(|id| Some((id.as_str(), schema(id)?))).collect();
        schemas.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
    }
}

/// `input` or `output`, as schema files are named.
pub fn half(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "input",
        Direction::Response => "output",
    }
}

/// Whether values of the shape are judged at all: streams are not.
pub fn is_stream(kind: &ShapeKind) -> bool {
    match kind {
        ShapeKind::Blob(streaming) => streaming.0,
        ShapeKind::Structure(structure) => structure.event_stream,
        _ => false,
    }
}

/// Whether the shape is known to be a union.
pub fn is_union(kind: &ShapeKind) -> bool {
    matches!(kind, ShapeKind::Structure(structure) if structure.union == Fact::Known(true))
}

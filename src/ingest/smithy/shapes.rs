//! Data shapes.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::Value;

use super::members::{MemberName, ShapeReader};
use super::operations::Around;
use super::pattern::full_match;
use super::raw::{RawShape, type_of};
use super::traits::{self, deprecated, finish};
use crate::error::{Error, Result};
use crate::ingest::Loss;
use crate::ingest::bodies::{namespace, retryable};
use crate::ingest::fields::{Fields, Losses};
use crate::model::{
    Constraints, EnumValues, ErrorTrait, Fact, FloatWidth, IntegerWidth, ListMember, MapEntry, Protocol, Shape,
    ShapeId, ShapeKind, Streaming, Structure, TimestampFormat, XmlTraits,
};

/// Reads all data shapes of the service, and those that traits of members make.
pub(super) fn lower(around: &Around<'_>, losses: &mut Losses) -> Result<BTreeMap<ShapeId, Shape>> {
    let mut reader = ShapeReader { around, spoken: around.facts.protocol(), losses, open: Vec::new() };
    for (id, name) in around.closure.shapes() {
        reader.open.push((name.clone(), around.document.shape(id).unwrap_or_default()));
    }
    let mut shapes: BTreeMap<ShapeId, Shape> = BTreeMap::new();
    while let Some((name, written)) = reader.open.pop() {
        if let Entry::Vacant(place) = shapes.entry(name) {
            let shape = reader.shape(place.key(), &written)?;
            place.insert(shape);
        }
    }
    mark_events(&mut shapes);
    Ok(shapes)
}

impl ShapeReader<'_> {
    fn shape(&mut self, name: &ShapeId, written: &RawShape) -> Result<Shape> {
        let place = format!("shapes.{name}");
        let mut traits = traits::of(written, &place)?;
        let kind = self.kind(name, written, &mut traits)?;
        let is_scalar = matches!(kind, ShapeKind::Boolean | ShapeKind::Integer(_) | ShapeKind::Float(_));
        let has_default = traits.value("smithy.api#default").is_some_and(|default| !default.is_null());
        let shape = Shape {
            id: name.clone(),
            kind,
            constraints: Fact::Known(constraints(&mut traits, self.losses)?),
            sensitive: traits.is_set("smithy.api#sensitive"),
            deprecated: deprecated(&mut traits),
            boxed: is_scalar && !has_default,
            media_type: traits.text("smithy.api#mediaType")?,
            requires_length: traits.is_set("smithy.api#requiresLength"),
            xml: XmlTraits {
                name: self.xml_name(&mut traits)?,
                namespace: namespace(&mut traits, "smithy.api#xmlNamespace", self.losses)?,
                ..XmlTraits::default()
            },
        };
        finish(traits, self.losses);
        Ok(shape)
    }

    fn kind(&mut self, name: &ShapeId, written: &RawShape, traits: &mut Fields) -> Result<ShapeKind> {
        Ok(match type_of(written) {
            "structure" => ShapeKind::Structure(self.structure(name, written, traits, false)?),
            "union" => ShapeKind::Structure(self.structure(name, written, traits, true)?),
            "list" => self.list(name, written, traits)?,
            "map" => self.map(name, written, traits)?,
            "string" => ShapeKind::String(EnumValues(enum_trait(traits)?)),
            "enum" => ShapeKind::String(EnumValues(Some(self.enum_values(name, written)?))),
            "blob" => ShapeKind::Blob(Streaming(traits.is_set("smithy.api#streaming"))),
            "boolean" => ShapeKind::Boolean,
            // Its values are names for numbers; others are legal.
            "integer" | "intEnum" => ShapeKind::Integer(IntegerWidth::Integer),
            "byte" => ShapeKind::Integer(IntegerWidth::Byte),
            "short" => ShapeKind::Integer(IntegerWidth::Short),
            "long" => ShapeKind::Integer(IntegerWidth::Long),
            "float" => ShapeKind::Float(FloatWidth::Float),
            "double" => ShapeKind::Float(FloatWidth::Double),
            "timestamp" => ShapeKind::Timestamp(Fact::Known(timestamp_format(traits)?)),
            "document" => ShapeKind::Document,
            // Widths that no protocol of AWS has.
            width @ ("bigInteger" | "bigDecimal") => {
                let (place, what) = (traits.place().to_owned(), "type".to_owned());
                self.losses.found.push(Loss { place, what, value: Value::from(width).to_string() });
                match width {
                    "bigInteger" => ShapeKind::Integer(IntegerWidth::Unknown),
                    _ => ShapeKind::Float(FloatWidth::Unknown),
                }
            }
            other => return Err(Error::new(format!("unknown type {other:?}")).at(traits.place())),
        })
    }

    fn structure(&mut self, name: &ShapeId, written: &RawShape, traits: &mut Fields, union: bool) -> Result<Structure> {
        let event_stream = traits.is_set("smithy.api#streaming");
        let mut structure = Structure {
            // Botocore's models and ours take a stream of events for a structure of what may come.
            union: Fact::Known(union && !event_stream),
            error: self.error(traits)?,
            event_stream,
            ..Structure::default()
        };
        for (member, written) in members(written) {
            let place = MemberName { container: name, member };
            let (member, is_payload) = self.member(&place, written)?;
            if is_payload {
                structure.payload = Some(member.name.clone());
            }
            structure.members.push(member);
        }
        Ok(structure)
    }

    /// The error traits, as far as one of the service's protocols knows them: awsQuery has codes and statuses of its own,
    /// the REST protocols and rpcv2Cbor have statuses. awsJson and ec2Query ignore both.
    fn error(&mut self, traits: &mut Fields) -> Result<Option<ErrorTrait>> {
        let protocols = &self.around.facts.protocols;
        let has_status = |protocol: &Protocol| protocol.is_rest() || *protocol == Protocol::RpcV2Cbor;
        let mut status = traits.status("smithy.api#httpError")?.filter(|_| protocols.iter().any(has_status));
        let mut code = None;
        if let Some(mut query) = traits.opt_object("aws.protocols#awsQueryError")? {
            let of_query = (query.text("code")?, query.status("httpResponseCode")?);
            if protocols.contains(&Protocol::AwsQuery) {
                (code, status) = of_query;
            }
            query.finish(self.losses);
        }
        let retryable = retryable(traits, "smithy.api#retryable", self.losses)?;
        let Some(fault) = traits.text("smithy.api#error")? else { return Ok(None) };
        Ok(Some(ErrorTrait { code, status, sender_fault: fault == "client", retryable }))
    }

    fn list(&mut self, name: &ShapeId, written: &RawShape, traits: &mut Fields) -> Result<ShapeKind> {
        let (target, wire_name) = self.part(name, written, "member")?;
        let json_value = self.is_json(written, "member");
        let (sparse, unique) = (traits.is_set("smithy.api#sparse"), traits.is_set("smithy.api#uniqueItems"));
        Ok(ShapeKind::List(ListMember { target, sparse, unique, json_value, wire_name }))
    }

    fn map(&mut self, name: &ShapeId, written: &RawShape, traits: &mut Fields) -> Result<ShapeKind> {
        let (key, key_name) = self.part(name, written, "key")?;
        let (value, value_name) = self.part(name, written, "value")?;
        let sparse = traits.is_set("smithy.api#sparse");
        Ok(ShapeKind::Map(MapEntry { key, value, sparse, wire_names: (key_name, value_name) }))
    }

    fn enum_values(&mut self, name: &ShapeId, written: &RawShape) -> Result<Vec<String>> {
        let mut values = Vec::new();
        for (member, written) in members(written) {
            let mut traits = traits::of(written, &format!("shapes.{name}.members.{member}"))?;
            values.push(traits.text("smithy.api#enumValue")?.unwrap_or_else(|| member.to_owned()));
            // Of a value, not of what holds it.
            traits.ignore(&["smithy.api#deprecated"]);
            finish(traits, self.losses);
        }
        Ok(values)
    }
}

/// Members in the file's order.
fn members(written: &RawShape) -> impl Iterator<Item = (&str, &RawShape)> {
    let members = written.get("members").and_then(Value::as_object).into_iter().flatten();
    members.filter_map(|(name, member)| Some((name.as_str(), member.as_object()?)))
}

/// The older way to write an enumeration.
fn enum_trait(traits: &mut Fields) -> Result<Option<Vec<String>>> {
    let definitions = traits.objects("smithy.api#enum")?;
    if definitions.is_empty() {
        return Ok(None);
    }
    definitions.into_iter().map(|mut one| one.required_text("value")).collect::<Result<_>>().map(Some)
}

/// How a timestamp is written, where it is said.
fn timestamp_format(traits: &mut Fields) -> Result<Option<TimestampFormat>> {
    Ok(match traits.text("smithy.api#timestampFormat")?.as_deref() {
        None => None,
        Some("epoch-seconds") => Some(TimestampFormat::UnixTimestamp),
        Some("date-time") => Some(TimestampFormat::Iso8601),
        Some("http-date") => Some(TimestampFormat::HttpDate),
        Some(other) => return Err(Error::new(format!("unknown timestamp format {other:?}")).at(traits.place())),
    })
}

fn constraints(traits: &mut Fields, losses: &mut Losses) -> Result<Constraints> {
    let mut constraints = Constraints {
        pattern: traits.text("smithy.api#pattern")?.map(|pattern| full_match(&pattern)),
        ..Constraints::default()
    };
    for key in ["smithy.api#length", "smithy.api#range"] {
        let Some(mut bounds) = traits.opt_object(key)? else { continue };
        constraints.min = bounds.number("min")?;
        constraints.max = bounds.number("max")?;
        bounds.finish(losses);
    }
    Ok(constraints)
}

/// What a stream of events consists of, but for errors, are events.
fn mark_events(shapes: &mut BTreeMap<ShapeId, Shape>) {
    let streams = shapes.values().filter_map(Shape::structure).filter(|structure| structure.event_stream);
    let events: Vec<ShapeId> = streams.flat_map(|stream| &stream.members).map(|event| event.target.clone()).collect();
    for event in events {
        if let Some(Shape { kind: ShapeKind::Structure(structure), .. }) = shapes.get_mut(&event) {
            structure.event = structure.error.is_none();
        }
    }
}

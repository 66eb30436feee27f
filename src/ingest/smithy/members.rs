//! Members: what they refer to, and where they travel.

use serde_json::{Map, Value};

use super::operations::Around;
use super::raw::{RawShape, type_of};
use super::traits::{self, deprecated, finish};
use crate::error::{Error, Result};
use crate::ingest::bodies::namespace;
use crate::ingest::fields::{Fields, Losses};
use crate::model::{Fact, Location, Member, Presence, Protocol, ShapeId, XmlTraits};
use crate::text::capitalised;

/// Traits that a member sets over those of the shape it refers to. A member has no place for them in the model, so the
/// shape is copied under a name of its own, as in botocore's models.
const OVERRIDING: [&str; 6] = [
    "smithy.api#enum",
    "smithy.api#length",
    "smithy.api#pattern",
    "smithy.api#range",
    "smithy.api#sensitive",
    "smithy.api#uniqueItems",
];
const TIMESTAMP_FORMAT: &str = "smithy.api#timestampFormat";

/// Reads shapes one by one; a member may make another one to be read.
pub(super) struct ShapeReader<'s> {
    pub(super) around: &'s Around<'s>,
    /// The protocol whose names and places count.
    pub(super) spoken: Option<Protocol>,
    pub(super) losses: &'s mut Losses,
    /// Shapes that are still to be read.
    pub(super) open: Vec<(ShapeId, RawShape)>,
}

/// Where a member is.
pub(super) struct MemberName<'p> {
    pub(super) container: &'p ShapeId,
    pub(super) member: &'p str,
}

impl ShapeReader<'_> {
    /// Reads a member of a structure, and whether it is the whole body.
    pub(super) fn member(&mut self, place: &MemberName<'_>, written: &RawShape) -> Result<(Member, bool)> {
        let MemberName { container, member: name } = place;
        let mut traits = traits::of(written, &format!("shapes.{container}.members.{name}"))?;
        let target = self.target(place, written, &mut traits)?;
        let required = traits.is_set("smithy.api#required");
        let (location, bound_name) = self.binding(&mut traits)?;
        let is_payload = traits.is_set("smithy.api#httpPayload") && self.has_bindings();
        let element = self.xml_name(&mut traits)?;
        let json_name = traits.text("smithy.api#jsonName")?;
        let body_name = if self.spoken == Some(Protocol::RestJson) { json_name } else { element };
        let wire_name = if location == Location::Body { body_name } else { bound_name };
        let default = traits.value("smithy.api#default");
        let member = Member {
            presence: if required { Presence::Required } else { Presence::Optional },
            deprecated: deprecated(&mut traits),
            idempotency_token: traits.is_set("smithy.api#idempotencyToken"),
            host_label: traits.is_set("smithy.api#hostLabel"),
            event_payload: traits.is_set("smithy.api#eventPayload"),
            event_header: traits.is_set("smithy.api#eventHeader"),
            json_value: self.is_json_text(written),
            boxed: default == Some(Value::Null),
            default: default.filter(|default| !default.is_null()),
            query_name: self.query_name(name, wire_name.as_deref(), &mut traits)?,
            xml: self.xml(&mut traits)?,
            location: Fact::Known(location),
            // A payload's element may be named like the member, and not like its shape.
            wire_name: wire_name.filter(|wire_name| wire_name != name || is_payload),
            ..Member::plain(*name, target, Presence::Optional)
        };
        finish(traits, self.losses);
        Ok((member, is_payload))
    }

    /// Target and element name of a list's element, or of a map's key or value.
    pub(super) fn part(
        &mut self,
        container: &ShapeId,
        written: &RawShape,
        member: &str,
    ) -> Result<(ShapeId, Option<String>)> {
        let place = format!("shapes.{container}.{member}");
        let Some(part) = written.get(member).and_then(Value::as_object) else {
            return Err(Error::new(format!("{place} is missing")));
        };
        let mut traits = traits::of(part, &place)?;
        let target = self.target(&MemberName { container, member }, part, &mut traits)?;
        let name = self.xml_name(&mut traits)?;
        finish(traits, self.losses);
        Ok((target, name))
    }

    /// What a member refers to, with the traits that it sets over it.
    fn target(&mut self, place: &MemberName<'_>, written: &RawShape, traits: &mut Fields) -> Result<ShapeId> {
        let MemberName { container, member } = place;
        let Some(id) = written.get("target").and_then(Value::as_str) else {
            return Err(Error::new(format!("shapes.{container}.{member}.target is missing")));
        };
        if let Some(format) = traits.text(TIMESTAMP_FORMAT)? {
            return Ok(self.synthetic_timestamp(&format));
        }
        let set: Vec<(String, Value)> = OVERRIDING
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), traits.value(name).filter(|value| !value.is_null())?)))
            .collect();
        if set.is_empty() {
            return Ok(self.around.closure.name(id));
        }
        let mut copy = self.around.document.shape(id).unwrap_or_default();
        let name = format!("{container}{}{}", capitalised(member), capitalised(type_of(&copy)));
        let traits = copy.entry("traits".to_owned()).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(traits) = traits {
            traits.extend(set);
        }
        let name = ShapeId::new(name);
        self.open.push((name.clone(), copy));
        Ok(name)
    }

    fn synthetic_timestamp(&mut self, format: &str) -> ShapeId {
        let name = ShapeId::new(format!("SyntheticTimestamp_{}", format.replace('-', "_")));
        let traits = Map::from_iter([(TIMESTAMP_FORMAT.to_owned(), Value::from(format))]);
        let shape = [("type", Value::from("timestamp")), ("traits", Value::Object(traits))];
        self.open.push((name.clone(), shape.map(|(key, value)| (key.to_owned(), value)).into_iter().collect()));
        name
    }

    /// Whether members may travel elsewhere than in the body. Other protocols pass over what says so.
    fn has_bindings(&self) -> bool {
        self.spoken.is_some_and(Protocol::is_rest)
    }

    fn binding(&self, traits: &mut Fields) -> Result<(Location, Option<String>)> {
        let mut found = (Location::Body, None);
        for (name, location) in [
            ("smithy.api#httpQuery", Location::Query),
            ("smithy.api#httpHeader", Location::Header),
            ("smithy.api#httpPrefixHeaders", Location::PrefixHeaders),
        ] {
            if let Some(wire_name) = traits.text(name)? {
                found = (location, Some(wire_name));
            }
        }
        for (name, location) in [
            ("smithy.api#httpLabel", Location::Label),
            ("smithy.api#httpQueryParams", Location::Query),
            ("smithy.api#httpResponseCode", Location::Status),
        ] {
            if traits.is_set(name) {
                found = (location, None);
            }
        }
        Ok(if self.has_bindings() { found } else { (Location::Body, None) })
    }

    /// Whether the spoken protocol writes names of elements.
    fn writes_elements(&self) -> bool {
        self.spoken.is_some_and(Protocol::is_xml)
    }

    /// The name of an element, where elements are written.
    pub(super) fn xml_name(&self, traits: &mut Fields) -> Result<Option<String>> {
        let name = traits.text("smithy.api#xmlName")?;
        Ok(name.filter(|_| self.writes_elements()))
    }

    fn xml(&mut self, traits: &mut Fields) -> Result<XmlTraits> {
        let counts = self.writes_elements();
        Ok(XmlTraits {
            name: None,
            namespace: namespace(traits, "smithy.api#xmlNamespace", self.losses)?,
            attribute: traits.is_set("smithy.api#xmlAttribute") && counts,
            flattened: traits.is_set("smithy.api#xmlFlattened") && counts,
            wrapper: false,
        })
    }

    /// The name in an EC2 query string, where it is not the other one capitalised.
    fn query_name(&self, name: &str, wire_name: Option<&str>, traits: &mut Fields) -> Result<Option<String>> {
        let own = traits.text("aws.protocols#ec2QueryName")?;
        let implied = capitalised(wire_name.unwrap_or(name));
        Ok(own.filter(|own| self.spoken == Some(Protocol::Ec2Query) && *own != implied))
    }

    /// Whether a part refers to text that holds a JSON document.
    pub(super) fn is_json(&self, written: &RawShape, part: &str) -> bool {
        written.get(part).and_then(Value::as_object).is_some_and(|part| self.is_json_text(part))
    }

    fn is_json_text(&self, member: &RawShape) -> bool {
        let target = member.get("target").and_then(Value::as_str);
        let Some(shape) = target.and_then(|id| self.around.document.shape(id)) else { return false };
        let media_type = shape.get("traits").and_then(|traits| traits.get("smithy.api#mediaType")?.as_str());
        type_of(&shape) == "string" && media_type == Some("application/json")
    }
}

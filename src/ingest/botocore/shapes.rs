//! The `shapes` of a botocore model.

use std::collections::BTreeMap;

use crate::counters::SHAPES;
use crate::error::{Error, Result};
use crate::ingest::bodies::{namespace, retryable};
use crate::ingest::fields::{Fields, Losses};
use crate::model::{
    Constraints, EnumValues, ErrorTrait, Fact, FloatWidth, IntegerWidth, ListMember, Location, MapEntry, Member,
    Presence, Shape, ShapeId, ShapeKind, Streaming, Structure, TimestampFormat, XmlTraits,
};

pub(super) fn lower(shapes: Fields, losses: &mut Losses) -> Result<BTreeMap<ShapeId, Shape>> {
    let lowered = shapes.entries().map(|(name, fields)| {
        let id = ShapeId::new(name);
        Ok((id.clone(), shape(id, fields?, losses)?))
    });
    lowered.collect()
}

/// Reads one shape.
pub(super) fn shape(id: ShapeId, mut fields: Fields, losses: &mut Losses) -> Result<Shape> {
    SHAPES.add(1);
    let type_name = fields.required_text("type")?;
    let constraints =
        Constraints { min: fields.number("min")?, max: fields.number("max")?, pattern: fields.text("pattern")? };
    let kind = match type_name.as_str() {
        "structure" => structure(&mut fields, losses)?,
        "list" => list(&mut fields, losses)?,
        "map" => map(&mut fields, losses)?,
        "string" => ShapeKind::String(EnumValues(fields.texts("enum")?)),
        "blob" => ShapeKind::Blob(Streaming(fields.flag("streaming")?)),
        "boolean" => ShapeKind::Boolean,
        "integer" => ShapeKind::Integer(IntegerWidth::Integer),
        "long" => ShapeKind::Integer(IntegerWidth::Long),
        "float" => ShapeKind::Float(FloatWidth::Float),
        "double" => ShapeKind::Float(FloatWidth::Double),
        "timestamp" => ShapeKind::Timestamp(Fact::Known(timestamp_format(&mut fields)?)),
        other => return Err(Error::new(format!("unknown type {other:?}")).at(fields.place())),
    };
    let shape = Shape {
        id,
        kind,
        constraints: Fact::Known(constraints),
        sensitive: fields.flag("sensitive")?,
        deprecated: fields.flag("deprecated")?,
        boxed: fields.flag("box")?,
        media_type: None,
        requires_length: fields.flag("requiresLength")?,
        xml: xml(&mut fields, "locationName", losses)?,
    };
    // `synthetic` concerns generated code; `xmlOrder` the order of elements, which receivers ignore.
    fields.ignore(&["synthetic", "xmlOrder"]);
    fields.finish(losses);
    Ok(shape)
}

fn structure(fields: &mut Fields, losses: &mut Losses) -> Result<ShapeKind> {
    if fields.flag("document")? {
        fields.ignore(&["members"]);
        return Ok(ShapeKind::Document);
    }
    let required = fields.texts("required")?.unwrap_or_default();
    let mut members = Vec::new();
    if let Some(entries) = fields.opt_object("members")? {
        for (name, member_fields) in entries.entries() {
            let presence = if required.contains(&name) { Presence::Required } else { Presence::Optional };
            members.push(member(name, presence, member_fields?, losses)?);
        }
    }
    if let Some(absent) = required.iter().find(|name| !members.iter().any(|member| member.name == **name)) {
        return Err(Error::new(format!("`required` names {absent}, which is no member")).at(fields.place()));
    }
    let error = error_trait(fields, losses)?;
    Ok(ShapeKind::Structure(Structure {
        members,
        union: Fact::Known(fields.flag("union")?),
        error,
        payload: fields.text("payload")?,
        event_stream: fields.flag("eventstream")? | fields.flag("streaming")?,
        event: fields.flag("event")?,
    }))
}

fn error_trait(fields: &mut Fields, losses: &mut Losses) -> Result<Option<ErrorTrait>> {
    let is_exception = fields.flag("exception")?;
    let service_fault = fields.flag("fault")?;
    let retryable = retryable(fields, "retryable", losses)?;
    let Some(mut error) = fields.opt_object("error")? else {
        let bare = ErrorTrait { sender_fault: !service_fault, retryable, ..ErrorTrait::default() };
        return Ok(is_exception.then_some(bare));
    };
    let (code, status) = (error.text("code")?, error.status("httpStatusCode")?);
    // Many models leave it to the status to say whose fault it is.
    let of_service = service_fault | error.flag("fault")? || status.is_some_and(|status| status >= 500);
    let lowered = ErrorTrait { code, status, sender_fault: error.flag("senderFault")? || !of_service, retryable };
    error.finish(losses);
    Ok(Some(lowered))
}

fn member(name: String, presence: Presence, mut fields: Fields, losses: &mut Losses) -> Result<Member> {
    let target = ShapeId::new(fields.required_text("shape")?);
    let location = match fields.text("location")?.as_deref() {
        None => Location::Body,
        Some("uri") => Location::Label,
        Some("querystring") => Location::Query,
        Some("header") => Location::Header,
        Some("headers") => Location::PrefixHeaders,
        Some("statusCode") => Location::Status,
        Some(other) => return Err(Error::new(format!("unknown location {other:?}")).at(fields.place())),
    };
    let wire_name = fields.text("locationName")?.filter(|wire_name| *wire_name != name);
    let member = Member {
        name,
        target,
        presence,
        location: Fact::Known(location),
        wire_name,
        deprecated: fields.flag("deprecated")?,
        idempotency_token: fields.flag("idempotencyToken")?,
        json_value: fields.flag("jsonvalue")?,
        streaming: fields.flag("streaming")?,
        host_label: fields.flag("hostLabel")?,
        event_payload: fields.flag("eventpayload")?,
        event_header: fields.flag("eventheader")?,
        boxed: fields.flag("box")?,
        default: None,
        timestamp_format: timestamp_format(&mut fields)?,
        query_name: fields.text("queryName")?,
        xml: xml(&mut fields, "", losses)?,
    };
    fields.finish(losses);
    Ok(member)
}

fn list(fields: &mut Fields, losses: &mut Losses) -> Result<ShapeKind> {
    let mut member = fields.object("member")?;
    let lowered = ListMember {
        target: ShapeId::new(member.required_text("shape")?),
        sparse: fields.flag("sparse")?,
        unique: false,
        json_value: member.flag("jsonvalue")?,
        wire_name: member.text("locationName")?,
    };
    member.finish(losses);
    Ok(ShapeKind::List(lowered))
}

fn map(fields: &mut Fields, losses: &mut Losses) -> Result<ShapeKind> {
    let mut key = fields.object("key")?;
    let mut value = fields.object("value")?;
    let lowered = MapEntry {
        key: ShapeId::new(key.required_text("shape")?),
        value: ShapeId::new(value.required_text("shape")?),
        sparse: fields.flag("sparse")?,
        wire_names: (key.text("locationName")?, value.text("locationName")?),
    };
    key.finish(losses);
    value.finish(losses);
    Ok(ShapeKind::Map(lowered))
}

fn timestamp_format(fields: &mut Fields) -> Result<Option<TimestampFormat>> {
    Ok(match fields.text("timestampFormat")?.as_deref() {
        None => None,
        Some("unixTimestamp") => Some(TimestampFormat::UnixTimestamp),
        Some("iso8601") => Some(TimestampFormat::Iso8601),
        Some("rfc822") => Some(TimestampFormat::HttpDate),
        Some(other) => return Err(Error::new(format!("unknown timestamp format {other:?}")).at(fields.place())),
    })
}

/// XML traits; the element's name stands under `name_key` (a member's stands in its `locationName` already).
fn xml(fields: &mut Fields, name_key: &str, losses: &mut Losses) -> Result<XmlTraits> {
    Ok(XmlTraits {
        name: fields.text(name_key)?,
        namespace: namespace(fields, "xmlNamespace", losses)?,
        attribute: fields.flag("xmlAttribute")?,
        flattened: fields.flag("flattened")?,
        wrapper: fields.flag("wrapper")?,
    })
}

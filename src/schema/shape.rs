//! Schemas of single shapes.

use serde_json::{Map, Value, json};

use super::bounds::{is_above_zero, tighter, unsatisfiable};
use super::form::{self, BASE64};
use super::pattern::{self, Unsupported};
use super::sharing::Sharing;
use super::{ANNOTATIONS, Emitter, is_stream, is_union, naming};
use crate::model::{
    Constraints, Direction, Encoding, EnumValues, Fact, FloatWidth, IntegerWidth, ListMember, Location, MapEntry,
    Member, Presence, Shape, ShapeId, ShapeKind, Structure, TimestampFormat,
};

/// A constraint of the model that the schema does not hold.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct Unchecked {
    /// Name of the constraint, such as `pattern`.
    pub constraint: String,
    /// As the model writes it.
    pub value: String,
    /// Why it is not checked.
    pub reason: String,
}

/// The key of each member in a value of that encoding, in the members' order.
///
/// On the wire that is the wire name, unless two members share it at different places of the message. Of members that share
/// it at one place one alone has that key.
pub fn member_keys(structure: &Structure, encoding: Encoding) -> impl Iterator<Item = (&str, &Member)> {
    structure.keys(encoding)
}

impl Emitter<'_> {
    /// The schema of a shape where it is used without traits of a member. Where members travel depends on the direction.
    pub(super) fn shape(&self, shape: &Shape, encoding: Encoding, direction: Direction) -> Value {
        let mut notes = Map::new();
        notes.insert("shape".into(), shape.id.as_str().into());
        let mut schema = match &shape.kind {
            kind if is_stream(kind) => {
                notes.insert("streaming".into(), true.into());
                json!({})
            }
            ShapeKind::Structure(structure) => self.structure(structure, encoding, direction),
            ShapeKind::List(list) => of_list(list, encoding),
            ShapeKind::Map(map) => of_map(map),
            ShapeKind::String(values) => match &values.0 {
                Some(values) if !values.is_empty() => json!({"type": "string", "enum": values}),
                _ => json!({"type": "string"}),
            },
            ShapeKind::Blob(_) => json!({"type": "string", "contentEncoding": "base64", "pattern": BASE64}),
            ShapeKind::Boolean => json!({"type": "boolean"}),
            ShapeKind::Integer(_) => json!({"type": "integer"}),
            ShapeKind::Float(_) => json!({"type": ["number", "string"]}),
            ShapeKind::Timestamp(own) => {
                let format = match own {
                    Fact::Known(own) => (*own).or(self.body_timestamps),
                    Fact::Unknown => None,
                };
                timestamp(self.fixed_timestamps.or(format), encoding, &mut notes)
            }
            ShapeKind::Document => {
                notes.insert("document".into(), true.into());
                json!({})
            }
        };
        if is_union(&shape.kind) {
            notes.insert("union".into(), true.into());
        }
        if shape.sensitive {
            notes.insert("sensitive".into(), true.into());
        }
        if shape.deprecated {
            notes.insert("deprecated".into(), true.into());
        }
        let none = Constraints::default();
        constrain(&shape.kind, shape.constraints.known().unwrap_or(&none), &mut schema, &mut notes);
        schema[ANNOTATIONS] = Value::Object(notes);
        let Value::Object(body) = schema else { unreachable!("made as an object above") };
        let mut titled = Map::new();
        titled.insert("title".into(), shape.id.as_str().into());
        titled.extend(body);
        Value::Object(titled)
    }

    /// The shapes that a shape's schema refers to.
    pub(super) fn references<'s>(
        &self,
        shape: &'s Shape,
        encoding: Encoding,
        direction: Direction,
    ) -> Vec<&'s ShapeId> {
        match &shape.kind {
            kind if is_stream(kind) => Vec::new(),
            ShapeKind::Structure(structure) => {
                let sharing = self.sharing(structure, encoding, direction);
                let members = structure.members.iter().filter(|member| !sharing.has(member));
                let referring = members.filter(|member| self.own_schema(member, encoding, direction).is_none());
                referring.map(|member| &member.target).collect()
            }
            ShapeKind::List(list) if list.json_value => Vec::new(),
            kind => kind.targets(),
        }
    }

    fn structure(&self, structure: &Structure, encoding: Encoding, direction: Direction) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        let sharing = self.sharing(structure, encoding, direction);
        for (key, member) in member_keys(structure, encoding) {
            if let Some((name, reason)) = sharing.reason(member) {
                let unchecked = Unchecked { constraint: "value".into(), value: name.into(), reason };
                properties.insert(key.to_owned(), json!({ANNOTATIONS: {"unchecked": [unchecked]}}));
                continue;
            }
            properties.insert(key.to_owned(), self.member(member, encoding, direction));
            if member.presence == Presence::Required {
                required.push(key);
            }
        }
        // Without a copy of them, which `json!` makes.
        let mut schema = json!({"type": "object"});
        schema["properties"] = Value::Object(properties);
        if !required.is_empty() {
            schema["required"] = required.into();
        }
        schema["additionalProperties"] = false.into();
        if structure.union == Fact::Known(true) {
            schema["minProperties"] = 1.into();
            schema["maxProperties"] = 1.into();
        }
        schema
    }

    fn sharing<'s>(&'s self, structure: &'s Structure, encoding: Encoding, direction: Direction) -> Sharing<'s> {
        Sharing::new(self.service, structure, direction, encoding, self.protocol)
    }

    fn member(&self, member: &Member, encoding: Encoding, direction: Direction) -> Value {
        let mut schema = self.own_schema(member, encoding, direction).unwrap_or_else(|| reference(&member.target));
        let mut notes = Map::new();
        if encoding == Encoding::Wire && member.wire_name.is_some() {
            notes.insert("member".into(), member.name.as_str().into());
        }
        let location = match member.location_in(direction) {
            Fact::Unknown | Fact::Known(Location::Body) => None,
            Fact::Known(Location::Label) => Some("label"),
            Fact::Known(Location::Query) => Some("query"),
            Fact::Known(Location::Header) => Some("header"),
            Fact::Known(Location::PrefixHeaders) => Some("prefixHeaders"),
            Fact::Known(Location::Status) => Some("status"),
        };
        if let Some(location) = location {
            notes.insert("location".into(), location.into());
        }
        let flags = [
            ("deprecated", member.deprecated),
            ("idempotencyToken", member.idempotency_token),
            ("jsonValue", member.json_value),
            ("streaming", member.streaming),
        ];
        notes.extend(flags.into_iter().filter(|(_, set)| *set).map(|(flag, _)| (flag.to_owned(), true.into())));
        if let Value::Object(of_schema) = &mut schema
            && !notes.is_empty()
        {
            let own = of_schema.entry(ANNOTATIONS).or_insert_with(|| json!({}));
            if let Value::Object(own) = own {
                own.extend(notes);
            }
        }
        schema
    }

    /// The schema of a member whose own traits change what its shape says.
    fn own_schema(&self, member: &Member, encoding: Encoding, direction: Direction) -> Option<Value> {
        if member.streaming {
            return Some(json!({}));
        }
        if member.json_value {
            return Some(self.json_text(member, encoding));
        }
        let of_place = match member.location_in(direction) {
            Fact::Known(Location::Header) => Some(TimestampFormat::HttpDate),
            Fact::Known(Location::Query | Location::Label) => Some(TimestampFormat::Iso8601),
            _ => None,
        };
        let shape = self.service.shape(&member.target)?;
        if let ShapeKind::List(list) = &shape.kind {
            let items = self.timestamp_of_place(&list.target, None, of_place, encoding)?;
            let mut schema = self.shape(shape, encoding, direction);
            schema.as_object_mut()?.shift_remove("title");
            schema["items"] = items;
            return Some(schema);
        }
        self.timestamp_of_place(&member.target, member.timestamp_format, of_place, encoding)
    }

    /// The schema of a JSON document within a text. What the model says of the text holds for it on the wire.
    fn json_text(&self, member: &Member, encoding: Encoding) -> Value {
        if encoding == Encoding::Parsed {
            return json!({});
        }
        let shape = self.service.shape(&member.target);
        let Some(shape) = shape.filter(|shape| matches!(shape.kind, ShapeKind::String(_))) else {
            return json!({"type": "string"});
        };
        let mut schema = self.shape(shape, encoding, Direction::Request);
        if let Value::Object(keywords) = &mut schema {
            keywords.shift_remove("title");
        }
        schema
    }

    /// The schema of a timestamp that member or place give a format other than the body's.
    fn timestamp_of_place(
        &self,
        target: &ShapeId,
        of_member: Option<TimestampFormat>,
        of_place: Option<TimestampFormat>,
        encoding: Encoding,
    ) -> Option<Value> {
        let ShapeKind::Timestamp(of_shape) = &self.service.shape(target)?.kind else { return None };
        let of_shape = of_shape.known().copied().flatten();
        let format = of_member.or(of_shape).or(of_place)?;
        (of_member.is_some() || of_place.is_some()).then(|| {
            let mut notes = Map::new();
            let mut schema = timestamp(Some(self.fixed_timestamps.unwrap_or(format)), encoding, &mut notes);
            notes.insert("shape".into(), target.as_str().into());
            schema[ANNOTATIONS] = Value::Object(notes);
            schema
        })
    }
}

/// Adds bounds and pattern, or the statement that they are not checked.
fn constrain(kind: &ShapeKind, given: &Constraints, schema: &mut Value, notes: &mut Map<String, Value>) {
    let (min, max) = (given.min.clone().map(Value::Number), given.max.clone().map(Value::Number));
    let mut bound = |low: &str, high: &str, min: Option<Value>, max: Option<Value>| {
        for (keyword, bound) in [(low, min), (high, max)] {
            if let Some(bound) = bound {
                schema[keyword] = bound;
            }
        }
    };
    match kind {
        kind if is_stream(kind) => {}
        ShapeKind::List(_) => bound("minItems", "maxItems", min.filter(is_above_zero), max),
        ShapeKind::Map(_) => bound("minProperties", "maxProperties", min.filter(is_above_zero), max),
        ShapeKind::Integer(width) => {
            let (low, high) = match width {
                IntegerWidth::Byte => (i64::from(i8::MIN), i64::from(i8::MAX)),
                IntegerWidth::Short => (i64::from(i16::MIN), i64::from(i16::MAX)),
                IntegerWidth::Integer => (i64::from(i32::MIN), i64::from(i32::MAX)),
                IntegerWidth::Long | IntegerWidth::Unknown => (i64::MIN, i64::MAX),
            };
            bound("minimum", "maximum", Some(tighter(min, low, i64::max)), Some(tighter(max, high, i64::min)));
        }
        ShapeKind::Float(width) => {
            let edge = f64::from(f32::MAX);
            let edges =
                if *width == FloatWidth::Float { [Some(json!(-edge)), Some(json!(edge))] } else { [None, None] };
            let [low, high] = edges;
            let texts = form::non_finite(min.is_some(), max.is_some());
            bound("minimum", "maximum", min.or(low), max.or(high));
            schema["pattern"] = texts.into();
        }
        ShapeKind::Blob(_) => {
            // Base64 hides the byte count, so JSON Schema's lengths cannot say this.
            let mut bytes = Map::new();
            bytes.extend(min.filter(is_above_zero).map(|min| ("minimum".to_owned(), min)));
            bytes.extend(max.map(|max| ("maximum".to_owned(), max)));
            if !bytes.is_empty() {
                notes.insert("bytes".into(), Value::Object(bytes));
            }
        }
        ShapeKind::String(EnumValues(Some(values))) if !values.is_empty() => {
            constrain_values(values, given, schema, notes);
        }
        ShapeKind::String(_) => constrain_text(given, schema, notes),
        _ => {}
    }
}

/// Of an enumeration's values those are left that a pattern beside it allows: a value has to keep both.
fn constrain_values(values: &[String], given: &Constraints, schema: &mut Value, notes: &mut Map<String, Value>) {
    let Some(pattern) = given.pattern.as_deref() else { return };
    let matcher = pattern::translated(pattern).and_then(|translated| pattern::compile(&translated));
    match matcher {
        Ok(matcher) => {
            let fits: Vec<_> = values.iter().map(|value| (value, matcher.is_match(value))).collect();
            let left: Vec<&String> =
                fits.iter().filter(|(_, fits)| *fits != Ok(false)).map(|(value, _)| *value).collect();
            if fits.iter().any(|(_, fits)| fits.is_err()) {
                let reason = "for some values of the enumeration it goes back and forth too often".to_owned();
                let unchecked = Unchecked { constraint: "pattern".into(), value: pattern.into(), reason };
                notes.insert("unchecked".into(), json!([unchecked]));
            }
            if left.is_empty() {
                let reason = "no value of the enumeration matches the pattern";
                notes.insert("unsatisfiable".into(), json!({"pattern": pattern, "reason": reason}));
            } else {
                schema["enum"] = json!(left);
            }
        }
        Err(Unsupported(reason)) => {
            let unchecked = Unchecked { constraint: "pattern".into(), value: pattern.into(), reason };
            notes.insert("unchecked".into(), json!([unchecked]));
        }
    }
}

fn constrain_text(given: &Constraints, schema: &mut Value, notes: &mut Map<String, Value>) {
    let length = |bound: &Option<serde_json::Number>| bound.as_ref().and_then(serde_json::Number::as_u64);
    let (min, max) = (length(&given.min).filter(|min| *min > 0), length(&given.max));
    let translated = given.pattern.as_deref().map(|pattern| (pattern, pattern::translated(pattern)));
    if let Some(reason) = unsatisfiable(min, max, translated.as_ref()) {
        let told = json!({"pattern": given.pattern, "min": given.min, "max": given.max, "reason": reason});
        notes.insert("unsatisfiable".into(), told);
        return;
    }
    if let Some(min) = min {
        schema["minLength"] = min.into();
    }
    if let Some(max) = max {
        schema["maxLength"] = max.into();
    }
    match translated {
        None => {}
        Some((_, Ok(translated))) => schema["pattern"] = translated.into(),
        Some((pattern, Err(Unsupported(reason)))) => {
            let unchecked = Unchecked { constraint: "pattern".into(), value: pattern.into(), reason };
            notes.insert("unchecked".into(), json!([unchecked]));
        }
    }
}

fn of_list(list: &ListMember, encoding: Encoding) -> Value {
    let items = match (list.json_value, encoding) {
        (true, Encoding::Wire) => json!({"type": "string"}),
        (true, Encoding::Parsed) => json!({}),
        (false, _) => element(&list.target, list.sparse),
    };
    let mut schema = json!({"type": "array", "items": items});
    if list.unique {
        schema["uniqueItems"] = true.into();
    }
    schema
}

fn of_map(map: &MapEntry) -> Value {
    json!({
        "type": "object",
        "propertyNames": reference(&map.key),
        "additionalProperties": element(&map.value, map.sparse),
    })
}

fn timestamp(format: Option<TimestampFormat>, encoding: Encoding, notes: &mut Map<String, Value>) -> Value {
    match encoding {
        Encoding::Wire => {
            notes.insert("timestampFormat".into(), format.map_or("unknown", TimestampFormat::as_str).into());
            form::timestamp(format)
        }
        Encoding::Parsed => {
            notes.insert("timestampFormat".into(), TimestampFormat::Iso8601.as_str().into());
            json!({"type": "string", "pattern": form::ISO_8601_PARSED})
        }
    }
}

fn reference(target: &ShapeId) -> Value {
    json!({"$ref": naming::reference(target.as_str())})
}

/// An element of a list or map; sparse ones may be null.
fn element(target: &ShapeId, sparse: bool) -> Value {
    if sparse { json!({"if": {"type": "null"}, "else": reference(target)}) } else { reference(target) }
}

//! CBOR → values, as the model's shapes say.
//!
//! Bytes become base64 text, timestamps numbers. CBOR tells kinds of values apart that JSON does not: text from bytes,
//! a whole number from a float, a timestamp from a number. Where the model has the one and the message the other, that
//! is a flaw; every other difference is left to the contract.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minicbor::data::Type;
use minicbor::decode::Decoder;
use serde_json::{Map, Number, Value};

use super::body::undecodable;
use super::cbor_item::{Broken, Left, broken, datatype, half, text};
use crate::limits::DEPTH;
use crate::model::{Direction, Encoding, Service, Shape, ShapeKind, Structure};
use crate::recording::json::child;
use crate::recording::number;
use crate::recording::{Flaw, FlawKind, Origin, Origins};

/// The tag of a timestamp.
const TIMESTAMP: u64 = 1;

/// Reads a body of one service.
pub(super) struct CborReader<'m, 'o> {
    /// The model.
    pub(super) service: &'m Service,
    /// Half of the exchange.
    pub(super) direction: Direction,
    /// What timestamps count.
    pub(super) unit: Unit,
    /// Where values came from.
    pub(super) origins: &'o mut Origins,
    /// Values of another type than modelled.
    pub(super) flaws: Vec<Flaw>,
}

/// What a timestamp counts since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds,
    Milliseconds,
}

/// What the model says of a value.
#[derive(Clone, Copy)]
enum Kind<'m> {
    /// The members of a structure that has no shape at hand.
    Members(&'m Structure),
    Shape(&'m Shape),
    Unknown,
}

impl CborReader<'_, '_> {
    /// The value of a body that holds the members of a structure. Places are told from the byte `from` on.
    pub(super) fn body(&mut self, structure: &Structure, bytes: &[u8], from: usize) -> Result<Value, Flaw> {
        let mut decoder = Decoder::new(bytes);
        let value = self.value(&mut decoder, Kind::Members(structure), "", &Nesting { from, depth: 0 });
        let value = value.and_then(|value| match decoder.position() {
            end if end == bytes.len() => Ok(value),
            end => Err(("it is not CBOR (bytes are left behind the value)".into(), end)),
        });
        value.map_err(|(reason, at)| undecodable(self.direction, reason, from + at.min(bytes.len())))
    }

    fn value(
        &mut self,
        from: &mut Decoder<'_>,
        kind: Kind<'_>,
        pointer: &str,
        place: &Nesting,
    ) -> Result<Value, Broken> {
        let start = from.position();
        if place.depth == DEPTH {
            return Err(("it is nested deeper than 128 levels".into(), start));
        }
        let found = datatype(from)?;
        let value = match found {
            Type::Map | Type::MapIndef => Value::Object(self.map(from, kind, pointer, place)?),
            Type::Array | Type::ArrayIndef => Value::Array(self.array(from, kind, pointer, place)?),
            Type::Tag => self.tagged(from, kind, pointer, place)?,
            Type::Null | Type::Undefined => {
                from.set_position(start + 1);
                Value::Null
            }
            Type::Bool => from.bool().map(Value::Bool).map_err(|error| broken(&error, start))?,
            Type::Bytes | Type::BytesIndef => self.bytes(from, kind, pointer)?,
            Type::String | Type::StringIndef => self.text(from, kind, pointer)?,
            Type::F16 | Type::F32 | Type::F64 => self.float(from, kind, pointer)?,
            Type::Simple | Type::Break | Type::Unknown(_) => {
                return Err((format!("it is not CBOR that has a meaning here ({found})"), start));
            }
            _ => self.integer(from, kind, pointer)?,
        };
        let name = pointer.trim_start_matches('/').replace('/', ".");
        let range = place.from + start..place.from + from.position();
        self.origins.insert(pointer.to_owned(), Origin::Part { name, range });
        Ok(value)
    }

    fn map(
        &mut self,
        from: &mut Decoder<'_>,
        kind: Kind<'_>,
        pointer: &str,
        place: &Nesting,
    ) -> Result<Map<String, Value>, Broken> {
        let start = from.position();
        let mut left = Left(from.map().map_err(|error| broken(&error, start))?);
        let mut members = Map::new();
        while left.one_more(from)? {
            let at = from.position();
            if !matches!(datatype(from)?, Type::String | Type::StringIndef) {
                return Err(("a key of a map is no text".into(), at));
            }
            let key = text(from)?;
            let below = child(pointer, &key);
            let value = self.value(from, self.within(kind, Some(&key)), &below, &place.deeper())?;
            if members.insert(key, value).is_some() {
                self.origins.repeated.push(below);
            }
        }
        Ok(members)
    }

    fn array(
        &mut self,
        from: &mut Decoder<'_>,
        kind: Kind<'_>,
        pointer: &str,
        place: &Nesting,
    ) -> Result<Vec<Value>, Broken> {
        let start = from.position();
        let mut left = Left(from.array().map_err(|error| broken(&error, start))?);
        let mut items = Vec::new();
        while left.one_more(from)? {
            let below = format!("{pointer}/{}", items.len());
            items.push(self.value(from, self.within(kind, None), &below, &place.deeper())?);
        }
        Ok(items)
    }

    fn tagged(
        &mut self,
        from: &mut Decoder<'_>,
        kind: Kind<'_>,
        pointer: &str,
        place: &Nesting,
    ) -> Result<Value, Broken> {
        let start = from.position();
        let tag = from.tag().map_err(|error| broken(&error, start))?.as_u64();
        let is_timestamp = matches!(kind, Kind::Shape(shape) if matches!(shape.kind, ShapeKind::Timestamp(_)));
        let inner = self.value(from, Kind::Unknown, pointer, &place.deeper())?;
        match kind {
            Kind::Shape(shape) if tag != TIMESTAMP => self.wrong(pointer, shape.kind.name(), "tagged value"),
            // Elsewhere a number shows by itself that it does not belong there.
            Kind::Shape(shape) if !is_timestamp && is_number(&shape.kind) => {
                self.wrong(pointer, shape.kind.name(), "timestamp");
            }
            _ => {}
        }
        Ok(if tag == TIMESTAMP { self.in_seconds(inner) } else { inner })
    }

    /// A timestamp in seconds, as the contract has it.
    fn in_seconds(&self, timestamp: Value) -> Value {
        match (self.unit, &timestamp) {
            (Unit::Milliseconds, Value::Number(number)) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) if whole % 1000 == 0 => (whole / 1000).into(),
                (_, Some(float)) => Number::from_f64(float / 1000.0).map_or(timestamp, Value::Number),
                _ => timestamp,
            },
            _ => timestamp,
        }
    }

    fn bytes(&mut self, from: &mut Decoder<'_>, kind: Kind<'_>, pointer: &str) -> Result<Value, Broken> {
        let start = from.position();
        let pieces = from.bytes_iter().and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let bytes = pieces.map_err(|error| broken(&error, start))?.concat();
        if let Kind::Shape(shape) = kind
            && matches!(shape.kind, ShapeKind::String(_) | ShapeKind::Timestamp(_) | ShapeKind::Float(_))
        {
            self.wrong(pointer, shape.kind.name(), "blob");
            // What was meant may be right all the same.
            if let Ok(text) = std::str::from_utf8(&bytes) {
                return Ok(text.into());
            }
        }
        Ok(STANDARD.encode(bytes).into())
    }

    fn text(&mut self, from: &mut Decoder<'_>, kind: Kind<'_>, pointer: &str) -> Result<Value, Broken> {
        let text = text(from)?;
        match kind {
            Kind::Shape(shape) if matches!(shape.kind, ShapeKind::Blob(_)) => {
                self.wrong(pointer, "blob", "string");
                Ok(STANDARD.encode(text).into())
            }
            // JSON has to write these as text, CBOR has not.
            Kind::Shape(shape) if matches!(shape.kind, ShapeKind::Float(_)) && is_non_finite(&text) => {
                self.wrong(pointer, shape.kind.name(), "string");
                Ok(text.into())
            }
            _ => Ok(text.into()),
        }
    }

    fn integer(&mut self, from: &mut Decoder<'_>, kind: Kind<'_>, pointer: &str) -> Result<Value, Broken> {
        let start = from.position();
        let integer = i128::from(from.int().map_err(|error| broken(&error, start))?);
        self.check_timestamp(kind, pointer);
        let read = number::of_whole(integer);
        if !read.is_exact() {
            self.origins.rounded.push((pointer.to_owned(), integer.to_string()));
        }
        Ok(Value::Number(read.number))
    }

    fn float(&mut self, from: &mut Decoder<'_>, kind: Kind<'_>, pointer: &str) -> Result<Value, Broken> {
        let start = from.position();
        let float = match half(from) {
            Some(half) => half,
            None => from.f64().map_err(|error| broken(&error, start))?,
        };
        self.check_timestamp(kind, pointer);
        if let Kind::Shape(shape) = kind
            && matches!(shape.kind, ShapeKind::Integer(_))
            && float.fract() == 0.0
        {
            self.wrong(pointer, shape.kind.name(), "floating point number");
        }
        Ok(match Number::from_f64(float) {
            Some(number) => Value::Number(number),
            None if float.is_nan() => "NaN".into(),
            None if float > 0.0 => "Infinity".into(),
            None => "-Infinity".into(),
        })
    }

    /// A number without a tag where a timestamp is modelled.
    fn check_timestamp(&mut self, kind: Kind<'_>, pointer: &str) {
        if matches!(kind, Kind::Shape(shape) if matches!(shape.kind, ShapeKind::Timestamp(_))) {
            self.wrong(pointer, "timestamp", "number");
        }
    }

    fn wrong(&mut self, pointer: &str, expected: &'static str, found: &'static str) {
        let kind = FlawKind::WrongType { expected, found };
        self.flaws.push(Flaw { direction: self.direction, pointer: pointer.to_owned(), kind });
    }
}

impl<'m> CborReader<'m, '_> {
    /// What the model says of a part of a value: of the member or entry of that key, or of an element.
    fn within<'k>(&self, kind: Kind<'k>, key: Option<&str>) -> Kind<'k>
    where
        'm: 'k,
    {
        let member = |structure: &'k Structure, key: &str| {
            structure.member_of_key(key, Encoding::Wire).map(|member| &member.target)
        };
        let target = match (kind, key) {
            (Kind::Members(structure), Some(key)) => member(structure, key),
            (Kind::Shape(shape), key) => match (&shape.kind, key) {
                (ShapeKind::Structure(structure), Some(key)) => member(structure, key),
                (ShapeKind::Map(map), Some(_)) => Some(&map.value),
                (ShapeKind::List(list), None) => Some(&list.target),
                _ => None,
            },
            _ => None,
        };
        target.and_then(|target| self.service.shape(target)).map_or(Kind::Unknown, Kind::Shape)
    }
}

/// Where a value is.
struct Nesting {
    /// Byte of the body that the decoder began with.
    from: usize,
    /// Values around it.
    depth: usize,
}

impl Nesting {
    fn deeper(&self) -> Self {
        Self { depth: self.depth + 1, ..*self }
    }
}

fn is_number(kind: &ShapeKind) -> bool {
    matches!(kind, ShapeKind::Integer(_) | ShapeKind::Float(_))
}

fn is_non_finite(text: &str) -> bool {
    matches!(text, "NaN" | "Infinity" | "-Infinity")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(bytes: &[u8]) -> Result<Value, Broken> {
        let model = json!({"metadata": {"endpointPrefix": "x"}, "operations": {}, "shapes": {}}).to_string();
        let service = crate::ingest::botocore::parse(model.as_bytes(), None).expect("a model").service;
        let mut origins = Origins::default();
        let (direction, unit) = (Direction::Request, Unit::Seconds);
        let mut reader = CborReader { service: &service, direction, unit, origins: &mut origins, flaws: Vec::new() };
        reader.body(&Structure::default(), bytes, 0).map_err(|flaw| match flaw.kind {
            FlawKind::Undecodable { reason, at } => (reason, at),
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn each_value_knows_its_bytes() {
        let model = json!({"metadata": {"endpointPrefix": "x"}, "operations": {}, "shapes": {}}).to_string();
        let service = crate::ingest::botocore::parse(model.as_bytes(), None).expect("a model").service;
        let mut origins = Origins::default();
        let (direction, unit) = (Direction::Request, Unit::Seconds);
        let mut reader = CborReader { service: &service, direction, unit, origins: &mut origins, flaws: Vec::new() };
        // The body begins at byte 10 of what it was taken from.
        reader.body(&Structure::default(), b"\xa1\x61a\x81\x18\x2a", 10).expect("sound");
        let of = |pointer: &str| match origins.find(pointer) {
            Some((Origin::Part { name, range }, "")) => (name.clone(), range.clone()),
            other => panic!("{other:?}"),
        };
        assert_eq!((of("/a"), of("/a/0")), (("a".into(), 13..16), ("a.0".into(), 14..16)));
    }

    #[track_caller]
    fn reads(bytes: &[u8], value: Value) {
        assert_eq!(read(bytes), Ok(value));
    }

    #[test]
    fn numbers_are_exact() {
        reads(b"\x18\xff", json!(255));
        reads(b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff", json!(u64::MAX));
        reads(b"\x3b\x7f\xff\xff\xff\xff\xff\xff\xff", json!(i64::MIN));
        reads(b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff", json!(-18_446_744_073_709_551_616.0));
        reads(b"\xfa\x3f\x80\x00\x00", json!(1.0));
        reads(b"\xfb\x3f\xf1\x99\x99\x99\x99\x99\x9a", json!(1.1));
    }

    #[test]
    fn half_floats_are_read_here() {
        // Values of RFC 8949, appendix A.
        for (bytes, value) in [
            (b"\xf9\x00\x00", json!(0.0)),
            (b"\xf9\x80\x00", json!(-0.0)),
            (b"\xf9\x3c\x00", json!(1.0)),
            (b"\xf9\x3e\x00", json!(1.5)),
            (b"\xf9\x7b\xff", json!(65504.0)),
            (b"\xf9\x00\x01", json!(5.960_464_477_539_063e-8)),
            (b"\xf9\x04\x00", json!(0.000_061_035_156_25)),
            (b"\xf9\xc4\x00", json!(-4.0)),
            (b"\xf9\x7c\x00", json!("Infinity")),
            (b"\xf9\xfc\x00", json!("-Infinity")),
            (b"\xf9\x7e\x00", json!("NaN")),
        ] {
            reads(bytes, value);
        }
    }

    #[test]
    fn lengths_may_be_unknown() {
        reads(b"\xbf\x61a\x9f\x01\x02\xff\x61b\xf7\xff", json!({"a": [1, 2], "b": null}));
        reads(b"\x5f\x42\x00\x01\x41\x02\xff", json!("AAEC"));
        reads(b"\x7f\x61a\x62bc\xff", json!("abc"));
    }

    #[test]
    fn broken_bytes_say_why_and_where() {
        let cases: [(&[u8], &str, usize); 8] = [
            (b"", "too early", 0),
            (b"\xa1\x61a", "too early", 3),
            (b"\x9f\x01", "too early", 2),
            (b"\x81\x62a", "too early", 1),
            (b"\xa1\x01\x01", "no text", 1),
            (b"\x61\xff", "utf-8", 0),
            (b"\x01\x02", "left behind", 1),
            (b"\x81\xff", "break", 1),
        ];
        for (bytes, reason, at) in cases {
            let found = read(bytes).expect_err("broken");
            assert!(found.0.contains(reason) && found.1 == at, "{bytes:x?}: {found:?}");
        }
        assert!(read(&[b'\x81'; 1000]).expect_err("deep").0.contains("deeper than 128"));
        // A length that nothing stands behind must not be believed.
        assert!(read(b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff").is_err());
        assert!(read(b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff").is_err());
    }
}

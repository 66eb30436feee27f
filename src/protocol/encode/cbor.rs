//! Values → CBOR.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minicbor::Encoder;
use minicbor::data::Tag;
use serde_json::{Map, Number, Value};

use super::{Encoded, Half, unwritable};
use crate::model::{Encoding, Service, Shape, ShapeId, ShapeKind, Structure};

/// The tag of a timestamp.
const TIMESTAMP: u64 = 1;
const MEMORY: &str = "memory takes it";

/// The body that holds the members of a structure.
pub(super) fn body(half: &Half<'_>) -> Encoded<Vec<u8>> {
    let mut out = Out { service: half.service, encoder: Encoder::new(Vec::new()) };
    out.members(half.structure, half.members)?;
    Ok(out.encoder.into_writer())
}

struct Out<'m> {
    service: &'m Service,
    encoder: Encoder<Vec<u8>>,
}

impl Out<'_> {
    fn members(&mut self, structure: &Structure, members: &Map<String, Value>) -> Encoded<()> {
        self.encoder.map(members.len() as u64).expect(MEMORY);
        for (key, value) in members {
            let member = structure.member_of_key(key, Encoding::Wire);
            self.encoder.str(key).expect(MEMORY);
            self.value(member.map(|member| &member.target), value)?;
        }
        Ok(())
    }

    /// A value; of what the model says nothing of, its own type decides.
    fn value(&mut self, target: Option<&ShapeId>, value: &Value) -> Encoded<()> {
        let shape: Option<&Shape> = target.and_then(|target| self.service.shape(target));
        match (shape.map(|shape| &shape.kind), value) {
            (_, Value::Null) => drop(self.encoder.null().expect(MEMORY)),
            (Some(ShapeKind::Structure(structure)), Value::Object(members)) => self.members(structure, members)?,
            (kind, Value::Object(entries)) => {
                let target = if let Some(ShapeKind::Map(map)) = kind { Some(&map.value) } else { None };
                self.encoder.map(entries.len() as u64).expect(MEMORY);
                for (key, value) in entries {
                    self.encoder.str(key).expect(MEMORY);
                    self.value(target, value)?;
                }
            }
            (kind, Value::Array(items)) => {
                let target = if let Some(ShapeKind::List(list)) = kind { Some(&list.target) } else { None };
                self.encoder.array(items.len() as u64).expect(MEMORY);
                for item in items {
                    self.value(target, item)?;
                }
            }
            (Some(ShapeKind::Blob(_)), Value::String(text)) => match STANDARD.decode(text) {
                Ok(bytes) => drop(self.encoder.bytes(&bytes).expect(MEMORY)),
                Err(_) => return unwritable("it is no base64"),
            },
            (Some(ShapeKind::Timestamp(_)), Value::Number(number)) => {
                self.encoder.tag(Tag::new(TIMESTAMP)).expect(MEMORY);
                self.number(number)?;
            }
            (Some(ShapeKind::Timestamp(_)), Value::String(_)) => return unwritable("CBOR has no timestamps of text"),
            (Some(ShapeKind::Float(_)), Value::String(text)) => match text.parse::<f64>() {
                Ok(float) if !float.is_finite() => drop(self.encoder.f64(float).expect(MEMORY)),
                _ => return unwritable("it is no number"),
            },
            (_, Value::String(text)) => drop(self.encoder.str(text).expect(MEMORY)),
            (_, Value::Bool(value)) => drop(self.encoder.bool(*value).expect(MEMORY)),
            (_, Value::Number(number)) => self.number(number)?,
        }
        Ok(())
    }

    fn number(&mut self, number: &Number) -> Encoded<()> {
        match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(whole), ..) => drop(self.encoder.i64(whole).expect(MEMORY)),
            (_, Some(whole), _) => drop(self.encoder.u64(whole).expect(MEMORY)),
            (.., Some(float)) => drop(self.encoder.f64(float).expect(MEMORY)),
            _ => return unwritable("it is no number"),
        }
        Ok(())
    }
}

//! CBOR with other texts and numbers in it, whatever they mean to a model.

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minicbor::data::Type;
use minicbor::decode::Decoder;
use minicbor::encode::Encoder;
use serde_json::{Number, Value};

use super::cbor_item::{Left, half, text};
use crate::limits::DEPTH;
use crate::recording::json::child;
use crate::recording::named::{Seen, Tree};

/// A text, bytes or number.
#[derive(Debug, PartialEq)]
pub enum CborLeaf<'b> {
    /// A text.
    Text(Cow<'b, str>),
    /// Bytes.
    Bytes(Cow<'b, [u8]>),
    /// A number.
    Number(Number),
}

/// Where one stands.
#[derive(Debug)]
pub struct CborPlace<'p> {
    /// Its pointer; of a key, that of its value.
    pub pointer: &'p str,
    /// Its bytes.
    pub range: Range<usize>,
    /// It is the key of a map.
    pub is_key: bool,
}

/// What is written in place of a leaf; `None` where it stays.
pub type EditOfCbor<'e> = dyn FnMut(&CborPlace<'_>, &CborLeaf<'_>) -> Option<CborLeaf<'static>> + 'e;

/// A value of CBOR, whose keys may stand more than once.
#[derive(Debug)]
pub struct CborNode {
    /// Its bytes, without its tags.
    pub range: Range<usize>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Text(String),
    Bytes(Vec<u8>),
    Number(Number),
    List(Vec<CborNode>),
    /// Keys that are no texts are base64.
    Map(Vec<(String, CborNode)>),
    /// A boolean, or nothing.
    Other(Value),
}

impl CborNode {
    /// The value as JSON: bytes are base64, and of keys that stand more than once the last counts.
    fn into_value(self) -> Value {
        match self.kind {
            Kind::Text(text) => Value::String(text),
            Kind::Bytes(bytes) => Value::String(STANDARD.encode(bytes)),
            Kind::Number(number) => Value::Number(number),
            Kind::List(items) => items.into_iter().map(Self::into_value).collect(),
            Kind::Map(members) => members.into_iter().map(|(key, member)| (key, member.into_value())).collect(),
            Kind::Other(value) => value,
        }
    }
}

impl Tree for CborNode {
    fn seen(&self) -> Seen<'_, Self> {
        match &self.kind {
            Kind::Text(text) => Seen::Text(Cow::Borrowed(text)),
            Kind::Bytes(bytes) => Seen::Text(match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => Cow::Owned(STANDARD.encode(bytes)),
            }),
            Kind::Number(number) => Seen::Number(Cow::Owned(number.to_string())),
            Kind::List(items) => Seen::List(items),
            Kind::Map(members) => Seen::Map(members.iter().map(|(key, member)| (key.as_str(), member)).collect()),
            Kind::Other(_) => Seen::Other,
        }
    }
}

/// A body of CBOR as `edit` leaves it, which is a map or list, or several items of which the first is; `None` of anything else.
pub fn edited_cbor(bytes: &[u8], edit: &mut EditOfCbor<'_>) -> Option<Vec<u8>> {
    walked(bytes, edit).map(|(_, edited)| edited)
}

/// The value of such a body; bytes, and keys that are no texts, are base64. `None` of anything else.
pub fn value_of_cbor(bytes: &[u8]) -> Option<Value> {
    tree_of_cbor(bytes).map(CborNode::into_value)
}

/// The same with places and all keys.
pub fn tree_of_cbor(bytes: &[u8]) -> Option<CborNode> {
    walked(bytes, &mut |_, _| None).map(|(node, _)| node)
}

/// What may be texts of CBOR among bytes that nobody can read as a whole: what stands behind a head that tells its length, up
/// to so many bytes.
pub fn texts_among(bytes: &[u8]) -> impl Iterator<Item = &str> {
    /// Bytes of a text whose length stands in its head.
    const SHORT: std::ops::RangeInclusive<u8> = 0x60..=0x77;
    /// The head before a length of one byte.
    const LONG: u8 = 0x78;
    bytes.iter().enumerate().filter_map(|(at, head)| {
        let (start, length) = match *head {
            head if SHORT.contains(&head) => (at + 1, head - SHORT.start()),
            LONG => (at + 2, *bytes.get(at + 1)?),
            _ => return None,
        };
        std::str::from_utf8(bytes.get(start..start + usize::from(length))?).ok()
    })
}

/// Whether bytes begin as such a body does: where they are none, it is cut, broken, or nested too deeply.
pub fn begins_cbor(bytes: &[u8]) -> bool {
    let first = Decoder::new(bytes).datatype();
    matches!(first, Ok(Type::Map | Type::MapIndef | Type::Array | Type::ArrayIndef | Type::Tag))
}

fn walked(bytes: &[u8], edit: &mut EditOfCbor<'_>) -> Option<(CborNode, Vec<u8>)> {
    if !begins_cbor(bytes) {
        return None;
    }
    let mut walk = Walk { bytes, from: Decoder::new(bytes), copied: 0, out: Vec::new(), edit };
    let mut first = Decoder::new(bytes);
    let is_alone = first.skip().is_ok() && first.position() == bytes.len();
    let node = if is_alone { walk.value("", 0)? } else { walk.sequence()? };
    walk.out.extend(&bytes[walk.copied..]);
    Some((node, walk.out))
}

struct Walk<'b, 'e> {
    bytes: &'b [u8],
    from: Decoder<'b>,
    /// Bytes that are in `out`, as they are or as they were edited.
    copied: usize,
    out: Vec<u8>,
    edit: &'e mut EditOfCbor<'e>,
}

impl Walk<'_, '_> {
    /// Items to the end, one after the other (RFC 8742).
    fn sequence(&mut self) -> Option<CborNode> {
        let mut items = Vec::new();
        while self.from.position() < self.bytes.len() {
            items.push(self.value(&format!("/{}", items.len()), 0)?);
        }
        Some(CborNode { range: 0..self.bytes.len(), kind: Kind::List(items) })
    }

    fn value(&mut self, pointer: &str, depth: usize) -> Option<CborNode> {
        if depth == DEPTH {
            return None;
        }
        let start = self.from.position();
        let kind = match self.from.datatype().ok()? {
            Type::Map | Type::MapIndef => Kind::Map(self.map(pointer, depth)?),
            Type::Array | Type::ArrayIndef => {
                let mut left = Left(self.from.array().ok()?);
                let mut items = Vec::new();
                while left.one_more(&mut self.from).ok()? {
                    items.push(self.value(&format!("{pointer}/{}", items.len()), depth + 1)?);
                }
                Kind::List(items)
            }
            Type::Tag => {
                self.from.tag().ok()?;
                return self.value(pointer, depth + 1);
            }
            Type::Bool => Kind::Other(Value::Bool(self.from.bool().ok()?)),
            Type::Null | Type::Undefined => {
                self.from.set_position(start + 1);
                Kind::Other(Value::Null)
            }
            Type::String | Type::StringIndef => {
                let text = text(&mut self.from).ok()?;
                self.leaf(pointer, start, false, &CborLeaf::Text(text.as_str().into()))?;
                Kind::Text(text)
            }
            Type::Bytes | Type::BytesIndef => {
                let pieces = self.from.bytes_iter().and_then(Iterator::collect::<Result<Vec<_>, _>>).ok()?;
                let bytes = pieces.concat();
                self.leaf(pointer, start, false, &CborLeaf::Bytes(bytes.as_slice().into()))?;
                Kind::Bytes(bytes)
            }
            Type::F16 | Type::F32 | Type::F64 => {
                let float = half(&mut self.from).or_else(|| self.from.f64().ok())?;
                self.number(pointer, start, Number::from_f64(float))?
            }
            Type::Simple => {
                self.from.simple().ok()?;
                Kind::Other(Value::Null)
            }
            Type::Break | Type::Unknown(_) => return None,
            _ => {
                let whole = i128::from(self.from.int().ok()?);
                let number = i64::try_from(whole).map(Number::from).or_else(|_| u64::try_from(whole).map(Number::from));
                self.number(pointer, start, number.ok())?
            }
        };
        Some(CborNode { range: start..self.from.position(), kind })
    }

    fn map(&mut self, pointer: &str, depth: usize) -> Option<Vec<(String, CborNode)>> {
        let mut left = Left(self.from.map().ok()?);
        let mut members = Vec::new();
        while left.one_more(&mut self.from).ok()? {
            let start = self.from.position();
            let is_text = matches!(self.from.datatype().ok()?, Type::String | Type::StringIndef);
            // Other keys than texts are called by what they are.
            let key = if is_text {
                text(&mut self.from).ok()?
            } else {
                self.from.skip().ok()?;
                STANDARD.encode(&self.bytes[start..self.from.position()])
            };
            let below = child(pointer, &key);
            if is_text {
                self.leaf(&below, start, true, &CborLeaf::Text(key.as_str().into()))?;
            }
            members.push((key, self.value(&below, depth + 1)?));
        }
        Some(members)
    }

    /// A number; one that JSON has no number for stays.
    fn number(&mut self, pointer: &str, start: usize, number: Option<Number>) -> Option<Kind> {
        let Some(number) = number else { return Some(Kind::Other(Value::Null)) };
        self.leaf(pointer, start, false, &CborLeaf::Number(number.clone()))?;
        Some(Kind::Number(number))
    }

    fn leaf(&mut self, pointer: &str, start: usize, is_key: bool, leaf: &CborLeaf<'_>) -> Option<()> {
        let range = start..self.from.position();
        let Some(other) = (self.edit)(&CborPlace { pointer, range: range.clone(), is_key }, leaf) else {
            return Some(());
        };
        self.out.extend(&self.bytes[self.copied..start]);
        self.copied = range.end;
        let mut out = Encoder::new(&mut self.out);
        match other {
            CborLeaf::Text(text) => out.str(&text).ok()?,
            CborLeaf::Bytes(bytes) => out.bytes(&bytes).ok()?,
            CborLeaf::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(whole), ..) => out.i64(whole).ok()?,
                (_, Some(whole), _) => out.u64(whole).ok()?,
                (.., float) => out.f64(float?).ok()?,
            },
        };
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// `{"ab": "cd", "e": [1, 2.5, h'61', null], "f": 1(true)}`, whose lengths nobody told before.
    const BODY: &[u8] =
        b"\xbf\x62ab\x7f\x61c\x61d\xff\x61e\x9f\x01\xfb\x40\x04\0\0\0\0\0\0\x41a\xf6\xff\x61f\xc1\xf5\xff";

    #[test]
    fn what_is_not_edited_stays_byte_for_byte() {
        assert_eq!(edited_cbor(BODY, &mut |_, _| None).as_deref(), Some(BODY));
        assert_eq!(value_of_cbor(BODY), Some(json!({"ab": "cd", "e": [1, 2.5, "YQ==", null], "f": true})));
        for other in [&b"\x61a"[..], b"", b"\xa1\x61a", b"{\"a\": 1}", b"\xa0\xff"] {
            assert_eq!(value_of_cbor(other), None, "{other:?}");
        }
        assert_eq!(value_of_cbor(b"\xa2\x01\x61b\x61a\xf8\xfe"), Some(json!({"AQ==": "b", "a": null})));
        assert_eq!(value_of_cbor(b"\xd9\xd9\xf7\x81\xa1\x61a\x01"), Some(json!([{"a": 1}])));
        let followed = b"\xa1\x61a\x61b\x00";
        assert_eq!(value_of_cbor(followed), Some(json!([{"a": "b"}, 0])));
        let edited = edited_cbor(followed, &mut |place, _| {
            (place.pointer == "/0/a" && !place.is_key).then(|| CborLeaf::Text("c".into()))
        });
        assert_eq!(edited.as_deref(), Some(&b"\xa1\x61a\x61c\x00"[..]));
    }

    #[test]
    fn what_cannot_be_read_as_a_whole_is_broken() {
        let is_broken_cbor = |bytes: &[u8]| begins_cbor(bytes) && tree_of_cbor(bytes).is_none();
        let deep = [&[0x81; DEPTH][..], BODY].concat();
        for broken in [&BODY[..BODY.len() - 1], b"\xa1\x61a", b"\xa0\xff", &deep] {
            assert!(is_broken_cbor(broken), "{broken:x?}");
        }
        for other in [BODY, b"", b"text", b"\x61a", b"{\"a\": 1}"] {
            assert!(!is_broken_cbor(other), "{other:x?}");
        }
        let long = [&[0x78, 30][..], &[b'z'; 30]].concat();
        let cut = [&b"\xa1\x64word\x64cu"[..], &long].concat();
        let texts: Vec<&str> = texts_among(&cut).collect();
        assert!(texts.contains(&"word") && texts.contains(&&*"z".repeat(30)), "{texts:?}");
    }

    #[test]
    fn lengths_follow_what_is_written() {
        let mut seen = Vec::new();
        let edited = edited_cbor(BODY, &mut |place, leaf| {
            seen.push((place.pointer.to_owned(), place.is_key));
            match leaf {
                CborLeaf::Text(_) if !place.is_key => Some(CborLeaf::Text("x".repeat(30).into())),
                CborLeaf::Bytes(_) => Some(CborLeaf::Bytes(b"yz".into())),
                CborLeaf::Number(number) if number.is_f64() => Number::from_f64(0.5).map(CborLeaf::Number),
                CborLeaf::Number(_) => Some(CborLeaf::Number(300.into())),
                CborLeaf::Text(_) => None,
            }
        });
        let value = value_of_cbor(&edited.expect("CBOR")).expect("still");
        assert_eq!(value, json!({"ab": "x".repeat(30), "e": [300, 0.5, "eXo=", null], "f": true}));
        let expected = [("/ab", true), ("/ab", false), ("/e", true), ("/e/0", false), ("/e/1", false), ("/e/2", false)];
        assert_eq!(seen[..6], expected.map(|(pointer, is_key)| (pointer.to_owned(), is_key)));
    }
}

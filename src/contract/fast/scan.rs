//! Running a [`Program`] inside `serde_json`'s parser. Every doubt ends the parse with an error that nobody reads.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::super::written::are_fine_seconds;
use super::{MOST_EXACT, Node, Object, Program, Seen, Text};

/// One value to run over.
#[derive(Clone, Copy)]
pub(super) struct Scan<'p> {
    pub(super) program: &'p Program,
    pub(super) node: usize,
}

impl<'p> Scan<'p> {
    fn node(self) -> &'p Node {
        &self.program.nodes[self.node]
    }

    fn at(self, node: usize) -> Self {
        Self { node, ..self }
    }

    /// The node that takes a value other than null.
    fn dense(self) -> &'p Node {
        match self.node() {
            Node::Sparse(node) => self.at(*node).dense(),
            node => node,
        }
    }
}

#[cold]
fn doubt<E: Error>() -> E {
    E::custom("not sure")
}

fn sure<E: Error>(certain: bool) -> Result<(), E> {
    if certain { Ok(()) } else { Err(doubt()) }
}

impl<'de> DeserializeSeed<'de> for Scan<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.node() {
            Node::NotSure => Err(doubt()),
            // Numbers beyond all types are refused by the parser only where it must give a value.
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Scan<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that conforms")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        sure(matches!(self.node(), Node::Any | Node::Sparse(_)))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        sure(matches!(self.dense(), Node::Any | Node::Boolean))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        #[allow(clippy::cast_precision_loss, reason = "it is small enough to be exact")]
        match self.dense() {
            Node::Any => Ok(()),
            Node::Integer { min, max } => sure((*min..=*max).contains(&value)),
            Node::Number { min, max, .. } => {
                sure(value.unsigned_abs() <= MOST_EXACT && (*min..=*max).contains(&(value as f64)))
            }
            _ => Err(doubt()),
        }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        i64::try_from(value).map_err(|_| doubt()).and_then(|value| self.visit_i64(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        match self.dense() {
            Node::Any => Ok(()),
            Node::Number { min, max, is_time, .. } => {
                sure((*min..=*max).contains(&value) && !(*is_time && are_fine_seconds(value)))
            }
            _ => Err(doubt()),
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        match self.dense() {
            Node::Any => Ok(()),
            Node::Text(text) | Node::Number { text: Some(text), .. } => sure(text.accepts(value)),
            _ => Err(doubt()),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        match self.dense() {
            Node::Any => {
                while elements.next_element_seed(Scan { ..self })?.is_some() {}
                Ok(())
            }
            Node::Array { items, min, max } => {
                let mut count = 0;
                while elements.next_element_seed(self.at(*items))?.is_some() {
                    count += 1;
                }
                sure(count >= *min && count <= *max)
            }
            _ => Err(doubt()),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        match self.dense() {
            // A document may hold anything but a repeated key, which the full path tells.
            Node::Any => {
                // Members of a document are left to the full path; an empty object is what it says.
                sure(entries.next_key::<IgnoredAny>()?.is_none())
            }
            Node::Map { keys, values, min, max } => {
                let mut seen = Vec::new();
                while let Some(hash) = entries.next_key_seed(MapKey(keys))? {
                    // Equal hashes of different keys only cost a look by the full path.
                    sure(!seen.contains(&hash))?;
                    seen.push(hash);
                    entries.next_value_seed(self.at(*values))?;
                }
                sure(seen.len() >= *min && seen.len() <= *max)
            }
            Node::Object(object) => {
                let mut seen: Seen = [0; 4];
                let mut count: u32 = 0;
                while let Some(at) = entries.next_key_seed(MemberKey(object))? {
                    let bit = 1_u64 << (at % 64);
                    sure(seen[at / 64] & bit == 0)?;
                    seen[at / 64] |= bit;
                    count += 1;
                    entries.next_value_seed(self.at(object.members.node(at)))?;
                }
                let complete = object.required.iter().zip(&seen).all(|(required, seen)| required & !seen == 0);
                sure(complete && count >= object.min && count <= object.max)
            }
            _ => Err(doubt()),
        }
    }
}

/// A structure's key: the number of its member.
struct MemberKey<'p>(&'p Object);

impl<'de> DeserializeSeed<'de> for MemberKey<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for MemberKey<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<usize, E> {
        self.0.members.position(key).ok_or_else(doubt)
    }
}

/// A map's key: its hash, once it fits.
struct MapKey<'p>(&'p Text);

impl<'de> DeserializeSeed<'de> for MapKey<'_> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for MapKey<'_> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map's key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<u64, E> {
        use std::hash::{DefaultHasher, Hash as _, Hasher as _};
        sure(self.0.accepts(key))?;
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        Ok(hasher.finish())
    }
}

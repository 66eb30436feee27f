//! Reading JSON objects of models key by key, so that what nobody took is known.

use serde_json::{Number, Value};

use crate::error::{Error, Result};
use crate::ingest::Loss;

/// Prose, and remarks about prose; left out by decision, so no loss.
const PROSE: &[&str] = &["documentation", "deprecatedMessage", "deprecatedSince", "smithy.api#documentation"];

/// Keys that nobody took, with their places, and a digest of the prose.
#[derive(Debug, Default)]
pub(super) struct Losses {
    pub(super) found: Vec<Loss>,
    pub(super) prose: u64,
}

/// One JSON object of the model, consumed key by key.
pub(super) struct Fields {
    /// What is left of it. Most have a handful of members, which are found sooner one by one than by hashing.
    left: Vec<(String, Value)>,
    place: String,
}

impl Fields {
    pub(super) fn new(value: Value, place: impl Into<String>) -> Result<Self> {
        let place = place.into();
        match value {
            Value::Object(map) => Ok(Self { left: map.into_iter().collect(), place }),
            other => Err(unexpected("an object", &other, &place)),
        }
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        self.value(key).filter(|value| !value.is_null())
    }

    fn typed<T>(&mut self, key: &str, wanted: &str, read: fn(Value) -> Result<T, Value>) -> Result<Option<T>> {
        let read = self.take(key).map(read).transpose();
        read.map_err(|other| unexpected(wanted, &other, &self.place_of(key)))
    }

    fn place_of(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) }
    }

    /// The object under `key`, which must be there.
    pub(super) fn object(&mut self, key: &str) -> Result<Self> {
        self.opt_object(key)?.ok_or_else(|| Error::new(format!("{} is missing", self.place_of(key))))
    }

    pub(super) fn opt_object(&mut self, key: &str) -> Result<Option<Self>> {
        self.take(key).map(|value| Self::new(value, self.place_of(key))).transpose()
    }

    pub(super) fn text(&mut self, key: &str) -> Result<Option<String>> {
        self.typed(key, "a string", |value| if let Value::String(text) = value { Ok(text) } else { Err(value) })
    }

    /// The text under `key`, which must be there.
    pub(super) fn required_text(&mut self, key: &str) -> Result<String> {
        self.text(key)?.ok_or_else(|| Error::new(format!("{} is missing", self.place_of(key))))
    }

    /// The value under `key` as it is, `null` too.
    pub(super) fn value(&mut self, key: &str) -> Option<Value> {
        let at = self.left.iter().position(|(own, _)| own == key)?;
        Some(self.left.swap_remove(at).1)
    }

    /// Whether there is anything under `key`, which is left to be taken or lost.
    pub(super) fn has(&self, key: &str) -> bool {
        self.left.iter().any(|(own, _)| own == key)
    }

    /// Whether there is anything under `key`: traits without a value are empty objects.
    pub(super) fn is_set(&mut self, key: &str) -> bool {
        self.take(key).is_some()
    }

    pub(super) fn flag(&mut self, key: &str) -> Result<bool> {
        Ok(self
            .typed(key, "true or false", |value| if let Value::Bool(flag) = value { Ok(flag) } else { Err(value) })?
            .unwrap_or_default())
    }

    pub(super) fn number(&mut self, key: &str) -> Result<Option<Number>> {
        self.typed(key, "a number", |value| if let Value::Number(number) = value { Ok(number) } else { Err(value) })
    }

    pub(super) fn status(&mut self, key: &str) -> Result<Option<u16>> {
        let Some(number) = self.number(key)? else { return Ok(None) };
        let status = number.as_u64().and_then(|status| u16::try_from(status).ok());
        status.map(Some).ok_or_else(|| Error::new(format!("{number} at {} is no HTTP status", self.place_of(key))))
    }

    pub(super) fn texts(&mut self, key: &str) -> Result<Option<Vec<String>>> {
        let Some(items) = self.list(key)? else { return Ok(None) };
        let text = |value| match value {
            Value::String(text) => Ok(text),
            other => Err(unexpected("a string", &other, &self.place_of(key))),
        };
        items.into_iter().map(text).collect::<Result<_>>().map(Some)
    }

    pub(super) fn objects(&mut self, key: &str) -> Result<Vec<Self>> {
        let items = self.list(key)?.unwrap_or_default();
        let place = self.place_of(key);
        items.into_iter().enumerate().map(|(i, value)| Self::new(value, format!("{place}.{i}"))).collect()
    }

    fn list(&mut self, key: &str) -> Result<Option<Vec<Value>>> {
        self.typed(key, "a list", |value| if let Value::Array(items) = value { Ok(items) } else { Err(value) })
    }

    /// All entries as objects of their own, in the file's order.
    pub(super) fn entries(self) -> impl Iterator<Item = (String, Result<Self>)> {
        let Self { left, place } = self;
        left.into_iter().map(move |(key, value)| {
            let fields = Self::new(value, format!("{place}.{key}"));
            (key, fields)
        })
    }

    /// Leaves these keys out by decision.
    pub(super) fn ignore(&mut self, keys: &[&str]) {
        for key in keys {
            self.value(key);
        }
    }

    /// Counts what is left as lost.
    pub(super) fn finish(mut self, losses: &mut Losses) {
        for key in PROSE {
            if let Some(Value::String(text)) = self.value(key) {
                // A sum does not depend on the order of the places.
                let told = digest(format!("{}.{key}", self.place).as_bytes()) ^ digest(text.as_bytes());
                losses.prose = losses.prose.wrapping_add(told);
            }
        }
        let place = &self.place;
        let left = self.left.into_iter();
        losses.found.extend(left.map(|(what, value)| Loss { place: place.clone(), what, value: value.to_string() }));
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }
}

/// FNV-1a, which is the same everywhere and always.
pub(super) fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn unexpected(wanted: &str, found: &Value, place: &str) -> Error {
    let shown: String = found.to_string().chars().take(40).collect();
    Error::new(format!("{place} should be {wanted} and is {shown}"))
}

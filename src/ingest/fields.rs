//! Reading JSON objects of models key by key, so that what nobody took is known.

use serde_json::{Number, Value};

use crate::error::{Error, Result};
use crate::ingest::Loss;
use crate::ingest::json::{Json, Members};

/// Prose, and remarks about prose; left out by decision, so no loss.
const PROSE: &[&str] = &["documentation", "deprecatedMessage", "deprecatedSince", "smithy.api#documentation"];

/// Keys that nobody took, with their places, and a digest of the prose.
#[derive(Debug, Default)]
pub(super) struct Losses {
    pub(super) found: Vec<Loss>,
    pub(super) prose: u64,
}

/// One JSON object of the model, consumed key by key.
pub(super) struct Fields<'t> {
    /// What is left of it.
    left: Members<'t>,
    place: String,
}

impl<'t> Fields<'t> {
    pub(super) fn new(json: impl Into<Json<'t>>, place: impl Into<String>) -> Result<Self> {
        let place = place.into();
        match json.into() {
            Json::Object(left) => Ok(Self { left, place }),
            other => Err(unexpected("an object", other, &place)),
        }
    }

    fn member(&mut self, key: &str) -> Option<Json<'t>> {
        let at = self.left.iter().position(|(own, _)| own == key)?;
        Some(self.left.swap_remove(at).1)
    }

    fn take(&mut self, key: &str) -> Option<Json<'t>> {
        self.member(key).filter(|json| !matches!(json, Json::Null))
    }

    fn typed<T>(&mut self, key: &str, wanted: &str, read: fn(Json<'t>) -> Result<T, Json<'t>>) -> Result<Option<T>> {
        let read = self.take(key).map(read).transpose();
        read.map_err(|other| unexpected(wanted, other, &self.place_of(key)))
    }

    fn place_of(&self, key: &str) -> String {
        place_within(&self.place, key)
    }

    /// The object under `key`, which must be there.
    pub(super) fn object(&mut self, key: &str) -> Result<Self> {
        self.opt_object(key)?.ok_or_else(|| Error::new(format!("{} is missing", self.place_of(key))))
    }

    pub(super) fn opt_object(&mut self, key: &str) -> Result<Option<Self>> {
        self.take(key).map(|json| Self::new(json, self.place_of(key))).transpose()
    }

    pub(super) fn text(&mut self, key: &str) -> Result<Option<String>> {
        self.typed(key, "a string", |json| if let Json::Text(text) = json { Ok(text.into_owned()) } else { Err(json) })
    }

    /// The text under `key`, which must be there.
    pub(super) fn required_text(&mut self, key: &str) -> Result<String> {
        self.text(key)?.ok_or_else(|| Error::new(format!("{} is missing", self.place_of(key))))
    }

    /// The value under `key` as it is, `null` too.
    pub(super) fn value(&mut self, key: &str) -> Option<Value> {
        self.member(key).map(Value::from)
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
            .typed(key, "true or false", |json| if let Json::Flag(flag) = json { Ok(flag) } else { Err(json) })?
            .unwrap_or_default())
    }

    pub(super) fn number(&mut self, key: &str) -> Result<Option<Number>> {
        self.typed(key, "a number", |json| if let Json::Number(number) = json { Ok(number) } else { Err(json) })
    }

    pub(super) fn status(&mut self, key: &str) -> Result<Option<u16>> {
        let Some(number) = self.number(key)? else { return Ok(None) };
        let status = number.as_u64().and_then(|status| u16::try_from(status).ok());
        status.map(Some).ok_or_else(|| Error::new(format!("{number} at {} is no HTTP status", self.place_of(key))))
    }

    pub(super) fn texts(&mut self, key: &str) -> Result<Option<Vec<String>>> {
        let Some(items) = self.list(key)? else { return Ok(None) };
        let text = |json| match json {
            Json::Text(text) => Ok(text.into_owned()),
            other => Err(unexpected("a string", other, &self.place_of(key))),
        };
        items.into_iter().map(text).collect::<Result<_>>().map(Some)
    }

    pub(super) fn objects(&mut self, key: &str) -> Result<Vec<Self>> {
        let items = self.list(key)?.unwrap_or_default();
        let place = self.place_of(key);
        items.into_iter().enumerate().map(|(i, json)| Self::new(json, format!("{place}.{i}"))).collect()
    }

    fn list(&mut self, key: &str) -> Result<Option<Vec<Json<'t>>>> {
        self.typed(key, "a list", |json| if let Json::List(items) = json { Ok(items) } else { Err(json) })
    }

    /// All entries as objects of their own, in the file's order.
    pub(super) fn entries(self) -> impl Iterator<Item = (String, Result<Self>)> {
        let Self { left, place } = self;
        left.into_iter().map(move |(key, json)| {
            let fields = Self::new(json, place_within(&place, &key));
            (key.into_owned(), fields)
        })
    }

    /// Leaves these keys out by decision.
    pub(super) fn ignore(&mut self, keys: &[&str]) {
        for key in keys {
            self.member(key);
        }
    }

    /// Counts what is left as lost.
    pub(super) fn finish(mut self, losses: &mut Losses) {
        for key in PROSE {
            if let Some(Json::Text(text)) = self.member(key) {
                // A sum does not depend on the order of the places.
                let told = digest(format!("{}.{key}", self.place).as_bytes()) ^ digest(text.as_bytes());
                losses.prose = losses.prose.wrapping_add(told);
            }
        }
        let place = &self.place;
        let left = self.left.into_iter();
        losses.found.extend(left.map(|(what, json)| Loss {
            place: place.clone(),
            what: what.into_owned(),
            value: Value::from(json).to_string(),
        }));
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }
}

/// FNV-1a, which is the same everywhere and always.
pub(super) fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The place of a member of an object at a place. There is one for each member of a model, most of which nobody asks for.
fn place_within(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_owned() } else { [place, ".", key].concat() }
}

fn unexpected(wanted: &str, found: Json<'_>, place: &str) -> Error {
    let shown: String = Value::from(found).to_string().chars().take(40).collect();
    Error::new(format!("{place} should be {wanted} and is {shown}"))
}

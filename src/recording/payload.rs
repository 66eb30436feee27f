//! [`Payload`]: one half of an exchange, as it stands in the file.

use std::borrow::Cow;

use serde_json::Value;

use super::{Notation, Origins, Written, json};
use crate::model::Encoding;

/// One half of an exchange, as it stands in the file.
#[derive(Debug, Clone)]
pub struct Payload<'a> {
    /// JSON text, borrowed from the source, or YAML.
    pub text: &'a str,
    /// The value where it differs from the text: SDK objects brought into the common form.
    pub value: Option<Value>,
    /// How its values are written.
    pub encoding: Encoding,
    /// Where the parts of the value came from, where it was put together from several places.
    pub origins: Option<Box<Origins>>,
    /// Texts of the value that were objects of the language which recorded it.
    pub objects: Vec<Object>,
    /// The value by the other reading of the message, where its protocol leaves two open.
    pub alternative: Option<Box<Value>>,
    /// What its text is.
    pub syntax: Syntax,
    /// It was read by somebody who was not sure of it, so that the fast path is not asked again.
    pub is_doubted: bool,
}

/// What the text of a payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// JSON.
    Json,
    /// JSON with the escapes of the strings that it stands within. The value is given beside it.
    Escaped {
        /// How many strings those are, one within the other.
        strings: usize,
    },
    /// YAML; of a list of pages, the one of that number.
    Yaml {
        /// Its number, from 0.
        page: Option<usize>,
    },
}

/// A text of a value that was an object of the language which recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Pointer into the value.
    pub pointer: String,
    /// What the object was.
    pub class: Class,
}

/// What an object was that stands in a value as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A point in time.
    Datetime,
    /// The content of a body, in base64.
    Stream,
}

impl<'a> Payload<'a> {
    /// A payload that is what its text says.
    pub fn text(text: &'a str, encoding: Encoding) -> Self {
        Self {
            text,
            value: None,
            encoding,
            origins: None,
            objects: Vec::new(),
            alternative: None,
            syntax: Syntax::Json,
            is_doubted: false,
        }
    }

    /// A payload without members.
    pub fn empty() -> Self {
        Self::text("{}", Encoding::Wire)
    }

    /// Marks it as one whose body is not known.
    pub(crate) fn lacks_body(&mut self) {
        self.origins.get_or_insert_default().partial = true;
    }

    /// Whether its body is not known, so that nothing is missing from it.
    pub(crate) fn is_partial(&self) -> bool {
        self.origins.as_ref().is_some_and(|origins| origins.partial)
    }

    /// Its value, given or read from the text; `None` where that is not JSON.
    pub fn read(&self) -> Option<Cow<'_, Value>> {
        let given = self.value.as_ref().map(Cow::Borrowed);
        given.or_else(|| json::parse(self.text).ok().map(|(value, _)| Cow::Owned(value)))
    }

    /// The JSON of a text that stands within strings; `None` of other texts, which are what they say.
    pub(crate) fn unescaped(&self) -> Option<Unescaped> {
        let Syntax::Escaped { strings } = self.syntax else { return None };
        let mut layers: Vec<Written<'static>> = Vec::with_capacity(strings);
        for _ in 0..strings {
            let around = layers.last().map_or(Cow::Borrowed(self.text), Written::text);
            let (plain, length) = (unescaped(&around)?, around.len());
            layers.push(Written::new(plain.into_bytes().into(), 0..length, Notation::Escaped));
        }
        (!layers.is_empty()).then_some(Unescaped { layers })
    }

    /// A payload that a protocol put together. `text` is its body where that is JSON.
    pub fn composed(text: &'a str, value: Value, origins: Origins) -> Self {
        let origins = Some(Box::new(origins));
        Self { value: Some(value), origins, ..Self::text(text, Encoding::Wire) }
    }
}

/// A text without the escapes of the strings that it stands within.
#[derive(Debug)]
pub(crate) struct Unescaped {
    /// The text within each string, the outermost first.
    layers: Vec<Written<'static>>,
}

impl Unescaped {
    /// The text within all of them.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        self.layers.last().map_or(Cow::Borrowed(""), Written::text)
    }

    /// The layers from the innermost out, each with the text that it stands in. `written` is the text with all escapes.
    pub(crate) fn outwards<'u>(&'u self, written: &'u str) -> impl Iterator<Item = (&'u Written<'static>, &'u [u8])> {
        let around = move |at: usize| at.checked_sub(1).map_or(written.as_bytes(), |outer| &self.layers[outer].bytes);
        self.layers.iter().enumerate().rev().map(move |(at, layer)| (layer, around(at)))
    }
}

/// A part of a JSON string as the text that it means; `None` where it is no such part.
pub(crate) fn unescaped(part: &str) -> Option<String> {
    serde_json::from_str(&format!("\"{part}\"")).ok()
}

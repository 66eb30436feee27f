//! Objects of the language that recorded a payload: what stands for one where it has no place, and what is none where one
//! belongs.

use std::collections::HashSet;

use serde_json::Value;

use super::breach::{Breach, BreachKind, REDACTED};
use super::full::BreachReader;
use super::place::member;
use super::written;
use crate::model::{ShapeId, ShapeKind};
use crate::recording::json::{Part, child};
use crate::recording::{Class, Object, Payload};

/// What boto3 makes of every timestamp, and how placebo writes it.
const DATETIME: &str = r#"a datetime object ({"__class__": "datetime", …})"#;

impl BreachReader<'_> {
    /// Adds what is wrong with the objects of a payload that boto3 handed over. `value` has texts in their places.
    pub(super) fn tell_objects(&self, payload: &Payload<'_>, value: &Value, breaches: &mut Vec<Breach>) {
        for breach in &mut *breaches {
            if let BreachKind::TimestampForm { expected, .. } = &mut breach.kind {
                *expected = DATETIME;
            }
        }
        let mut texts = Vec::new();
        if let Some(root) = self.root {
            self.texts_of_times(root, value, "", &mut texts);
        }
        let told =
            breaches.iter().filter(|breach| breach.kind.settles_the_value()).map(|breach| breach.pointer.as_str());
        let known: HashSet<&str> = payload.objects.iter().map(|object| object.pointer.as_str()).chain(told).collect();
        texts.retain(|pointer| !known.contains(pointer.as_str()));
        breaches.extend(texts.iter().filter_map(|pointer| self.text_of_time(pointer, value)));
        breaches.extend(payload.objects.iter().filter_map(|object| self.misplaced(object, value)));
    }

    /// Pointers of the texts that stand where the model has timestamps.
    fn texts_of_times(&self, shape: &ShapeId, value: &Value, pointer: &str, texts: &mut Vec<String>) {
        let Some(shape) = self.service.shape(shape) else { return };
        match (&shape.kind, value) {
            (ShapeKind::Timestamp(_), Value::String(_)) => texts.push(pointer.to_owned()),
            (ShapeKind::Structure(structure), Value::Object(members)) => {
                for (key, value) in members {
                    if let Some(member) = member(structure, key, self.encoding) {
                        self.texts_of_times(&member.target, value, &child(pointer, key), texts);
                    }
                }
            }
            (ShapeKind::List(list), Value::Array(items)) => {
                for (number, item) in items.iter().enumerate() {
                    self.texts_of_times(&list.target, item, &format!("{pointer}/{number}"), texts);
                }
            }
            (ShapeKind::Map(map), Value::Object(entries)) => {
                for (key, entry) in entries {
                    self.texts_of_times(&map.value, entry, &child(pointer, key), texts);
                }
            }
            _ => {}
        }
    }

    /// A text that was no datetime.
    fn text_of_time(&self, pointer: &str, value: &Value) -> Option<Breach> {
        let place = self.place(pointer);
        let text = value.pointer(pointer)?;
        let found = if place.sensitive { REDACTED.into() } else { text.clone() };
        let kind = BreachKind::TimestampForm { expected: DATETIME, found, form: written::timestamp(text) };
        Some(self.breach(kind, pointer, &place, Part::Value))
    }

    /// A text that was an object which no SDK makes of what the model has in its place.
    fn misplaced(&self, object: &Object, value: &Value) -> Option<Breach> {
        let place = self.place(&object.pointer);
        // Elsewhere the text itself is of another type or form.
        if !matches!(place.target?.kind, ShapeKind::String(_)) {
            return None;
        }
        let found = match object.class {
            Class::Datetime => "datetime",
            Class::Stream => "stream",
        };
        let shown = value.pointer(&object.pointer).filter(|_| !place.sensitive).cloned();
        let value = shown.unwrap_or_else(|| REDACTED.into());
        let kind = BreachKind::wrong_type("string", found, value);
        Some(self.breach(kind, &object.pointer, &place, Part::Value))
    }
}

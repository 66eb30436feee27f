//! Logged values, brought back into the form that the contract describes.
//!
//! `CloudTrail` writes the first letter of every name in lower case, and some names in lower case throughout, wraps lists
//! (`{"items": […]}`) or writes the only element in their place, writes numbers and booleans as text, leaves out the one
//! structure that an output consists of, and puts masks in place of secrets. What services in XML are sent it turns into JSON
//! without their models: texts that look like numbers and booleans become these, and empty elements empty texts or objects. The
//! parameters of a request to S3 it has, in its older events, as lists of one text each.
//! [`Restored`] undoes what can be undone with the model at hand, and leaves out what was masked. It keeps where everything
//! came from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::model::{Member, Protocol, Service, Shape, ShapeId, ShapeKind, Structure};
use crate::recording::Excuse;
use crate::recording::json::{self, child};

/// A payload as it was before it was logged, as far as that can be told.
pub(super) struct Restored {
    pub(super) value: Value,
    /// Pointers into the recording by those into the value, where the two differ.
    moved: BTreeMap<String, String>,
    /// What was undone.
    pub(super) undone: BTreeSet<Excuse>,
}

impl Restored {
    pub(super) fn new(service: &Service, root: Option<&ShapeId>, logged: &Value) -> Self {
        let mut restorer = Restorer { service, moved: BTreeMap::new(), undone: BTreeSet::new() };
        let value = match root {
            Some(root) => restorer.root(root, logged),
            None => logged.clone(),
        };
        Self { value, moved: restorer.moved, undone: restorer.undone }
    }

    /// Where in the recording the value at a pointer stands.
    pub(super) fn recorded(&self, pointer: &str) -> String {
        let mut end = pointer.len();
        loop {
            if let Some(recorded) = self.moved.get(&pointer[..end]) {
                return format!("{recorded}{}", &pointer[end..]);
            }
            match pointer[..end].rfind('/') {
                Some(slash) => end = slash,
                None => return pointer.to_owned(),
            }
        }
    }
}

struct Restorer<'m> {
    service: &'m Service,
    moved: BTreeMap<String, String>,
    undone: BTreeSet<Excuse>,
}

/// A place in the restored value, and the place in the recording that it came from.
#[derive(Clone, Copy)]
struct At<'p> {
    here: &'p str,
    there: &'p str,
}

impl Restorer<'_> {
    fn root(&mut self, root: &ShapeId, logged: &Value) -> Value {
        let at = At { here: "", there: "" };
        if is_omitted(logged) {
            self.undone.insert(Excuse::PayloadOmitted);
            return Value::Object(Map::new());
        }
        match self.wrapper(root, logged) {
            Some(member) => {
                self.undone.insert(Excuse::StructureUnwrapped);
                let here = child("", &member.name);
                self.moved.insert(here.clone(), String::new());
                let value = self.value(&member.target, logged, At { here: &here, there: "" });
                Value::Object(Map::from_iter([(member.name.clone(), value)]))
            }
            None => self.value(root, logged, at),
        }
    }

    /// The one structure that an output consists of, where its members were logged in its place.
    fn wrapper(&self, root: &ShapeId, logged: &Value) -> Option<Member> {
        let structure = self.service.structure(root)?;
        let keys: Vec<&String> = logged.as_object()?.keys().collect();
        if keys.is_empty() || keys.iter().any(|key| member(structure, key).is_some()) {
            return None;
        }
        let mut inner = structure.members.iter().filter_map(|own| Some((own, self.service.structure(&own.target)?)));
        let (wrapper, inside) = inner.next()?;
        let fits = inner.next().is_none() && keys.iter().any(|key| member(inside, key).is_some());
        fits.then(|| wrapper.clone())
    }

    fn value(&mut self, target: &ShapeId, logged: &Value, at: At<'_>) -> Value {
        let service = self.service;
        let Some(shape) = service.shape(target) else { return logged.clone() };
        if let Some(text) = self.parameter(&shape.kind, logged, at) {
            self.undone.insert(Excuse::ParameterAsList);
            let there = child(at.there, "0");
            self.moved.insert(at.here.to_owned(), there.clone());
            return self.value(target, text, At { there: &there, ..at });
        }
        if let Some(value) = self.read_as_xml(&shape.kind, logged) {
            return value;
        }
        match (&shape.kind, logged) {
            (ShapeKind::Structure(structure), Value::Object(members)) => self.structure(structure, members, at),
            (ShapeKind::List(list), Value::Array(items)) => self.list(&list.target, items, at),
            (ShapeKind::List(list), Value::Object(one)) if self.is_element(&list.target, one) => {
                self.only(&list.target, logged, at)
            }
            (ShapeKind::List(list), Value::Object(wrapper)) if wrapper.len() <= 1 => {
                self.wrapped(&list.target, wrapper.iter().next(), at)
            }
            // Nothing else has several names, so that one of them is of no member.
            (ShapeKind::List(list), Value::Object(_)) if service.structure(&list.target).is_some() => {
                self.only(&list.target, logged, at)
            }
            (ShapeKind::Map(map), Value::Object(entries)) => {
                let mut restored = Map::new();
                for (key, value) in entries {
                    if self.passes_over(value, Some(&map.value)) {
                        continue;
                    }
                    let (here, there) = (child(at.here, key), child(at.there, key));
                    restored.insert(key.clone(), self.value(&map.value, value, At { here: &here, there: &there }));
                }
                Value::Object(restored)
            }
            (ShapeKind::List(list), one) if !matches!(one, Value::Object(_)) && !is_masked(one) => {
                self.only(&list.target, one, at)
            }
            (kind, Value::String(text)) => match scalar(kind, text) {
                Some(value) => {
                    self.undone.insert(Excuse::ScalarAsText);
                    value
                }
                None => logged.clone(),
            },
            _ => logged.clone(),
        }
    }

    /// The list that is wrapped in an object with one key, or none.
    fn wrapped(&mut self, target: &ShapeId, only: Option<(&String, &Value)>, at: At<'_>) -> Value {
        self.undone.insert(Excuse::ListWrapped);
        let Some((key, inner)) = only else { return Value::Array(Vec::new()) };
        let there = child(at.there, key);
        let items = inner.as_array().map_or(std::slice::from_ref(inner), Vec::as_slice);
        self.list(target, items, At { there: &there, ..at })
    }

    /// Whether a value was masked, so that nothing is known of it, or is the number that a text was taken for: which zeros
    /// it began or ended with is lost.
    fn passes_over(&mut self, value: &Value, target: Option<&ShapeId>) -> bool {
        let is_text = || target.and_then(|target| self.service.shape(target)).is_some_and(is_text);
        let why = match value {
            Value::Null => Excuse::NullForLeftOut,
            _ if is_masked(value) => Excuse::Masked,
            Value::Number(_) if self.is_xml() && is_text() => Excuse::TextAsScalar,
            _ => return false,
        };
        self.undone.insert(why);
        true
    }

    fn is_xml(&self) -> bool {
        self.service.protocol().is_some_and(Protocol::is_xml)
    }

    /// What an element was that was logged without its model: a text that looks like a boolean, or nothing at all.
    fn read_as_xml(&mut self, kind: &ShapeKind, logged: &Value) -> Option<Value> {
        let (value, excuse) = match (kind, logged) {
            (ShapeKind::String(_), Value::Bool(text)) => (text.to_string().into(), Excuse::TextAsScalar),
            (ShapeKind::Structure(_) | ShapeKind::Map(_), Value::String(text)) if text.is_empty() => {
                (Value::Object(Map::new()), Excuse::EmptyAsText)
            }
            (ShapeKind::List(_), Value::String(text)) if text.is_empty() => {
                (Value::Array(Vec::new()), Excuse::EmptyAsText)
            }
            (ShapeKind::String(_), Value::Object(none)) if none.is_empty() => ("".into(), Excuse::EmptyAsObject),
            _ => return None,
        };
        self.is_xml().then(|| {
            self.undone.insert(excuse);
            value
        })
    }

    /// The text that stands alone in a list, in the place of a parameter: a member of the input that is no list.
    fn parameter<'v>(&self, kind: &ShapeKind, logged: &'v Value, at: At<'_>) -> Option<&'v Value> {
        let is_of_root = at.here.rfind('/') == Some(0);
        let is_parameter = self.service.name == "s3" && is_of_root && !matches!(kind, ShapeKind::List(_));
        match logged.as_array()?.as_slice() {
            [text @ Value::String(_)] if is_parameter => Some(text),
            _ => None,
        }
    }

    /// Whether an object is an element of a list of such structures rather than what a list is wrapped in.
    fn is_element(&self, target: &ShapeId, object: &Map<String, Value>) -> bool {
        let known = |structure: &Structure| object.keys().all(|key| member(structure, key).is_some());
        !object.is_empty() && self.service.structure(target).is_some_and(known)
    }

    /// A list of the one element that was logged in its place.
    fn only(&mut self, target: &ShapeId, element: &Value, at: At<'_>) -> Value {
        self.undone.insert(Excuse::OnlyElement);
        let here = format!("{}/0", at.here);
        self.moved.insert(here.clone(), at.there.to_owned());
        Value::Array(vec![self.value(target, element, At { here: &here, ..at })])
    }

    fn structure(&mut self, structure: &Structure, members: &Map<String, Value>, at: At<'_>) -> Value {
        let mut restored = Map::new();
        for (key, value) in members {
            let known = member(structure, key).filter(|member| !restored.contains_key(&member.name));
            if self.passes_over(value, known.map(|member| &member.target)) {
                continue;
            }
            let there = child(at.there, key);
            let name = known.map_or(key, |member| &member.name);
            let here = child(at.here, name);
            if here != there {
                self.moved.insert(here.clone(), there.clone());
            }
            if name != key {
                self.undone.insert(Excuse::OtherCase);
            }
            let value = match known {
                Some(member) => self.value(&member.target, value, At { here: &here, there: &there }),
                None => value.clone(),
            };
            restored.insert(name.clone(), value);
        }
        Value::Object(restored)
    }

    fn list(&mut self, target: &ShapeId, items: &[Value], at: At<'_>) -> Value {
        let mut restored = Vec::new();
        for (number, item) in items.iter().enumerate() {
            if self.passes_over(item, Some(target)) {
                continue;
            }
            let here = format!("{}/{}", at.here, restored.len());
            let there = format!("{}/{number}", at.there);
            if here != there {
                self.moved.insert(here.clone(), there.clone());
            }
            restored.push(self.value(target, item, At { here: &here, there: &there }));
        }
        Value::Array(restored)
    }
}

fn is_text(shape: &Shape) -> bool {
    matches!(shape.kind, ShapeKind::String(_))
}

/// The number or boolean that was logged as text.
fn scalar(kind: &ShapeKind, text: &str) -> Option<Value> {
    let (value, oddities) = json::parse(text).ok()?;
    let fits = match kind {
        ShapeKind::Integer(_) => value.is_i64() || value.is_u64(),
        ShapeKind::Float(_) => value.is_number(),
        ShapeKind::Boolean => value.is_boolean(),
        _ => false,
    };
    (fits && oddities.rounded.is_empty()).then_some(value)
}

/// The member that a logged name stands for: by its name or its wire name, in which the first letter may be in the other
/// case, or all letters where one member alone is called so.
fn member<'m>(structure: &'m Structure, key: &str) -> Option<&'m Member> {
    let exact = structure.members.iter().find(|member| member.name == key);
    let alike = |member: &&Member| same_but_first(&member.name, key) || same_but_first(member.wire_name(), key);
    let in_any_case = |member: &&Member| member.name.eq_ignore_ascii_case(key);
    exact.or_else(|| structure.members.iter().find(alike)).or_else(|| {
        let mut found = structure.members.iter().filter(in_any_case);
        found.next().filter(|_| found.next().is_none())
    })
}

fn same_but_first(name: &str, key: &str) -> bool {
    let (mut name, mut key) = (name.chars(), key.chars());
    let first = name.next().zip(key.next()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(&b));
    first && name.as_str() == key.as_str()
}

/// Whether a value was masked, or is not there. Of a secret the log keeps asterisks, or a text that says why.
fn is_masked(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => {
            text == "<sensitiveDataRemoved>"
                || text.starts_with("HIDDEN_DUE_TO_")
                || (!text.is_empty() && text.bytes().all(|byte| byte == b'*'))
        }
        _ => false,
    }
}

/// Whether the log says in place of a payload that it was too large.
fn is_omitted(payload: &Value) -> bool {
    payload.get("omitted") == Some(&Value::Bool(true)) && payload.get("reason").is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_first_letter_may_differ() {
        assert!(same_but_first("DBName", "dBName") && same_but_first("name", "name") && same_but_first("name", "Name"));
        assert!(!same_but_first("DBName", "dbName") && !same_but_first("Name", "") && !same_but_first("", ""));
    }

    #[test]
    fn texts_of_numbers_and_booleans_are_told_from_others() {
        use crate::model::IntegerWidth;
        let integer = ShapeKind::Integer(IntegerWidth::Integer);
        assert_eq!(scalar(&integer, "12"), Some(json!(12)));
        assert_eq!(scalar(&ShapeKind::Boolean, "true"), Some(json!(true)));
        for (kind, text) in
            [(&integer, "many"), (&integer, "1.5"), (&ShapeKind::Boolean, "1"), (&ShapeKind::Document, "1")]
        {
            assert_eq!(scalar(kind, text), None, "{text}");
        }
    }

    #[test]
    fn masks_are_told_from_values() {
        for masked in
            [json!(null), json!("***"), json!("HIDDEN_DUE_TO_SECURITY_REASONS"), json!("<sensitiveDataRemoved>")]
        {
            assert!(is_masked(&masked), "{masked}");
        }
        for value in [json!(""), json!("a*"), json!(0), json!([]), json!("HIDDEN")] {
            assert!(!is_masked(&value), "{value}");
        }
        assert!(is_omitted(&json!({"omitted": true, "reason": "large"})) && !is_omitted(&json!({"omitted": true})));
    }

    #[test]
    fn pointers_lead_back_to_the_recording() {
        let moved = [("/Thing", ""), ("/Thing/Names", "/names/items"), ("/Thing/Names/1", "/names/items/2")];
        let moved = moved.map(|(here, there)| (here.to_owned(), there.to_owned())).into();
        let restored = Restored { value: Value::Null, moved, undone: BTreeSet::new() };
        assert_eq!(restored.recorded("/Thing/Names/0/x"), "/names/items/0/x");
        assert_eq!(restored.recorded("/Thing/Names/1/x"), "/names/items/2/x");
        assert_eq!(restored.recorded("/Thing/made"), "/made");
        assert_eq!(restored.recorded("/Other/0"), "/Other/0");
        assert_eq!(restored.recorded(""), "");
    }
}

//! The JSON of a model as a tree that is taken apart once.
//!
//! Texts are borrowed where they stand as they are, and members are kept in a row: a model has tens of thousands of objects,
//! most with a handful of members, and hashing the names of all costs more than reading them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use crate::error::{Error, Result};

/// A value.
#[derive(Debug)]
pub(super) enum Json<'t> {
    Null,
    Flag(bool),
    Number(Number),
    Text(Cow<'t, str>),
    List(Vec<Json<'t>>),
    Object(Members<'t>),
}

/// The members of an object, in the text's order. Of several with one name the last counts, where the first stands.
pub(super) type Members<'t> = Vec<(Cow<'t, str>, Json<'t>)>;

impl<'t> Json<'t> {
    /// The value that a text is.
    ///
    /// # Errors
    /// It is not JSON.
    pub(super) fn of(text: &'t str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| Error::not_json(&error))
    }

    /// The member of that name.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(own, _)| own == name).map(|(_, json)| json)
    }

    /// The text that it is.
    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl From<Value> for Json<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Flag(flag),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text.into()),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => {
                Self::Object(members.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
            }
        }
    }
}

impl From<Json<'_>> for Value {
    fn from(json: Json<'_>) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Flag(flag) => Self::Bool(flag),
            Json::Number(number) => Self::Number(number),
            Json::Text(text) => Self::String(text.into_owned()),
            Json::List(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Json::Object(members) => {
                Self::Object(members.into_iter().map(|(name, json)| (name.into_owned(), json.into())).collect())
            }
        }
    }
}

impl<'t> serde::Deserialize<'t> for Json<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

/// The name of a member, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Name<'t>(#[serde(borrow)] Cow<'t, str>);

struct AnyValue;

impl<'t> Visitor<'t> for AnyValue {
    type Value = Json<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'t>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json<'t>, E> {
        Ok(Json::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json<'t>, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json<'t>, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json<'t>, E> {
        Ok(Number::from_f64(number).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<Json<'t>, E> {
        Ok(Json::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'t>, E> {
        Ok(Json::Text(text.to_owned().into()))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut elements: A) -> Result<Json<'t>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = elements.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'t>>(self, mut entries: A) -> Result<Json<'t>, A::Error> {
        let mut members = Members::new();
        while let Some((Name(name), value)) = entries.next_entry()? {
            members.push((name, value));
        }
        Ok(Json::Object(if has_repeated(&members) { once_each(members) } else { members }))
    }
}

/// Members that are looked through for a name one after the other.
const FEW: usize = 16;

fn has_repeated(members: &Members<'_>) -> bool {
    if members.len() > FEW {
        let names: HashSet<&str> = members.iter().map(|(name, _)| &**name).collect();
        return names.len() < members.len();
    }
    (1..members.len()).any(|at| members[..at].iter().any(|(name, _)| *name == members[at].0))
}

fn once_each(members: Members<'_>) -> Members<'_> {
    let (mut places, mut kept) = (HashMap::new(), Members::new());
    for (name, value) in members {
        let at = *places.entry(name.clone()).or_insert(kept.len());
        if at == kept.len() { kept.push((name, value)) } else { kept[at] = (name, value) }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_other_readers_make_of_a_text() {
        let many: Vec<String> = (0..40).map(|at| format!("\"k{}\": {at}", at % 30)).collect();
        for text in [
            r#" {"a": [1, -1, 0.5, 1e3, true, null, "x", "\u00e9\n"], "\u0062": {}, "c": [], "d": ""} "#,
            r#"{"a": 1, "b": 2, "a": {"c": 1, "c": [2]}}"#,
            &format!("{{{}}}", many.join(", ")),
            "18446744073709551615",
            "1e308",
        ] {
            let value: Value = serde_json::from_str(text).expect("JSON");
            let json = Json::of(text).expect("JSON");
            // The order counts, too.
            assert_eq!(Value::from(json).to_string(), value.to_string());
            assert_eq!(Value::from(Json::from(value.clone())).to_string(), value.to_string());
        }
        let deep = "[".repeat(200) + &"]".repeat(200);
        for broken in ["", "{", "{\"a\"}", "[1,]", "1e400", "\"\u{1}\"", "{} x", &deep] {
            let told = |error: serde_json::Error| Error::not_json(&error).to_string();
            let expected = serde_json::from_str::<Value>(broken).map_err(told).expect_err(broken);
            assert_eq!(Json::of(broken).expect_err(broken).to_string(), expected);
        }
    }

    #[test]
    fn texts_without_escapes_are_borrowed() {
        let Json::Object(members) = Json::of(r#"{"a": "b", "c\n": "d\n"}"#).expect("JSON") else { panic!("an object") };
        let is_borrowed = |(name, value): &(Cow<'_, str>, Json<'_>)| {
            let of_value = matches!(value, Json::Text(Cow::Borrowed(_)));
            (matches!(name, Cow::Borrowed(_)), of_value)
        };
        assert_eq!(members.iter().map(is_borrowed).collect::<Vec<_>>(), [(true, true), (false, false)]);
    }
}

//! JSON texts with their places: what `serde_json` leaves out.
//!
//! `serde_json::Value` keeps the last of two equal keys and forgets where a value stood. [`parse`] tells the repeated
//! keys, [`locate`] finds the text behind a pointer, [`peek_keys`] looks at the beginning of a text.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

use super::number::{self, is_beyond};
use super::{cursor, json_comments, json_value};

/// What a text says beside its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Oddities {
    /// Pointers of keys that stand more than once in their object.
    pub repeated: Vec<String>,
    /// Numbers that floating point does not hold as they are written: pointer and text of each. In their place the value has
    /// the nearest one that is on the same side of every bound of whole numbers.
    pub rounded: Vec<(String, String)>,
}

/// Parses a text.
///
/// # Errors
/// The text is not JSON, or nested deeper than 128 levels.
pub fn parse(text: &str) -> serde_json::Result<(Value, Oddities)> {
    let mut oddities = Oddities::default();
    if let Some(value) = json_value::sound(text) {
        return Ok((value, oddities));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let has_whole_floats = Cell::new(false);
    let tree = Tree { pointer: String::new(), repeated: &mut oddities.repeated, has_whole_floats: &has_whole_floats };
    match tree.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value)) {
        Ok(value) if !has_whole_floats.get() => Ok((value, oddities)),
        Err(error) if !is_beyond(&error) => Err(error),
        read => {
            let mut all = Oddities::default();
            let end = serde_json::from_str::<IgnoredAny>(text);
            match end.ok().and_then(|_| with_all_numbers(text.trim_ascii(), "", cursor::LEVELS, &mut all)) {
                Some(value) => Ok((value, all)),
                None => Ok((read?, oddities)),
            }
        }
    }
}

/// The value of a text in which floating point does not hold some numbers, which are sound JSON all the same; `None` where
/// something else is wrong with it.
fn with_all_numbers(text: &str, pointer: &str, depth: usize, oddities: &mut Oddities) -> Option<Value> {
    match text.as_bytes().first()? {
        b'{' => {
            let (depth, mut map) = (depth.checked_sub(1)?, Map::new());
            for (key, below) in members(text)? {
                let at = child(pointer, &key);
                if map.contains_key(key.as_ref()) && !oddities.repeated.contains(&at) {
                    oddities.repeated.push(at.clone());
                }
                map.insert(key.into_owned(), with_all_numbers(below, &at, depth, oddities)?);
            }
            Some(Value::Object(map))
        }
        b'[' => {
            let depth = depth.checked_sub(1)?;
            let items = elements(text).into_iter().enumerate();
            items.map(|(at, below)| with_all_numbers(below, &format!("{pointer}/{at}"), depth, oddities)).collect()
        }
        b'-' | b'0'..=b'9' => {
            let read = number::read(text)?;
            if !read.is_exact() {
                oddities.rounded.push((pointer.to_owned(), text.to_owned()));
            }
            Some(Value::Number(read.number))
        }
        _ => serde_json::from_str(text).ok(),
    }
}

struct Tree<'r> {
    pointer: String,
    repeated: &'r mut Vec<String>,
    /// Floating point made a whole number of what is written, which need not be one.
    has_whole_floats: &'r Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        self.has_whole_floats.set(self.has_whole_floats.get() || value.fract() == 0.0);
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            let pointer = format!("{}/{}", self.pointer, items.len());
            match elements.next_element_seed(Tree { pointer, repeated: self.repeated, ..self })? {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<Cow<'de, str>>()? {
            let pointer = child(&self.pointer, &key);
            if map.contains_key(key.as_ref()) && !self.repeated.contains(&pointer) {
                self.repeated.push(pointer.clone());
            }
            let value = entries.next_value_seed(Tree { pointer, repeated: self.repeated, ..self })?;
            map.insert(key.into_owned(), value);
        }
        Ok(Value::Object(map))
    }
}

/// Whether a text was read no further since it is nested too deep.
pub fn is_deep(error: &serde_json::Error) -> bool {
    error.to_string().contains("recursion limit")
}

/// What is wrong with a text, as a clause, and the byte it is about: a parser's own sentence names its line and column.
pub fn complaint(text: &str, error: &serde_json::Error) -> (String, usize) {
    let told = error.to_string();
    let told = told.split(" at line ").next().unwrap_or_default();
    let reason = match error.classify() {
        Category::Eof => format!("the JSON ends too early ({told})"),
        _ if is_deep(error) => "it is nested deeper than 128 levels".to_owned(),
        _ if is_beyond(error) => "a number is beyond every type".to_owned(),
        Category::Data => told.to_owned(),
        Category::Syntax | Category::Io => format!("it is not JSON ({told})"),
    };
    let line = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let at = (line + error.column().saturating_sub(1)).min(text.len());
    json_comments::near(text, at).map_or((reason, at), |at| (json_comments::COMMENTED.to_owned(), at))
}

/// The pointer of a member below `pointer` (RFC 6901).
pub fn child(pointer: &str, key: &str) -> String {
    let mut below = String::with_capacity(pointer.len() + 1 + key.len());
    below.push_str(pointer);
    push_child(&mut below, key);
    below
}

/// Makes a pointer that of a member below it.
pub(crate) fn push_child(pointer: &mut String, key: &str) {
    pointer.push('/');
    if memchr::memchr2(b'~', b'/', key.as_bytes()).is_some() {
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(key);
    }
}

/// The keys and indexes that a pointer is made of.
pub fn segments(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(|segment| {
        if segment.contains('~') { segment.replace("~1", "/").replace("~0", "~").into() } else { segment.into() }
    })
}

/// Which part of a member's text is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Its key, with the quotes; the value, where there is no key of its own.
    Key,
    /// Its value.
    Value,
}

/// The bytes of `text` behind a pointer; where it leads nowhere, those of the nearest enclosing value. Of a repeated key
/// the last one counts, as everywhere else.
pub fn locate(text: &str, pointer: &str, part: Part) -> Range<usize> {
    let mut here: &str = text.trim_ascii();
    let mut key = None;
    for segment in segments(pointer) {
        let Some((found_key, found)) = step(here, &segment) else {
            key = None;
            break;
        };
        (here, key) = (found, found_key);
    }
    let shown = match part {
        Part::Key => key.unwrap_or(here),
        Part::Value => here,
    };
    let start = shown.as_ptr() as usize - text.as_ptr() as usize;
    // A borrowed key lies within its quotes.
    if part == Part::Key && key.is_some() { start - 1..start + shown.len() + 1 } else { start..start + shown.len() }
}

type Step<'a> = (Option<&'a str>, &'a str);

fn step<'a>(text: &'a str, segment: &str) -> Option<Step<'a>> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_any(Finder { segment }).ok().flatten()
}

struct Finder<'s> {
    segment: &'s str,
}

impl<'de> Visitor<'de> for Finder<'_> {
    type Value = Option<Step<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or array")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = entries.next_key_seed(BorrowedKey)? {
            let value: &'de RawValue = entries.next_value()?;
            if key == self.segment {
                let borrowed = match key {
                    Cow::Borrowed(key) => Some(key),
                    Cow::Owned(_) => None,
                };
                found = Some((borrowed, value.get()));
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let index: usize = self.segment.parse().map_err(A::Error::custom)?;
        let mut found = None;
        let mut at = 0;
        while let Some(value) = elements.next_element::<&'de RawValue>()? {
            if at == index {
                found = Some((None, value.get()));
            }
            at += 1;
        }
        Ok(found)
    }
}

/// A key, borrowed where it holds no escapes.
struct BorrowedKey;

impl<'de> DeserializeSeed<'de> for BorrowedKey {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for BorrowedKey {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

/// The members of an object's text, not looked into; `None` where the text is no object.
pub fn members(text: &str) -> Option<Vec<(Cow<'_, str>, &str)>> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(Cow<'de, str>, &'de str)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(key) = entries.next_key_seed(BorrowedKey)? {
                members.push((key, entries.next_value::<&'de RawValue>()?.get()));
            }
            Ok(members)
        }
    }
    serde_json::Deserializer::from_str(text).deserialize_map(Members).ok()
}

/// The elements of an array's text, not looked into; empty where the text is no array.
pub fn elements(text: &str) -> Vec<&str> {
    let elements: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
    elements.into_iter().map(RawValue::get).collect()
}

/// Keys of the object that `start` begins with, as far as it goes: a text that is cut off still tells what it is. With them,
/// whether the object ends within `start`.
pub fn peek_keys(start: &[u8]) -> (Vec<String>, bool) {
    struct Keys<'k>(&'k mut Vec<String>);
    impl<'de> Visitor<'de> for Keys<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
            while let Some(key) = entries.next_key::<String>()? {
                self.0.push(key);
                entries.next_value::<IgnoredAny>()?;
            }
            Ok(())
        }
    }
    if let Some(keys) = cursor::keys(start) {
        return (keys, true);
    }
    let mut keys = Vec::new();
    let whole = serde_json::Deserializer::from_slice(start).deserialize_map(Keys(&mut keys)).is_ok();
    (keys, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_repeated_keys() {
        let (value, oddities) = parse(r#"{"a": [{"b/c": 1, "b/c": 2}], "d": 1, "d": 2, "d": 3}"#).expect("JSON");
        assert_eq!(value, serde_json::json!({"a": [{"b/c": 2}], "d": 3}));
        assert_eq!((oddities.repeated, oddities.rounded), (vec!["/a/0/b~1c".to_owned(), "/d".to_owned()], Vec::new()));
    }

    #[test]
    fn numbers_beyond_floating_point_are_told_with_their_texts() {
        let (value, oddities) = parse(r#" {"a": [1e400, {"b": -1E999}], "a/b": 2, "a/b": 3} "#).expect("JSON");
        assert_eq!(value, serde_json::json!({"a": [f64::MAX, {"b": f64::MIN}], "a/b": 3}));
        assert_eq!(oddities.repeated, ["/a~1b"]);
        let rounded = oddities.rounded.iter().map(|(pointer, text)| (pointer.as_str(), text.as_str()));
        assert_eq!(rounded.collect::<Vec<_>>(), [("/a/0", "1e400"), ("/a/1/b", "-1E999")]);
        let (value, oddities) =
            parse(r#"{"a": -9223372036854775809, "b": 1.0, "b": 1.00000000000000000001}"#).expect("JSON");
        assert!(value["a"].as_f64() < Some(-9_223_372_036_854_775_808.0), "{value}");
        let texts: Vec<&str> = oddities.rounded.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["-9223372036854775809", "1.00000000000000000001"]);
        assert_eq!(oddities.repeated, ["/b"]);
    }

    #[test]
    fn refuses_what_serde_json_refuses() {
        let deep = "[".repeat(100_000);
        let deep_behind = format!("[1e400, {}1{}]", "[".repeat(1000), "]".repeat(1000));
        for text in
            ["", "{", "[1,]", "1 2", "1e999 2", "[1e999,]", "[1e999, \"\\ud800\"]", "\"\\ud800\"", &deep, &deep_behind]
        {
            assert!(parse(text).is_err());
        }
    }

    #[test]
    fn locates_keys_and_values() {
        let text = r#" {"a": [10, {"b/c": "x"}], "\u0064": 1, "a": [true]} "#;
        let shown = |pointer, part| &text[locate(text, pointer, part)];
        assert_eq!(shown("", Part::Value), text.trim());
        assert_eq!(shown("/a/0", Part::Value), "true", "the last of two equal keys");
        assert_eq!(shown("/a", Part::Key), r#""a""#);
        assert_eq!(shown("/d", Part::Key), "1", "an escaped key is shown by its value");
        assert_eq!(shown("/a/7/x", Part::Value), "[true]", "what is missing is shown by what encloses it");
        let text = r#"{"k": {"b/c": "x"}}"#;
        assert_eq!(&text[locate(text, "/k/b~1c", Part::Key)], r#""b/c""#);
        assert_eq!(&text[locate(text, "/k/zz", Part::Key)], r#"{"b/c": "x"}"#);
    }

    #[test]
    fn peeks_at_the_beginning_of_a_cut_text() {
        assert_eq!(peek_keys(br#"{"a": {"x": 1}, "b": [1, 2, 3"#), (vec!["a".into(), "b".into()], false));
        assert_eq!(peek_keys(br#"{"a": 1}"#), (vec!["a".into()], true));
        assert_eq!(peek_keys(b"[1]"), (Vec::new(), false));
    }

    #[test]
    fn pointers_escape_and_unescape() {
        let pointer = child(&child("", "a/b~c"), "0");
        assert_eq!(pointer, "/a~1b~0c/0");
        assert_eq!(segments(&pointer).collect::<Vec<_>>(), ["a/b~c", "0"]);
    }
}

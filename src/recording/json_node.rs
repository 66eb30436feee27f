//! JSON text → [`Node`]. Sound texts are read in one go; of others `serde_json` judges the syntax, and the places are counted
//! beside it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::cursor::{Cursor, LEVELS};
use super::json::complaint;
use super::node::{Document, Kind, Node, Scalar};
use super::written::Notation;

/// Parses a JSON text. One that breaks off is read as far as it goes.
pub(super) fn parse(text: &str) -> Document<'_> {
    let mut cursor = Cursor::new(text);
    if let Some(root) = sound(&mut cursor, LEVELS).filter(|_| cursor.is_done()) {
        return Document { roots: vec![root], wrong: None, beyond: None };
    }
    let start = text.len() - text.trim_start().len();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let rest = RefCell::new(None);
    let place = ValueAt { text, rest: &rest, at: start };
    let wrong = |error: &serde_json::Error| Some(complaint(text, error));
    match place.deserialize(&mut deserializer) {
        Ok(node) => {
            let wrong = deserializer.end().err().as_ref().and_then(wrong);
            Document { roots: vec![node], wrong, beyond: None }
        }
        Err(error) => Document { roots: rest.take().into_iter().collect(), wrong: wrong(&error), beyond: None },
    }
}

/// The value at bytes of a text that are known to be sound JSON.
pub(super) fn at(text: &str, range: Range<usize>) -> Option<Node<'_>> {
    sound(&mut Cursor::within(text, range)?, LEVELS)
}

/// The one value that a text is, where it is sound JSON, nested at most so deep, in which no object has a key twice. `None`
/// says nothing.
pub(super) fn unambiguous(text: &str, levels: usize) -> Option<Node<'_>> {
    let mut cursor = Cursor::new(text);
    read::<true>(&mut cursor, levels).filter(|_| cursor.is_done())
}

/// The value that comes next, where nothing is odd about it.
fn sound<'a>(cursor: &mut Cursor<'a>, levels: usize) -> Option<Node<'a>> {
    read::<false>(cursor, levels)
}

/// The value that comes next; `ONCE` asks that no object has a key twice.
fn read<'a, const ONCE: bool>(cursor: &mut Cursor<'a>, levels: usize) -> Option<Node<'a>> {
    let first = cursor.next()?;
    let start = cursor.at();
    let kind = match first {
        b'{' => Kind::Map(members::<ONCE>(cursor, levels.checked_sub(1)?)?),
        b'[' => Kind::List(items::<ONCE>(cursor, levels.checked_sub(1)?)?),
        b'"' => {
            let text = cursor.string()?.text()?;
            Kind::Scalar(Scalar { text, quoted: true, binary: false, form: Notation::Escaped })
        }
        _ => {
            cursor.pass_over(0)?;
            let text = cursor.since(start).into();
            Kind::Scalar(Scalar { text, quoted: false, binary: false, form: Notation::Verbatim })
        }
    };
    Some(Node { kind, range: start..cursor.at() })
}

/// Keys of an object that are compared one by one.
const FEW: usize = 24;

type Members<'a> = Vec<(Cow<'a, str>, Node<'a>)>;

fn members<'a, const ONCE: bool>(cursor: &mut Cursor<'a>, levels: usize) -> Option<Members<'a>> {
    let mut members: Members<'a> = Vec::new();
    cursor.members(|cursor, key| {
        let key = key.text()?;
        if ONCE && (members.len() > FEW || members.iter().any(|(own, _)| *own == key)) {
            return None;
        }
        members.push((key, read::<ONCE>(cursor, levels)?));
        Some(())
    })?;
    Some(members)
}

fn items<'a, const ONCE: bool>(cursor: &mut Cursor<'a>, levels: usize) -> Option<Vec<Node<'a>>> {
    let mut items = Vec::new();
    cursor.elements(|cursor| {
        items.push(read::<ONCE>(cursor, levels)?);
        Some(())
    })?;
    Some(items)
}

/// The value that begins at byte `at` of the text.
#[derive(Clone, Copy)]
struct ValueAt<'a, 'r> {
    text: &'a str,
    /// What was whole of the value in which the text breaks off.
    rest: &'r RefCell<Option<Node<'a>>>,
    at: usize,
}

impl<'a> ValueAt<'a, '_> {
    /// The next byte from `at` on that is neither space nor one of `passed`.
    fn skip(self, at: usize, passed: &[u8]) -> usize {
        let rest = &self.text.as_bytes()[at..];
        at + rest.iter().take_while(|byte| byte.is_ascii_whitespace() || passed.contains(byte)).count()
    }

    /// The byte behind the string that begins at `at`.
    fn behind_string(self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = at + 1;
        while bytes.get(end).is_some_and(|byte| *byte != b'"') {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        end + 1
    }

    /// Keeps what was whole, for the value around this one.
    fn broken<E>(self, kind: Kind<'a>, end: usize, error: E) -> E {
        self.rest.replace(Some(self.node(kind, end)));
        error
    }

    fn node(self, kind: Kind<'a>, end: usize) -> Node<'a> {
        Node { kind, range: self.at..end }
    }
}

impl<'de> DeserializeSeed<'de> for ValueAt<'de, '_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        if matches!(self.text.as_bytes().get(self.at), Some(b'{' | b'[')) {
            return deserializer.deserialize_any(self);
        }
        let raw: &'de RawValue = serde::Deserialize::deserialize(deserializer)?;
        let quoted = raw.get().starts_with('"');
        let text = if quoted {
            serde_json::from_str::<Text<'de>>(raw.get()).map_err(serde::de::Error::custom)?.0
        } else {
            raw.get().into()
        };
        let form = if quoted { Notation::Escaped } else { Notation::Verbatim };
        let scalar = Scalar { text, quoted, binary: false, form };
        Ok(self.node(Kind::Scalar(scalar), self.at + raw.get().len()))
    }
}

/// A string, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] std::borrow::Cow<'a, str>);

impl<'de> Visitor<'de> for ValueAt<'de, '_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or array")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node<'de>, A::Error> {
        let mut members = Vec::new();
        let mut at = self.at + 1;
        loop {
            let key = match entries.next_key::<Text<'de>>() {
                Ok(Some(Text(key))) => key,
                Ok(None) => return Ok(self.node(Kind::Map(members), self.skip(at, b"") + 1)),
                Err(error) => return Err(self.broken(Kind::Map(members), at, error)),
            };
            let key_start = self.skip(at, b",");
            let value = ValueAt { at: self.skip(self.behind_string(key_start), b":"), ..self };
            match entries.next_value_seed(value) {
                Ok(node) => {
                    at = node.range.end;
                    members.push((key, node));
                }
                Err(error) => {
                    // What was whole of a member is worth keeping: it may be the list of entries.
                    members.extend(self.rest.take().map(|rest| (key, rest)));
                    return Err(self.broken(Kind::Map(members), at, error));
                }
            }
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Node<'de>, A::Error> {
        let mut items = Vec::new();
        let mut at = self.at + 1;
        loop {
            match elements.next_element_seed(ValueAt { at: self.skip(at, b","), ..self }) {
                Ok(Some(node)) => {
                    at = node.range.end;
                    items.push(node);
                }
                Ok(None) => return Ok(self.node(Kind::List(items), self.skip(at, b"") + 1)),
                // Half an element is none.
                Err(error) => return Err(self.broken(Kind::List(items), at, error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_place() {
        let text = " {\"a\\u0062\" : [1, {\"x\": \"y\\n\"} , []], \"n\": null, \"z\": {}} ";
        let node = parse(text).roots.pop().expect("JSON");
        let shown = |node: &Node<'_>| text[node.range.clone()].to_owned();
        assert_eq!(shown(&node), text.trim());
        let list = node.get("ab");
        assert_eq!(shown(list), r#"[1, {"x": "y\n"} , []]"#);
        assert_eq!(list.items().iter().map(shown).collect::<Vec<_>>(), ["1", r#"{"x": "y\n"}"#, "[]"]);
        assert_eq!(shown(list.items()[1].get("x")), r#""y\n""#);
        assert_eq!(list.items()[1].get("x").text().as_deref(), Some("y\n"));
        assert!(node.get("n").is_null() && node.get("absent").is_null());
        assert_eq!(shown(node.get("z")), "{}");
    }

    /// The tree of a sound text is the same in both ways.
    #[test]
    fn both_ways_give_one_tree() {
        for text in [
            r#" {"a\u0062" : [1, {"x": "y\n"} , []], "n": null, "z": {}, "e": -1.5e+3, "t": true} "#,
            "[]",
            "\"x\"",
            " 12 ",
            "false",
            r#"{"é": "\ud83d\ude00é", "a": "", "b": [[], {}, [""]]}"#,
        ] {
            let deserializer = &mut serde_json::Deserializer::from_str(text);
            let rest = RefCell::new(None);
            let place = ValueAt { text, rest: &rest, at: text.len() - text.trim_start().len() };
            let slow = place.deserialize(deserializer).expect("JSON");
            let quick = sound(&mut Cursor::new(text), LEVELS).expect("nothing is odd");
            assert_eq!(format!("{quick:?}"), format!("{slow:?}"), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        let (reason, at) = parse("{\"a\": [1,}").wrong.expect("not JSON");
        assert!(reason.contains("not JSON") && at >= 8, "{reason} {at}");
        assert!(parse("").wrong.is_some() && parse("{} x").wrong.is_some());
    }

    #[test]
    fn what_stands_before_a_break_is_kept() {
        let text = r#"{"log": {"v": 1, "entries": [{"a": [1]}, {"a": [2]}, {"a": [3"#;
        let Document { mut roots, wrong, .. } = parse(text);
        assert!(wrong.is_some());
        assert_eq!(roots.pop().and_then(|root| root.into_list(&["log", "entries"])).map(|list| list.len()), Some(2));
        let deep = "[".repeat(100_000);
        assert!(parse(&deep).wrong.is_some());
    }
}

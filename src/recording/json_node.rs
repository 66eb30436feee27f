//! JSON text → [`Node`]. `serde_json` judges the syntax; the places are counted beside it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::http::Form;
use super::json::complaint;
use super::node::{Kind, Node, Scalar};

/// Parses a JSON text. `base` is where it begins in the source.
///
/// # Errors
/// It is not JSON: the reason, and the byte of the text it is about.
pub(super) fn parse(text: &str, base: usize) -> Result<Node<'_>, (String, usize)> {
    let start = text.len() - text.trim_start().len();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let place = Place { text, base, at: start };
    let node = place.deserialize(&mut deserializer).and_then(|node| deserializer.end().map(|()| node));
    node.map_err(|error| complaint(text, &error))
}

/// The value that begins at byte `at` of the text.
#[derive(Clone, Copy)]
struct Place<'a> {
    text: &'a str,
    base: usize,
    at: usize,
}

impl<'a> Place<'a> {
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

    fn node(self, kind: Kind<'a>, end: usize) -> Node<'a> {
        Node { kind, range: self.base + self.at..self.base + end }
    }
}

impl<'de> DeserializeSeed<'de> for Place<'de> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        match self.text.as_bytes().get(self.at) {
            Some(b'{' | b'[') => deserializer.deserialize_any(self),
            _ => {
                let raw: &'de RawValue = serde::Deserialize::deserialize(deserializer)?;
                let quoted = raw.get().starts_with('"');
                let text = if quoted {
                    serde_json::from_str::<Text<'de>>(raw.get()).map_err(serde::de::Error::custom)?.0
                } else {
                    raw.get().into()
                };
                let form = if quoted { Form::Json } else { Form::Verbatim };
                let scalar = Scalar { text, quoted, binary: false, form };
                Ok(self.node(Kind::Scalar(scalar), self.at + raw.get().len()))
            }
        }
    }
}

/// A string, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] std::borrow::Cow<'a, str>);

impl<'de> Visitor<'de> for Place<'de> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or array")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node<'de>, A::Error> {
        let mut members = Vec::new();
        let mut at = self.at + 1;
        while let Some(Text(key)) = entries.next_key::<Text<'de>>()? {
            let key_start = self.skip(at, b",");
            let value = Place { at: self.skip(self.behind_string(key_start), b":"), ..self };
            let node = entries.next_value_seed(value)?;
            at = node.range.end - self.base;
            members.push((key, node));
        }
        let end = self.skip(at, b"") + 1;
        Ok(self.node(Kind::Map(members), end))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Node<'de>, A::Error> {
        let mut items = Vec::new();
        let mut at = self.at + 1;
        while let Some(node) = elements.next_element_seed(Place { at: self.skip(at, b","), ..self })? {
            at = node.range.end - self.base;
            items.push(node);
        }
        let end = self.skip(at, b"") + 1;
        Ok(self.node(Kind::List(items), end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_place() {
        let text = " {\"a\\u0062\" : [1, {\"x\": \"y\\n\"} , []], \"n\": null, \"z\": {}} ";
        let node = parse(text, 100).expect("JSON");
        let shown = |node: &Node<'_>| text[node.range.start - 100..node.range.end - 100].to_owned();
        assert_eq!(shown(&node), text.trim());
        let list = node.get("ab");
        assert_eq!(shown(list), r#"[1, {"x": "y\n"} , []]"#);
        assert_eq!(list.items().iter().map(shown).collect::<Vec<_>>(), ["1", r#"{"x": "y\n"}"#, "[]"]);
        assert_eq!(shown(list.items()[1].get("x")), r#""y\n""#);
        assert_eq!(list.items()[1].get("x").text().as_deref(), Some("y\n"));
        assert!(node.get("n").is_null() && node.get("absent").is_null());
        assert_eq!(shown(node.get("z")), "{}");
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        let (reason, at) = parse("{\"a\": [1,}", 0).expect_err("not JSON");
        assert!(reason.contains("not JSON") && at >= 8, "{reason} {at}");
        assert!(parse("", 0).is_err() && parse("{} x", 0).is_err());
    }
}

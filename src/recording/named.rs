//! Values that stand under the name of a credential or of a secret header, however both are written: as a member, as a pair of
//! members, in a list of two, or within what types or matches them.

use std::borrow::Cow;

use super::node::{Kind, Node};
use super::{credential, form_text, number};

/// Members that hold a value or name its type: of pairs, and of values of `DynamoDB` and of message attributes.
const HOLDERS: &[&str] = &[
    "value",
    "Value",
    "S",
    "N",
    "B",
    "SS",
    "NS",
    "BS",
    "L",
    "AttributeValueList",
    "stringValue",
    "StringValue",
    "parameterValue",
    "ParameterValue",
];
/// Types of `DynamoDB`'s values, of which one is the only member of each.
const TYPES: &[&str] = &["S", "N", "B", "SS", "NS", "BS", "L", "M", "BOOL", "NULL"];
/// The type of a map of such values, whose keys are anybody's.
const MAP: &str = "M";
/// Members that match a value, or a part of it.
const MATCHERS: &[&str] =
    &["equalTo", "contains", "matches", "doesNotContain", "doesNotMatch", "hasExactly", "includes", "or", "and", "not"];
/// Members that hold a name, of pairs.
const NAMES: &[&str] = &["name", "Name", "key", "Key", "parameterKey", "ParameterKey"];
/// Characters of a value that is long enough to be a secret wherever it stands; shorter ones are words.
pub(crate) const LEAST: usize = 8;
/// Digits of a number that may be a secret: of fewer it counts something.
const DIGITS: usize = 4;

/// A value of a document, whatever that is written in, whose keys may stand more than once.
pub(crate) trait Tree: Sized {
    /// What it is.
    fn seen(&self) -> Seen<'_, Self>;
}

/// What a value is.
pub(crate) enum Seen<'t, T> {
    Text(Cow<'t, str>),
    Number(Cow<'t, str>),
    List(&'t [T]),
    Map(Vec<(&'t str, &'t T)>),
    /// A boolean, or nothing.
    Other,
}

impl Tree for Node<'_> {
    fn seen(&self) -> Seen<'_, Self> {
        match &self.kind {
            Kind::List(items) => Seen::List(items),
            Kind::Map(members) => Seen::Map(members.iter().map(|(key, member)| (&**key, member)).collect()),
            Kind::Scalar(_) if self.is_null() => Seen::Other,
            Kind::Scalar(scalar) if scalar.quoted || scalar.binary => match self.text() {
                Some(text) => Seen::Text(text),
                None => Seen::Text(Cow::Borrowed(&scalar.text)),
            },
            Kind::Scalar(scalar) if number::read(&scalar.text).is_some() => Seen::Number(Cow::Borrowed(&scalar.text)),
            Kind::Scalar(scalar) => Seen::Text(Cow::Borrowed(&scalar.text)),
        }
    }
}

/// A text or number under such a name.
#[derive(Debug)]
pub(crate) struct Named<'t, T> {
    /// What stands there.
    pub(crate) value: &'t T,
    /// The name.
    pub(crate) name: String,
    kind: Sort,
}

/// What a value is to its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Credential,
    /// Headers may hold a word that says that there is none.
    Header,
    /// A part of it, or a pattern.
    Matcher,
}

impl<'t, T: Tree> Named<'t, T> {
    /// Its text, or that of the number.
    pub(crate) fn text(&self) -> Option<Cow<'t, str>> {
        match self.value.seen() {
            Seen::Text(text) | Seen::Number(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it says something secret: a text of so many characters at least that is no mask.
    pub(crate) fn is_open(&self, least: usize) -> bool {
        let (text, least) = match self.value.seen() {
            Seen::Text(text) => (text, least),
            Seen::Number(number) => (number, least.max(DIGITS)),
            _ => return false,
        };
        match self.kind {
            Sort::Credential => is_open(&text, least),
            Sort::Header => is_open(&text, LEAST),
            Sort::Matcher => is_open(&text, LEAST) && has_random_word(&text),
        }
    }
}

/// Whether a text under the name of a credential says something secret: so many characters at least that are no mask. A flag
/// says whether there is one.
pub(crate) fn is_open(text: &str, least: usize) -> bool {
    let is_flag = || ["true", "false", "null"].iter().any(|word| text.eq_ignore_ascii_case(word));
    text.chars().count() >= least && !credential::is_masked(text) && !is_flag()
}

/// Texts and numbers under such names, or under those that `is_more` knows.
pub(crate) fn named<'t, T: Tree>(value: &'t T, is_more: &dyn Fn(&str) -> bool) -> Vec<Named<'t, T>> {
    let mut walk = Walk { found: Vec::new(), is_more };
    walk.value(value);
    walk.found
}

/// Whether a word of a pattern is none of a language.
fn has_random_word(text: &str) -> bool {
    let has = |word: &str, kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    let is_random =
        |word: &str| word.len() >= LEAST && has(word, u8::is_ascii_digit) && has(word, u8::is_ascii_alphabetic);
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_random)
}

struct Walk<'w, 't, T> {
    found: Vec<Named<'t, T>>,
    is_more: &'w dyn Fn(&str) -> bool,
}

impl<'t, T: Tree> Walk<'_, 't, T> {
    fn kind(&self, name: &str) -> Option<Sort> {
        // Parameters of forms have paths for names, and values of expressions a colon before them.
        let last = if name.contains([':', '.', '[']) { form_text::last_of_name(name) } else { name.to_owned() };
        let name = last.as_str();
        if credential::is_name(name) || (self.is_more)(name) {
            return Some(Sort::Credential);
        }
        credential::is_name_of_header(name).then_some(Sort::Header)
    }

    fn value(&mut self, value: &'t T) {
        match value.seen() {
            Seen::List(items) => {
                // A list of two texts may be one of anything, but for a header and its value.
                if let [name, value] = items
                    && let Seen::Text(name) = name.seen()
                    && credential::is_name_of_header(&name)
                {
                    self.held(value, &name, Sort::Header);
                }
                for item in items {
                    self.value(item);
                }
            }
            Seen::Map(members) => {
                let name = members.iter().filter(|(key, _)| NAMES.contains(key)).find_map(|(_, name)| {
                    let Seen::Text(name) = name.seen() else { return None };
                    self.kind(&name).map(|kind| (name, kind))
                });
                for (key, value) in members {
                    let held = name.as_ref().filter(|_| HOLDERS.contains(&key));
                    match held.map(|(name, kind)| (&**name, *kind)).or_else(|| Some((key, self.kind(key)?))) {
                        Some((name, kind)) => self.held(value, name, kind),
                        None => self.value(value),
                    }
                }
            }
            _ => {}
        }
    }

    /// What stands under a name.
    fn held(&mut self, value: &'t T, name: &str, kind: Sort) {
        match value.seen() {
            Seen::Text(_) | Seen::Number(_) => self.found.push(Named { value, name: name.to_owned(), kind }),
            Seen::List(items) => items.iter().for_each(|item| self.held(item, name, kind)),
            Seen::Map(members) => {
                for (key, value) in members {
                    if key == MAP && is_map_of_values(value) {
                        self.held_map(value, name, kind);
                    } else if HOLDERS.contains(&key) {
                        self.held(value, name, kind);
                    } else if MATCHERS.contains(&key) {
                        self.held(value, name, Sort::Matcher);
                    } else if let Some(own) = self.kind(key) {
                        self.held(value, key, own);
                    } else {
                        self.value(value);
                    }
                }
            }
            Seen::Other => {}
        }
    }

    /// A map of `DynamoDB`, all of which stands under a name.
    fn held_map(&mut self, value: &'t T, name: &str, kind: Sort) {
        if let Seen::Map(members) = value.seen() {
            for (_, member) in members {
                self.held(member, name, kind);
            }
        }
    }
}

/// Whether all members of a map are values of `DynamoDB`, each of which says its type.
fn is_map_of_values<T: Tree>(value: &T) -> bool {
    let Seen::Map(members) = value.seen() else { return false };
    members.iter().all(|(_, member)| match member.seen() {
        Seen::Map(own) => matches!(&own[..], [(key, _)] if TYPES.contains(key)),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::json_node;
    use super::*;

    /// What is open in a text.
    fn open_in(text: &str, least: usize) -> Vec<String> {
        let root = json_node::parse(text).roots.pop().expect("JSON");
        let found = named(&root, &|name| name == "Secrets");
        let open = found.into_iter().filter(|named| named.is_open(least));
        let said = |own: Named<'_, Node<'_>>| {
            let said = own.text().expect("a text or a number").into_owned();
            assert_eq!(text[own.value.range.clone()].trim_matches('"'), said);
            said
        };
        open.map(said).collect()
    }

    fn open(value: &Value, least: usize) -> Vec<String> {
        open_in(&value.to_string(), least)
    }

    #[test]
    fn a_value_stands_under_its_name_in_many_ways() {
        // Put together here, so that no file holds anything like a secret.
        let secret = "pl4nt".repeat(3);
        for value in [
            json!({"password": secret}),
            json!({"a": [{"sessiontoken": secret}]}),
            json!({"password": {"S": secret}}),
            json!({"password": [secret]}),
            json!({"Cookie": {"or": [{"contains": secret}]}}),
            json!([["Cookie", secret]]),
            json!([{"Name": "password", "Value": {"StringValue": secret}}]),
            json!([{"ParameterKey": "DBPassword", "ParameterValue": secret}]),
            json!({"Secrets": secret}),
            json!({"password": {"L": [{"BOOL": true}, {"S": secret}]}}),
            json!({"password": {"SS": [secret]}}),
            json!({"password": {"BS": [secret]}}),
            json!({"password": {"M": {"x": {"S": secret}, "y": {"NULL": true}}}}),
            json!({"password": {"M": {"x": {"M": {"y": {"L": [{"M": {"z": {"B": secret}}}]}}}}}}),
            json!({":password": {"S": secret}}),
            json!({"password": {"AttributeValueList": [{"S": secret}], "ComparisonOperator": "EQ"}}),
        ] {
            assert_eq!(open(&value, LEAST), [secret.as_str()], "{value}");
        }
        assert_eq!(open(&json!({"password": 1_234_567_890}), LEAST), ["1234567890"]);
        assert_eq!(open(&json!({"password": {"NS": ["1234567890"]}}), LEAST), ["1234567890"]);
        assert_eq!(open(&json!({"password": "hunter2"}), 1), ["hunter2"]);
    }

    #[test]
    fn a_key_that_stands_twice_hides_nothing() {
        for text in [
            r#"{"password": "hunter2", "password": 7}"#,
            r#"{"a": {"password": "hunter2"}, "a": 1}"#,
            r#"{"Name": "password", "Name": "colour", "Value": "hunter2"}"#,
        ] {
            assert_eq!(open_in(text, 1), ["hunter2"], "{text}");
        }
    }

    #[test]
    fn what_is_beside_a_name_is_no_secret() {
        let word = "pl4nt".repeat(3);
        for value in [
            json!({"password": "XXXXXXXX", "secretKey": "REDACTED", "cookie": "short", "passphrase": true}),
            json!({"password": {"type": "string", "description": word}}),
            json!({"password": {"M": {"type": "string", "description": word}}}),
            json!({"password": {"M": {"x": {"S": word, "T": word}}}, "M": {"x": {"S": word}}, "L": [{"S": word}]}),
            json!({"password": 60, "ManageMasterUserPassword": "TRUE"}),
            json!({"Authorization": {"matches": ".*/us-east-1/cleanrooms/aws4_request.*"}}),
            json!([{"name": "engine", "value": word}, ["password", word], {"nextToken": word}]),
        ] {
            assert_eq!(open(&value, LEAST), [""; 0], "{value}");
        }
    }
}

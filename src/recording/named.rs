//! Values that stand under the name of a credential or of a secret header, however both are written: as a member, as a pair of
//! members, in a list of two, or within what types or matches them.

use serde_json::Value;

use super::credential;
use super::json::child;

/// Members that hold a value or name its type: of pairs, and of values of `DynamoDB` and of message attributes.
const HOLDERS: &[&str] =
    &["value", "Value", "S", "N", "B", "SS", "stringValue", "StringValue", "parameterValue", "ParameterValue"];
/// Members that match a value, or a part of it.
const MATCHERS: &[&str] = &["equalTo", "contains", "matches", "or", "and"];
/// Members that hold a name, of pairs.
const NAMES: &[&str] = &["name", "Name", "key", "Key", "parameterKey", "ParameterKey"];
/// Characters of a value that is long enough to be a secret wherever it stands; shorter ones are words.
pub(crate) const LEAST: usize = 8;

/// A text or number under such a name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Where it stands.
    pub(crate) pointer: String,
    kind: Kind,
}

/// What a value is to its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Credential,
    /// Headers may hold a word that says that there is none.
    Header,
    /// A part of it, or a pattern.
    Matcher,
}

impl Named {
    /// Whether it says something secret: a text of so many characters at least that is no mask.
    pub(crate) fn is_open(&self, within: &Value, least: usize) -> bool {
        let text = match within.pointer(&self.pointer) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => return false,
        };
        let is_long = |least: usize| text.chars().count() >= least;
        !credential::is_masked(&text)
            && match self.kind {
                Kind::Credential => is_long(least),
                Kind::Header => is_long(LEAST),
                Kind::Matcher => is_long(LEAST) && has_random_word(&text),
            }
    }
}

/// Texts and numbers under such names, or under those that `is_more` knows.
pub(crate) fn named(value: &Value, is_more: &dyn Fn(&str) -> bool) -> Vec<Named> {
    let mut walk = Walk { found: Vec::new(), is_more };
    walk.value(value, "");
    walk.found
}

/// Whether a word of a pattern is none of a language.
fn has_random_word(text: &str) -> bool {
    let has = |word: &str, kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    let is_random =
        |word: &str| word.len() >= LEAST && has(word, u8::is_ascii_digit) && has(word, u8::is_ascii_alphabetic);
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_random)
}

struct Walk<'w> {
    found: Vec<Named>,
    is_more: &'w dyn Fn(&str) -> bool,
}

impl Walk<'_> {
    fn kind(&self, name: &str) -> Option<Kind> {
        if credential::is_name(name) || (self.is_more)(name) {
            return Some(Kind::Credential);
        }
        credential::is_name_of_header(name).then_some(Kind::Header)
    }

    fn value(&mut self, value: &Value, pointer: &str) {
        match value {
            Value::Array(items) => {
                // A list of two texts may be one of anything, but for a header and its value.
                if let [Value::String(name), value] = &items[..]
                    && credential::is_name_of_header(name)
                {
                    self.held(value, &format!("{pointer}/1"), Kind::Header);
                }
                for (at, item) in items.iter().enumerate() {
                    self.value(item, &format!("{pointer}/{at}"));
                }
            }
            Value::Object(members) => {
                let name = NAMES.iter().find_map(|key| members.get(*key)?.as_str());
                let kind = name.and_then(|name| self.kind(name));
                for (key, value) in members {
                    let below = child(pointer, key);
                    match kind.filter(|_| HOLDERS.contains(&key.as_str())).or_else(|| self.kind(key)) {
                        Some(kind) => self.held(value, &below, kind),
                        None => self.value(value, &below),
                    }
                }
            }
            _ => {}
        }
    }

    /// What stands under a name.
    fn held(&mut self, value: &Value, pointer: &str, kind: Kind) {
        match value {
            Value::String(_) | Value::Number(_) => self.found.push(Named { pointer: pointer.to_owned(), kind }),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.held(item, &format!("{pointer}/{at}"), kind);
                }
            }
            Value::Object(members) => {
                for (key, value) in members {
                    let below = child(pointer, key);
                    if HOLDERS.contains(&key.as_str()) {
                        self.held(value, &below, kind);
                    } else if MATCHERS.contains(&key.as_str()) {
                        self.held(value, &below, Kind::Matcher);
                    } else if let Some(own) = self.kind(key) {
                        self.held(value, &below, own);
                    } else {
                        self.value(value, &below);
                    }
                }
            }
            Value::Bool(_) | Value::Null => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is open in a value.
    fn open(value: &Value, least: usize) -> Vec<String> {
        let found = named(value, &|name| name == "Secrets");
        found.into_iter().filter(|named| named.is_open(value, least)).map(|named| named.pointer).collect()
    }

    #[test]
    fn a_value_stands_under_its_name_in_many_ways() {
        // Put together here, so that no file holds anything like a secret.
        let secret = "pl4nt".repeat(3);
        for (value, pointer) in [
            (json!({"password": secret}), "/password"),
            (json!({"a": [{"sessiontoken": secret}]}), "/a/0/sessiontoken"),
            (json!({"password": 1_234_567_890}), "/password"),
            (json!({"password": {"S": secret}}), "/password/S"),
            (json!({"password": [secret]}), "/password/0"),
            (json!({"Cookie": {"or": [{"contains": secret}]}}), "/Cookie/or/0/contains"),
            (json!([["Cookie", secret]]), "/0/1"),
            (json!([{"Name": "password", "Value": {"StringValue": secret}}]), "/0/Value/StringValue"),
            (json!([{"ParameterKey": "DBPassword", "ParameterValue": secret}]), "/0/ParameterValue"),
            (json!({"Secrets": secret}), "/Secrets"),
        ] {
            assert_eq!(open(&value, LEAST), [pointer], "{value}");
        }
        assert_eq!(open(&json!({"password": "hunter2"}), 1), ["/password"]);
    }

    #[test]
    fn what_is_beside_a_name_is_no_secret() {
        let word = "pl4nt".repeat(3);
        for value in [
            json!({"password": "XXXXXXXX", "secretKey": "REDACTED", "cookie": "short", "passphrase": true}),
            json!({"password": {"type": "string", "description": word}}),
            json!({"Authorization": {"matches": ".*/us-east-1/cleanrooms/aws4_request.*"}}),
            json!([{"name": "engine", "value": word}, ["password", word], {"nextToken": word}]),
        ] {
            assert_eq!(open(&value, LEAST), [""; 0], "{value}");
        }
    }
}

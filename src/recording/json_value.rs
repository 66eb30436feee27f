//! JSON text → `serde_json::Value`, in one go and without places, where nothing is odd about the text or its numbers.

use serde_json::{Map, Value};

use super::cursor::{Cursor, LEVELS, Number};
use super::number;

/// The value of a text in which no object has a key twice and values have all numbers as they are written; `None` says
/// nothing.
pub(super) fn sound(text: &str) -> Option<Value> {
    let mut cursor = Cursor::new(text);
    let value = value(&mut cursor, LEVELS)?;
    cursor.is_done().then_some(value)
}

fn value(cursor: &mut Cursor<'_>, levels: usize) -> Option<Value> {
    Some(match cursor.next()? {
        b'{' => Value::Object(members(cursor, levels.checked_sub(1)?)?),
        b'[' => Value::Array(items(cursor, levels.checked_sub(1)?)?),
        b'"' => Value::String(cursor.string()?.text()?.into_owned()),
        b't' => cursor.takes_text("true").then_some(Value::Bool(true))?,
        b'f' => cursor.takes_text("false").then_some(Value::Bool(false))?,
        b'n' => cursor.takes_text("null").then_some(Value::Null)?,
        _ => match cursor.number()? {
            Number::Whole(whole) => whole.into(),
            Number::Other(text) => {
                let read = number::read(text)?;
                read.is_exact().then_some(Value::Number(read.number))?
            }
        },
    })
}

fn members(cursor: &mut Cursor<'_>, levels: usize) -> Option<Map<String, Value>> {
    let mut members = Map::new();
    cursor.members(|cursor, key| {
        let is_new = members.insert(key.text()?.into_owned(), value(cursor, levels)?).is_none();
        is_new.then_some(())
    })?;
    Some(members)
}

fn items(cursor: &mut Cursor<'_>, levels: usize) -> Option<Vec<Value>> {
    let mut items = Vec::new();
    cursor.elements(|cursor| {
        items.push(value(cursor, levels)?);
        Some(())
    })?;
    Some(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_text_has_the_value_that_a_parser_gives() {
        for text in [
            r#" {"a": [1, -2, 18446744073709551615, 1e2, -0, 0.1, 1e-300], "b\n": "\u00e9😀", "c": {}, "d": [null, true, false]} "#,
            "[]",
            "\"\"",
            "-9223372036854775808",
            "123456789012345678901234567890",
        ] {
            assert_eq!(sound(text), Some(serde_json::from_str(text).expect("JSON")), "{text}");
        }
        for odd in [
            r#"{"a": 1, "a": 1}"#,
            r#"{"a": 1, "\u0061": 1}"#,
            "[1e400]",
            "-9223372036854775809",
            "1e-400",
            "",
            "[1] 2",
            "[1,]",
            "\"\\ud800\"",
            "01",
        ] {
            assert_eq!(sound(odd), None, "{odd}");
        }
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(sound(&nested(127)).is_some() && sound(&nested(128)).is_none());
    }
}

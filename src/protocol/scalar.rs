//! Text of headers, labels, query strings, forms and XML → the JSON value that the model's shape takes on the wire.
//!
//! Text that does not fit stays text: the contract then says what is wrong with it.

use serde_json::Value;

use crate::model::{Fact, ListMember, Member, Service, Shape, ShapeKind, TimestampFormat};
use crate::recording::number::{Read, Rounding, read_loosely};

/// The value of a scalar shape. `timestamps` is the format that belongs at this place where the model sets none.
pub(super) fn scalar(shape: &Shape, text: &str, member: Option<&Member>, timestamps: TimestampFormat) -> Value {
    match &shape.kind {
        ShapeKind::Boolean => match text {
            "true" => true.into(),
            "false" => false.into(),
            other => other.into(),
        },
        ShapeKind::Integer(_) => whole(text),
        ShapeKind::Float(_) => number(text),
        ShapeKind::Timestamp(own) => {
            let own = if let Fact::Known(own) = own { *own } else { None };
            let format = member.and_then(|member| member.timestamp_format).or(own).unwrap_or(timestamps);
            if format == TimestampFormat::UnixTimestamp { number(text) } else { text.into() }
        }
        _ => text.into(),
    }
}

/// A number that should be whole. One of which only rounding makes that stays text.
fn whole(text: &str) -> Value {
    match read_loosely(text) {
        Some(Read { number, rounding }) if rounding != Rounding::Fraction => Value::Number(number),
        _ => text.into(),
    }
}

/// A number of any kind. One beyond floating point stays text.
fn number(text: &str) -> Value {
    match read_loosely(text) {
        Some(Read { number, rounding }) if rounding != Rounding::Overflow => Value::Number(number),
        _ => text.into(),
    }
}

/// The elements of a header that holds a list: separated by commas, of which an HTTP date has one of its own.
pub(super) fn header_list(service: &Service, list: &ListMember, text: &str) -> Value {
    let Some(shape) = service.shape(&list.target) else { return text.into() };
    if text.trim().is_empty() {
        return Value::Array(Vec::new());
    }
    let dates = matches!(&shape.kind, ShapeKind::Timestamp(own)
        if !matches!(own, Fact::Known(Some(format)) if *format != TimestampFormat::HttpDate));
    let parts: Vec<String> = if dates {
        let pieces: Vec<&str> = text.split(',').collect();
        pieces.chunks(2).map(|pair| pair.join(",").trim().to_owned()).collect()
    } else {
        split_quoted(text)
    };
    Value::Array(parts.iter().map(|part| scalar(shape, part, None, TimestampFormat::HttpDate)).collect())
}

/// Splits at commas outside of quotes, and takes the quotes off.
fn split_quoted(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let part = parts.last_mut().expect("never empty");
        match character {
            '"' if quoted || part.trim().is_empty() => {
                if !quoted {
                    part.clear();
                }
                quoted = !quoted;
            }
            '\\' if quoted => part.extend(characters.next()),
            ',' if !quoted => parts.push(String::new()),
            other => part.push(other),
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_exact_and_other_text_stays_text() {
        assert_eq!(number("12"), serde_json::json!(12));
        assert_eq!(number("+1.50"), serde_json::json!(1.5));
        assert_eq!(number("007"), serde_json::json!(7.0));
        assert_eq!(number("9223372036854775808"), serde_json::json!(9_223_372_036_854_775_808_u64));
        for text in ["", "twelve", "0x10", "NaN", "1 2", "infinity"] {
            assert_eq!(number(text), Value::from(text));
        }
    }

    #[test]
    fn quoted_elements_may_hold_commas() {
        assert_eq!(split_quoted(r#"a, "b,c" ,"d\"e""#), ["a", "b,c", "d\"e"]);
    }
}

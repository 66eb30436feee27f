//! Bytes that a recording writes in digits.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Digits that bytes are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// Base64.
    Base64,
    /// Pairs of hexadecimal digits.
    Hexadecimal,
}

/// What digits are written in, each between double quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// A string.
    Text,
    /// A string, behind a mark.
    Marked(&'static str),
    /// A list of strings, each of which holds a part.
    List,
    /// The text of such a list, as a string.
    ListInText,
}

/// Bytes that are written in pairs of hexadecimal digits; `None` of anything else.
pub(crate) fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        digits.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect::<Option<_>>()?;
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

impl Digits {
    pub(super) fn of(self, bytes: &[u8]) -> String {
        match self {
            Self::Base64 => STANDARD.encode(bytes),
            Self::Hexadecimal => {
                let digit = |half| char::from_digit(u32::from(half), 16).unwrap_or_default();
                bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
            }
        }
    }
}

impl Within {
    /// What stands in the source, with these digits.
    pub(super) fn text(self, digits: &str) -> String {
        let quoted = |text: &str| Value::from(text).to_string();
        match self {
            Self::Text => quoted(digits),
            Self::Marked(mark) => quoted(&format!("{mark}{digits}")),
            Self::List => json!([digits]).to_string(),
            Self::ListInText => quoted(&json!([digits]).to_string()),
        }
    }
}

//! How recordings write texts down, and another text in the same place.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::digits::{Digits, Within};
use super::python_literal::repr;

/// How a recording writes a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// As it is.
    Verbatim,
    /// Between double quotes, with escapes: a string of JSON or YAML.
    Escaped,
    /// Between single quotes, which are doubled within: YAML.
    Doubled,
    /// With other white space, but otherwise as it is: YAML's plain scalars and blocks.
    Spaced,
    /// Base64, within quotes or not.
    Base64,
    /// A literal of Python: text, or bytes behind a `b`.
    Python,
    /// As it is, but for so many bytes before it that stand elsewhere.
    Behind(usize),
    /// In a file of its own that the source names; the range is the member that names it.
    Beside(Inline),
    /// Several pieces, of which the range holds the first.
    Pieces,
    /// A value of YAML, of which this is the JSON.
    Parsed,
    /// The path of a URL, between double quotes; what is before it stands elsewhere.
    Path,
    /// In digits, which stand as one string or within it.
    Encoded(Digits, Within),
}

/// How a recording holds a body itself that was in a file of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inline {
    /// As a stub of `WireMock` does.
    Stub,
    /// As the content of HAR does.
    Archive,
}

impl Inline {
    /// The members of JSON that hold it.
    fn members(self, content: &[u8]) -> String {
        let text = std::str::from_utf8(content);
        let value = Value::from(text.map_or_else(|_| STANDARD.encode(content), str::to_owned));
        match (self, text.is_ok()) {
            (Self::Stub, true) => format!("\"body\": {value}"),
            (Self::Stub, false) => format!("\"base64Body\": {value}"),
            (Self::Archive, true) => format!("\"text\": {value}"),
            (Self::Archive, false) => format!("\"encoding\": \"base64\", \"text\": {value}"),
        }
    }
}

impl Notation {
    /// What to write into the source, and where, so that a text that stands there in this way is another one; `None` where it
    /// has no such form.
    pub(super) fn placed(self, range: Range<usize>, source: &[u8], content: &[u8]) -> Option<(Range<usize>, Vec<u8>)> {
        let quoted = |text: &str| Value::from(text).to_string();
        let text = match self {
            Notation::Verbatim => return Some((range.clone(), content.to_vec())),
            Notation::Behind(before) => return Some((range.clone(), content.get(before..)?.to_vec())),
            Notation::Escaped | Notation::Doubled | Notation::Spaced => quoted(std::str::from_utf8(content).ok()?),
            Notation::Base64 => quoted(&STANDARD.encode(content)),
            Notation::Python => repr(content, matches!(source.get(range.start), Some(b'b' | b'B'))),
            Notation::Beside(inline) => inline.members(content),
            Notation::Path => quoted(path_of(std::str::from_utf8(content).ok()?)?),
            Notation::Encoded(digits, within) => within.text(&digits.of(content)),
            // JSON is YAML, too. A block ends with its last line.
            Notation::Parsed => {
                let length = source.get(range.clone())?.trim_ascii_end().len();
                return Some((range.start..range.start + length, content.to_vec()));
            }
            Notation::Pieces => return None,
        };
        let block = match self {
            // JSON's strings are YAML's too, and fit where any scalar stands.
            Notation::Spaced | Notation::Base64 => block_header(source, range.start),
            _ => None,
        };
        Some(match block {
            // A block ends with its last line; what indents the next one is not its own.
            Some(header) => {
                let block = source[range.clone()].trim_ascii_end();
                (header..range.start + block.len(), text.into_bytes())
            }
            None => (range.clone(), text.into_bytes()),
        })
    }
}

/// The path of a URL, with what is behind it.
pub(super) fn path_of(url: &str) -> Option<&str> {
    let host = url.find("://").map_or(0, |at| at + 3);
    Some(&url[host + url[host..].find('/')?..])
}

/// Where the header of a YAML block scalar (`|`, `>-`) begins whose content begins at `content`; `None` where that is no
/// block scalar.
fn block_header(source: &[u8], content: usize) -> Option<usize> {
    let line = source.get(..content)?.trim_ascii_end();
    // Without a line break between, it is a scalar on the line of its key.
    if !source[line.len()..content].contains(&b'\n') {
        return None;
    }
    let marks = line.iter().rev().take_while(|byte| matches!(byte, b'+' | b'-' | b'0'..=b'9')).count();
    let at = line.len().checked_sub(marks + 1)?;
    matches!(line[at], b'|' | b'>').then_some(at)
}

//! Texts of a recording with the bytes that they are written with, so that a finding within a decoded body has a line and
//! a column.

use std::borrow::Cow;
use std::ops::Range;

use super::coding::{self, Coding};
use super::joined::{Edits, Joined, Part};
pub use super::notation::Notation;
use super::notation::path_of;
use super::python_literal::escaped;

/// Text or bytes as they were meant, with the bytes of the source that hold them.
#[derive(Debug, Clone)]
pub struct Written<'a> {
    /// The content, decoded.
    pub bytes: Cow<'a, [u8]>,
    /// Bytes of the source that it is written in, quotes included.
    pub range: Range<usize>,
    /// How it is written there.
    pub form: Notation,
    /// Something secret was replaced by a mask.
    pub masked: bool,
    /// The recorder parsed it, and wrote down the value in its own way.
    pub parsed: bool,
    /// The places that it is put together from, where it stands in several and they are known.
    pub joined: Option<Joined>,
    /// Content codings that were undone, from the last that had been applied to the first.
    pub codings: Vec<Coding>,
}

impl<'a> Written<'a> {
    /// Content as it was recorded.
    pub fn new(bytes: Cow<'a, [u8]>, range: Range<usize>, form: Notation) -> Self {
        Self { bytes, range, form, masked: false, parsed: false, joined: None, codings: Vec::new() }
    }

    /// A text that stands in the source as it is.
    pub fn verbatim(text: &'a str, start: usize) -> Self {
        Self::new(Cow::Borrowed(text.as_bytes()), start..start + text.len(), Notation::Verbatim)
    }

    /// A path that stands in the source as it is, as the URL that it is behind this origin, which does not stand there.
    pub(super) fn behind(self, origin: &str) -> Self {
        let bytes = [origin.as_bytes(), &self.bytes].concat();
        Self { bytes: bytes.into(), form: Notation::Behind(origin.len()), ..self }
    }

    /// Where it stands, and how.
    fn place(&self) -> (Range<usize>, Notation) {
        (self.range.clone(), self.form)
    }

    /// As a part of a text that has it encoded.
    pub(super) fn encoded_part(&self, encode: impl Fn(&str) -> String) -> Part {
        Part::encoded(self.place(), &self.text(), encode)
    }

    /// As a part of a text that has it as it is.
    pub(super) fn verbatim_part(&self) -> Part {
        Part::verbatim(self.place(), &self.text())
    }

    /// As one of several that follow each other.
    pub(super) fn frame(&self) -> Part {
        Part::frame(self.place())
    }

    /// The content as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> Cow<'_, str> {
        // Asked for again and again, and hardly ever anything but UTF-8.
        simdutf8::basic::from_utf8(&self.bytes).map_or_else(|_| String::from_utf8_lossy(&self.bytes), Cow::Borrowed)
    }

    pub(super) fn masked(self, text: String) -> Self {
        Self { bytes: text.into_bytes().into(), masked: true, ..self }
    }

    /// The byte of the source that byte `at` of the content is written at; where that cannot be told, the first one of
    /// all.
    pub fn source_offset(&self, source: &[u8], at: usize) -> usize {
        Trail::of(self, source).offset(at)
    }
}

/// A text beside the bytes that it is written with, both read once, for many questions in any order.
pub(crate) struct Trail<'w> {
    /// The content.
    bytes: &'w [u8],
    /// What it is written with, the quotes included.
    raw: &'w [u8],
    /// Byte of the source at which that begins.
    start: usize,
    /// How it is written, where places within it can be told.
    form: Option<Notation>,
    /// The ink before each stride of the content.
    inks: Vec<usize>,
    /// Bytes of `raw`, each with the ink before it: the last one with no more ink than each stride.
    stops: Vec<(usize, usize)>,
}

impl<'w> Trail<'w> {
    /// Bytes of the content, and of ink, between two that are known.
    const STRIDE: usize = 256;

    pub(crate) fn of(written: &'w Written<'_>, source: &'w [u8]) -> Self {
        let raw = source.get(written.range.clone()).unwrap_or_default();
        let form = match written.form {
            _ if !written.codings.is_empty() => None,
            Notation::Verbatim => Some(Notation::Verbatim),
            Notation::Pieces | Notation::Parsed | Notation::Beside(_) | Notation::Path | Notation::Encoded(..) => None,
            _ if written.masked => None,
            form => Some(form),
        };
        let (mut inks, mut stops) = (Vec::new(), Vec::new());
        match form {
            Some(form @ (Notation::Escaped | Notation::Doubled | Notation::Spaced | Notation::Python)) => {
                inks = strides(&written.bytes);
                stops = self::stops(raw, form);
            }
            Some(Notation::Base64) => stops = self::stops(raw, Notation::Escaped),
            _ => {}
        }
        Self { bytes: &written.bytes, raw, start: written.range.start, form, inks, stops }
    }

    /// The byte of the source that byte `at` of the content is written at; where that cannot be told, the first one of
    /// all.
    pub(crate) fn offset(&self, at: usize) -> usize {
        let within = match self.form {
            None
            | Some(
                Notation::Pieces | Notation::Parsed | Notation::Beside(_) | Notation::Path | Notation::Encoded(..),
            ) => 0,
            Some(Notation::Verbatim) => at.min(self.raw.len()),
            Some(Notation::Behind(before)) => at.saturating_sub(before).min(self.raw.len()),
            // Four characters hold three bytes.
            Some(Notation::Base64) => self.place(Notation::Escaped, at / 3 * 4 + at % 3),
            Some(form) => self.place(form, self.ink(at)),
        };
        self.start + within
    }

    /// The bytes of the source that a part of the content is written with, which neither begins nor ends with white space.
    pub(crate) fn range(&self, part: Range<usize>) -> Range<usize> {
        if part.is_empty() {
            return self.offset(part.start)..self.offset(part.start);
        }
        let last = self.offset(part.end - 1);
        let is_escape = self.form == Some(Notation::Escaped) && self.raw.get(last - self.start) == Some(&b'\\');
        let length = if is_escape { escape(&self.raw[last - self.start..]).0 } else { 1 };
        self.offset(part.start)..last + length
    }

    /// How much ink there is before byte `end` of the content.
    fn ink(&self, end: usize) -> usize {
        let end = end.min(self.bytes.len());
        let stride = (end / Self::STRIDE).min(self.inks.len() - 1);
        self.inks[stride] + ink(&self.bytes[stride * Self::STRIDE..end])
    }

    /// Where the byte is written before which there are `wanted` bytes of ink.
    fn place(&self, form: Notation, wanted: usize) -> usize {
        let known = self.stops[(wanted / Self::STRIDE).min(self.stops.len() - 1)];
        let mut last = known.0;
        for (here, seen) in Steps::from(self.raw, form, known) {
            if seen > wanted {
                break;
            }
            last = here;
        }
        last.min(self.raw.len().saturating_sub(1))
    }
}

/// The ink before each stride of a content.
fn strides(bytes: &[u8]) -> Vec<usize> {
    let mut inks = vec![0];
    let mut seen = 0;
    for stride in bytes.chunks(Trail::STRIDE) {
        seen += ink(stride);
        inks.push(seen);
    }
    inks
}

/// The last step with no more ink than each stride.
fn stops(raw: &[u8], form: Notation) -> Vec<(usize, usize)> {
    let start = match raw {
        [b'b' | b'B', ..] if form == Notation::Python => 2,
        [b'"' | b'\'', ..] => usize::from(form != Notation::Spaced),
        _ => 0,
    };
    let mut stops = vec![(start, 0)];
    let mut last = (start, 0);
    for (here, seen) in Steps::from(raw, form, last) {
        while seen > stops.len() * Trail::STRIDE {
            stops.push(last);
        }
        last = (here, seen);
    }
    stops
}

/// What is written, character by character: the byte behind each, and the ink before that.
struct Steps<'r> {
    raw: &'r [u8],
    form: Notation,
    here: usize,
    seen: usize,
}

impl<'r> Steps<'r> {
    fn from(raw: &'r [u8], form: Notation, (here, seen): (usize, usize)) -> Self {
        Self { raw, form, here, seen }
    }
}

impl Iterator for Steps<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let byte = *self.raw.get(self.here)?;
        let (length, inked) = match (byte, self.form) {
            (b'\\', Notation::Escaped) => escape(&self.raw[self.here..]),
            (b'\\', Notation::Python) => escaped(&self.raw[self.here..], matches!(self.raw[0], b'b' | b'B')),
            (b'\'', Notation::Doubled) => (2, 1),
            (byte, _) => (1, usize::from(!byte.is_ascii_whitespace())),
        };
        (self.here, self.seen) = (self.here + length, self.seen + inked);
        Some((self.here, self.seen))
    }
}

impl Written<'_> {
    /// The text of what stands in the source: of a URL whose host stands elsewhere, the path.
    pub(crate) fn text_here(&self) -> Cow<'_, str> {
        match (self.form, self.text()) {
            (Notation::Path | Notation::Behind(_), text) => match path_of(&text) {
                Some(path) => path.to_owned().into(),
                None => text,
            },
            (_, text) => text,
        }
    }

    /// Whether what it means cannot be read in the source.
    pub(crate) fn is_encoded(&self) -> bool {
        !self.codings.is_empty() || matches!(self.form, Notation::Base64 | Notation::Encoded(..))
    }

    /// Whether it is in a file of its own.
    pub(crate) fn is_beside(&self) -> bool {
        matches!(self.form, Notation::Beside(_))
    }

    /// What to write into the source, and where, so that it holds `content` in place of this; `None` where it is
    /// written in several pieces that nobody tells apart, or its form has no such content.
    pub fn rewritten(&self, source: &[u8], content: &[u8]) -> Option<Edits> {
        let coded = if self.codings.is_empty() {
            Cow::Borrowed(content)
        } else {
            Cow::Owned(coding::encoded(content.to_vec(), &self.codings)?)
        };
        match &self.joined {
            Some(joined) => joined.rewritten(source, &coded),
            None => self.form.placed(self.range.clone(), source, &coded).map(|one| vec![one]),
        }
    }

    /// Bytes of the source that hold it.
    pub(crate) fn ranges(&self) -> Vec<Range<usize>> {
        self.joined.as_ref().map_or_else(|| vec![self.range.clone()], |joined| joined.ranges().collect())
    }
}

/// How many bytes are no white space. Folds and indentation change white space alone, so that the other bytes of a text
/// can be counted off against those that it is written with.
fn ink(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| !byte.is_ascii_whitespace()).count()
}

/// Length of an escape sequence, and how many bytes of ink it means.
fn escape(raw: &[u8]) -> (usize, usize) {
    let digits = match raw.get(1) {
        Some(b'x') => 2,
        Some(b'u') => 4,
        Some(b'U') => 8,
        // White space, or a break that is none.
        Some(b'n' | b'r' | b't' | b'f' | b' ' | b'\t' | b'\r' | b'\n') => return (2, 0),
        // YAML's names for U+0085, U+00A0, U+2028 and U+2029.
        Some(b'N' | b'_') => return (2, 2),
        Some(b'L' | b'P') => return (2, 3),
        _ => return (2, 1),
    };
    let code = raw.get(2..2 + digits).and_then(|digits| std::str::from_utf8(digits).ok());
    let code = code.and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or_default();
    let bytes = match char::from_u32(code) {
        Some(c) => {
            if c.is_ascii_whitespace() {
                0
            } else {
                c.len_utf8()
            }
        }
        // The two halves of an astral character mean four bytes together.
        None => 2,
    };
    (2 + digits, bytes)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::Value;

    use super::*;

    fn placed(raw: &str, meant: &str, form: Notation, what: &str) -> String {
        let written = Written::new(meant.as_bytes().into(), 0..raw.len(), form);
        let at = written.source_offset(raw.as_bytes(), meant.find(what).expect("part of the meaning"));
        raw[at..].chars().take(what.len()).collect()
    }

    #[test]
    fn finds_the_place_within_quotes_and_escapes() {
        let raw = r#""{\"a\": \"\u00fc\ud83c\udf50\n\", \"status\": 7}""#;
        let meant = "{\"a\": \"ü🍐\n\", \"status\": 7}";
        assert_eq!(placed(raw, meant, Notation::Escaped, "status"), "status");
        assert_eq!(placed(raw, meant, Notation::Escaped, "7"), "7");
        // What an escape means has one byte to four, or none that counts.
        let (raw, meant) = (r#""\u0041\u20ac\u000a\x41\U0001F350 status""#, "A€\nA🍐 status");
        assert_eq!(placed(raw, meant, Notation::Escaped, "status"), "status");
    }

    #[test]
    fn a_text_is_written_anew_where_it_stood() {
        let cases = [
            ("{\"a\": \"x\\n\", \"b\": 1}", 6..11, Notation::Escaped, "{\"a\": \"ü\\\"\", \"b\": 1}"),
            ("a: 'x'\nb: 1\n", 3..6, Notation::Doubled, "a: \"ü\\\"\"\nb: 1\n"),
            ("a: |-\n  x\n  y\nb: 1\n", 8..14, Notation::Spaced, "a: \"ü\\\"\"\nb: 1\n"),
            ("- a: !!binary |\n    aGk=\n  b: 1\n", 20..27, Notation::Base64, "- a: !!binary \"w7wi\"\n  b: 1\n"),
        ];
        for (source, range, form, expected) in cases {
            let written = Written::new(b"old".into(), range, form);
            let mut edits = written.rewritten(source.as_bytes(), "ü\"".as_bytes()).expect("in one piece");
            let (at, text) = edits.pop().expect("one");
            let after = [&source.as_bytes()[..at.start], &text, &source.as_bytes()[at.end..]].concat();
            assert_eq!(String::from_utf8(after).expect("text"), expected);
        }
    }

    #[test]
    fn finds_the_place_within_yaml() {
        let single = "'{\"it''s\": 1,\n      \"status\": 7}'";
        assert_eq!(placed(single, "{\"it's\": 1, \"status\": 7}", Notation::Doubled, "status"), "status");
        let block = "{\"a\": 1,\n        \"status\": 7}\n";
        assert_eq!(placed(block, "{\"a\": 1,\n  \"status\": 7}\n", Notation::Spaced, "status"), "status");
        assert_eq!(placed("\"a\",\n  'b'\n", "\"a\",\n'b'\n", Notation::Spaced, "'b'"), "'b'", "no quotes of its own");
        let double = "\"{\\\"a\\\": 1, \\\n      \\ \\\"status\\\":\\t\\xFC\\N\\u20ac\\\n  7}\"";
        let meant = "{\"a\": 1,  \"status\":\tü\u{85}€7}";
        assert_eq!(placed(double, meant, Notation::Escaped, "status"), "status");
        assert_eq!(placed(double, meant, Notation::Escaped, "7"), "7");
    }

    #[test]
    fn finds_every_place_within_a_long_text() {
        let meant = "{\"ü\": 1,\n \"🍐\": [7,\t\"it's\"]}".repeat(100);
        let escaped = Value::from(meant.as_str()).to_string();
        let doubled = format!("'{}'", meant.replace('\'', "''"));
        let spaced = meant.replace('\n', "\n        ");
        let base64 = STANDARD.encode(&meant);
        let forms = [
            (&escaped, Notation::Escaped),
            (&doubled, Notation::Doubled),
            (&spaced, Notation::Spaced),
            (&base64, Notation::Base64),
        ];
        for (raw, form) in forms {
            let written = Written::new(meant.as_bytes().into(), 0..raw.len(), form);
            let trail = Trail::of(&written, raw.as_bytes());
            let places: Vec<usize> = (0..meant.len()).map(|at| trail.offset(at)).collect();
            assert!(places.is_sorted(), "{form:?}");
            for (at, byte) in meant.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_alphanumeric()) {
                if form == Notation::Base64 {
                    assert_eq!(places[at], at / 3 * 4 + at % 3);
                } else {
                    assert_eq!(raw.as_bytes()[places[at]], byte, "{form:?} {at}");
                }
            }
        }
    }

    #[test]
    fn finds_the_place_within_base64() {
        let raw = "eyJhIjogMSwK\n    ICJzdGF0dXMiOiA3fQ==\n";
        let meant = "{\"a\": 1,\n \"status\": 7}";
        assert_eq!(placed(raw, meant, Notation::Base64, " \"status"), "ICJzdGF0");
        let written = Written::new(meant.as_bytes().into(), 0..raw.len(), Notation::Pieces);
        assert_eq!(written.source_offset(raw.as_bytes(), 12), 0, "of pieces the beginning is told");
    }
}

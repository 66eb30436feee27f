//! Reading a JSON text in place, without values: what the fast path and the readers of records share.
//!
//! A [`Cursor`] takes less than `serde_json` does, and never more: what it is not sure of (an odd escape, a number beyond
//! whole ones) it hands to `serde_json`, and what it gives up on is read again by that. The text is known to be UTF-8.

mod token;

use std::ops::Range;

pub(crate) use self::token::{Number, Quoted};

/// Levels of nesting that `serde_json` reads.
pub(crate) const LEVELS: usize = 127;

/// A place in a JSON text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = EACH << 7;

/// The lowest bit that is set in this is in the first of eight bytes that ends a run of plain characters: a quote, a
/// backslash or a control character.
fn ends(word: u64) -> u64 {
    let zero = |word: u64| word.wrapping_sub(EACH) & !word;
    let control = word.wrapping_sub(EACH * 0x20) & !word;
    (zero(word ^ (EACH * 0x22)) | zero(word ^ (EACH * 0x5c)) | control) & HIGH
}

/// Whether two short texts of one length are equal: eight bytes at a time, without a call.
fn are_equal(a: &[u8], b: &[u8]) -> bool {
    let (Some(last_of_a), Some(last_of_b)) = (a.last_chunk::<8>(), b.last_chunk::<8>()) else {
        return a.iter().zip(b).all(|(a, b)| a == b);
    };
    let word = |eight: &[u8; 8]| u64::from_le_bytes(*eight);
    let (eights, _) = a.as_chunks::<8>();
    eights.iter().zip(b.as_chunks::<8>().0).all(|(a, b)| word(a) == word(b)) && word(last_of_a) == word(last_of_b)
}

/// Bytes before the first that may end a string or begin an escape: a quote, a backslash or a control character.
pub(super) fn plain_run(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let found = ends(u64::from_le_bytes(*eight));
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20)).unwrap_or(rest.len())
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// At the beginning of these bytes of a text, which ends behind them; `None` where they are no whole characters of it.
    pub(crate) fn within(text: &'t str, range: Range<usize>) -> Option<Self> {
        Some(Self { text: text.get(..range.end)?, at: range.start })
    }

    /// The byte that it stands at.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// The text between a byte before and here.
    pub(crate) fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// The text that is left.
    pub(crate) fn left(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes over so many bytes, which somebody else has read.
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over white space; the byte behind it.
    pub(crate) fn next(&mut self) -> Option<u8> {
        loop {
            match self.byte()? {
                b' ' | b'\n' | b'\t' | b'\r' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Passes over white space and this byte, where it is next.
    pub(crate) fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.next() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Whether nothing but white space is left.
    pub(crate) fn is_done(&mut self) -> bool {
        self.next().is_none()
    }

    /// Passes over this text, where it is next as it stands.
    pub(crate) fn takes_text(&mut self, text: &str) -> bool {
        let is_next = self.rest().get(..text.len()).is_some_and(|next| are_equal(next, text.as_bytes()));
        self.at += if is_next { text.len() } else { 0 };
        is_next
    }

    /// Behind an element of a list or object: whether another one follows; `None` where neither that nor the end does.
    pub(crate) fn goes_on(&mut self, end: u8) -> Option<bool> {
        let next = self.next()?;
        self.at += 1;
        match next {
            b',' => Some(true),
            byte if byte == end => Some(false),
            _ => None,
        }
    }

    /// Reads a string.
    pub(crate) fn string(&mut self) -> Option<Quoted<'t>> {
        if self.next() != Some(b'"') {
            return None;
        }
        let bytes = self.text.as_bytes();
        let (start, mut at) = (self.at, self.at + 1);
        let (mut escapes, mut is_lettered, mut seen) = (0, true, 0_u64);
        loop {
            let rest = bytes.get(at..)?;
            let end = if let Some(eight) = rest.first_chunk::<8>() {
                let word = u64::from_le_bytes(*eight);
                let found = ends(word);
                if found == 0 {
                    (seen, at) = (seen | word, at + 8);
                    continue;
                }
                let run = found.trailing_zeros() & !7;
                seen |= word & !(u64::MAX << run);
                at + (run / 8) as usize
            } else {
                let run = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20))?;
                seen |= rest[..run].iter().fold(0, |seen, byte| seen | u64::from(*byte));
                at + run
            };
            match bytes.get(end)? {
                b'"' => {
                    self.at = end + 1;
                    let whole = self.text.get(start..self.at)?;
                    return Some(Quoted { whole, escapes, is_lettered, is_ascii: seen & HIGH == 0 });
                }
                b'\\' => {
                    (escapes, at) = (escapes + 1, end + 2);
                    is_lettered &=
                        matches!(bytes.get(end + 1), Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't'));
                }
                _ => return None,
            }
        }
    }

    /// Reads a number.
    pub(crate) fn number(&mut self) -> Option<Number<'t>> {
        self.next()?;
        let start = self.at;
        let is_negative = self.byte() == Some(b'-');
        self.at += usize::from(is_negative);
        let first = self.at;
        let mut value: i64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            value = value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            self.at += 1;
        }
        let digits = self.at - first;
        if digits == 0 || digits > 1 && self.text.as_bytes().get(first) == Some(&b'0') {
            return None;
        }
        let is_whole = !matches!(self.byte(), Some(b'.' | b'e' | b'E'));
        if is_whole && digits <= 18 && !(is_negative && value == 0) {
            return Some(Number::Whole(if is_negative { -value } else { value }));
        }
        while let Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-') = self.byte() {
            self.at += 1;
        }
        Some(Number::Other(self.since(start)))
    }

    /// Passes over an object; `value` reads what stands behind each key.
    pub(crate) fn members(&mut self, mut value: impl FnMut(&mut Self, Quoted<'t>) -> Option<()>) -> Option<()> {
        self.takes(b'{').then_some(())?;
        if self.takes(b'}') {
            return Some(());
        }
        loop {
            let key = self.string()?;
            self.takes(b':').then_some(())?;
            value(self, key)?;
            if !self.goes_on(b'}')? {
                return Some(());
            }
        }
    }

    /// Passes over a list; `value` reads each element.
    pub(crate) fn elements(&mut self, mut value: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.takes(b'[').then_some(())?;
        if self.takes(b']') {
            return Some(());
        }
        loop {
            value(self)?;
            if !self.goes_on(b']')? {
                return Some(());
            }
        }
    }

    /// Passes over a value of any kind, nested at most so deep.
    pub(crate) fn pass_over(&mut self, levels: usize) -> Option<()> {
        match self.next()? {
            b'"' => self.string()?.is_sound().then_some(()),
            b'{' => {
                let levels = levels.checked_sub(1)?;
                self.members(|cursor, key| {
                    key.is_sound().then_some(())?;
                    cursor.pass_over(levels)
                })
            }
            b'[' => {
                let levels = levels.checked_sub(1)?;
                self.elements(|cursor| cursor.pass_over(levels))
            }
            b't' => self.takes_text("true").then_some(()),
            b'f' => self.takes_text("false").then_some(()),
            b'n' => self.takes_text("null").then_some(()),
            _ => self.number()?.is_sound().then_some(()),
        }
    }
}

/// The one value that a text is, without what stands around it; `None` says nothing.
pub(crate) fn whole(text: &str) -> Option<&str> {
    let mut cursor = Cursor::new(text);
    cursor.next()?;
    let start = cursor.at();
    cursor.pass_over(LEVELS)?;
    let value = cursor.since(start);
    cursor.is_done().then_some(value)
}

/// The keys of the object that a text begins with, where that is whole; `None` says nothing.
pub(crate) fn keys(text: &[u8]) -> Option<Vec<String>> {
    let mut cursor = Cursor::new(simdutf8::basic::from_utf8(text).ok()?);
    let mut keys = Vec::new();
    cursor.members(|cursor, key| {
        keys.push(key.text()?.into_owned());
        cursor.pass_over(LEVELS - 1)
    })?;
    Some(keys)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Passes over all of a text.
    fn passes(text: &str) -> bool {
        let mut cursor = Cursor::new(text);
        cursor.pass_over(LEVELS).is_some() && cursor.is_done()
    }

    #[test]
    fn takes_what_a_parser_takes() {
        let values = [
            r#"{"a": [1, -2.5e3, "x", true, false, null, {}, []], "b\n": "\u00e9\"\\"}"#,
            "0",
            "-0",
            "12345678901234567890",
            "1E+2",
            "\"\"",
            " [ ] ",
            "\"a\u{7f}é😀 and more than eight bytes\"",
        ];
        for text in values {
            assert!(passes(text) && serde_json::from_str::<Value>(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "1e400",
            "nul",
            "tru e",
            "[1,]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":1,}",
            "{,}",
            "[",
            "\"",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\\u12\"",
            "\"a\nb\"",
            "\"aaaaaaaaa\u{1f}\"",
            "\"\\\"",
            "1 1",
            "{}}",
            "{1:1}",
            "\u{a0}1",
        ] {
            assert!(!passes(text) && serde_json::from_str::<Value>(text).is_err(), "{text}");
        }
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        for levels in [1, 126, 127, 128, 200] {
            assert_eq!(passes(&nested(levels)), serde_json::from_str::<Value>(&nested(levels)).is_ok(), "{levels}");
        }
    }

    #[test]
    fn texts_are_equal_where_each_byte_is() {
        for length in 0..30 {
            let text = "x".repeat(length);
            assert!(are_equal(text.as_bytes(), text.as_bytes()));
            for at in 0..length {
                let mut other = text.clone().into_bytes();
                other[at] = b'y';
                assert!(!are_equal(text.as_bytes(), &other) && !are_equal(&other, text.as_bytes()), "{length} {at}");
            }
        }
        let mut cursor = Cursor::new("ab");
        assert!(
            !cursor.takes_text("abc") && !cursor.takes_text("b") && cursor.takes_text("ab") && cursor.takes_text("")
        );
    }

    #[test]
    fn strings_end_where_they_end() {
        // Each character at each place of eight bytes, and of what is left behind them.
        for before in 0..20 {
            for inner in ["", "\\\"", "\\\\", "é", "\u{7f}", "\\u0041", "!", "#", "[", "]"] {
                let text = format!("\"{}{inner}{}\" rest", "x".repeat(before), "y".repeat(19 - before));
                let mut cursor = Cursor::new(&text);
                let quoted = cursor.string().expect("a string");
                assert_eq!(&text[cursor.at()..], " rest", "{text}");
                assert_eq!(quoted.is_ascii, inner != "é", "{text}");
                assert_eq!(quoted.plain().is_none(), inner.contains('\\'), "{text}");
                let whole: String = serde_json::from_str(text.strip_suffix(" rest").expect("as made")).expect("JSON");
                assert_eq!(quoted.text().as_deref(), Some(&*whole));
                let length = quoted.length();
                assert_eq!(length.unwrap_or(whole.chars().count()), whole.chars().count(), "{text}");
                assert_eq!(length.is_none(), inner == "\\u0041", "{text}");
            }
        }
    }

    #[test]
    fn a_text_is_one_value_or_begins_with_an_object() {
        assert_eq!(whole(" {\"a\": [1]} \n"), Some("{\"a\": [1]}"));
        assert!(["", "1 2", "{", "[1e400]"].iter().all(|text| whole(text).is_none()));
        let two = Some(vec!["a\n".to_owned(), "b".to_owned()]);
        assert_eq!(keys(br#" {"a\n": {"c": 1}, "b": 2} and more"#), two);
        assert_eq!(keys(b"{}"), Some(Vec::new()));
        assert!([&b"[1]"[..], b"{\"a\": 1", b"{\"a\": \xff}", b""].iter().all(|text| keys(text).is_none()));
    }

    #[test]
    fn whole_numbers_have_their_value() {
        let whole = |text| match Cursor::new(text).number() {
            Some(Number::Whole(value)) => Some(value),
            _ => None,
        };
        assert_eq!(whole("-12,"), Some(-12));
        assert_eq!(whole("999999999999999999]"), Some(999_999_999_999_999_999));
        for other in ["-0", "1.0", "1e3", "1000000000000000000", "", "x", "-x", "007"] {
            assert_eq!(whole(other), None, "{other}");
        }
    }
}

//! A stream of which a part is held: the JSON value that is looked at, and what was read with it.

use std::io::{self, Read};
use std::path::Path;

use super::cursor::plain_run;
use super::{Malformed, Source};
use crate::limits::Limits;

/// Bytes that are read at a time.
const STEP: usize = 128 << 10;

/// A JSON text that streams by. It holds what [`Window::keep`] began with, and lets go what is before that.
#[derive(Debug)]
pub(super) struct Window<R> {
    stream: R,
    bytes: Vec<u8>,
    /// The first byte that is needed.
    start: usize,
    /// Line and column of that byte.
    place: (usize, usize),
    /// The byte that it stands at.
    at: usize,
    ended: bool,
}

/// What a document of entries is made of.
#[derive(Debug)]
pub enum Piece<'w> {
    /// An entry: the source is its text. Its values may be broken.
    Entry(Source<'w>),
    /// An entry that is longer than records may be, and was passed over.
    TooLong(Source<'w>, Malformed),
    /// Something is wrong with what is around the entries.
    Wrong(Source<'w>, Malformed),
    /// Reading stopped.
    Failed(io::Error),
}

/// A value of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// It is held: from where the window begins to where it stands.
    Held,
    /// It is longer than was asked for; it was passed over.
    TooLong,
    /// The text ends within it; what there is of it is held.
    Cut,
}

impl<R: Read> Window<R> {
    /// `start` is what was read of the stream already.
    pub(super) fn new(stream: R, start: Vec<u8>) -> Self {
        Self { stream, bytes: start, start: 0, place: (1, 1), at: 0, ended: false }
    }

    /// Passes over white space; the byte behind it, `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                Some(byte) => return Ok(Some(*byte)),
                None if self.ended => return Ok(None),
                None => {
                    // Nobody needs white space.
                    self.keep();
                    self.read_on()?;
                }
            }
        }
    }

    /// Passes over white space and this byte, where it is next.
    pub(super) fn takes(&mut self, byte: u8) -> io::Result<bool> {
        let is_next = self.next()? == Some(byte);
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    /// Passes over the value that begins where it stands, by its brackets and quotes alone, and holds it. One of more bytes
    /// than `most` is passed over and not held.
    pub(super) fn value(&mut self, most: u64) -> io::Result<Value> {
        self.keep();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let (mut split, mut is_held) = (Split::default(), true);
        loop {
            let (passed, is_done) = split.advance(&self.bytes[self.at..]);
            self.at += passed;
            is_held &= self.at - self.start <= most;
            if is_done || self.ended {
                return Ok(match (is_held, is_done || split.is_done_at_end()) {
                    (false, _) => Value::TooLong,
                    (true, true) => Value::Held,
                    (true, false) => Value::Cut,
                });
            }
            if !is_held {
                self.keep();
            }
            self.read_on()?;
        }
    }

    /// Passes over the rest of the line, or over as many bytes as are read beyond `most`, and holds them; whether the line is
    /// done.
    pub(super) fn pass_line(&mut self, most: usize) -> io::Result<bool> {
        loop {
            let rest = &self.bytes[self.at..];
            if let Some(newline) = memchr::memchr(b'\n', rest) {
                self.at += newline + 1;
                return Ok(true);
            }
            self.at = self.bytes.len();
            if self.ended {
                return Ok(true);
            }
            if self.at - self.start > most {
                self.keep();
                return Ok(false);
            }
            self.read_on()?;
        }
    }

    /// What follows from where it stands, so many bytes where there are as many.
    pub(super) fn ahead(&mut self, most: usize) -> io::Result<&[u8]> {
        while self.bytes.len() - self.at < most && !self.ended {
            self.read_on()?;
        }
        let rest = &self.bytes[self.at..];
        Ok(&rest[..rest.len().min(most)])
    }

    /// What is held: the last value.
    pub(super) fn held(&self) -> &[u8] {
        &self.bytes[self.start..self.at]
    }

    /// What is held, as a source whose first entry has this number.
    pub(super) fn source<'w>(&'w self, path: &'w Path, limits: Limits, first_entry: usize) -> Source<'w> {
        let (first_line, first_column) = self.place;
        Source { path, bytes: self.held(), first_line, first_column, first_entry, limits }
    }

    /// Passes over what the text begins with, which counts as no column, where it does.
    pub(super) fn skip_mark(&mut self, mark: &[u8]) -> io::Result<bool> {
        let has_mark = self.at == 0 && self.ahead(mark.len())? == mark;
        if has_mark {
            (self.start, self.at) = (mark.len(), mark.len());
        }
        Ok(has_mark)
    }

    /// Holds what comes from here on, and nothing before it.
    pub(super) fn keep(&mut self) {
        let gone = &self.bytes[self.start..self.at];
        // Bytes within a character are not counted, so that it may be cut.
        let columns = |bytes: &[u8]| bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        self.place = match memchr::memrchr(b'\n', gone) {
            None => (self.place.0, self.place.1 + columns(gone)),
            Some(last) => (self.place.0 + memchr::memchr_iter(b'\n', gone).count(), 1 + columns(&gone[last + 1..])),
        };
        self.start = self.at;
    }

    fn read_on(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            (self.at, self.start) = (self.at - self.start, 0);
        }
        // What one long value took is not kept for the others.
        if self.bytes.capacity() > 8 * STEP && self.bytes.len() < STEP {
            self.bytes.shrink_to(2 * STEP);
        }
        let read = (&mut self.stream).take(STEP as u64).read_to_end(&mut self.bytes)?;
        self.ended = read == 0;
        Ok(())
    }
}

/// How far the brackets and quotes of a value are read.
#[derive(Debug, Default)]
struct Split {
    /// Objects and lists that are open.
    open: usize,
    in_string: bool,
    /// The last byte was a backslash within a string.
    is_escaped: bool,
    /// It is neither of these: it ends before a byte that no such value has.
    is_plain: bool,
}

impl Split {
    /// Goes on with these bytes: how many of them are of the value, and whether it ends with them.
    fn advance(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        loop {
            if self.in_string {
                if self.is_escaped && at < bytes.len() {
                    (self.is_escaped, at) = (false, at + 1);
                }
                at += plain_run(bytes.get(at..).unwrap_or_default());
                match bytes.get(at) {
                    None => return (at.min(bytes.len()), false),
                    Some(b'"') => {
                        self.in_string = false;
                        if self.open == 0 {
                            return (at + 1, true);
                        }
                    }
                    Some(b'\\') => {
                        self.is_escaped = at + 1 >= bytes.len();
                        at += usize::from(!self.is_escaped);
                    }
                    // What has no place in a string, the parser tells.
                    Some(_) => {}
                }
                at += 1;
                continue;
            }
            let Some(byte) = bytes.get(at) else { return (at, false) };
            match byte {
                b'"' if !self.is_plain => self.in_string = true,
                b'{' | b'[' if !self.is_plain => self.open += 1,
                b'}' | b']' if self.open > 0 => {
                    self.open -= 1;
                    if self.open == 0 {
                        return (at + 1, true);
                    }
                }
                b',' | b'}' | b']' | b' ' | b'\n' | b'\t' | b'\r' if self.open == 0 => return (at, true),
                _ if self.open == 0 => self.is_plain = true,
                _ => {}
            }
            at += 1;
        }
    }

    /// Whether the value is whole where the text ends here.
    fn is_done_at_end(&self) -> bool {
        self.is_plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out one byte at a time.
    struct Slowly<'t>(&'t [u8]);

    impl Read for Slowly<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let (Some((first, rest)), Some(place)) = (self.0.split_first(), buffer.first_mut()) else { return Ok(0) };
            (*place, self.0) = (*first, rest);
            Ok(1)
        }
    }

    /// A window that has read all of a text, or nothing of it.
    fn windows(text: &str) -> [Window<Slowly<'_>>; 2] {
        [Window::new(Slowly(b""), text.into()), Window::new(Slowly(text.as_bytes()), Vec::new())]
    }

    #[test]
    fn values_end_where_they_end() {
        for value in [
            r#"{"a": [1, "}]"], "b": "\\\"}"}"#,
            r#""a, \" b""#,
            r#""\\""#,
            "[]",
            "[[{}]]",
            "12.5e3",
            "true",
            // What is no value ends where one would.
            "12\"3",
            "tru{e",
            "\"é€😀 and more than eight bytes of it\"",
        ] {
            for behind in ["", ",", " ", "]", "\n}"] {
                let text = format!(" {value}{behind}");
                for mut window in windows(&text) {
                    window.next().expect("a text");
                    assert_eq!(window.value(100).expect("a text"), Value::Held, "{text}");
                    assert_eq!(window.held(), value.as_bytes(), "{text}");
                }
            }
        }
        for cut in ["{\"a\": 1", "[[]", "\"a", "\"a\\\"", "\"\\"] {
            for mut window in windows(cut) {
                assert_eq!(window.value(100).expect("a text"), Value::Cut, "{cut}");
                assert_eq!(window.held(), cut.as_bytes());
            }
        }
    }

    #[test]
    fn a_value_may_be_read_in_pieces_that_end_anywhere() {
        let text = br#"{"a\\\"b": "\u0041\\", "c": [1, "\""]}"#;
        for cut in 0..text.len() {
            let mut split = Split::default();
            assert_eq!(split.advance(&text[..cut]), (cut, false), "{cut}");
            assert_eq!(split.advance(&[]), (0, false), "{cut}");
            assert_eq!(split.advance(&text[cut..]), (text.len() - cut, true), "{cut}");
        }
    }

    #[test]
    fn what_is_too_long_is_passed_over() {
        let text = format!("[{}]  ,1", "1,".repeat(STEP));
        let mut window = Window::new(text.as_bytes(), Vec::new());
        assert_eq!(window.value(100).expect("a text"), Value::TooLong);
        assert!(window.bytes.len() <= 2 * STEP, "{}", window.bytes.len());
        assert!(window.takes(b',').expect("a text"));
        assert_eq!((window.value(1).expect("a text"), window.held()), (Value::Held, &b"1"[..]));
        assert_eq!(window.place, (1, text.len()));
    }

    #[test]
    fn places_are_counted_as_it_goes() {
        let text = "[\n 1, \"zwö\n\", \r\n  2 ]";
        for mut window in windows(text) {
            assert!(window.takes(b'[').expect("a text"));
            let mut places = Vec::new();
            while window.next().expect("a text") != Some(b']') {
                window.value(100).expect("a text");
                places.push((String::from_utf8_lossy(window.held()).into_owned(), window.place));
                window.takes(b',').expect("a text");
            }
            assert_eq!(places, [("1".into(), (2, 2)), ("\"zwö\n\"".into(), (2, 5)), ("2".into(), (4, 3))]);
        }
    }
}

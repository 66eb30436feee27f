//! [`Source`]: what a format reads, with its lines and columns.

use std::path::Path;

use crate::limits::Limits;

/// A piece of a file to read: whole lines of it, an entry, or all.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Path as found; `-` for standard input.
    pub path: &'a Path,
    /// Content without a byte order mark.
    pub bytes: &'a [u8],
    /// Number of the first line within the file, from 1.
    pub first_line: usize,
    /// Column of the first byte within that line, in code points from 1.
    pub first_column: usize,
    /// Number of the first entry within the file, from 0.
    pub first_entry: usize,
    /// How large, deep and numerous what is in it may be.
    pub limits: Limits,
}

impl<'a> Source<'a> {
    /// A whole file.
    pub fn whole(path: &'a Path, bytes: &'a [u8]) -> Self {
        Self { path, bytes, first_line: 1, first_column: 1, first_entry: 0, limits: Limits::default() }
    }

    /// The same with other limits than the default ones.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The content as text.
    ///
    /// # Errors
    /// It is not UTF-8; the offset of the first offending byte.
    pub fn text(&self) -> Result<&'a str, usize> {
        simdutf8::basic::from_utf8(self.bytes).map_err(|_| {
            // The fast check does not say where.
            std::str::from_utf8(self.bytes).map_or_else(|error| error.valid_up_to(), str::len)
        })
    }

    /// The first byte with its place.
    pub fn start(&self) -> Mark {
        Mark { offset: 0, line: self.first_line, column: self.first_column }
    }

    /// A byte of the content with its place. `known` is one before it, so that a long content, or a long line, is not
    /// counted anew for each question; [`Source::start`] always is.
    pub fn mark(&self, offset: usize, known: Mark) -> Mark {
        let offset = offset.min(self.bytes.len());
        let known = if known.offset <= offset { known } else { self.start() };
        let between = &self.bytes[known.offset..offset];
        let columns = |bytes: &[u8]| {
            if bytes.is_ascii() { bytes.len() } else { String::from_utf8_lossy(bytes).chars().count() }
        };
        match memchr::memrchr(b'\n', between) {
            None => Mark { offset, line: known.line, column: known.column + columns(between) },
            Some(newline) => Mark {
                offset,
                line: known.line + memchr::memchr_iter(b'\n', between).count(),
                column: 1 + columns(&between[newline + 1..]),
            },
        }
    }

    /// The content measured once, for many questions in any order.
    pub(crate) fn ruler(&self) -> Ruler<'a> {
        Ruler::of(*self)
    }

    /// Where `part`, borrowed from the content, begins. Parts from elsewhere are at the beginning.
    pub fn offset_of(&self, part: &str) -> usize {
        let offset = (part.as_ptr() as usize).wrapping_sub(self.bytes.as_ptr() as usize);
        if offset <= self.bytes.len() { offset } else { 0 }
    }

    /// The line that holds a byte of the content, with its offset in the content. Of a very long line, the part around
    /// the byte.
    pub fn line_at(&self, offset: usize) -> (&'a [u8], usize) {
        let offset = offset.min(self.bytes.len());
        let (least, most) = (offset.saturating_sub(NEAR), (offset + NEAR).min(self.bytes.len()));
        let start = memchr::memrchr(b'\n', &self.bytes[least..offset]).map_or(least, |newline| least + newline + 1);
        let end = memchr::memchr(b'\n', &self.bytes[offset..most]).map_or(most, |newline| offset + newline);
        (&self.bytes[start..end], start)
    }
}

/// Bytes before and behind a place that may be shown of its line.
const NEAR: usize = 4096;

/// A byte of a source with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The byte.
    pub offset: usize,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in code points, from 1.
    pub column: usize,
}

impl Mark {
    /// Line and column.
    pub fn place(self) -> (usize, usize) {
        (self.line, self.column)
    }
}

/// A content with marks along it, so that the place of any byte is counted from the mark before it.
pub(crate) struct Ruler<'a> {
    source: Source<'a>,
    /// One mark in each stride, at the beginning of a character.
    marks: Vec<Mark>,
}

impl<'a> Ruler<'a> {
    /// Bytes between two marks.
    const STRIDE: usize = 256;

    fn of(source: Source<'a>) -> Self {
        let mut marks = vec![source.start()];
        let mut known = source.start();
        for at in (Self::STRIDE..source.bytes.len()).step_by(Self::STRIDE) {
            // A character that is counted in two parts would be two.
            let continues = |byte: &&u8| **byte & 0xC0 == 0x80;
            let within = source.bytes[at..].iter().take_while(continues).take(3).count();
            known = source.mark(at + within, known);
            marks.push(known);
        }
        Self { source, marks }
    }

    /// A byte of the content with its place.
    pub(crate) fn mark(&self, offset: usize) -> Mark {
        let last = (offset / Self::STRIDE).min(self.marks.len() - 1);
        // The mark of a stride may lie within a character that begins before it.
        let known = self.marks[..=last].iter().rev().find(|mark| mark.offset <= offset).copied();
        self.source.mark(offset, known.unwrap_or_else(|| self.source.start()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_shown_from_its_first_byte_to_its_last() {
        let text = "one\nzwö 🍐\n\n\r\nlast";
        let (path, bytes) = (Path::new("x"), text.as_bytes());
        let source = Source { first_line: 1, ..Source::whole(path, bytes) };
        for (offset, _) in text.char_indices() {
            let before = text[..offset].split('\n').next_back().expect("one at least");
            let behind = text[offset..].split('\n').next().expect("one at least");
            assert_eq!(source.line_at(offset), (format!("{before}{behind}").as_bytes(), offset - before.len()));
        }
    }

    #[test]
    fn places_are_the_same_from_wherever_they_are_counted() {
        let text = "one\nzwö 🍐\n\n\r\nlast";
        let source = Source {
            path: Path::new("x"),
            bytes: text.as_bytes(),
            first_line: 5,
            first_column: 1,
            first_entry: 0,
            limits: Limits::default(),
        };
        for (offset, _) in text.char_indices() {
            let line = 5 + text[..offset].matches('\n').count();
            let column = 1 + text[..offset].rsplit('\n').next().map_or(0, |line| line.chars().count());
            for (before, _) in text.char_indices() {
                let known = source.mark(before, source.start());
                assert_eq!(source.mark(offset, known).place(), (line, column), "byte {offset}, known from {before}");
            }
        }
    }

    #[test]
    fn a_ruler_tells_the_same_places() {
        let text = "one\nzwö 🍐\n\n\r\nlast, with some more behind it".repeat(40);
        let source = Source::whole(Path::new("x"), text.as_bytes());
        let ruler = source.ruler();
        for offset in 0..=text.len() + 1 {
            assert_eq!(ruler.mark(offset), source.mark(offset, source.start()), "byte {offset}");
        }
    }

    #[test]
    fn of_a_long_line_the_part_around_the_place_is_shown() {
        let text = format!("a\n{}x{}\nb", "é".repeat(5000), "ü".repeat(5000));
        let source = Source::whole(Path::new("x"), text.as_bytes());
        let (line, start) = source.line_at(2 + 10_000);
        assert!(line.len() <= 2 * NEAR && start > 2 && line[2 + 10_000 - start] == b'x');
        assert_eq!(source.line_at(0), (&b"a"[..], 0));
    }
}

//! Records by line: reading a stream in pieces, and pieces record by record.

use std::io::{self, Read};

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::bounds::exceeded_document;
use super::{Entry, Exchange, Malformed, Source, json};
use crate::limits::Limit;

/// A piece of a file: whole lines.
#[derive(Debug)]
pub struct Chunk {
    /// The lines, each but perhaps the last with its line feed.
    pub bytes: Vec<u8>,
    /// Number of the first line within the file, from 1.
    pub first_line: usize,
    /// Number of the first entry within the file, from 0. Blank lines are no entries.
    pub first_entry: usize,
    /// It stands for one line that is longer than lines may be, and holds nothing of it.
    pub is_too_long: bool,
}

/// Cuts a stream into pieces of whole lines. Memory use does not depend on the stream's length, only on the size of a
/// piece and on the longest line.
#[derive(Debug)]
pub struct Chunks<R> {
    stream: R,
    size: usize,
    /// Read and not handed over yet: the beginning of a line.
    rest: Vec<u8>,
    line: usize,
    entry: usize,
    ended: bool,
    /// Bytes of the longest line that is read.
    longest: usize,
    /// The line that comes next is too long; its beginning was put away.
    too_long: bool,
    /// What ended the stream too early; told after the lines before it.
    failed: Option<io::Error>,
}

impl<R: Read> Chunks<R> {
    /// Pieces of about `size` bytes. `start` is what was read of the stream already.
    pub fn new(stream: R, start: Vec<u8>, size: usize) -> Self {
        let longest = usize::MAX;
        Self { stream, size, rest: start, line: 1, entry: 0, ended: false, longest, too_long: false, failed: None }
    }

    /// The same, but for lines that are longer than that.
    #[must_use]
    pub fn with_longest_line(self, longest: u64) -> Self {
        Self { longest: usize::try_from(longest).unwrap_or(usize::MAX), ..self }
    }

    fn fill(&mut self) -> Option<Vec<u8>> {
        let mut bytes = std::mem::take(&mut self.rest);
        let mut searched = 0;
        loop {
            while !self.ended && bytes.len() < searched + self.size {
                let wanted = searched + self.size - bytes.len();
                bytes.reserve(wanted);
                match (&mut self.stream).take(wanted as u64).read_to_end(&mut bytes) {
                    Ok(read) => self.ended = read == 0,
                    Err(error) => {
                        (self.ended, self.failed) = (true, Some(error));
                        // Half a line is none.
                        bytes.truncate(memchr::memrchr(b'\n', &bytes).map_or(0, |newline| newline + 1));
                    }
                }
            }
            if self.ended {
                return (!bytes.is_empty()).then_some(bytes);
            }
            if let Some(newline) = memchr::memrchr(b'\n', &bytes[searched..]) {
                self.rest = bytes.split_off(searched + newline + 1);
                return Some(bytes);
            }
            if bytes.len() > self.longest {
                self.too_long = true;
                return Some(Vec::new());
            }
            searched = bytes.len();
        }
    }

    /// Reads the rest of a line that is too long, and keeps none of it.
    fn pass_over_line(&mut self) {
        let mut bytes = Vec::with_capacity(self.size);
        while !self.ended {
            bytes.clear();
            match (&mut self.stream).take(self.size as u64).read_to_end(&mut bytes) {
                Ok(read) => self.ended = read == 0,
                Err(error) => (self.ended, self.failed) = (true, Some(error)),
            }
            if let Some(newline) = memchr::memchr(b'\n', &bytes) {
                self.rest = bytes.split_off(newline + 1);
                return;
            }
        }
    }
}

impl<R: Read> Iterator for Chunks<R> {
    type Item = io::Result<Chunk>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(bytes) = self.fill() else { return self.failed.take().map(Err) };
        let is_too_long = std::mem::take(&mut self.too_long);
        let chunk = Chunk { first_line: self.line, first_entry: self.entry, bytes, is_too_long };
        if is_too_long {
            self.pass_over_line();
            (self.line, self.entry) = (self.line + 1, self.entry + 1);
            return Some(Ok(chunk));
        }
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', &chunk.bytes).chain([chunk.bytes.len()]) {
            self.entry += usize::from(!is_blank(&chunk.bytes[start..end]));
            self.line += usize::from(end < chunk.bytes.len());
            start = end + 1;
            if start > chunk.bytes.len() {
                break;
            }
        }
        Some(Ok(chunk))
    }
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// What one record says, or why it cannot be read: a clause and the byte of the record it is about.
pub(super) type ReadRecord<'a> = fn(&'a str) -> Result<Exchange<'a>, (String, usize)>;

/// What one record holds, where that may be something else than an exchange.
pub(super) type ReadEntry<'r, 'a> = &'r dyn Fn(&'a str) -> Result<Entry<'a>, (String, usize)>;

/// What one record holds, where that may be several entries.
pub(super) type ReadEach<'r, 'a> = &'r dyn Fn(&'a str) -> Vec<Result<Entry<'a>, (String, usize)>>;

/// How a record is read.
#[derive(Clone, Copy)]
enum Reading<'r, 'a> {
    One(ReadEntry<'r, 'a>),
    Each(ReadEach<'r, 'a>),
}

impl<'a> Reading<'_, 'a> {
    /// Hands over what a record holds. `start` is the byte at which it begins, `entry` its number.
    fn hand_over(self, text: Result<&'a str, usize>, (start, entry): (usize, usize), sink: &mut dyn FnMut(Entry<'a>)) {
        match (self, text) {
            (Self::One(read), text) => sink(one(text, start, entry, read)),
            (Self::Each(read), Ok(text)) => {
                read(text).into_iter().map(|read| numbered(read, start, entry)).for_each(sink);
            }
            (Self::Each(_), Err(at)) => sink(numbered(Err((NOT_UTF8.to_owned(), at)), start, entry)),
        }
    }
}

/// Reads records, as [`read_records`] does, each of which may hold several entries.
pub(super) fn read_each<'a>(source: &Source<'a>, read: ReadEach<'_, 'a>, sink: &mut dyn FnMut(Entry<'a>)) {
    read_all(source, Reading::Each(read), sink);
}

/// Reads records, each of which may hold several entries, that `items` takes out of the whole text.
pub(super) fn read_each_item<'a>(
    source: &Source<'a>,
    items: impl FnOnce(&'a str) -> serde_json::Result<Vec<&'a RawValue>>,
    read: ReadEach<'_, 'a>,
    sink: &mut dyn FnMut(Entry<'a>),
) {
    read_items(source, items, Reading::Each(read), sink);
}

/// Reads records: one a line, or as a JSON array, or a single one over several lines.
pub(super) fn read_records<'a>(source: &Source<'a>, read: ReadRecord<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
    read_entries(source, &|text| read(text).map(Entry::Exchange), sink);
}

/// Reads records, as [`read_records`] does, that may hold something else than an exchange.
pub(super) fn read_entries<'a>(source: &Source<'a>, read: ReadEntry<'_, 'a>, sink: &mut dyn FnMut(Entry<'a>)) {
    read_all(source, Reading::One(read), sink);
}

fn read_all<'a>(source: &Source<'a>, read: Reading<'_, 'a>, sink: &mut dyn FnMut(Entry<'a>)) {
    // Only what is read by lines is cut into pieces; how a later piece begins says nothing.
    if source.first_line > 1 || is_by_line(source.bytes) {
        by_line(source, read, sink);
    } else {
        let is_array = source.bytes.trim_ascii_start().starts_with(b"[");
        let items = |text| if is_array { serde_json::from_str(text) } else { Ok(vec![serde_json::from_str(text)?]) };
        read_items(source, items, read, sink);
    }
}

/// Whether a file that begins like this has one record a line. A line that is broken, the first one among them, does not
/// make a file anything else.
pub(super) fn is_by_line(start: &[u8]) -> bool {
    let mut lines = start.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let (first, second) = (lines.next().unwrap_or_default(), lines.next());
    match first {
        b"" => false,
        b"{" => second.is_some_and(|second| second.starts_with(b"{")),
        [b'[', ..] => second.is_some() && serde_json::from_slice::<IgnoredAny>(first).is_ok(),
        _ => true,
    }
}

fn by_line<'a>(source: &Source<'a>, read: Reading<'_, 'a>, sink: &mut dyn FnMut(Entry<'a>)) {
    let whole = source.text();
    let mut entry = source.first_entry;
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', source.bytes).chain([source.bytes.len()]) {
        let line = start..end;
        start = end + 1;
        if is_blank(&source.bytes[line.clone()]) {
            continue;
        }
        if line.len() as u64 > source.limits.record_bytes {
            let told = Malformed::beyond(Limit::RecordBytes, &source.limits, line.start, Some(entry));
            sink(Entry::Malformed(told));
            entry += 1;
            continue;
        }
        let text = match whole {
            Ok(text) => Ok(&text[line.clone()]),
            Err(_) => std::str::from_utf8(&source.bytes[line.clone()]).map_err(|error| error.valid_up_to()),
        };
        read.hand_over(text, (line.start, entry), sink);
        entry += 1;
    }
}

fn read_items<'a>(
    source: &Source<'a>,
    items: impl FnOnce(&'a str) -> serde_json::Result<Vec<&'a RawValue>>,
    read: Reading<'_, 'a>,
    sink: &mut dyn FnMut(Entry<'a>),
) {
    let text = match source.text() {
        Ok(text) => text,
        Err(at) => return sink(Entry::Malformed(Malformed::new(NOT_UTF8, at, None))),
    };
    if let Some((limit, at)) = exceeded_document(text, &source.limits) {
        return sink(Entry::Malformed(Malformed::beyond(limit, &source.limits, at, None)));
    }
    match items(text) {
        Err(error) => {
            let (reason, at) = complaint(text, &error);
            sink(Entry::Malformed(Malformed::new(reason, at, None)));
        }
        Ok(items) => {
            for (entry, item) in items.into_iter().enumerate() {
                read.hand_over(Ok(item.get()), (source.offset_of(item.get()), entry), sink);
            }
        }
    }
}

pub(super) const NOT_UTF8: &str = "it is not UTF-8 text";

/// What one record holds. `start` is the byte at which it begins, `entry` its number.
pub(super) fn one<'a>(text: Result<&'a str, usize>, start: usize, entry: usize, read: ReadEntry<'_, 'a>) -> Entry<'a> {
    numbered(text.map_err(|at| (NOT_UTF8.to_owned(), at)).and_then(read), start, entry)
}

fn numbered(read: Result<Entry<'_>, (String, usize)>, start: usize, entry: usize) -> Entry<'_> {
    match read {
        Ok(Entry::Exchange(exchange)) => Entry::Exchange(Exchange { entry, offset: start, ..exchange }),
        Ok(other) => other,
        Err((reason, at)) => Entry::Malformed(Malformed::new(reason, start + at, Some(entry))),
    }
}

/// What keeps a text from being a record, and the byte it is about.
pub(super) fn complaint(text: &str, error: &serde_json::Error) -> (String, usize) {
    let (reason, at) = json::complaint(text, error);
    if error.is_data() { (format!("it is not a record: {reason}"), at) } else { (reason, at) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::recording::{Extent, ServiceName};

    fn chunks(text: &str, size: usize) -> Vec<(String, usize, usize)> {
        Chunks::new(text.as_bytes(), Vec::new(), size)
            .map(|chunk| chunk.expect("a slice can be read"))
            .map(|chunk| (String::from_utf8(chunk.bytes).expect("UTF-8"), chunk.first_line, chunk.first_entry))
            .collect()
    }

    #[test]
    fn pieces_are_whole_lines_and_lose_nothing() {
        let text = "aa\n\nbbbb\ncc\n  \ndddddddddddd\ne";
        for size in 1..40 {
            let pieces = chunks(text, size);
            assert_eq!(pieces.iter().map(|(piece, ..)| piece.as_str()).collect::<String>(), text, "{size}");
            let mut at = 0;
            for (piece, line, entry) in &pieces {
                assert_eq!(*line, 1 + text[..at].matches('\n').count(), "{size}: {piece:?}");
                let before = text[..at].lines().filter(|line| !line.trim().is_empty()).count();
                assert_eq!(*entry, before, "{size}: {piece:?}");
                at += piece.len();
                assert!(piece.ends_with('\n') || at == text.len(), "{size}: {piece:?}");
            }
        }
        assert!(chunks("", 8).is_empty());
    }

    #[test]
    fn lines_before_a_failure_are_handed_over() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        for size in [1, 4, 100] {
            let mut lines = String::new();
            let mut failures = 0;
            for chunk in Chunks::new(b"aa\nbbbb\nc".chain(Failing), Vec::new(), size) {
                match chunk {
                    Ok(chunk) => lines.push_str(&String::from_utf8(chunk.bytes).expect("UTF-8")),
                    Err(_) => failures += 1,
                }
            }
            assert_eq!((lines.as_str(), failures), ("aa\nbbbb\n", 1), "{size}");
        }
    }

    /// Entry and offset of an exchange, or reason, offset and entry of what is malformed.
    type Seen = Result<(usize, usize), (String, usize, Option<usize>)>;

    fn read_all(bytes: &[u8]) -> Vec<Seen> {
        fn read(text: &str) -> Result<Exchange<'_>, (String, usize)> {
            match text.trim() {
                "bad" => Err(("bad".into(), 1)),
                name => Ok(Exchange::named(ServiceName::Name("s".into()), name.into(), Extent::Payload)),
            }
        }
        let source = Source::whole(Path::new("x"), bytes);
        let mut seen = Vec::new();
        read_records(&source, read, &mut |entry| {
            seen.push(match entry {
                Entry::Exchange(exchange) => Ok((exchange.entry, exchange.offset)),
                Entry::Http(http) => Ok((http.entry, http.offset)),
                Entry::Malformed(malformed) => Err((malformed.reason, malformed.offset, malformed.entry)),
                Entry::Unnamed(_) | Entry::Sure(_) | Entry::PassedOver(_) | Entry::Masked { .. } | Entry::Broken(_) => {
                    unreachable!("no record of this test is one")
                }
            });
        });
        seen
    }

    #[test]
    fn a_broken_line_does_not_hide_the_others() {
        assert_eq!(read_all(b"a\nbad\n\nc"), [Ok((0, 0)), Err(("bad".into(), 3, Some(1))), Ok((2, 7))]);
        assert_eq!(read_all(b"a\n\xff\nc"), [Ok((0, 0)), Err((NOT_UTF8.into(), 2, Some(1))), Ok((2, 4))]);
    }

    #[test]
    fn a_broken_line_does_not_make_an_array_or_object_of_the_others() {
        assert!(is_by_line(b"[1, 2]\n{}\n") && is_by_line(b"{\n{}\n{}\n") && is_by_line(b"\n{}"));
        assert!(!is_by_line(b"[\n{},\n{}\n]\n") && !is_by_line(b"[{}, {}]\n\n") && !is_by_line(b"{\n\"a\": 1\n}"));
        let later = Source {
            path: Path::new("x"),
            bytes: b"[1]\nb\n",
            first_line: 7,
            first_column: 1,
            first_entry: 3,
            limits: crate::limits::Limits::default(),
        };
        let mut entries = 0;
        read_records(&later, |_| Err(("bad".into(), 0)), &mut |_| entries += 1);
        assert_eq!(entries, 2);
    }

    #[test]
    fn records_may_form_an_array_or_spread_over_lines() {
        assert_eq!(read_all(b"[1,\n 2]"), [Ok((0, 1)), Ok((1, 5))]);
        assert_eq!(read_all(b"{\n \"a\": 1\n}\n"), [Ok((0, 0))]);
        assert_eq!(read_all(b"[\n1\n]\n"), [Ok((0, 2))]);
        assert_eq!(read_all(b"[1,"), [Err(("the JSON ends too early (EOF while parsing a value)".into(), 2, None))]);
    }
}

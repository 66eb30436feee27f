//! The entries of a YAML document as it streams, each by itself: lines alone tell where a list in block style has its elements.
//!
//! An element of such a list begins with a dash at the list's column, and all that is deeper belongs to it. A text that is
//! cut wrongly so (a quoted text with a line that begins like an element) is broken on both sides of the cut, and whoever
//! can hold the whole reads that instead.

use std::io::{self, Read};
use std::path::Path;

use super::document::{NO_LIST, stands_twice};
use super::lines::NOT_UTF8;
use super::window::{Piece, Window};
use super::{Malformed, Source, yaml_node};
use crate::limits::{Limit, Limits};

/// The entries of a YAML document, in the list that is the value of a key.
#[derive(Debug)]
pub(super) struct YamlEntries<'p, R> {
    window: Window<R>,
    file: &'p Path,
    limits: Limits,
    /// The key whose value the list is.
    key: &'p str,
    /// What stands around the list, with an empty one in its place.
    around: Vec<u8>,
    /// A line around it is longer than an entry may be.
    is_too_long: bool,
    next: Next,
    /// Number of the next entry.
    entry: usize,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// What stands before the list.
    Before,
    /// The first entry, whose column is not known yet.
    First,
    /// An entry, with this indentation.
    Entry(usize),
    /// What stands behind the list.
    Behind,
    /// Nothing more is read.
    Over,
}

/// How a line begins.
enum Line {
    /// With the dash of an element, indented so deep.
    Element(usize),
    /// With something else, indented so deep.
    Other(usize),
    /// It is blank, or a comment.
    Blank,
    /// There is none.
    End,
}

/// Bytes of a line by which it is told what it begins with. A line that is indented deeper is part of an entry.
const LOOK: usize = 256;

impl<'p, R: Read> YamlEntries<'p, R> {
    /// The entries of a text. `start` is what was read of the stream already.
    pub(super) fn new(stream: R, start: Vec<u8>, file: &'p Path, key: &'p str, limits: Limits) -> Self {
        let (window, around) = (Window::new(stream, start), Vec::new());
        Self { window, file, limits, key, around, is_too_long: false, next: Next::Before, entry: 0 }
    }

    /// Passes over a byte order mark, where the text begins with one.
    pub(super) fn skip_mark(&mut self, mark: &[u8]) -> io::Result<bool> {
        self.window.skip_mark(mark)
    }

    /// What comes next; `None` behind the end.
    pub(super) fn next_piece(&mut self) -> Option<Piece<'_>> {
        loop {
            let step = match self.next {
                Next::Before => self.before(),
                Next::First => self.first(),
                Next::Entry(indent) => match self.element(indent) {
                    Ok(is_held) => {
                        self.entry += 1;
                        let source = self.source(self.entry - 1);
                        let told =
                            || Malformed::beyond(Limit::RecordBytes, &source.limits, 0, Some(source.first_entry));
                        return Some(if is_held { Piece::Entry(source) } else { Piece::TooLong(source, told()) });
                    }
                    Err(error) => Err(error),
                },
                Next::Behind => self.behind(),
                Next::Over => return None,
            };
            match step {
                Ok(None) => {}
                Ok(Some((reason, at))) => {
                    self.next = Next::Over;
                    self.window.keep();
                    return Some(Piece::Wrong(self.source(self.entry), Malformed::new(reason, at, None)));
                }
                Err(error) => {
                    self.next = Next::Over;
                    return Some(Piece::Failed(error));
                }
            }
        }
    }

    /// What is held, as a source.
    fn source(&self, first_entry: usize) -> Source<'_> {
        self.window.source(self.file, self.limits, first_entry)
    }

    /// Reads what stands before the list.
    fn before(&mut self) -> io::Result<Option<(String, usize)>> {
        if !self.takes_line()? {
            return Ok(Some((NO_LIST.to_owned(), 0)));
        }
        let line = self.window.held();
        let value = line.strip_prefix(self.key.as_bytes()).and_then(|rest| rest.strip_prefix(b":"));
        match value.map(<[u8]>::trim_ascii) {
            Some(b"") => {
                self.around.extend(format!("{}: []\n", self.key).as_bytes());
                self.next = Next::First;
            }
            _ => self.around.extend(line),
        }
        Ok(self.too_much())
    }

    /// Looks for the first entry.
    fn first(&mut self) -> io::Result<Option<(String, usize)>> {
        match self.line()? {
            Line::Blank => {
                self.takes_line()?;
            }
            Line::Element(indent) => self.next = Next::Entry(indent),
            Line::Other(_) | Line::End => return Ok(Some((NO_LIST.to_owned(), 0))),
        }
        Ok(None)
    }

    /// Holds an entry. Whether it is no longer than records may be; of one that is longer, the end alone is held.
    fn element(&mut self, indent: usize) -> io::Result<bool> {
        let most = self.most();
        self.window.keep();
        let mut is_held = true;
        loop {
            while !self.window.pass_line(most)? {
                is_held = false;
            }
            is_held &= self.window.held().len() <= most;
            if !is_held {
                self.window.keep();
            }
            match self.line()? {
                Line::Blank => {}
                Line::Other(deep) | Line::Element(deep) if deep > indent => {}
                Line::Element(column) if column == indent => return Ok(is_held),
                Line::Other(_) | Line::Element(_) | Line::End => {
                    self.next = Next::Behind;
                    return Ok(is_held);
                }
            }
        }
    }

    /// Reads what stands behind the list, and looks at what is around it.
    fn behind(&mut self) -> io::Result<Option<(String, usize)>> {
        if self.takes_line()? {
            self.around.extend(self.window.held());
            return Ok(self.too_much());
        }
        self.next = Next::Over;
        let Ok(around) = std::str::from_utf8(&self.around) else { return Ok(Some((NOT_UTF8.to_owned(), 0))) };
        // Another document, and what is said of how one is read, concerns the entries, too.
        let mut lines = around.lines();
        let begins = lines.by_ref().find(|line| !line.starts_with('#') && !line.trim().is_empty());
        let is_apart = |line: &str| line.starts_with(['%', '\t']) || line.starts_with("---") || line.starts_with("...");
        if begins.is_some_and(|line| is_apart(line) && line.trim_end() != "---") || lines.any(is_apart) {
            return Ok(Some(("it has more than one document".to_owned(), 0)));
        }
        let document = yaml_node::parse(around, &self.limits);
        let repeated = document.repeated(false).into_iter().next().map(|(key, _)| (stands_twice(&key), 0));
        let is_one = matches!(&document.roots[..], [root] if root.is_map());
        let none = || (!is_one).then(|| (NO_LIST.to_owned(), 0));
        let beyond = document.beyond.map(|(limit, _)| (limit.about().to_owned(), 0));
        Ok(document.wrong.map(|(reason, _)| (reason, 0)).or(beyond).or(repeated).or_else(none))
    }

    /// Holds the next line; whether there is one.
    fn takes_line(&mut self) -> io::Result<bool> {
        self.window.keep();
        while !self.window.pass_line(self.most())? {
            self.is_too_long = true;
        }
        Ok(!self.window.held().is_empty())
    }

    /// What is wrong where there is more around the list than an entry may have.
    fn too_much(&self) -> Option<(String, usize)> {
        let is_much = self.is_too_long || self.around.len() > self.most();
        is_much.then(|| ("it has a value that is longer than an entry may be".to_owned(), 0))
    }

    /// Bytes that an entry may have.
    fn most(&self) -> usize {
        usize::try_from(self.limits.record_bytes).unwrap_or(usize::MAX)
    }

    /// How the next line begins.
    fn line(&mut self) -> io::Result<Line> {
        let ahead = self.window.ahead(LOOK)?;
        let indent = ahead.iter().take_while(|byte| **byte == b' ').count();
        Ok(match &ahead[indent..] {
            [] if ahead.is_empty() => Line::End,
            [] if indent == LOOK => Line::Other(indent),
            [] | [b'\n' | b'#', ..] | [b'\r', b'\n', ..] => Line::Blank,
            [b'-'] | [b'-', b' ' | b'\n' | b'\r', ..] => Line::Element(indent),
            _ => Line::Other(indent),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a text is made of: entries with their places, and what is wrong.
    fn pieces(text: &str) -> Vec<String> {
        let mut entries = YamlEntries::new(text.as_bytes(), Vec::new(), Path::new("x"), "a", Limits::default());
        let mut seen = Vec::new();
        while let Some(piece) = entries.next_piece() {
            seen.push(match piece {
                Piece::Entry(source) => {
                    let text = String::from_utf8_lossy(source.bytes);
                    format!("{} {}:{} {text:?}", source.first_entry, source.first_line, source.first_column)
                }
                Piece::Wrong(source, told) => format!("{}: {}", source.first_line, told.reason),
                other => format!("{other:?}"),
            });
        }
        seen
    }

    #[test]
    fn entries_are_told_by_their_dashes() {
        let text = "---\nv: 1\na:\n# of two\n- b: |\n    - c\n\n  d: [1,\n   2]\n\n-\n  e: 1\nf: ü\n";
        assert_eq!(pieces(text), [r#"0 5:1 "- b: |\n    - c\n\n  d: [1,\n   2]\n\n""#, r#"1 11:1 "-\n  e: 1\n""#]);
        assert_eq!(pieces("a:\r\n  - b: 1\r\n  - c"), [r#"0 2:1 "  - b: 1\r\n""#, r#"1 3:1 "  - c""#]);
    }

    #[test]
    fn what_is_odd_around_the_list_is_told() {
        let wrong = |text: &str| pieces(text).into_iter().filter(|told| !told.starts_with('0')).collect::<Vec<_>>();
        assert_eq!(wrong("a: []\n"), ["2: it has no list of exchanges"]);
        assert_eq!(wrong("b: 1\n"), ["2: it has no list of exchanges"]);
        assert_eq!(wrong("a:\nb: 1\n"), ["2: it has no list of exchanges"]);
        assert_eq!(wrong("a:\n- 1\na: 2\n"), ["4: the key \"a\" appears twice in its object"]);
        for apart in ["%YAML 1.2\n---\na:\n- 1\n", "a:\n- 1\n---\nb: 1\n", "a:\n- 1\n...\n"] {
            assert_eq!(wrong(apart).len(), 1, "{apart}");
            assert!(wrong(apart)[0].contains("more than one document"), "{apart}");
        }
        assert_eq!(wrong("a:\n- 1\nb: [\n").len(), 1);
        assert_eq!(wrong("---\na:\n- 1\nb: 1\n"), [""; 0]);
    }
}

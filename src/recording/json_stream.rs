//! The entries of a JSON document as it streams, each by itself: what is around them is read for its keys alone.
//!
//! What keeps a text from being a sound document of entries is told where it is met. Whoever can hold the whole reads that
//! instead, and learns all that is wrong with it.

use std::borrow::Cow;
use std::io::{self, Read};
use std::path::Path;

use super::cursor::{Cursor, LEVELS};
use super::document::{NO_LIST, stands_twice};
use super::json::complaint;
use super::keys::Keys;
use super::lines::NOT_UTF8;
use super::window::{Piece, Value, Window};
use super::{Malformed, Source, json_entries, json_node};
use crate::limits::{Limit, Limits};

/// The entries of a JSON document, in the list that some keys lead to.
#[derive(Debug)]
pub(super) struct JsonEntries<'p, R> {
    window: Window<R>,
    file: &'p Path,
    limits: Limits,
    /// Keys from the root to the list.
    path: &'p [&'p str],
    /// Keys of the objects that are open.
    open: Vec<Keys<String>>,
    next: Next,
    /// Number of the next entry.
    entry: usize,
    is_found: bool,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The root, or the value of a key that leads to the list.
    Way,
    /// The value of another key.
    Other,
    /// The first key of an object, or its end.
    FirstKey,
    /// The first entry, or the end of the list.
    FirstEntry,
    Key,
    Entry,
    /// A comma or the end, behind a member.
    BehindMember,
    /// The same, behind an entry.
    BehindEntry,
    /// Nothing.
    End,
    /// Nothing more is read.
    Over,
}

/// What is told of a place at which reading goes on, or does not.
enum Told {
    /// Nothing.
    Nothing,
    /// An entry is held.
    Entry,
    /// What is held is wrong in this, at this byte of it.
    Wrong(String, usize),
    TooLong,
}

impl<'p, R: Read> JsonEntries<'p, R> {
    /// The entries of a text. `start` is what was read of the stream already.
    pub(super) fn new(stream: R, start: Vec<u8>, file: &'p Path, path: &'p [&'p str], limits: Limits) -> Self {
        let (open, next) = (Vec::new(), Next::Way);
        Self { window: Window::new(stream, start), file, limits, path, open, next, entry: 0, is_found: false }
    }

    /// Passes over a byte order mark, where the text begins with one.
    pub(super) fn skip_mark(&mut self, mark: &[u8]) -> io::Result<bool> {
        self.window.skip_mark(mark)
    }

    /// What comes next; `None` behind the end.
    pub(super) fn next_piece(&mut self) -> Option<Piece<'_>> {
        loop {
            if self.next == Next::Over {
                return None;
            }
            let told = match self.step() {
                Ok(told) => told,
                Err(error) => {
                    self.next = Next::Over;
                    return Some(Piece::Failed(error));
                }
            };
            match told {
                Told::Nothing => {}
                Told::Entry => {
                    self.entry += 1;
                    return Some(Piece::Entry(self.source(self.entry - 1)));
                }
                Told::TooLong => {
                    self.entry += 1;
                    let told = Malformed::beyond(Limit::RecordBytes, &self.limits, 0, Some(self.entry - 1));
                    return Some(Piece::TooLong(self.source(self.entry - 1), told));
                }
                Told::Wrong(reason, at) => {
                    return Some(Piece::Wrong(self.source(self.entry), Malformed::new(reason, at, None)));
                }
            }
        }
    }

    /// What is held, as a source.
    fn source(&self, first_entry: usize) -> Source<'_> {
        self.window.source(self.file, self.limits, first_entry)
    }

    fn step(&mut self) -> io::Result<Told> {
        match self.next {
            Next::Way => self.way(),
            Next::Other => self.other(),
            Next::FirstKey if self.window.takes(b'}')? => Ok(self.close()),
            Next::FirstEntry if self.window.takes(b']')? => {
                self.next = Next::BehindMember;
                Ok(self.behind())
            }
            Next::FirstKey | Next::Key => self.key(),
            Next::FirstEntry | Next::Entry => self.element(),
            Next::BehindMember => self.goes_on(b'}', Next::Key),
            Next::BehindEntry => self.goes_on(b']', Next::Entry),
            Next::End => self.end(),
            Next::Over => Ok(Told::Nothing),
        }
    }

    /// Goes into the root, or into a value that the list is in.
    fn way(&mut self) -> io::Result<Told> {
        let wanted = if self.open.len() == self.path.len() { b'[' } else { b'{' };
        if !self.window.takes(wanted)? {
            return self.other();
        }
        if wanted == b'[' {
            (self.is_found, self.next) = (true, Next::FirstEntry);
        } else {
            self.open.push(Keys::default());
            self.next = Next::FirstKey;
        }
        Ok(Told::Nothing)
    }

    /// Passes over a value that the list is not in.
    fn other(&mut self) -> io::Result<Told> {
        self.window.next()?;
        self.next = if self.open.is_empty() { Next::End } else { Next::BehindMember };
        Ok(match self.window.value(self.limits.record_bytes)? {
            // Nobody asks for it; that it is no JSON would be told behind it.
            Value::TooLong => Told::Wrong("it has a value that is longer than an entry may be".to_owned(), 0),
            Value::Held => self.checked(),
            Value::Cut => self.cut(),
        })
    }

    /// Whether what is held is sound.
    fn checked(&self) -> Told {
        let text = match std::str::from_utf8(self.window.held()) {
            Ok(text) => text,
            Err(error) => return Told::Wrong(NOT_UTF8.to_owned(), error.valid_up_to()),
        };
        if json_entries::is_sound(text, LEVELS - self.open.len()) {
            return Told::Nothing;
        }
        let document = json_node::parse(text);
        let repeated = || document.repeated(true).into_iter().next();
        let twice = || repeated().map(|(key, at)| (stands_twice(&key), at));
        document.wrong.clone().or_else(twice).map_or(Told::Nothing, |(reason, at)| Told::Wrong(reason, at))
    }

    /// The text ends within what is held.
    fn cut(&mut self) -> Told {
        self.next = Next::Over;
        let (reason, at) = broken(self.window.held());
        Told::Wrong(reason, at)
    }

    fn key(&mut self) -> io::Result<Told> {
        self.window.next()?;
        match self.window.value(self.limits.record_bytes)? {
            Value::Held => {}
            Value::Cut => return Ok(self.cut()),
            Value::TooLong => return Ok(self.over("it is not JSON (a key is longer than an entry may be)")),
        }
        let key = std::str::from_utf8(self.window.held()).ok().and_then(|text| {
            let mut cursor = Cursor::new(text);
            cursor.string()?.text().filter(|_| cursor.is_done()).map(Cow::into_owned)
        });
        let Some(key) = key else { return Ok(self.over("it is not JSON (key must be a string)")) };
        let leads = self.path.get(self.open.len() - 1).is_some_and(|wanted| *wanted == key);
        // Which of two lists is meant, nobody knows: both are read.
        let twice = stands_twice(&key);
        let is_new = self.open.last_mut().is_none_or(|keys| keys.insert(key));
        if !self.window.takes(b':')? {
            return Ok(self.over("it is not JSON (expected `:`)"));
        }
        self.next = if leads { Next::Way } else { Next::Other };
        self.window.next()?;
        self.window.keep();
        Ok(if is_new { Told::Nothing } else { Told::Wrong(twice, 0) })
    }

    fn element(&mut self) -> io::Result<Told> {
        self.window.next()?;
        self.next = Next::BehindEntry;
        Ok(match self.window.value(self.limits.record_bytes)? {
            Value::Held => Told::Entry,
            Value::TooLong => Told::TooLong,
            Value::Cut => self.cut(),
        })
    }

    /// Behind a member or an entry: another one follows, or the end of what they are in.
    fn goes_on(&mut self, end: u8, more: Next) -> io::Result<Told> {
        if self.window.takes(b',')? {
            self.next = more;
            return Ok(Told::Nothing);
        }
        if !self.window.takes(end)? {
            return Ok(self.over(if end == b']' {
                "it is not JSON (expected `,` or `]`)"
            } else {
                "it is not JSON (expected `,` or `}`)"
            }));
        }
        Ok(if end == b'}' { self.close() } else { self.behind() })
    }

    /// Behind an object that is open.
    fn close(&mut self) -> Told {
        self.open.pop();
        self.behind()
    }

    /// Behind a list or object.
    fn behind(&mut self) -> Told {
        self.next = if self.open.is_empty() { Next::End } else { Next::BehindMember };
        Told::Nothing
    }

    fn end(&mut self) -> io::Result<Told> {
        if self.window.next()?.is_some() {
            return Ok(self.over("it is not JSON (trailing characters)"));
        }
        let found = self.is_found;
        Ok(if found { self.over_silently() } else { self.over(NO_LIST) })
    }

    fn over_silently(&mut self) -> Told {
        self.next = Next::Over;
        Told::Nothing
    }

    /// Nothing more can be read, for this reason.
    fn over(&mut self, reason: &str) -> Told {
        self.window.keep();
        self.next = Next::Over;
        Told::Wrong(reason.to_owned(), 0)
    }
}

/// What is wrong with a text that breaks off, and the byte it is about.
fn broken(bytes: &[u8]) -> (String, usize) {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_some() => return (NOT_UTF8.to_owned(), error.valid_up_to()),
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    };
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => ("the JSON ends too early".to_owned(), text.len()),
        Err(error) => complaint(text, &error),
    }
}

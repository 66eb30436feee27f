//! Documents of exchanges that are read entry by entry as they stream, in JSON or in YAML.

use std::io::{self, Read};
use std::path::Path;

use memchr::memmem;

use super::Format;
use super::document::begins_json;
use super::json_stream::JsonEntries;
use super::window::Piece;
use super::yaml_stream::YamlEntries;
use crate::limits::Limits;

/// How the entries of a document are told apart.
#[derive(Debug, Clone, Copy)]
pub enum Layout {
    /// They are elements of the list that these keys lead to, in JSON.
    Json(&'static [&'static str]),
    /// They are elements of a list in block style below this key, in YAML.
    Yaml(&'static str),
}

impl Layout {
    /// How a document of a format is laid out that begins like this; `None` where its entries cannot be told apart.
    pub fn of(format: &dyn Format, start: &[u8]) -> Option<Self> {
        let path = format.entries()?;
        if begins_json(start) {
            return Some(Self::Json(path));
        }
        let [key] = path else { return None };
        let line = format!("\n{key}:");
        let is_there =
            start.starts_with(line.trim_start().as_bytes()) || memmem::find(start, line.as_bytes()).is_some();
        is_there.then_some(Self::Yaml(key))
    }
}

/// The entries of a document that streams.
#[derive(Debug)]
pub struct Entries<'p, R>(Inner<'p, R>);

#[derive(Debug)]
enum Inner<'p, R> {
    Json(JsonEntries<'p, R>),
    Yaml(YamlEntries<'p, R>),
}

impl<'p, R: Read> Entries<'p, R> {
    /// The entries of a text. `start` is what was read of the stream already.
    pub fn new(stream: R, start: Vec<u8>, file: &'p Path, layout: Layout, limits: Limits) -> Self {
        Self(match layout {
            Layout::Json(path) => Inner::Json(JsonEntries::new(stream, start, file, path, limits)),
            Layout::Yaml(key) => Inner::Yaml(YamlEntries::new(stream, start, file, key, limits)),
        })
    }

    /// Passes over a byte order mark, where the text begins with one.
    pub fn skip_mark(&mut self, mark: &[u8]) -> io::Result<bool> {
        match &mut self.0 {
            Inner::Json(entries) => entries.skip_mark(mark),
            Inner::Yaml(entries) => entries.skip_mark(mark),
        }
    }

    /// What comes next; `None` behind the end.
    pub fn next_piece(&mut self) -> Option<Piece<'_>> {
        match &mut self.0 {
            Inner::Json(entries) => entries.next_piece(),
            Inner::Yaml(entries) => entries.next_piece(),
        }
    }
}

//! Cutting the input into units of work: small files whole, large ones by pieces.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Input, Stream};
use crate::recording::{self, Chunk, Chunks, Format, Found, Probe, json, walk};

/// Files up to this size are read by whoever checks them.
const SMALL: u64 = 4 << 20;
/// Bytes of a piece.
const PIECE: usize = 256 << 10;
/// Bytes that a large file or stream is recognised by; more, up to a limit, where its first line is longer.
const PROBE: u64 = 256 << 10;
const LONGEST_PROBE: usize = 64 << 20;

/// One unit of work.
pub(super) enum Unit {
    /// A file to read whole.
    File(PathBuf),
    /// Content that was read already.
    Whole { path: PathBuf, bytes: Vec<u8> },
    /// Whole lines of a file that is read by lines.
    Piece { path: Arc<Path>, format: &'static dyn Format, chunk: Chunk },
    /// A file that is no recording.
    Skipped { path: PathBuf, reason: String },
    /// A file, or what is left of one, that cannot be read. Harmless where nothing is lost.
    Unreadable { path: PathBuf, reason: String, harmless: bool },
}

type Walk = Box<dyn Iterator<Item = Found> + Send>;

/// All units of an input, in its order.
pub(super) struct Units {
    inputs: std::vec::IntoIter<Input>,
    format: Option<&'static dyn Format>,
    walk: Option<Walk>,
    open: Option<(Arc<Path>, &'static dyn Format, Chunks<Stream>)>,
}

impl Units {
    pub(super) fn new(inputs: Vec<Input>, format: Option<&'static dyn Format>) -> Self {
        Self { inputs: inputs.into_iter(), format, walk: None, open: None }
    }

    fn found(&mut self, found: Found) -> Unit {
        match found {
            Found::File { path, size } if size > 0 && size <= SMALL => Unit::File(path),
            Found::File { path, size: 0 } if path.is_file() => Unit::File(path),
            Found::File { path, .. } => match File::open(&path) {
                Ok(file) => self.stream(path, Box::new(file)),
                Err(error) => Unit::Unreadable { path, reason: error.to_string(), harmless: false },
            },
            Found::Special { path } => {
                Unit::Skipped { path, reason: "neither file nor folder (a pipe, socket or device)".into() }
            }
            Found::Loop { path, ancestor } => {
                let reason = format!("it is a link back to {}, whose files are checked there", ancestor.display());
                Unit::Unreadable { path, reason, harmless: true }
            }
            Found::Unreadable { path, reason } => Unit::Unreadable { path, reason, harmless: false },
        }
    }

    /// Looks at the beginning of a stream: one that is read by lines is opened for its pieces.
    fn stream(&mut self, path: PathBuf, mut stream: Stream) -> Unit {
        let mut start = Vec::new();
        loop {
            match (&mut stream).take(PROBE).read_to_end(&mut start) {
                Err(error) => return Unit::Unreadable { path, reason: error.to_string(), harmless: false },
                Ok(0) => break,
                Ok(_) if start.contains(&b'\n') || start.len() >= LONGEST_PROBE => break,
                Ok(_) => {}
            }
        }
        let by_line = probe(&path, &start, |probe| {
            let format = self.format.or_else(|| recording::recognise(probe))?;
            format.is_by_line(probe).then_some(format)
        });
        if let Some(format) = by_line {
            self.open = Some((path.into(), format, Chunks::new(stream, start, PIECE)));
            return self.piece().unwrap_or_else(|| unreachable!("a stream with a first line has a piece"));
        }
        match stream.read_to_end(&mut start) {
            Ok(_) => Unit::Whole { path, bytes: start },
            Err(error) => Unit::Unreadable { path, reason: error.to_string(), harmless: false },
        }
    }

    fn piece(&mut self) -> Option<Unit> {
        let (path, format, chunks) = self.open.as_mut()?;
        let (path, format) = (path.clone(), *format);
        match chunks.next() {
            Some(Ok(chunk)) => Some(Unit::Piece { path, format, chunk }),
            Some(Err(error)) => {
                self.open = None;
                let reason = read_failed(&error);
                Some(Unit::Unreadable { path: path.to_path_buf(), reason, harmless: false })
            }
            None => {
                self.open = None;
                None
            }
        }
    }
}

impl Iterator for Units {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        loop {
            if let Some(piece) = self.piece() {
                return Some(piece);
            }
            if let Some(found) = self.walk.as_mut().and_then(Iterator::next) {
                return Some(self.found(found));
            }
            match self.inputs.next()? {
                Input::Path(path) => self.walk = Some(Box::new(walk(&path))),
                Input::Stream(stream) => return Some(self.stream(PathBuf::from("-"), stream)),
            }
        }
    }
}

fn read_failed(error: &io::Error) -> String {
    format!("reading stopped: {error}")
}

/// The byte order mark of UTF-8.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

/// Lines that are looked at for a record, so that a broken first one does not hide what the others are.
const LINES: usize = 16;

/// Looks at the beginning of a file with what formats are recognised by: each of its first lines alone, then all of it.
pub(super) fn probe<T>(path: &Path, start: &[u8], look: impl Fn(&Probe<'_>) -> Option<T>) -> Option<T> {
    let start = start.strip_prefix(MARK).unwrap_or(start);
    let trimmed = start.trim_ascii_start();
    for line in trimmed.split(|byte| *byte == b'\n').take(LINES) {
        let (keys, whole) = json::peek_keys(line);
        if whole && let Some(seen) = look(&Probe { path, start, keys: &keys, first_line_is_object: true }) {
            return Some(seen);
        }
    }
    let (keys, _) = json::peek_keys(trimmed.strip_prefix(b"[").unwrap_or(trimmed));
    look(&Probe { path, start, keys: &keys, first_line_is_object: false })
}

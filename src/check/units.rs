//! Cutting the input into units of work: small files whole, large ones by pieces. What is packed is unpacked on the way.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::content::{
    LOOK, List, OTHER, by_line, is_recognised, list, listed, look, may_be_recording, other, starts_wide,
};
use super::{Input, Options, Stream};
use crate::limits::{Limit, Limits};
use crate::recording::ahead::ahead;
use crate::recording::{Chunk, Chunks, Filter, Format, Found, Layout, Omission, packed, walk};

/// Files up to this size are read by whoever checks them.
const SMALL: u64 = 4 << 20;
/// Bytes of a piece.
const PIECE: usize = 256 << 10;
/// Bytes that a large file or stream is recognised by; more, up to the longest record, where its first line is longer.
const PROBE: u64 = 256 << 10;

/// One unit of work.
pub(super) enum Unit {
    /// A file to read whole.
    File(PathBuf, File),
    /// Content that was read already; `read` are the bytes that were read for it.
    Whole { path: PathBuf, bytes: Vec<u8>, read: u64 },
    /// Whole lines of a file that is read by lines; `read` are the bytes that were read since the last one.
    Piece { path: Arc<Path>, format: &'static dyn Format, chunk: Chunk, read: u64 },
    /// A document with a list of exchanges, which are read one by one.
    Document(Document),
    /// A file that is no recording.
    Skipped { path: PathBuf, reason: String },
    /// A file or folder that is left out.
    Omitted { path: PathBuf, reason: Omission },
    /// A file, or what is left of one, that cannot be read. Harmless where nothing is lost.
    Unreadable { path: PathBuf, reason: String, harmless: bool },
    /// A file, or what is left of one, that exceeds a limit.
    TooLarge { path: PathBuf, limit: Limit },
}

/// A document with a list of exchanges that is being read.
pub(super) struct Document {
    pub(super) path: PathBuf,
    pub(super) format: &'static dyn Format,
    pub(super) layout: Layout,
    /// What was read of it already.
    pub(super) start: Vec<u8>,
    /// The rest.
    pub(super) stream: Stream,
    /// Bytes of the file that were read and are not told yet.
    pub(super) count: Arc<AtomicU64>,
    /// Whether it can be opened once more.
    pub(super) is_file: bool,
    /// Whether a thread may unpack it.
    pub(super) has_threads: bool,
}

impl Document {
    /// Opens it once more.
    pub(super) fn again(&self, limits: &Limits) -> io::Result<Stream> {
        Ok(opened(Box::new(File::open(&self.path)?), limits.ratio, self.has_threads)?.0)
    }
}

type Walk = Box<dyn Iterator<Item = Found> + Send>;

/// All units of an input, in its order.
pub(super) struct Units {
    inputs: std::vec::IntoIter<Input>,
    format: Option<&'static dyn Format>,
    limits: Limits,
    filter: Filter,
    /// Whether there may be more threads than one.
    has_threads: bool,
    read_before: ReadBefore,
    walk: Option<Walk>,
    /// A stream to look at.
    next: Option<(PathBuf, Stream)>,
    open: Option<Open>,
}

/// A stream that is being read by lines.
struct Open {
    path: Arc<Path>,
    format: &'static dyn Format,
    chunks: Chunks<Stream>,
    count: Arc<AtomicU64>,
}

/// Files that were handed out, whatever paths lead to them.
#[derive(Default)]
struct ReadBefore {
    /// By the number of the folder and the name in it.
    files: HashSet<(usize, OsString)>,
    /// Numbers of folders, whose links are resolved.
    folders: HashMap<PathBuf, usize>,
    /// The folder of the last one, as it was found.
    folder: Option<(PathBuf, usize)>,
}

impl ReadBefore {
    /// Whether a file was handed out before; it counts as such from now on. What is no file on a disk never was.
    fn has(&mut self, path: &Path, is_link: bool) -> bool {
        self.place(path, is_link).is_some_and(|place| !self.files.insert(place))
    }

    /// The folder of a file, with its links resolved, and the name that it has there.
    fn place(&mut self, path: &Path, is_link: bool) -> Option<(usize, OsString)> {
        let (Some(folder), Some(name), false) = (path.parent(), path.file_name(), is_link) else {
            let resolved = path.canonicalize().ok()?;
            let folder = self.number(resolved.parent()?.to_owned());
            return Some((folder, resolved.file_name()?.to_owned()));
        };
        // Files come by folder, so that each folder is resolved once.
        let known = self.folder.as_ref().filter(|(known, _)| known.as_os_str() == folder.as_os_str());
        let number = if let Some((_, number)) = known {
            *number
        } else {
            let named = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            let number = self.number(named.canonicalize().ok()?);
            self.folder = Some((folder.to_owned(), number));
            number
        };
        Some((number, name.to_owned()))
    }

    fn number(&mut self, folder: PathBuf) -> usize {
        let next = self.folders.len();
        *self.folders.entry(folder).or_insert(next)
    }
}

/// A stream whose bytes are counted.
struct Counted {
    stream: Stream,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// The end of a stream that failed.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

impl Units {
    pub(super) fn new(inputs: Vec<Input>, options: &Options<'_>) -> Self {
        Self {
            inputs: inputs.into_iter(),
            format: options.format,
            limits: options.limits,
            filter: options.filter.clone(),
            has_threads: options.threads != 1,
            read_before: ReadBefore::default(),
            walk: None,
            next: None,
            open: None,
        }
    }

    /// The units of one stream.
    pub(super) fn of_stream(path: PathBuf, stream: Stream, options: &Options<'_>) -> Self {
        let plain = Options { filter: &Filter::NOTHING, ..*options };
        Self { next: Some((path, stream)), ..Self::new(Vec::new(), &plain) }
    }

    fn found(&mut self, found: Found) -> Unit {
        match found {
            Found::File { path, is_link, .. } if self.read_before.has(&path, is_link) => {
                Unit::Omitted { path, reason: Omission::ReadBefore }
            }
            Found::Omitted { path, reason } => Unit::Omitted { path, reason },
            Found::File { path, .. } => match File::open(&path).and_then(|file| Ok((file.metadata()?, file))) {
                Ok((metadata, file)) if metadata.is_file() && metadata.len() <= SMALL => Unit::File(path, file),
                Ok((_, file)) => self.stream(path, Box::new(file)),
                Err(error) => Unit::Unreadable { path, reason: error.to_string(), harmless: false },
            },
            Found::Special { path } => {
                Unit::Skipped { path, reason: "neither file nor folder (a pipe, socket or device)".into() }
            }
            Found::Loop { path, ancestor } => {
                let reason =
                    format!("it is reached by a link back to {}, whose files are checked there", ancestor.display());
                Unit::Unreadable { path, reason, harmless: true }
            }
            Found::Unreadable { path, reason } => Unit::Unreadable { path, reason, harmless: false },
        }
    }

    /// Looks at the beginning of a stream: one that is read by lines is opened for its pieces.
    fn stream(&mut self, path: PathBuf, stream: Stream) -> Unit {
        let count = Arc::new(AtomicU64::new(0));
        let counted = Box::new(Counted { stream, count: count.clone() });
        let (mut stream, is_packed) = match opened(counted, self.limits.ratio, self.has_threads) {
            Ok(opened) => opened,
            Err(error) => return Unit::Unreadable { path, reason: error.to_string(), harmless: false },
        };
        let has_threads = self.has_threads;
        let is_list = |start: &[u8]| list(&path, start, self.format).is_some();
        let (mut start, failed) = beginning(&mut stream, self.limits.record_bytes, is_list);
        if let Some(format) = by_line(&path, &start, self.format) {
            let stream = if failed.is_some() { Box::new(Failed(failed)) } else { stream };
            let chunks = Chunks::new(stream, start, PIECE).with_longest_line(self.limits.record_bytes);
            self.open = Some(Open { path: path.into(), format, chunks, count });
            return self.piece().unwrap_or_else(|| unreachable!("a stream with a first line has a piece"));
        }
        if let Some(error) = failed {
            return unread(path, &error);
        }
        let is_file = path != Path::new("-") && path.is_file();
        if is_file && let Some((format, layout)) = self.list(&path, &mut start, &mut stream) {
            return Unit::Document(Document { path, format, layout, start, stream, count, is_file, has_threads });
        }
        // Something else need not be read to the end. Formats of text have no zero bytes, and others are recognised.
        let is_long = start.len() as u64 >= PROBE;
        let is_binary = start.contains(&0) && !starts_wide(&start) && !is_recognised(&path, &start);
        if self.format.is_none() && is_binary && (is_long || is_packed) {
            let reason = other(&path, &start);
            return Unit::Skipped { path, reason };
        }
        let most = self.limits.document_bytes;
        match (&mut stream).take((most + 1).saturating_sub(start.len() as u64)).read_to_end(&mut start) {
            Ok(_) if start.len() as u64 > most => match listed(&path, look(&start), self.format) {
                Some((format, layout)) => {
                    Unit::Document(Document { path, format, layout, start, stream, count, is_file, has_threads })
                }
                None => self.too_large(path, &start),
            },
            Ok(_) => Unit::Whole { path, bytes: start, read: count.load(Ordering::Relaxed) },
            Err(error) => unread(path, &error),
        }
    }

    /// The format of a stream whose beginning, of which enough is read, tells that it is a list of exchanges.
    fn list(&self, path: &Path, start: &mut Vec<u8>, stream: &mut Stream) -> Option<List> {
        let more = LOOK.saturating_sub(start.len()) as u64;
        // A stream that fails now fails again when it is read on.
        stream.take(more).read_to_end(start).ok()?;
        list(path, start, self.format)
    }

    /// A document that is not read since it is too large, or something else.
    fn too_large(&self, path: PathBuf, start: &[u8]) -> Unit {
        if self.format.is_none() && !may_be_recording(&path, start) {
            return Unit::Skipped { path, reason: OTHER.into() };
        }
        Unit::TooLarge { path, limit: Limit::DocumentBytes }
    }

    fn piece(&mut self) -> Option<Unit> {
        let open = self.open.as_mut()?;
        match open.chunks.next() {
            Some(Ok(chunk)) => {
                let read = open.count.swap(0, Ordering::Relaxed);
                Some(Unit::Piece { path: open.path.clone(), format: open.format, chunk, read })
            }
            Some(Err(error)) => {
                let path = open.path.to_path_buf();
                self.open = None;
                Some(unread(path, &error))
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
            if let Some((path, stream)) = self.next.take() {
                return Some(self.stream(path, stream));
            }
            if let Some(piece) = self.piece() {
                return Some(piece);
            }
            if let Some(found) = self.walk.as_mut().and_then(Iterator::next) {
                return Some(self.found(found));
            }
            match self.inputs.next()? {
                Input::Path(path) => self.walk = Some(Box::new(walk(&path, &self.filter))),
                Input::Stream(stream) => return Some(self.stream(PathBuf::from("-"), stream)),
            }
        }
    }
}

/// The beginning of a stream: its first line, where that is not longer than lines may be and tells nothing sooner; and why
/// reading stopped.
fn beginning(stream: &mut Stream, longest: u64, tells: impl Fn(&[u8]) -> bool) -> (Vec<u8>, Option<io::Error>) {
    let (mut start, mut is_told) = (Vec::new(), false);
    loop {
        let known = start.len();
        match stream.take(PROBE).read_to_end(&mut start) {
            Err(error) => return (start, Some(error)),
            Ok(0) => return (start, None),
            Ok(_) if start[known..].contains(&b'\n') || start.len() as u64 > longest => return (start, None),
            // So much is looked at, once.
            Ok(_) if start.len() >= LOOK && !std::mem::replace(&mut is_told, true) && tells(&start) => {
                return (start, None);
            }
            Ok(_) => {}
        }
    }
}

/// A stream of the content, unpacked where it is packed, and whether it is.
fn opened(mut stream: Stream, ratio: u64, has_threads: bool) -> io::Result<(Stream, bool)> {
    let mut magic = Vec::new();
    (&mut stream).take(4).read_to_end(&mut magic)?;
    let is_packed = packed::is_packed(&magic);
    let start = io::Cursor::new(magic.clone());
    let whole: Stream = Box::new(start.chain(stream));
    Ok(match is_packed {
        true if has_threads => (ahead(packed::unpacking(&magic, whole, ratio)), true),
        true => (packed::unpacking(&magic, whole, ratio), true),
        false => (whole, false),
    })
}

/// A file of which reading stopped.
pub(super) fn unread(path: PathBuf, error: &io::Error) -> Unit {
    match packed::Beyond::of(error) {
        Some(limit) => Unit::TooLarge { path, limit },
        None => Unit::Unreadable { path, reason: format!("reading stopped: {error}"), harmless: false },
    }
}

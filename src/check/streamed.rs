//! Documents of exchanges that are read entry by entry, so that no more than one of them is held.
//!
//! A file in which something is odd is read whole instead, as far as documents may be, which tells all that is wrong with it.
//! A stream that nobody can open again keeps the entries that the rest may decide, for a second reading.

use std::io;
use std::path::Path;
use std::sync::atomic::Ordering;

use super::content::{List, MARK};
use super::passes::{Hand, Reader, begin_again};
use super::reading::{Reading, beginning, marked};
use super::units::Document;
use super::{Catalog, Checked, Options, Stream};
use crate::error::Result;
use crate::limits::{Limit, Limits};
use crate::recording::{Entries, Entry, Format, Piece, Source, packed};

/// What became of a document.
pub(super) enum Outcome {
    /// It was read, as far as it could be.
    Read(Read),
    /// Something is odd about it, so that this, its content, is to be read as a whole.
    Whole(Vec<u8>),
}

/// What was found in a document, and why reading stopped, where it did before the end.
pub(super) struct Read {
    pub(super) checked: Vec<Checked>,
    pub(super) failed: Option<io::Error>,
}

/// How a pass over a document ended.
enum End {
    /// At its end.
    Reached,
    /// At something odd that is not to be told here.
    Odd,
    /// Reading stopped.
    Failed(io::Error),
}

/// Opens a document.
type Again<'w> = dyn Fn() -> io::Result<Stream> + 'w;

/// How a document is read.
#[derive(Clone, Copy)]
struct Way<'w> {
    path: &'w Path,
    list: List,
    /// Opens it once more, where that can be.
    again: Option<&'w Again<'w>>,
    /// Tells how far it is.
    progress: &'w dyn Fn(),
    /// Whether it is given up where something is odd about it.
    is_strict: bool,
}

/// Reads a document, and judges what is in it by each catalog.
pub(super) fn document(mut document: Document, options: &Options<'_>, catalogs: &[&Catalog]) -> Result<Outcome> {
    let start = std::mem::take(&mut document.start);
    let mut stream = std::mem::replace(&mut document.stream, Box::new(io::empty()));
    let Document { path, format, layout, count, is_file, .. } = &document;
    let again = || document.again(&options.limits);
    let progress = || match count.swap(0, Ordering::Relaxed) {
        0 => {}
        count => (options.progress)(count),
    };
    let opened: Option<&Again<'_>> = if *is_file { Some(&again) } else { None };
    let way = Way { path, list: (*format, *layout), again: opened, progress: &progress, is_strict: *is_file };
    if let Some(read) = way.read(&mut stream, start, options, catalogs)? {
        return Ok(Outcome::Read(read));
    }
    let most = options.limits.document_bytes;
    let failed = match again().and_then(|stream| packed::read_within(stream, most, Limit::DocumentBytes)) {
        Ok(bytes) => return Ok(Outcome::Whole(bytes)),
        Err(error) if packed::Beyond::of(&error) != Some(Limit::DocumentBytes) => Some(error),
        Err(_) => match again() {
            Ok(mut stream) => return Ok(Outcome::Read(way.read_odd(&mut stream, Vec::new(), options, catalogs)?)),
            Err(error) => Some(error),
        },
    };
    Ok(Outcome::Read(Read { checked: catalogs.iter().map(|_| Checked::default()).collect(), failed }))
}

/// Reads a document that is held, but is longer than what is read as a whole.
pub(super) fn held(
    path: &Path,
    bytes: &[u8],
    list: List,
    options: &Options<'_>,
    catalogs: &[&Catalog],
) -> Result<Vec<Checked>> {
    let way = Way { path, list, again: None, progress: &|| {}, is_strict: false };
    Ok(way.read_odd(&mut io::empty(), bytes.to_vec(), options, catalogs)?.checked)
}

impl Way<'_> {
    /// Reads a document whatever is odd about it, which is told.
    fn read_odd(
        &self,
        stream: &mut dyn io::Read,
        start: Vec<u8>,
        options: &Options<'_>,
        catalogs: &[&Catalog],
    ) -> Result<Read> {
        let read = Way { is_strict: false, ..*self }.read(stream, start, options, catalogs)?;
        Ok(read.unwrap_or_else(|| unreachable!("it is given up where it is strict alone")))
    }

    /// Reads a document; `None` where it is given up.
    fn read(
        &self,
        stream: &mut dyn io::Read,
        start: Vec<u8>,
        options: &Options<'_>,
        catalogs: &[&Catalog],
    ) -> Result<Option<Read>> {
        let options = &Options { service: options.service_of(self.path), ..*options };
        let mut entries = self.entries(stream, start, options.limits);
        let mut checked = beginning(self.path);
        // A stream that fails now fails again when it is read on.
        if entries.skip_mark(MARK).unwrap_or_default() {
            checked.findings.push(marked(self.path));
        }
        let whole = Source::whole(self.path, b"").within(options.limits);
        let mut readings = Reading::each(&whole, options, catalogs, &checked);
        let mut waiting = self.again.is_none().then(Waiting::default);
        let mut hand = Hand::new(&mut readings);
        let mut failed = match self.pass(entries, &mut hand, waiting.as_mut())? {
            End::Odd => return Ok(None),
            End::Reached => None,
            End::Failed(error) => Some(error),
        };
        let is_empty = hand.is_empty;
        if begin_again(&mut readings) {
            let mut hand = Hand::new(&mut readings);
            match &waiting {
                Some(waiting) => waiting.read(&whole, self.list.0, &mut hand)?,
                None => failed = failed.or(self.read_again(&mut hand, options.limits)?),
            }
        }
        if is_empty && failed.is_none() {
            readings.iter_mut().for_each(Reading::is_empty);
        }
        let checked = readings.into_iter().map(Reading::finish).collect();
        Ok(Some(Read { checked, failed }))
    }

    /// Reads the entries that wait; why that failed, where it did.
    fn read_again<R: Reader>(&self, hand: &mut Hand<'_, R>, limits: Limits) -> Result<Option<io::Error>> {
        let mut stream = match self.again.map(|again| again()) {
            Some(Ok(stream)) => stream,
            Some(Err(error)) => return Ok(Some(error)),
            None => return Ok(None),
        };
        let mut entries = self.entries(&mut stream, Vec::new(), limits);
        // A stream that fails now fails again when it is read on.
        entries.skip_mark(MARK).unwrap_or_default();
        let end = Way { is_strict: false, ..*self }.pass(entries, hand, None)?;
        let is_left = hand.readers().iter_mut().any(|reader| reader.passes().waits(0));
        Ok(match end {
            End::Failed(error) => Some(error),
            End::Reached | End::Odd => is_left.then(|| io::Error::other("it changed while it was read")),
        })
    }

    fn entries<'e>(
        &'e self,
        stream: &'e mut dyn io::Read,
        start: Vec<u8>,
        limits: Limits,
    ) -> Entries<'e, &'e mut dyn io::Read> {
        Entries::new(stream, start, self.path, self.list.1, limits)
    }

    /// Hands all entries over; why reading stopped, where it did before the end.
    fn pass<R: Reader>(
        &self,
        mut entries: Entries<'_, &mut dyn io::Read>,
        hand: &mut Hand<'_, R>,
        mut waiting: Option<&mut Waiting>,
    ) -> Result<End> {
        while let Some(piece) = entries.next_piece() {
            match piece {
                Piece::Entry(source) => {
                    hand.moves_to(&source);
                    let number = hand.number();
                    let is_sound = self.list.0.read_entry(&source, &mut |entry| hand.over(&source, &entry));
                    if self.is_strict && !is_sound {
                        return Ok(End::Odd);
                    }
                    if let Some(waiting) = &mut waiting {
                        waiting.take(&source, number, hand);
                    }
                }
                Piece::Wrong(..) if self.is_strict => return Ok(End::Odd),
                Piece::Wrong(source, told) | Piece::TooLong(source, told) => {
                    hand.moves_to(&source);
                    hand.over(&source, &Entry::Malformed(told));
                }
                Piece::Failed(error) => return Ok(End::Failed(error)),
            }
            hand.failed()?;
            (self.progress)();
        }
        Ok(End::Reached)
    }
}

/// Entries that the rest of a recording may decide, where it cannot be read once more.
#[derive(Default)]
struct Waiting {
    entries: Vec<One>,
    /// Bytes of them.
    bytes: u64,
}

struct One {
    text: Vec<u8>,
    place: (usize, usize),
    entry: usize,
    /// Number of the last that was handed over before it.
    number: usize,
}

impl Waiting {
    /// Keeps an entry that waits. Of more than a record may have none are kept: those before them decide.
    fn take<R: Reader>(&mut self, source: &Source<'_>, number: usize, hand: &mut Hand<'_, R>) {
        if !hand.readers().iter_mut().any(|reader| reader.passes().waits(number)) {
            return;
        }
        self.bytes += source.bytes.len() as u64;
        let Source { bytes, first_line, first_column, first_entry, limits, .. } = source;
        self.entries.push(One {
            text: bytes.to_vec(),
            place: (*first_line, *first_column),
            entry: *first_entry,
            number,
        });
        if self.bytes > limits.record_bytes {
            hand.readers().iter_mut().for_each(|reader| reader.passes().decide_at_once());
        }
    }

    /// Hands them over once more.
    fn read<R: Reader>(&self, whole: &Source<'_>, format: &dyn Format, hand: &mut Hand<'_, R>) -> Result<()> {
        for One { text, place, entry, number } in &self.entries {
            let (first_line, first_column) = *place;
            let source = Source { bytes: text, first_line, first_column, first_entry: *entry, ..*whole };
            hand.moves_to(&source);
            hand.readers().iter_mut().for_each(|reader| reader.passes().stand_at(*number));
            format.read_entry(&source, &mut |entry| hand.over(&source, &entry));
            hand.failed()?;
        }
        Ok(())
    }
}

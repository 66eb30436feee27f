//! One unit of work: told what it is, unpacked, and handed to its reader.

use std::cell::Cell;
use std::fs::File;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

use super::content::{Content, MARK, by_line, other};
use super::reading::{malformed, read};
use super::units::{Document, Unit, Units, unread as stopped};
use super::{Catalog, Checked, Options, streamed};
use crate::error::Result;
use crate::limits::Limit;
use crate::outcome::Tally;
use crate::recording::{Format, Layout, Malformed, Source, packed};

/// Reads a unit once and judges it by each of the catalogs: one outcome for each.
pub(super) fn unit(unit: Unit, options: &Options<'_>, catalogs: &[&Catalog]) -> Result<Vec<Checked>> {
    match unit {
        Unit::File(path, file) => self::file(path, file, options, catalogs),
        Unit::Whole { path, bytes, read: count } => {
            (options.progress)(count);
            whole(path, &bytes, options, catalogs)
        }
        Unit::Piece { path, format, chunk, read: count } => {
            (options.progress)(count);
            let source = Source {
                path: &path,
                bytes: &chunk.bytes,
                first_line: chunk.first_line,
                first_column: 1,
                first_entry: chunk.first_entry,
                limits: options.limits,
            };
            if chunk.is_too_long {
                let told = Malformed::beyond(Limit::RecordBytes, &options.limits, 0, Some(chunk.first_entry));
                return Ok(alike(&unread(&told, &source), catalogs));
            }
            read(source, format, options, catalogs)
        }
        Unit::Document(document) => self::document(document, options, catalogs),
        Unit::TooLarge { path, limit } => {
            let source = Source::whole(&path, b"");
            let mut told = unread(&Malformed::beyond(limit, &options.limits, 0, None), &source);
            told.findings.iter_mut().for_each(|finding| finding.location.position = None);
            Ok(alike(&told, catalogs))
        }
        Unit::Skipped { path, reason } => Ok(alike(&skipped(path, reason), catalogs)),
        Unit::Omitted { path, reason } => {
            let tally = Tally { omitted: vec![(path, reason.as_str().into())], ..Tally::default() };
            Ok(alike(&Checked { tally, ..Checked::default() }, catalogs))
        }
        Unit::Unreadable { path, reason, harmless } => Ok(alike(&unreadable(&path, reason, harmless), catalogs)),
    }
}

/// Reads a document of exchanges.
fn document(document: Document, options: &Options<'_>, catalogs: &[&Catalog]) -> Result<Vec<Checked>> {
    let path = document.path.clone();
    match streamed::document(document, options, catalogs)? {
        streamed::Outcome::Whole(bytes) => whole(path, &bytes, options, catalogs),
        streamed::Outcome::Read(streamed::Read { mut checked, failed }) => {
            if let Some(error) = failed {
                add(&mut checked, unit(stopped(path, &error), options, catalogs)?);
            }
            Ok(checked)
        }
    }
}

thread_local! {
    /// What the last file of this thread was read into.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Reads a small file.
fn file(path: PathBuf, file: File, options: &Options<'_>, catalogs: &[&Catalog]) -> Result<Vec<Checked>> {
    // Taken out: while this thread waits for others it may begin with another file.
    let mut bytes = BUFFER.take();
    bytes.clear();
    // Bounded, so that the system is not asked for the size of each file once more.
    if let Err(error) = file.take(u64::MAX).read_to_end(&mut bytes) {
        return Ok(alike(&unreadable(&path, error.to_string(), false), catalogs));
    }
    if packed::is_packed(&bytes) {
        return unpacked(path, bytes, options, catalogs);
    }
    (options.progress)(bytes.len() as u64);
    let checked = whole(path, &bytes, options, catalogs);
    BUFFER.set(bytes);
    checked
}

/// The same outcome by each catalog.
fn alike(checked: &Checked, catalogs: &[&Catalog]) -> Vec<Checked> {
    catalogs.iter().map(|_| checked.clone()).collect()
}

/// A small file may unpack to a large one, so it is read as any stream.
fn unpacked(path: PathBuf, bytes: Vec<u8>, options: &Options<'_>, catalogs: &[&Catalog]) -> Result<Vec<Checked>> {
    let mut all = alike(&Checked::default(), catalogs);
    for part in Units::of_stream(path, Box::new(Cursor::new(bytes)), options) {
        add(&mut all, unit(part, options, catalogs)?);
    }
    Ok(all)
}

/// Adds what was found in another part of the same file.
fn add(all: &mut [Checked], part: Vec<Checked>) {
    all.iter_mut().zip(part).for_each(|(all, part)| all.add(part));
}

fn whole(path: PathBuf, bytes: &[u8], options: &Options<'_>, catalogs: &[&Catalog]) -> Result<Vec<Checked>> {
    let source = Source::whole(&path, bytes).within(options.limits);
    let checked = match Content::of(&path, bytes, options) {
        Content::Recording(format) if is_too_large(&path, bytes, options) => {
            if let Some(layout) = Layout::of(format, bytes.strip_prefix(MARK).unwrap_or(bytes)) {
                return streamed::held(&path, bytes, (format, layout), options, catalogs);
            }
            return unit(Unit::TooLarge { path, limit: Limit::DocumentBytes }, options, catalogs);
        }
        Content::Recording(format) => return read(source, format, options, catalogs),
        Content::Broken { reason, offset, is_marked } => {
            unread(&Malformed { harmless: !is_marked, ..Malformed::new(reason, offset, None) }, &source)
        }
        Content::Other => {
            let reason = other(&path, bytes);
            skipped(path, reason)
        }
    };
    Ok(alike(&checked, catalogs))
}

/// Whether a file that is one document has more bytes than that may have.
fn is_too_large(path: &Path, bytes: &[u8], options: &Options<'_>) -> bool {
    bytes.len() as u64 > options.limits.document_bytes && by_line(path, bytes, options.format).is_none()
}

/// An outcome that is nothing but a part that was not read.
fn unread(told: &Malformed, source: &Source<'_>) -> Checked {
    Checked { findings: vec![malformed(told, source, source.start())], ..Checked::default() }
}

fn skipped(path: PathBuf, reason: String) -> Checked {
    Checked { tally: Tally { skipped: vec![(path, reason)], ..Tally::default() }, ..Checked::default() }
}

fn unreadable(path: &Path, reason: String, harmless: bool) -> Checked {
    let source = Source::whole(path, b"");
    let reason = if harmless { reason } else { format!("it cannot be read: {reason}") };
    let mut finding = malformed(&Malformed { harmless, ..Malformed::new(reason, 0, None) }, &source, source.start());
    finding.location.position = None;
    Checked { findings: vec![finding], ..Checked::default() }
}

/// Judges the content of a file whose format is known.
pub(super) fn bytes(path: &Path, bytes: &[u8], format: &dyn Format, options: &Options<'_>) -> Result<Checked> {
    let source = Source::whole(path, bytes).within(options.limits);
    Ok(read(source, format, options, &[options.catalog])?.pop().unwrap_or_default())
}

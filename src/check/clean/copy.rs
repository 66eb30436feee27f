//! The copy: the source with all edits in it, and without what is masked anywhere.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use super::{Cleaned, Cleaner, Edits};
use crate::check::scan::Scan;
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::recording::named_text::Search;
use crate::recording::packed::{self, Packing};
use crate::recording::{Format, Source, Written};

/// What is looked for in all of a copy, and in each text of one that is no text itself.
const WHOLE: Search<'_> = Search { names: None, least: 1, is_whole: true };
/// How bodies are kept.
const KEPT: Packing = Packing::Zstd;

impl Cleaner<'_> {
    /// The source with all edits, and without access keys anywhere.
    pub(super) fn written(mut self, head: &[u8], source: &[u8], format: &dyn Format) -> Cleaned {
        let mut masked = 0;
        self.clean_encoded(source);
        let edits = std::mem::take(&mut self.edits);
        let named = format.rewritten(source, &mut |range| {
            let (bytes, edited) = edited(source, range, &edits);
            let (bytes, named) = self.without_named(bytes, &WHOLE);
            masked += edited + named;
            bytes
        });
        // What is called so anywhere is masked everywhere.
        let rewritten = format.rewritten(&named, &mut |range| {
            let (bytes, everywhere) = self.part_without(named[range].to_vec());
            masked += everywhere;
            bytes
        });
        let bytes = [head, &rewritten].concat();
        self.scan_bytes();
        let scan = Scan::new(&self.secrets, &self.words, self.identities.as_deref_mut());
        let cleaned = Cleaned { bytes, masked, left: self.left, elsewhere: self.elsewhere, suspect: false };
        let cleaned = cleaned.scanned(&scan, self.is_broken, &self.options.limits);
        // What the last frame of a body holds that was cut off, the frames before it say.
        let is_cut = self.is_broken && self.has_frames;
        Cleaned { suspect: cleaned.suspect || self.is_hidden || is_cut, ..cleaned }
    }

    /// A copy of what no format reads: what is secret by its form, or the name of somebody, is masked.
    pub(super) fn of_unreadable(mut self, bytes: &[u8], reason: &str) -> Cleaned {
        let (bytes, named) = self.without_named(bytes.to_vec(), &WHOLE);
        let (bytes, masked) = self.part_without(bytes);
        let masked = masked + named;
        self.left.push(format!("what cannot be read is masked by forms alone: {reason}"));
        self.scan_bytes();
        let scan = Scan::new(&self.secrets, &self.words, self.identities.as_deref_mut());
        let cleaned = Cleaned { bytes, masked, left: self.left, elsewhere: 0, suspect: false };
        let cleaned = cleaned.scanned(&scan, true, &self.options.limits);
        Cleaned { suspect: cleaned.suspect || self.is_hidden, ..cleaned }
    }

    /// Keeps a body for what is masked behind it, packed: a recording holds far more of them than fit into memory.
    pub(super) fn keep_encoded(&mut self, body: &Written<'_>, content: Vec<u8>, entry: usize) {
        let packed = KEPT.pack(content).expect("memory takes what is written");
        let (range, joined, codings) = (body.range.clone(), body.joined.clone(), body.codings.clone());
        self.encoded.push((Written { joined, codings, ..Written::new(packed.into(), range, body.form) }, entry));
    }

    /// Counts a body in a file of its own, which stands in the copy wherever it is named.
    ///
    /// # Errors
    /// The copy would be larger than what can be read.
    pub(super) fn beside(&mut self, bytes: usize, source: &Source<'_>) -> Result<()> {
        self.beside += bytes as u64;
        let most = self.options.limits.document_bytes;
        if self.beside <= most {
            return Ok(());
        }
        let reason = format!("the copy would hold more than {most} bytes of bodies that are in files of their own");
        Err(Error::new(reason)
            .at(source.path)
            .remedy("Raise the limit `document-bytes`, or copy fewer recordings at once."))
    }

    /// Refuses a copy in which a body that cannot be read there, or a part that is no text, holds something secret.
    fn scan_bytes(&mut self) {
        let scan = Scan::new(&self.secrets, &self.words, self.identities.as_deref_mut());
        let mut told = BTreeSet::new();
        for part in &self.binary {
            told.extend(scan.of_bytes(part).map(|what| format!("{what} is left")));
        }
        for (written, entry) in &self.encoded {
            let content = kept(written, &self.options.limits);
            told.extend(scan.of_bytes(&content).map(|what| format!("entry {entry}: {what} is left")));
        }
        self.is_hidden |= !told.is_empty();
        self.left.extend(told);
    }

    /// Masks in what cannot be read in the source what was masked elsewhere, perhaps behind it.
    fn clean_encoded(&mut self, source: &[u8]) {
        let mut encoded = std::mem::take(&mut self.encoded);
        for (written, entry) in &mut encoded {
            let content = kept(written, &self.options.limits);
            if let Some(without) = self.without_secrets(&content) {
                self.rewrite(source, *entry, written, &without);
                written.bytes = KEPT.pack(without).expect("memory takes what is written").into();
            }
        }
        self.encoded = encoded;
    }

    /// A part of a copy without what is masked anywhere; bytes that are no text stay.
    fn part_without(&mut self, bytes: Vec<u8>) -> (Vec<u8>, usize) {
        let (text, count) = match String::from_utf8(bytes) {
            Ok(text) => {
                let (text, count) = self.secrets.without(&text, self.mask, &self.words);
                let (text, names) = self.without_names(text);
                // Characters of two bytes, of which one is zero.
                if text.contains('\0') {
                    self.binary.push(text.clone().into_bytes());
                }
                (text.into_bytes(), count + names)
            }
            Err(binary) => {
                let binary = binary.into_bytes();
                let without = self.without_secrets(&binary);
                let (bytes, count) = without.map_or_else(|| (binary, 0), |without| (without, 1));
                self.binary.push(bytes.clone());
                return (bytes, count);
            }
        };
        let Cleaned { bytes, masked, .. } = Cleaned::of(text);
        (bytes, count + masked)
    }
}

/// A body that was kept.
fn kept(written: &Written<'_>, limits: &Limits) -> Vec<u8> {
    let limits = Limits { ratio: u64::MAX, document_bytes: u64::MAX, ..*limits };
    packed::content(written.bytes.to_vec(), &limits).expect("it was packed here")
}

/// Bytes of the source with the edits that lie within them, and how many these are. Of those that overlap the first counts.
fn edited(source: &[u8], range: Range<usize>, edits: &Edits) -> (Vec<u8>, usize) {
    let (mut bytes, mut at, mut count) = (Vec::new(), range.start, 0);
    for ((start, Reverse(end)), text) in edits.range((range.start, Reverse(usize::MAX))..) {
        if *end > range.end {
            break;
        }
        if *start < at {
            continue;
        }
        bytes.extend(&source[at..*start]);
        bytes.extend(text);
        (at, count) = (*end, count + 1);
    }
    bytes.extend(&source[at..range.end]);
    (bytes, count)
}

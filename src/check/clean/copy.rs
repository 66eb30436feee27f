//! The copy: the source with all edits in it, and without what is masked anywhere.

use std::cmp::Reverse;
use std::ops::Range;

use super::{Cleaned, Cleaner, Edits};
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::recording::packed::{self, Packing};
use crate::recording::{Format, Source, Written};

/// How bodies are kept.
const KEPT: Packing = Packing::Zstd;

impl Cleaner<'_> {
    /// The source with all edits, and without access keys anywhere.
    pub(super) fn written(mut self, head: &[u8], source: &[u8], format: &dyn Format) -> Cleaned {
        let mut masked = 0;
        self.clean_encoded(source);
        let edits = std::mem::take(&mut self.edits);
        let rewritten = format.rewritten(source, &mut |range| {
            let (bytes, edited) = edited(source, range, &edits);
            let (bytes, everywhere) = self.part_without(bytes);
            masked += edited + everywhere;
            bytes
        });
        let bytes = [head, &rewritten].concat();
        let cleaned = Cleaned { bytes, masked, left: self.left, elsewhere: self.elsewhere, suspect: false };
        let cleaned = cleaned.scanned(&self.secrets, self.is_broken, &self.options.limits);
        // What the last frame of a body holds that was cut off, the frames before it say.
        let is_cut = self.is_broken && self.has_frames;
        Cleaned { suspect: cleaned.suspect || self.is_hidden || is_cut, ..cleaned }
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
        Err(Error::new(reason).at(source.path).remedy("Raise the limit `document-bytes`, or copy fewer stubs at once."))
    }

    /// Masks in what cannot be read in the source what was masked elsewhere, perhaps behind it.
    fn clean_encoded(&mut self, source: &[u8]) {
        let limits = Limits { ratio: u64::MAX, document_bytes: u64::MAX, ..self.options.limits };
        for (written, entry) in std::mem::take(&mut self.encoded) {
            let content = packed::content(written.bytes.to_vec(), &limits).expect("it was packed here");
            let Ok(text) = std::str::from_utf8(&content) else { continue };
            let (without, count) = self.secrets.without(text, self.mask);
            if count > 0 && without != text {
                self.rewrite(source, entry, &written, without.as_bytes());
            }
        }
    }

    /// A part of a copy without what is masked anywhere; bytes that are no text stay.
    fn part_without(&mut self, bytes: Vec<u8>) -> (Vec<u8>, usize) {
        let (text, count) = match String::from_utf8(bytes) {
            Ok(text) => {
                let (text, count) = self.secrets.without(&text, self.mask);
                let (text, names) = self.without_names(text);
                (text.into_bytes(), count + names)
            }
            Err(binary) => return (binary.into_bytes(), 0),
        };
        let Cleaned { bytes, masked, .. } = Cleaned::of(text);
        (bytes, count + masked)
    }
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

//! Model files as gzip packs them.

use std::io::{Cursor, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::error::Result;
use crate::limits::{self, MODEL_BYTES};

pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Where gzip's header has the time.
const TIME: std::ops::Range<usize> = 4..8;

pub(super) fn unpacked(bytes: &[u8], place: &Path) -> Result<Vec<u8>> {
    if !bytes.starts_with(&GZIP) {
        return limits::read_all(bytes, place, MODEL_BYTES);
    }
    limits::read_sized(MultiGzDecoder::new(bytes), unpacked_length(bytes), place, MODEL_BYTES)
}

/// How long gzip says that the content is, in its last four bytes.
fn unpacked_length(bytes: &[u8]) -> u64 {
    bytes.last_chunk::<4>().map_or(0, |length| u32::from_le_bytes(*length).into())
}

/// Bytes of a file without the time at which it was packed.
pub(super) fn timeless(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(&GZIP)
        && let Some(time) = bytes.get_mut(TIME)
    {
        time.fill(0);
    }
    bytes
}

/// At most the first `limit` bytes of a file, unpacked. What cannot be read begins like nothing.
pub(super) fn head(file: impl Read, limit: u64) -> Vec<u8> {
    let mut text = Vec::new();
    let _ = unpacking(file).take(limit).read_to_end(&mut text);
    text
}

/// A file's text as it is read, packed or not.
pub(super) fn unpacking<'r>(mut file: impl Read + 'r) -> Box<dyn Read + 'r> {
    let mut start = Vec::new();
    let _ = file.by_ref().take(2).read_to_end(&mut start);
    let is_packed = start == GZIP;
    let whole = Cursor::new(start).chain(file);
    if is_packed { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) }
}

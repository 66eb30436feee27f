//! gzip and zstd: files and bodies that are packed.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// Whether these bytes begin a packed file.
pub fn is_packed(start: &[u8]) -> bool {
    start.starts_with(GZIP) || start.starts_with(ZSTD)
}

/// A stream of what is packed in another, which begins with `start`.
///
/// # Errors
/// The packing's head is broken.
pub fn unpacking(start: &[u8], packed: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    if start.starts_with(ZSTD) {
        let decoder = StreamingDecoder::new(packed).map_err(io::Error::other)?;
        return Ok(Box::new(decoder));
    }
    Ok(Box::new(MultiGzDecoder::new(packed)))
}

/// The content of packed bytes; `None` where they are not packed, or broken.
pub(super) fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    if !is_packed(bytes) {
        return None;
    }
    let mut content = Vec::new();
    unpacking(bytes, Box::new(io::Cursor::new(bytes.to_vec()))).ok()?.read_to_end(&mut content).ok()?;
    Some(content)
}

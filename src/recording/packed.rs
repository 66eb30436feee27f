//! gzip and zstd: files and bodies that are packed.

use std::io::{self, Cursor, Read, Write as _};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

/// How bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// gzip.
    Gzip,
    /// zstd.
    Zstd,
}

impl Packing {
    /// The packing of what begins with these bytes.
    pub fn of(start: &[u8]) -> Self {
        if start.starts_with(&[0x1f, 0x8b, 0x08]) {
            Self::Gzip
        } else if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            Self::Zstd
        } else {
            Self::Plain
        }
    }

    /// Packs content.
    ///
    /// # Errors
    /// None that is known; writing to memory may fail.
    pub fn pack(self, content: Vec<u8>) -> io::Result<Vec<u8>> {
        match self {
            Self::Plain => Ok(content),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(&content)?;
                encoder.finish()
            }
            Self::Zstd => Ok(compress_to_vec(&content[..], CompressionLevel::Fastest)),
        }
    }
}

/// Whether these bytes begin something packed.
pub fn is_packed(start: &[u8]) -> bool {
    Packing::of(start) != Packing::Plain
}

/// A stream of what is packed in another, which begins with `start`.
///
/// # Errors
/// The packing's head is broken.
pub fn unpacking(start: &[u8], packed: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    Ok(match Packing::of(start) {
        Packing::Plain => packed,
        Packing::Gzip => Box::new(MultiGzDecoder::new(packed)),
        Packing::Zstd => Box::new(StreamingDecoder::new(packed).map_err(io::Error::other)?),
    })
}

/// The content of bytes that may be packed.
///
/// # Errors
/// The packing is broken.
pub fn content(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    if !is_packed(&bytes) {
        return Ok(bytes);
    }
    let start: Vec<u8> = bytes.iter().take(4).copied().collect();
    let mut content = Vec::new();
    unpacking(&start, Box::new(Cursor::new(bytes)))?.read_to_end(&mut content)?;
    Ok(content)
}

/// The content of a packed body; `None` where it is not packed, or broken.
pub(super) fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    if is_packed(bytes) { content(bytes.to_vec()).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_again() {
        for packing in [Packing::Plain, Packing::Gzip, Packing::Zstd] {
            let packed = packing.pack(b"hello hello hello".to_vec()).expect("in memory");
            assert_eq!(Packing::of(&packed), packing);
            assert_eq!(content(packed.clone()).expect("sound"), b"hello hello hello");
            if packing != Packing::Plain {
                assert!(content(packed[..packed.len() - 3].to_vec()).is_err(), "{packing:?}");
            }
        }
    }
}

//! gzip and zstd: files and bodies that are packed.

use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// Bytes that the body of a message may unpack to; more stays packed.
const LARGEST_BODY: u64 = 64 << 20;

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
        if start.starts_with(GZIP) {
            Self::Gzip
        } else if start.starts_with(ZSTD) {
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

/// Whether these bytes begin a packed file.
pub fn is_packed(start: &[u8]) -> bool {
    Packing::of(start) != Packing::Plain
}

/// The path without the ending that says how a file is packed, for what its name tells.
pub fn plain_name(path: &Path) -> &Path {
    let name = path.to_str().and_then(|name| name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")));
    name.map_or(path, Path::new)
}

/// A stream of what is packed in another, which begins with `start`. Reading it fails where the archive is broken.
pub fn unpacking(start: &[u8], packed: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
    let packed = BufReader::new(packed);
    if start.starts_with(ZSTD) {
        return Box::new(Told(Frames { packed, decoder: FrameDecoder::new(), is_open: false }));
    }
    Box::new(Told(MultiGzDecoder::new(packed)))
}

/// The content of bytes that may be packed.
///
/// # Errors
/// The archive is broken.
pub fn content(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    if !is_packed(&bytes) {
        return Ok(bytes);
    }
    let start: Vec<u8> = bytes.iter().take(ZSTD.len()).copied().collect();
    let mut content = Vec::new();
    unpacking(&start, Box::new(io::Cursor::new(bytes))).read_to_end(&mut content)?;
    Ok(content)
}

/// The content of packed bytes; `None` where they are not packed, broken or too much.
pub(super) fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    if !is_packed(bytes) {
        return None;
    }
    let mut content = Vec::new();
    let mut stream = unpacking(bytes, Box::new(io::Cursor::new(bytes.to_vec()))).take(LARGEST_BODY + 1);
    stream.read_to_end(&mut content).ok()?;
    (content.len() as u64 <= LARGEST_BODY).then_some(content)
}

/// Says of an error that it is the archive's.
struct Told<R>(R);

impl<R: Read> Read for Told<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            kind => io::Error::new(kind, format!("the archive is broken ({error})")),
        })
    }
}

/// The frames of a zstd stream one after the other, with their checksums held against their content.
struct Frames {
    packed: BufReader<Box<dyn Read + Send>>,
    decoder: FrameDecoder,
    is_open: bool,
}

impl Frames {
    /// Opens the next frame; `false` at the end.
    fn advance(&mut self) -> io::Result<bool> {
        while !self.packed.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.packed) {
                Ok(()) => return Ok(true),
                // A frame of notes, not of content.
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    io::copy(&mut (&mut self.packed).take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }
}

impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.is_open {
                self.is_open = self.advance()?;
                if !self.is_open {
                    return Ok(0);
                }
            }
            let decoder = &mut self.decoder;
            while decoder.can_collect() == 0 && !decoder.is_finished() {
                let blocks = BlockDecodingStrategy::UptoBlocks(1);
                decoder.decode_blocks(&mut self.packed, blocks).map_err(io::Error::other)?;
            }
            let read = decoder.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let (told, counted) = (decoder.get_checksum_from_data(), decoder.get_calculated_checksum());
            if told.is_some_and(|told| counted.is_some_and(|counted| counted != told)) {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum does not match"));
            }
            self.is_open = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gzip(text: &str) -> Vec<u8> {
        Packing::Gzip.pack(text.into()).expect("a Vec takes it")
    }

    fn zstd(text: &str) -> Vec<u8> {
        Packing::Zstd.pack(text.into()).expect("a Vec takes it")
    }

    #[test]
    fn parts_that_were_packed_one_by_one_are_read_one_after_the_other() {
        for pack in [gzip, zstd] {
            let parts = [pack("one, "), pack(""), pack(&"two ".repeat(1000))].concat();
            let text = format!("one, {}", "two ".repeat(1000));
            assert_eq!(unpacked(&parts).as_deref(), Some(text.as_bytes()));
        }
        let mut noted = zstd("a");
        noted.extend([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
        noted.extend(zstd("b"));
        assert_eq!(unpacked(&noted).as_deref(), Some(&b"ab"[..]));
        assert_eq!(unpacked(b"plain"), None);
    }

    #[test]
    fn a_broken_archive_is_told() {
        for pack in [gzip, zstd] {
            let whole = pack(&"{\"a\": 1}\n".repeat(50));
            for broken in [whole[..whole.len() - 3].to_vec(), [whole.clone(), b"garbage".to_vec()].concat()] {
                let mut content = Vec::new();
                let error = unpacking(&broken, Box::new(io::Cursor::new(broken.clone())))
                    .read_to_end(&mut content)
                    .expect_err("it is broken");
                assert!(error.to_string().starts_with("the archive is broken"), "{error}");
            }
        }
    }

    #[test]
    fn names_without_the_packing() {
        for (path, plain) in [("a/b.json.gz", "a/b.json"), ("b.zst", "b"), ("b.json", "b.json")] {
            assert_eq!(plain_name(Path::new(path)), Path::new(plain));
        }
    }
}

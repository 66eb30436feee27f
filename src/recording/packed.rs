//! gzip and zstd: files and bodies that are packed.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::limits::{Limit, Limits};

const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// Bytes that an archive may unpack to whatever its own size.
const FEW: u64 = 4 << 20;

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

/// A stream of what is packed in another, which begins with `start`. Reading it fails where the archive is broken, and
/// with a [`Beyond`] where a byte of it unpacks to more than `ratio`.
pub fn unpacking(start: &[u8], packed: Box<dyn Read + Send>, ratio: u64) -> Box<dyn Read + Send> {
    let count = Arc::new(AtomicU64::new(0));
    let packed: Box<dyn Read + Send> = Box::new(Counted { stream: packed, count: Arc::clone(&count) });
    let packed = BufReader::new(packed);
    let unpacked: Box<dyn Read + Send> = if start.starts_with(ZSTD) {
        Box::new(Frames { packed, decoder: FrameDecoder::new(), is_open: false })
    } else {
        Box::new(Members(Some(GzDecoder::new(packed))))
    };
    Box::new(Unpacked { stream: unpacked, packed: count, bytes: 0, ratio })
}

/// A stream of what so many bytes hold. Reading it fails with a [`Beyond`] where one of them unpacks to more than `ratio`.
pub(super) fn within_ratio(stream: impl Read, packed: u64, ratio: u64) -> impl Read {
    Unpacked { stream, packed: Arc::new(AtomicU64::new(packed)), bytes: 0, ratio }
}

/// The content of bytes that may be packed.
///
/// # Errors
/// The archive is broken, or unpacks to more than the limits allow, which is a [`Beyond`].
pub fn content(bytes: Vec<u8>, limits: &Limits) -> io::Result<Vec<u8>> {
    if !is_packed(&bytes) {
        return Ok(bytes);
    }
    let start: Vec<u8> = bytes.iter().take(ZSTD.len()).copied().collect();
    let unpacked = unpacking(&start, Box::new(io::Cursor::new(bytes)), limits.ratio);
    read_within(unpacked, limits.document_bytes, Limit::DocumentBytes)
}

/// The content of packed bytes; `None` where they are not packed, or broken.
///
/// # Errors
/// It is more than the limits allow.
pub(super) fn unpacked(bytes: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>, Limit> {
    if !is_packed(bytes) {
        return Ok(None);
    }
    let stream = unpacking(bytes, Box::new(io::Cursor::new(bytes.to_vec())), limits.ratio);
    match read_within(stream, limits.body_bytes, Limit::BodyBytes) {
        Ok(content) => Ok(Some(content)),
        Err(error) => Beyond::of(&error).map_or(Ok(None), Err),
    }
}

/// All of a stream.
///
/// # Errors
/// It cannot be read, or has more bytes than `most`, which is a [`Beyond`].
pub fn read_within(stream: impl Read, most: u64, limit: Limit) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    stream.take(most.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > most { Err(Beyond(limit).into()) } else { Ok(content) }
}

/// The error of a stream that exceeds a limit.
#[derive(Debug, Clone, Copy)]
pub struct Beyond(pub Limit);

impl Beyond {
    /// The limit that stopped reading, where one did.
    pub fn of(error: &io::Error) -> Option<Limit> {
        error.get_ref()?.downcast_ref::<Self>().map(|beyond| beyond.0)
    }
}

impl fmt::Display for Beyond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "too many {} (limit `{}`)", self.0.about(), self.0.name())
    }
}

impl std::error::Error for Beyond {}

impl From<Beyond> for io::Error {
    fn from(beyond: Beyond) -> Self {
        Self::other(beyond)
    }
}

/// A stream whose bytes are counted.
struct Counted<R> {
    stream: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// What is unpacked, held against the bytes that it was packed in. Its errors are said to be the archive's.
struct Unpacked<R> {
    stream: R,
    packed: Arc<AtomicU64>,
    bytes: u64,
    ratio: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            kind => io::Error::new(kind, format!("the archive is broken ({error})")),
        })?;
        self.bytes += read as u64;
        if self.bytes > FEW && self.bytes / self.packed.load(Ordering::Relaxed).max(1) > self.ratio {
            return Err(Beyond(Limit::Ratio).into());
        }
        Ok(read)
    }
}

/// The members of a gzip stream one after the other. Zeros behind the last one are padding, as tapes and disks add it.
struct Members(Option<GzDecoder<BufReader<Box<dyn Read + Send>>>>);

impl Read for Members {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(mut rest) = self.0.take().map(GzDecoder::into_inner) else { break };
            match rest.fill_buf()?.first() {
                None => {}
                Some(0) => pass_over_zeros(rest)?,
                Some(_) => self.0 = Some(GzDecoder::new(rest)),
            }
        }
        Ok(0)
    }
}

fn pass_over_zeros(mut rest: impl BufRead) -> io::Result<()> {
    loop {
        let padding = rest.fill_buf()?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "something stands behind its end"));
        }
        match padding.len() {
            0 => return Ok(()),
            length => rest.consume(length),
        }
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

    fn plain(bytes: &[u8]) -> Option<Vec<u8>> {
        unpacked(bytes, &Limits::default()).expect("little")
    }

    #[test]
    fn what_unpacks_to_too_much_is_told() {
        let many = "0".repeat(8 << 20);
        for pack in [gzip, zstd] {
            let mut limits = Limits::default();
            (limits.body_bytes, limits.ratio) = (7 << 20, u64::MAX);
            assert_eq!(unpacked(&pack(&many), &limits), Err(Limit::BodyBytes));
            (limits.body_bytes, limits.ratio) = (9 << 20, 100);
            assert_eq!(unpacked(&pack(&many), &limits), Err(Limit::Ratio));
            let error = content(pack(&many), &limits).expect_err("too much");
            assert_eq!(Beyond::of(&error), Some(Limit::Ratio));
        }
    }

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
            assert_eq!(plain(&parts).as_deref(), Some(text.as_bytes()));
        }
        let padded = [gzip("a"), gzip("b"), vec![0; 100_000]].concat();
        assert_eq!(plain(&padded).as_deref(), Some(&b"ab"[..]));
        assert_eq!(plain(&[padded, gzip("c")].concat()), None, "zeros are no part within");
        let mut noted = zstd("a");
        noted.extend([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
        noted.extend(zstd("b"));
        assert_eq!(plain(&noted).as_deref(), Some(&b"ab"[..]));
        assert_eq!(plain(b"plain"), None);
    }

    #[test]
    fn a_broken_archive_is_told() {
        for pack in [gzip, zstd] {
            let whole = pack(&"{\"a\": 1}\n".repeat(50));
            for broken in [whole[..whole.len() - 3].to_vec(), [whole.clone(), b"garbage".to_vec()].concat()] {
                let mut content = Vec::new();
                let error = unpacking(&broken, Box::new(io::Cursor::new(broken.clone())), 1_000)
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

//! Content codings of bodies (RFC 9110, 8.4.1). Some recorders keep a body as it travelled, others undo its coding and keep
//! the header all the same.
//!
//! gzip and zstd begin with bytes of their own, br and deflate do not: the header alone names these, and a body is taken
//! for one only where it is one from its first byte to its last.

use std::io::{self, Read, Write as _};

use brotli_decompressor::{BrotliDecoderParameter, Decompressor};
use flate2::write::{DeflateEncoder, ZlibEncoder};
use flate2::{Compression, Decompress, FlushDecompress, Status};

use super::packed::{self, Packing, within_ratio};
use crate::limits::{Limit, Limits};

/// Codings of one body that are undone. Clients apply one, rarely two.
const MOST: usize = 5;

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Brotli (RFC 7932).
    Brotli,
    /// `deflate` as the specification has it: a zlib stream (RFC 1950).
    Zlib,
    /// `deflate` as some servers have it: a bare stream (RFC 1951).
    Deflate,
    /// gzip or zstd.
    Packed(Packing),
}

impl Coding {
    fn apply(self, content: Vec<u8>) -> io::Result<Vec<u8>> {
        match self {
            Self::Brotli => Ok(stored(&content)),
            Self::Zlib => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(&content)?;
                encoder.finish()
            }
            Self::Deflate => {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(&content)?;
                encoder.finish()
            }
            Self::Packed(packing) => packing.pack(content),
        }
    }
}

/// A body without its codings, and these, the last one first.
type Decoded = (Vec<u8>, Vec<Coding>);

/// A body without its codings, which the header lists in the order in which they were applied, and those that were undone,
/// the last one first. `None` where it has none, or is broken.
///
/// # Errors
/// It is more than the limits allow.
pub(super) fn decoded(bytes: &[u8], header: Option<&str>, limits: &Limits) -> Result<Option<Decoded>, Limit> {
    let mut content: Option<Vec<u8>> = None;
    let mut codings = Vec::new();
    for coding in header.unwrap_or_default().rsplit(',').take(MOST) {
        let held = content.as_deref().unwrap_or(bytes);
        let undone = match coding.trim().to_ascii_lowercase().as_str() {
            "br" => brotli(held, limits)?.map(|content| (content, Coding::Brotli)),
            "deflate" => deflate(held, limits)?,
            "gzip" | "x-gzip" | "zstd" => unpacked(held, limits)?,
            _ => None,
        };
        if let Some((undone, coding)) = undone {
            content = Some(undone);
            codings.push(coding);
        }
    }
    match content {
        // Recorders filter headers.
        None => Ok(unpacked(bytes, limits)?.map(|(content, coding)| (content, vec![coding]))),
        Some(content) => Ok(Some((content, codings))),
    }
}

/// Content in codings again that were undone, the last one first.
pub(super) fn encoded(content: Vec<u8>, undone: &[Coding]) -> Option<Vec<u8>> {
    undone.iter().rev().try_fold(content, |content, coding| coding.apply(content).ok())
}

fn unpacked(bytes: &[u8], limits: &Limits) -> Result<Option<(Vec<u8>, Coding)>, Limit> {
    let packing = Coding::Packed(Packing::of(bytes));
    Ok(packed::unpacked(bytes, limits)?.map(|content| (content, packing)))
}

/// A brotli stream of blocks that are stored as they are: nothing here compresses, and small copies are nobody's wish.
fn stored(content: &[u8]) -> Vec<u8> {
    // Bits from the lowest on: `0` for a window of 64 KiB, before the first block alone. Of a block: `0`, for it is not the last
    // one, `00` for a length of 16 bits, that less one, and `1`, for it is stored.
    let mut stream = Vec::with_capacity(content.len() + 8);
    for (number, block) in content.chunks(1 << 16).enumerate() {
        let length = u32::try_from(block.len() - 1).expect("of 16 bits");
        let head = (length << 3) | (1 << 19);
        let head = if number == 0 { head << 1 } else { head };
        stream.extend(&head.to_le_bytes()[..3]);
        stream.extend(block);
    }
    // The last block is empty: `11`, behind the window where there is no other.
    stream.push(if content.is_empty() { 0b110 } else { 0b11 });
    stream
}

/// What bytes hold by any coding that there is, as far as a body may be; `None` where they are none.
pub(crate) fn any(bytes: &[u8]) -> Option<Vec<u8>> {
    let limits = Limits::default();
    let ways = [packed::unpacked, brotli, |bytes: &[u8], limits: &Limits| {
        Ok(deflate(bytes, limits)?.map(|(content, _)| content))
    }];
    ways.into_iter().find_map(|undo| undo(bytes, &limits).ok().flatten())
}

/// The content of a brotli stream (RFC 7932).
fn brotli(bytes: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>, Limit> {
    let mut stream = Decompressor::new(bytes, bytes.len().clamp(1, 4096));
    // Windows beyond the 16 MiB of the specification are another format, and memory that one byte could ask for.
    stream.set_parameter(BrotliDecoderParameter::BROTLI_DECODER_PARAM_LARGE_WINDOW, 0);
    whole(Brotli(stream), bytes.len(), limits)
}

/// The content of a zlib stream (RFC 1950), as the specification has it, or of a bare deflate stream (RFC 1951), as some
/// servers do.
fn deflate(bytes: &[u8], limits: &Limits) -> Result<Option<(Vec<u8>, Coding)>, Limit> {
    for (has_header, coding) in [(true, Coding::Zlib), (false, Coding::Deflate)] {
        let stream = Deflated { packed: bytes, state: Decompress::new(has_header), is_whole: false };
        if let Some(content) = whole(stream, bytes.len(), limits)? {
            return Ok(Some((content, coding)));
        }
    }
    Ok(None)
}

/// All of a stream that `packed` bytes hold; `None` where it is broken.
fn whole(stream: impl Read, packed: usize, limits: &Limits) -> Result<Option<Vec<u8>>, Limit> {
    let stream = within_ratio(stream, packed as u64, limits.ratio);
    match packed::read_within(stream, limits.body_bytes, Limit::BodyBytes) {
        Ok(content) => Ok(Some(content)),
        Err(error) => packed::Beyond::of(&error).map_or(Ok(None), Err),
    }
}

/// A brotli stream that has nothing behind its end.
struct Brotli<'b>(Decompressor<&'b [u8]>);

impl Read for Brotli<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        // At its end, once more: that fails where bytes were read that are no part of the stream.
        let is_whole = read > 0 || buffer.is_empty() || (self.0.read(buffer)? == 0 && self.0.get_ref().is_empty());
        if is_whole { Ok(read) } else { Err(io::ErrorKind::InvalidData.into()) }
    }
}

/// A deflate stream that is whole and has nothing behind its end.
struct Deflated<'b> {
    packed: &'b [u8],
    state: Decompress,
    is_whole: bool,
}

impl Read for Deflated<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.is_whole && !buffer.is_empty() {
            let (consumed, written) = (self.state.total_in(), self.state.total_out());
            let status = self.state.decompress(self.packed, buffer, FlushDecompress::None)?;
            let consumed = usize::try_from(self.state.total_in() - consumed).map_err(io::Error::other)?;
            let written = usize::try_from(self.state.total_out() - written).map_err(io::Error::other)?;
            self.packed = self.packed.get(consumed..).unwrap_or_default();
            self.is_whole = status == Status::StreamEnd;
            if written > 0 {
                return Ok(written);
            }
            if consumed == 0 && !self.is_whole {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        if self.packed.is_empty() || buffer.is_empty() { Ok(0) } else { Err(io::ErrorKind::InvalidData.into()) }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use flate2::write::GzEncoder;

    use super::*;

    const TEXT: &str = r#"{"membership":{"status":"ACTIVE","name":"membership of a membership"}}"#;

    /// [`TEXT`] as Node's zlib packs it with brotli, quality 11.
    const PACKED: &str = "G0UAaBwHbqw1F4PA9dYIpUjYXoGwlE4fbMAB68DJMo4wDhtwkOCyJDrgM6MsBv/gknBYERxUMg==";
    /// 8 MiB of zeros, likewise.
    const ZEROS: &str = "m///f/gnAOKxQCD3/g8=";

    fn br() -> Vec<u8> {
        STANDARD.decode(PACKED).expect("base64")
    }

    macro_rules! with {
        ($encoder:ident) => {
            |bytes: &[u8]| {
                let mut encoder = $encoder::new(Vec::new(), Compression::default());
                encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("a Vec takes it")
            }
        };
    }

    fn plain(bytes: &[u8], header: &str) -> Option<String> {
        let content = decoded(bytes, Some(header), &Limits::default()).expect("little");
        content.map(|(content, _)| String::from_utf8(content).expect("a text"))
    }

    #[test]
    fn a_coding_is_undone_where_the_header_names_it() {
        let (zlib, bare, gzip) = (with!(ZlibEncoder), with!(DeflateEncoder), with!(GzEncoder));
        let (zlib, bare, text) = (zlib(TEXT.as_bytes()), bare(TEXT.as_bytes()), Some(TEXT.to_owned()));
        assert_eq!(plain(&br(), "br"), text);
        assert_eq!(plain(&br(), " BR "), text);
        assert_eq!(plain(&zlib, "deflate"), text);
        assert_eq!(plain(&bare, "deflate"), text);
        assert_eq!(plain(&gzip(&br()), "br, gzip"), text, "they are undone from the last to the first");
        assert_eq!(plain(&gzip(TEXT.as_bytes()), "identity"), text, "it tells itself");
        for other in ["", "deflate", "gzip", "identity", "aws-chunked"] {
            assert_eq!(plain(&br(), other), None, "{other}");
        }
        assert_eq!(plain(&zlib, "br"), None);
    }

    #[test]
    fn what_was_undone_is_applied_again() {
        let (zlib, bare, gzip) = (with!(ZlibEncoder), with!(DeflateEncoder), with!(GzEncoder));
        let cases = [
            ("br", br(), vec![Coding::Brotli]),
            ("deflate", zlib(TEXT.as_bytes()), vec![Coding::Zlib]),
            ("deflate", bare(TEXT.as_bytes()), vec![Coding::Deflate]),
            ("", gzip(TEXT.as_bytes()), vec![Coding::Packed(Packing::Gzip)]),
            ("zstd", Packing::Zstd.pack(TEXT.into()).expect("packed"), vec![Coding::Packed(Packing::Zstd)]),
            ("br, gzip", gzip(&br()), vec![Coding::Packed(Packing::Gzip), Coding::Brotli]),
        ];
        for (header, bytes, codings) in cases {
            let read = |bytes: &[u8]| decoded(bytes, Some(header), &Limits::default()).expect("little");
            assert_eq!(read(&bytes), Some((TEXT.into(), codings.clone())), "{header}");
            for content in ["", "x", "other", &TEXT.repeat(3), &"ü".repeat(40_000), &"ü".repeat(32_768)] {
                let again = encoded(content.into(), &codings).expect("every coding");
                assert_eq!(read(&again).map(|(content, _)| content), Some(content.into()), "{header}: {content:.9}");
            }
        }
    }

    #[test]
    fn what_a_recorder_undid_stays() {
        for coding in ["br", "deflate", "gzip", "br, deflate"] {
            for text in [TEXT, "{}", "[]", "a", "1", "<a/>", "null", "\"\"", "a=b&c=d", ""] {
                assert_eq!(plain(text.as_bytes(), coding), None, "{coding}: {text}");
            }
        }
    }

    #[test]
    fn a_broken_body_is_left_as_it_is() {
        let (zlib, bare) = (with!(ZlibEncoder), with!(DeflateEncoder));
        for (coding, whole) in [("br", br()), ("deflate", zlib(TEXT.as_bytes())), ("deflate", bare(TEXT.as_bytes()))] {
            for end in 0..whole.len() {
                assert_eq!(plain(&whole[..end], coding), None, "{coding}: {end} of {}", whole.len());
            }
            let longer = [&whole[..], b"x"].concat();
            assert_eq!(plain(&longer, coding), None, "{coding}: something stands behind it");
            let longer = [&whole[..], &[0; 9_000]].concat();
            assert_eq!(plain(&longer, coding), None, "{coding}: much stands behind it");
        }
    }

    #[test]
    fn what_unpacks_to_too_much_is_told() {
        let (zlib, bare) = (with!(ZlibEncoder), with!(DeflateEncoder));
        let many = vec![0; 8 << 20];
        let br = STANDARD.decode(ZEROS).expect("base64");
        for (coding, packed) in [("br", br), ("deflate", zlib(&many)), ("deflate", bare(&many))] {
            let mut limits = Limits::default();
            (limits.body_bytes, limits.ratio) = (8 << 20, u64::MAX);
            assert_eq!(
                decoded(&packed, Some(coding), &limits).map(|content| content.map(|(all, _)| all.len())),
                Ok(Some(8 << 20))
            );
            limits.body_bytes -= 1;
            assert_eq!(decoded(&packed, Some(coding), &limits), Err(Limit::BodyBytes), "{coding}");
            (limits.body_bytes, limits.ratio) = (9 << 20, 100);
            assert_eq!(decoded(&packed, Some(coding), &limits), Err(Limit::Ratio), "{coding}");
        }
    }

    #[test]
    fn a_window_of_a_gigabyte_is_refused() {
        // [`TEXT`] with a window of 28 bits, as a format beside the specification has it.
        let large = "EVwUAaBxHLix1lwMAtdbI5QiYXsFwlI6fbABB6wDJ8s4wjhswEGCy5LogM+Mshj8g0vCYUVwUMk=";
        assert_eq!(plain(&STANDARD.decode(large).expect("base64"), "br"), None);
    }
}

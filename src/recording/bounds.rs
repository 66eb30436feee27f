//! Counting the values of a text before anything is made of them.

use super::cursor::LEVELS;
use crate::limits::{Limit, Limits};

/// A limit that a text exceeds, with the byte where it does.
pub(super) type Exceeded = (Limit, usize);

/// The limit on payloads that a body exceeds, whatever syntax it is written in.
pub fn exceeded(body: &[u8], limits: &Limits) -> Option<Exceeded> {
    // A value takes a byte at least, and a level of JSON a bracket, which are quickly counted. Most bodies are done here.
    let depth = usize::try_from(limits.depth).unwrap_or(usize::MAX);
    if body.len() as u64 <= limits.values && memchr::memchr2_iter(b'{', b'[', body).nth(depth).is_none() {
        return None;
    }
    let most = usize::try_from(limits.values).unwrap_or(usize::MAX);
    match body.trim_ascii_start().first() {
        Some(b'{' | b'[') => json(body, limits.values, limits.depth).map(|(is_depth, at)| {
            let limit = if is_depth { Limit::Depth } else { Limit::Values };
            (limit, at)
        }),
        Some(b'<') => {
            let tags = memchr::memchr_iter(b'<', body).filter(|at| body.get(at + 1) != Some(&b'/'));
            tags.skip(1).nth(most).map(|at| (Limit::Values, at))
        }
        Some(0xa0..=0xbf) => cbor(body, limits.values).map(|at| (Limit::Values, at)),
        _ => memchr::memchr_iter(b'&', body).nth(most).map(|at| (Limit::Values, at)),
    }
}

/// Whether a payload of so many bytes that the parser read exceeds none of them for certain.
pub(super) fn is_surely_within(limits: &Limits, bytes: usize) -> bool {
    limits.depth >= LEVELS as u64 && bytes as u64 <= limits.values
}

/// The byte at which a JSON document has too many values.
pub(super) fn exceeded_document(text: &str, limits: &Limits) -> Option<Exceeded> {
    // Each value stands behind one of a few characters, or begins with it, and these are quickly counted.
    if text.len() as u64 <= limits.document_values || marks(text.as_bytes()) <= limits.document_values {
        return None;
    }
    json(text.as_bytes(), limits.document_values, u64::MAX).map(|(_, at)| (Limit::DocumentValues, at))
}

/// Commas and opening brackets, those within strings included.
fn marks(text: &[u8]) -> u64 {
    let is_mark = |byte: &u8| u8::from(matches!(byte, b',' | b'{' | b'['));
    // So many fit into a byte.
    text.chunks(255).map(|chunk| u64::from(chunk.iter().map(is_mark).sum::<u8>())).sum()
}

/// The byte at which a JSON text has more values than `most` (`false`), or is nested deeper than `depth` (`true`).
fn json(text: &[u8], most: u64, depth: u64) -> Option<(bool, usize)> {
    let (mut values, mut levels, mut at) = (0_u64, 0_u64, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => at = behind_string(text, at) - 1,
            b'{' | b'[' => {
                (values, levels) = (values + 1, levels + 1);
                if levels > depth {
                    return Some((true, at));
                }
            }
            b'}' | b']' => levels = levels.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if values > most {
            return Some((false, at));
        }
        at += 1;
    }
    None
}

/// The byte behind the string that begins at `at`.
fn behind_string(text: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(next) = text.get(end..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        if text[end + next] == b'"' {
            return end + next + 1;
        }
        end += next + 2;
    }
    text.len()
}

/// The byte at which a CBOR item has more values than `most`. What is broken is left to whoever reads it.
fn cbor(bytes: &[u8], most: u64) -> Option<usize> {
    let (mut at, mut values) = (0_usize, 0);
    while let Some(head) = bytes.get(at) {
        values += 1;
        if values > most {
            return Some(at);
        }
        let width = match head & 0x1f {
            width @ 24..=27 => 1_usize << (width - 24),
            _ => 0,
        };
        let argument = bytes.get(at + 1..at + 1 + width)?;
        let argument = argument.iter().fold(usize::from(head & 0x1f), |sum, byte| (sum << 8) | usize::from(*byte));
        let is_text = matches!(head >> 5, 2 | 3) && head & 0x1f != 31;
        let length = if width == 0 { argument } else { argument & (usize::MAX >> (64 - 8 * width)) };
        at = at.checked_add(1 + width)?.checked_add(if is_text { length } else { 0 })?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(body: &[u8], values: u64, depth: u64) -> Option<Exceeded> {
        let mut limits = Limits::default();
        (limits.values, limits.depth) = (values, depth);
        exceeded(body, &limits)
    }

    #[test]
    fn values_are_counted_in_every_syntax() {
        assert_eq!(told(br#"{"a": [1, 2, "x,,,,\",,"]}"#, 4, 9), None);
        assert_eq!(told(br#"{"a": [1, 2, "x,,,,"]}"#, 3, 9), Some((Limit::Values, 11)));
        assert_eq!(told(b"[[[[]]]]", 9, 3), Some((Limit::Depth, 3)));
        assert_eq!(told(b"<a><b>1</b><b/></a>", 2, 1), None);
        assert_eq!(told(b"<a><b>1</b><b/></a>", 1, 1), Some((Limit::Values, 11)));
        assert_eq!(told(b"a=1&b=2&c=3", 1, 1), Some((Limit::Values, 7)));
        assert_eq!(told(&[0xa1, 0x61, b'a', 0x82, 0x19, 1, 1, 0x42, 9, 9], 5, 1), None);
        assert_eq!(told(&[0xa1, 0x61, b'a', 0x82, 0x19, 1, 1, 0x42, 9, 9], 4, 1), Some((Limit::Values, 7)));
        // A text whose length has two bytes, of which the first is not zero.
        let long = [&[0xa2, 0x61, b'k', 0x79, 1, 2][..], &[b'a'; 258], &[0x61, b'l', 1]].concat();
        assert_eq!((told(&long, 5, 9), told(&long, 3, 9)), (None, Some((Limit::Values, 264))));
    }

    #[test]
    fn broken_texts_end() {
        for body in [&b"[\"\\"[..], b"{\"a", b"\xbf\x5b\xff\xff\xff\xff\xff\xff\xff\xff", b"\xbf\x78", b"<<<<"] {
            told(body, 1, 1);
        }
    }
}

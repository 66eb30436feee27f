//! The escapes of Python's literals: text, and bytes behind a `b`.

use std::fmt::Write as _;

/// What a literal's characters mean: code points of text, or single bytes.
pub(super) fn meant(inner: &str, is_bytes: bool) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        bytes.extend(&rest.as_bytes()[..at]);
        let Some(c) = rest[at + 1..].chars().next() else { return bytes };
        let after = at + 1 + c.len_utf8();
        let digits = match c {
            'x' => 2,
            'u' if !is_bytes => 4,
            'U' if !is_bytes => 8,
            _ => 0,
        };
        let is_code = |code: &&str| digits > 0 && code.bytes().all(|digit| digit.is_ascii_hexdigit());
        let code = rest.get(after..after + digits).filter(is_code);
        match code.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(code) if is_bytes => bytes.extend(u8::try_from(code)),
            Some(code) => bytes.extend(char::from_u32(code).unwrap_or('\u{fffd}').encode_utf8(&mut [0; 4]).bytes()),
            None => match c {
                'n' => bytes.push(b'\n'),
                'r' => bytes.push(b'\r'),
                't' => bytes.push(b'\t'),
                '\\' | '\'' | '"' => bytes.extend(c.encode_utf8(&mut [0; 4]).bytes()),
                _ => bytes.extend(&rest.as_bytes()[at..after]),
            },
        }
        rest = &rest[after + code.map_or(0, str::len)..];
    }
    bytes.extend(rest.as_bytes());
    bytes
}

/// A literal that means these bytes.
pub(super) fn repr(content: &[u8], is_bytes: bool) -> String {
    let mut literal = if is_bytes { "b'".to_owned() } else { "'".to_owned() };
    let mut push = |c: char| match c {
        '\n' => literal.push_str("\\n"),
        '\r' => literal.push_str("\\r"),
        '\t' => literal.push_str("\\t"),
        '\\' | '\'' => literal.extend(['\\', c]),
        c if u32::from(c) < 0x20 || (0x7f..0xa0).contains(&u32::from(c)) || is_bytes && !c.is_ascii() => {
            let _ = write!(literal, "\\x{:02x}", u32::from(c));
        }
        c => literal.push(c),
    };
    if is_bytes {
        for byte in content {
            push(char::from(*byte));
        }
    } else {
        for c in String::from_utf8_lossy(content).chars() {
            push(c);
        }
    }
    literal.push('\'');
    literal
}

/// Length of an escape sequence, and how many bytes it means that are no white space.
pub(super) fn escaped(raw: &[u8], is_bytes: bool) -> (usize, usize) {
    let length = match raw.get(1) {
        Some(b'x') => 4,
        Some(b'u') if !is_bytes => 6,
        Some(b'U') if !is_bytes => 10,
        Some(b'n' | b'r' | b't' | b'\\' | b'\'' | b'"') => 2,
        // No escape: the backslash stands for itself.
        _ => return (1, 1),
    };
    let sequence = raw.get(..length).and_then(|sequence| std::str::from_utf8(sequence).ok()).unwrap_or_default();
    let bytes = meant(sequence, is_bytes);
    (length, bytes.iter().filter(|byte| !byte.is_ascii_whitespace()).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_means_what_was_meant() {
        for content in [&b"it's \\ \n\x00\xff {\"a\": 1}"[..], "ü🍐\u{85}\t".as_bytes()] {
            let inner = |literal: &str, is_bytes: bool| {
                let inner = literal.strip_prefix(if is_bytes { "b'" } else { "'" }).expect("a quote");
                meant(inner.strip_suffix('\'').expect("a quote"), is_bytes)
            };
            assert_eq!(inner(&repr(content, true), true), content);
            if std::str::from_utf8(content).is_ok() {
                assert_eq!(inner(&repr(content, false), false), content);
            }
        }
    }

    #[test]
    fn what_is_no_escape_stands_for_itself() {
        for (inner, is_bytes, expected) in [
            ("\\u20ac", true, "\\u20ac"),
            ("\\u20ac", false, "\u{20ac}"),
            ("\\U0001f350", true, "\\U0001f350"),
            ("\\U0001f350", false, "\u{1f350}"),
            ("\\xzz!", true, "\\xzz!"),
            ("\\x+f", false, "\\x+f"),
            ("\\x4", true, "\\x4"),
        ] {
            assert_eq!(meant(inner, is_bytes), expected.as_bytes(), "{inner} {is_bytes}");
        }
    }

    #[test]
    fn escapes_have_a_length_and_a_meaning() {
        for (raw, is_bytes, expected) in [
            ("\\xfc", true, (4, 1)),
            ("\\xfc", false, (4, 2)),
            ("\\x20", true, (4, 0)),
            ("\\u20ac", false, (6, 3)),
            ("\\u20ac", true, (1, 1)),
            ("\\U0001f350", false, (10, 4)),
            ("\\n", true, (2, 0)),
            ("\\'", true, (2, 1)),
            ("\\q", true, (1, 1)),
        ] {
            assert_eq!(escaped(raw.as_bytes(), is_bytes), expected, "{raw}");
        }
    }
}

//! Escapes of JSON, of URLs and of XML, undone layer by layer, whichever stand in a text.

use std::ops::Range;

/// A text with one layer of escapes undone: those of JSON, of URLs and of XML, whichever stand in it. `None` where it has
/// none.
pub fn unescaped(text: &str) -> Option<String> {
    memchr::memchr3(b'\\', b'%', b'&', text.as_bytes())?;
    let mut plain: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr3(b'\\', b'%', b'&', rest.as_bytes()) {
        plain.extend(&rest.as_bytes()[..at]);
        rest = &rest[at..];
        let length = escape(rest, &mut plain);
        if length == 0 {
            plain.push(rest.as_bytes()[0]);
        }
        rest = &rest[length.max(1)..];
    }
    plain.extend(rest.as_bytes());
    let plain = String::from_utf8_lossy(&plain).into_owned();
    (plain != text).then_some(plain)
}

/// Writes what the escape means that a text begins with, and tells its bytes; none where it begins with no escape.
fn escape(text: &str, plain: &mut Vec<u8>) -> usize {
    let digits = |range: Range<usize>| u32::from_str_radix(text.get(range)?, 16).ok();
    let mut push = |c: char| plain.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
    match text.as_bytes() {
        [b'%', ..] => match digits(1..3).and_then(|code| u8::try_from(code).ok()) {
            Some(byte) => {
                plain.push(byte);
                3
            }
            None => 0,
        },
        [b'\\', b'x', ..] => match digits(2..4).and_then(|code| u8::try_from(code).ok()) {
            Some(byte) => {
                plain.push(byte);
                4
            }
            None => 0,
        },
        [b'\\', b'u', ..] => match digits(2..6) {
            Some(code) => {
                let is_low = |code: &u32| (0xDC00..0xE000).contains(code);
                let is_high = (0xD800..0xDC00).contains(&code) && text.get(6..8) == Some("\\u");
                let low = is_high.then(|| digits(8..12).filter(is_low)).flatten();
                let whole = low.map_or(code, |low| 0x10000 + ((code & 0x3FF) << 10 | low & 0x3FF));
                push(char::from_u32(whole).unwrap_or('\u{fffd}'));
                if low.is_some() { 12 } else { 6 }
            }
            None => 0,
        },
        [b'\\', next, ..] => {
            let meant = match next {
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'b' | b'f' => ' ',
                b'"' | b'\\' | b'/' | b'\'' => char::from(*next),
                _ => return 0,
            };
            push(meant);
            2
        }
        [b'&', b'#', ..] => {
            let Some(end) = text.bytes().take(10).position(|byte| byte == b';') else { return 0 };
            let code = match text.get(2..3) {
                Some("x" | "X") => digits(3..end),
                _ => text[2..end].parse().ok(),
            };
            let Some(c) = code.and_then(char::from_u32) else { return 0 };
            push(c);
            end + 1
        }
        _ => {
            let entities = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\'')];
            let Some((entity, meant)) = entities.into_iter().find(|(entity, _)| text.starts_with(entity)) else {
                return 0;
            };
            push(meant);
            entity.len()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_character_takes_nothing_of_what_follows() {
        assert_eq!(unescaped("\\ud83d\\ude00").as_deref(), Some("\u{1f600}"));
        assert_eq!(unescaped("\\ud83d\\u0041B").as_deref(), Some("\u{fffd}AB"));
    }

    #[test]
    fn escapes_are_undone_layer_by_layer() {
        for (text, plain) in [
            (r"a\nb\u0041\/", Some("a\nbA/")),
            ("%253A%c3%bc", Some("%3Aü")),
            ("a&amp;lt;b", Some("a&lt;b")),
            (r#"{\\\"a\\\""#, Some(r#"{\"a\""#)),
            ("100% of a & b \\q %zz", None),
            ("&#65;B&#x43;D", Some("ABCD")),
            ("plain", None),
        ] {
            assert_eq!(unescaped(text).as_deref(), plain, "{text}");
        }
    }
}

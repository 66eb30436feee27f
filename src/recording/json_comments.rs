//! Comments in JSON, which has none: editors and compilers take them in files of their own.

use std::ops::Range;

/// What is wrong with a text that has a comment, as a clause.
pub const COMMENTED: &str = "it has a comment, and JSON has none: take it out";

/// Where the comment begins that a parser stumbles over at byte `at`, or just before it.
pub(super) fn near(text: &str, at: usize) -> Option<usize> {
    let begins = |at: usize| {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        rest.starts_with(b"//") || rest.starts_with(b"/*") || rest.starts_with(b"#")
    };
    [Some(at), at.checked_sub(1)].into_iter().flatten().find(|at| begins(*at))
}

/// The text with spaces in place of its comments and of commas behind last elements, and where its first comment begins;
/// `None` where it has none.
pub fn without_comments(text: &str) -> Option<(String, usize)> {
    let mut plain = text.as_bytes().to_vec();
    let mut first = None;
    let (mut at, mut comma) = (0, None);
    while let Some(byte) = text.as_bytes().get(at) {
        let comment = comment(text, at);
        match byte {
            _ if !comment.is_empty() => {
                first.get_or_insert(at);
                let is_ink = |byte: &&mut u8| **byte != b'\n';
                plain[comment.clone()].iter_mut().filter(is_ink).for_each(|byte| *byte = b' ');
                at = comment.end;
                continue;
            }
            b'"' => {
                comma = None;
                at = behind_string(text.as_bytes(), at);
                continue;
            }
            b',' => comma = Some(at),
            b']' | b'}' => {
                if let Some(comma) = comma.take() {
                    plain[comma] = b' ';
                }
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        at += 1;
    }
    Some((String::from_utf8(plain).ok()?, first?))
}

/// The comment that begins at a byte; empty where none does.
fn comment(text: &str, at: usize) -> Range<usize> {
    let rest = &text.as_bytes()[at..];
    let length = if rest.starts_with(b"//") {
        memchr::memchr(b'\n', rest).unwrap_or(rest.len())
    } else if rest.starts_with(b"/*") {
        memchr::memmem::find(&rest[2..], b"*/").map_or(rest.len(), |end| end + 4)
    } else {
        0
    };
    at..at + length
}

fn behind_string(text: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(byte) = text.get(end) {
        match byte {
            b'"' => return end + 1,
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_last_commas_are_taken_out() {
        let text = "// ü\n{\"a\": \"// no\\\" /* no */\", /* yes\n*/ \"b\": [1, 2, // two\n], }";
        let (plain, at) = without_comments(text).expect("comments");
        assert_eq!((plain.len(), at), (text.len(), 0));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&plain).ok(),
            Some(serde_json::json!({"a": "// no\" /* no */", "b": [1, 2]}))
        );
        for text in ["{\"a\": \"//\"}", "{\"a\": [1,]}", "", "{\"open"] {
            assert_eq!(without_comments(text), None, "{text}");
        }
        assert_eq!(without_comments("{} /* open").map(|(plain, _)| plain.len()), Some(10));
    }
}

//! Leaving the prose of a model out before it is read: it is most of its text, and nobody asks for it.

use memchr::memchr2;
use memchr::memmem::Finder;

/// A text under `documentation`, as the models that are shipped write it.
const PROSE: &str = "\"documentation\":\"";

/// A JSON text without the members `documentation` whose values are texts. It is JSON where it was.
pub(super) fn without(mut text: Vec<u8>) -> Vec<u8> {
    let finder = Finder::new(PROSE);
    // What is kept stands before `written`, what is not looked at yet behind `read`.
    let (mut read, mut written) = (0, 0);
    while let Some(before) = finder.find(&text[read..]) {
        let begin = read + before;
        text.copy_within(read..begin, written);
        written += before;
        let end = end_of_string(&text, begin + PROSE.len());
        let around = (text[..written].last(), end.and_then(|end| text.get(end)));
        match (around, end) {
            ((Some(b'{' | b','), Some(b',')), Some(end)) => read = end + 1,
            ((Some(b'{'), Some(b'}')), Some(end)) => read = end,
            ((Some(b','), Some(b'}')), Some(end)) => (read, written) = (end, written - 1),
            // It is no member of an object.
            _ => {
                read = begin + PROSE.len();
                text.copy_within(begin..read, written);
                written += PROSE.len();
            }
        }
    }
    let length = text.len();
    text.copy_within(read..length, written);
    text.truncate(written + length - read);
    text.shrink_to_fit();
    text
}

/// The place behind a string that is open at `at`.
fn end_of_string(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_under_documentation_are_left_out() {
        let prose = r#""documentation":"<p>A \"quoted\" \\""#;
        for (before, after) in [
            (format!("{{{prose}}}"), "{}"),
            (format!(r#"{{{prose},"a":1}}"#), r#"{"a":1}"#),
            (format!(r#"{{"a":1,{prose}}}"#), r#"{"a":1}"#),
            (
                format!(r#"{{"a":1,{prose},"b":{{{prose}}},"c":[{{{prose},"d":2}}]}}"#),
                r#"{"a":1,"b":{},"c":[{"d":2}]}"#,
            ),
            (format!("{{{prose},{prose},{prose}}}"), "{}"),
            (format!(r#"{{"a":1,{prose},{prose}}}"#), r#"{"a":1}"#),
        ] {
            assert_eq!(String::from_utf8(without(before.clone().into_bytes())).expect("text"), after, "{before}");
        }
        for same in [
            r#"{"documentation":{"shape":"A"}}"#,
            r#"{"documentation": "with a space"}"#,
            r#"{"a":"documentation","b":"\"documentation\":\"c"}"#,
            r#"{"a\"documentation":"b"}"#,
            r#"{"a":1"documentation":"no comma"}"#,
            r#"{"documentation":"no end"#,
            r#""documentation":"x""#,
            r#"{"documentation":""#,
            "",
        ] {
            assert_eq!(String::from_utf8(without(same.as_bytes().to_vec())).expect("text"), same);
        }
    }
}

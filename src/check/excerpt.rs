//! The line a finding stands on, fit to be shown.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

use super::hidden::Hidden;
use crate::contract::REDACTED;
use crate::finding::Excerpt;
use crate::recording::{Source, credential};

/// Bytes shown on each side of the place.
const AROUND: usize = 48;
/// Bytes of the place itself that are shown.
const SHOWN: usize = 48;
/// Bytes around the literals which an excerpt begins and ends in, by which a credential in it is known: the name before a value.
const SEEN: usize = 256;
/// Bytes of a literal that are looked at before and behind what is shown of it; session tokens have hundreds. What more stands
/// in one is not shown: nobody knows what it is.
const REACH: usize = 16 << 10;
/// Bytes of a character of UTF-8 behind its first one, at most.
const LONGEST: usize = 3;

/// Cuts the line around `range` out of the source and masks what is `hidden`. `None` where the place itself is secret.
pub(super) fn excerpt(source: &Source<'_>, range: Range<usize>, hidden: &Hidden) -> Option<Excerpt> {
    if hidden.around(range.start).is_some() {
        return None;
    }
    let bytes = source.bytes;
    let (line, line_start) = source.line_at(range.start);
    let line_end = line_start + line.len();
    // A place may be one byte of a character. Whole characters are shown.
    let shown_start = character_at(bytes, range.start.min(line_end));
    let shown_end = character_end(bytes, range.end.min(range.start + SHOWN).clamp(shown_start, line_end));
    let from = character_at(bytes, shown_start.saturating_sub(AROUND).max(line_start));
    let to = character_at(bytes, (shown_end + AROUND).min(line_end));
    let hidden = &with_credentials(bytes, from..to, hidden);
    if hidden.around(range.start).is_some() {
        return None;
    }
    let mut text = String::new();
    if from > line_start {
        text.push('…');
    }
    push_masked(&mut text, bytes, from..shown_start, hidden);
    let mut text = text.trim_start().to_owned();
    let start = text.len();
    push_masked(&mut text, bytes, shown_start..shown_end, hidden);
    let end = text.len();
    push_masked(&mut text, bytes, shown_end..to, hidden);
    if to < line_end {
        text.push('…');
    }
    // Where nothing of the place can be shown, the character behind it stands for it.
    let next = text[start..].chars().next().map_or(0, char::len_utf8);
    Some(Excerpt { highlight: start..end.max(start + next), text })
}

/// What is hidden, and what is a credential by its form in what is shown of a line.
fn with_credentials<'h>(bytes: &[u8], shown: Range<usize>, hidden: &'h Hidden) -> Cow<'h, Hidden> {
    let part = |range: Range<usize>| bytes.get(range).unwrap_or_default();
    let (least, most) = (shown.start.saturating_sub(REACH), shown.end.saturating_add(REACH).min(bytes.len()));
    // No credential is looked for across lines.
    let line = memchr::memrchr(b'\n', part(least..shown.start)).map(|at| least + at + 1);
    let line_end = memchr::memchr(b'\n', part(shown.end..most)).map_or(most, |at| shown.end + at);
    let quote = memchr::memrchr3(b'"', b'<', b'>', part(line.unwrap_or(least)..shown.start));
    let begin = quote.map(|at| line.unwrap_or(least) + at).or(line).or((least == 0).then_some(0));
    let next = |at: usize| memchr::memchr3(b'"', b'<', b'>', part(at..line_end)).map_or(line_end, |end| at + end);
    let mut forms = Vec::new();
    if begin.is_none() {
        forms.push(shown.start..next(shown.start));
    }
    let from = begin.unwrap_or(least).saturating_sub(SEEN).max(line.unwrap_or_default());
    let to = next(shown.end).saturating_add(SEEN).min(line_end);
    let (from, to) = (character_at(bytes, from), character_end(bytes, to.max(from)));
    if let Ok(text) = std::str::from_utf8(&bytes[from..to]) {
        let found = credential::found_in(text);
        // Access keys are masked by as many characters, which leaves the line as it is.
        let others = found
            .into_iter()
            .filter(|(range, _)| credential::without_keys(&text[range.clone()]) == text[range.clone()]);
        forms.extend(others.map(|(range, _)| from + range.start..from + range.end));
    }
    if forms.is_empty() {
        return Cow::Borrowed(hidden);
    }
    Cow::Owned(Hidden::of(hidden.ranges().iter().cloned().chain(forms)))
}

/// A text with what is a credential by its form masked.
pub(super) fn without_credentials(text: &str) -> String {
    credential::replaced(text, REDACTED)
}

/// Masks credentials within the values of a finding: access keys, what is one by its form, and what is called like one.
pub(super) fn mask_credentials(value: &mut Value) {
    match value {
        Value::String(text) => *text = without_credentials(text),
        Value::Array(items) => items.iter_mut().for_each(mask_credentials),
        Value::Object(map) => {
            for (name, value) in map.iter_mut() {
                if value.is_string() && credential::is_name(name) {
                    *value = REDACTED.into();
                } else {
                    mask_credentials(value);
                }
            }
        }
        _ => {}
    }
}

fn push_masked(text: &mut String, bytes: &[u8], range: Range<usize>, hidden: &Hidden) {
    let mut at = range.start;
    while at < range.end {
        if let Some(secret) = hidden.around(at) {
            text.push_str(REDACTED);
            at = secret.end;
            continue;
        }
        let end = hidden.next_start(at).unwrap_or(range.end).min(range.end);
        let bytes = &bytes[at..end];
        let plain = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        let plain = credential::without_keys(&plain);
        if plain.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
            text.push_str(&plain);
        } else {
            text.extend(plain.chars().filter(|c| !c.is_control()));
        }
        at = end;
    }
}

/// Where the character begins that the byte at `at` belongs to.
fn character_at(bytes: &[u8], mut at: usize) -> usize {
    let first = at.saturating_sub(LONGEST);
    while at > first && continues(bytes, at) {
        at -= 1;
    }
    at
}

/// Where the character ends that the byte before `at` belongs to.
fn character_end(bytes: &[u8], mut at: usize) -> usize {
    let last = at + LONGEST;
    while at < last && continues(bytes, at) {
        at += 1;
    }
    at
}

/// Whether the byte at `at` is within a character of UTF-8, not its first one.
fn continues(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn source(text: &str) -> Source<'_> {
        Source::whole(Path::new("x"), text.as_bytes())
    }

    fn shown(text: &str, what: &str, secrets: &[&str]) -> Option<(String, String)> {
        let start = text.find(what).expect("the place is in the text");
        let place = |part: &&str| text.find(*part).map(|start| start..start + part.len()).expect("there");
        let secrets = Hidden::of(secrets.iter().map(place));
        let end = start + what.len();
        let excerpt = excerpt(&source(text), start..end, &secrets)?;
        let highlighted = excerpt.text[excerpt.highlight].to_owned();
        Some((excerpt.text, highlighted))
    }

    #[test]
    fn shows_the_line_and_the_place() {
        let text = "{\n  \"a\": 1,\n  \"status\": \"DONE\"\n}";
        assert_eq!(shown(text, "\"DONE\"", &[]), Some(("\"status\": \"DONE\"".into(), "\"DONE\"".into())));
    }

    #[test]
    fn cuts_long_lines_between_characters() {
        let text = format!("{{\"a\":\"{}\",\"b\":7,\"c\":\"{}\"}}", "é".repeat(100), "ü".repeat(100));
        let (line, place) = shown(&text, "7", &[]).expect("not secret");
        assert_eq!(place, "7");
        assert!(line.starts_with('…') && line.ends_with('…') && line.len() < 150, "{line}");
    }

    #[test]
    fn shows_whole_characters_of_a_place_anywhere_in_a_line() {
        let lines = ["a", "é", "€", "😀", "aé€😀", "\u{301}a\t\u{7f}\u{85}é", " \u{a0}\u{3000}x"];
        for (line, times) in lines.into_iter().flat_map(|line| [(line, 1), (line, 25), (line, 60)]) {
            let text = format!("{0}\n{0}\n{0}", line.repeat(times));
            for start in 0..=text.len() {
                for end in [0, start, start + 1, start + 2, start + 3, start + SHOWN - 1, start + SHOWN, text.len()] {
                    let excerpt = excerpt(&source(&text), start..end, &Hidden::default()).expect("not secret");
                    let at = format!("{start}..{end} of {text:?}: {excerpt:?}");
                    let (before, rest) = excerpt.text.split_at_checked(excerpt.highlight.start).expect(&at);
                    let shown = rest.get(..excerpt.highlight.end - before.len()).expect(&at);
                    assert!(!shown.is_empty() || rest.is_empty(), "{at}");
                    assert!(!excerpt.text.contains(char::REPLACEMENT_CHARACTER), "{at}");
                }
            }
        }
    }

    #[test]
    fn shows_bytes_that_are_no_text() {
        let bytes = [b"\x80\xBF\xFFa\xC3\n".as_slice(), &[0xA9; 200], b"\xF0\x9F\x98"].concat();
        let source = Source::whole(Path::new("x"), &bytes);
        for start in 0..=bytes.len() {
            for end in start..=bytes.len() {
                let excerpt = excerpt(&source, start..end, &Hidden::default()).expect("not secret");
                assert!(excerpt.text.get(excerpt.highlight.clone()).is_some(), "{start}..{end}: {excerpt:?}");
            }
        }
    }

    #[test]
    fn a_credential_is_known_from_anywhere_within_it() {
        // Put together here, so that no file holds anything like a token.
        for length in [100, 500, 2000, 12_000] {
            let (token, phrase) =
                (["IQ", "oJ"].concat() + &"aB3/".repeat(length / 4), "my own word ".repeat(length / 12));
            for text in [
                format!(r#"{{"tok": {{"S": "{token}"}}, "n": 5, "x": 1}}"#),
                format!(r#"{{"n": 5, "tok": {{"S": "{token}"}}}}"#),
                format!(r#"{{"session_token": "{phrase}", "n": 5}}"#),
                format!(r#"{{"n": 5, "session_token": "{phrase}"}}"#),
                format!("<a><NewToken>{token}</NewToken>5</a>"),
                format!("<a><Password>{phrase}</Password>5</a>"),
            ] {
                let (line, _) = shown(&text, "5", &[]).expect("the place is not secret");
                assert!(!line.contains("aB3/aB3/") && !line.contains("word my"), "{length}: {line}");
                assert!(line.contains("redacted"), "{line}");
            }
        }
        // Of what is longer than any of them nothing is shown, whatever it is; what is none is.
        let text = format!(r#"{{"a": "{}", "n": 5}}"#, "my own word ".repeat(2000));
        assert_eq!(shown(&text, "5", &[]).expect("plain").0, "…<redacted>\", \"n\": 5}");
        let text = format!(r#"{{"a": "{}", "n": 5}}"#, "my own word ".repeat(1000));
        assert!(shown(&text, "5", &[]).expect("plain").0.contains("own word \", \"n\": 5}"));
    }

    #[test]
    fn masks_what_is_sensitive() {
        // Put together here, so that no file holds anything like a key.
        let key = format!("AKIA{}", "ABCDEFGHIJKLMNOP");
        let text = format!(r#"{{"sql": {{"q": "SELECT ssn"}}, "status": "DONE", "k": "{key}"}}"#);
        let text = text.as_str();
        let (line, _) = shown(text, "\"DONE\"", &[r#"{"q": "SELECT ssn"}"#]).expect("not secret");
        assert_eq!(line, r#"{"sql": <redacted>, "status": "DONE", "k": "XXXXXXXXXXXXXXXXXXXX"}"#);
        assert_eq!(shown(text, "\"SELECT ssn\"", &[r#"{"q": "SELECT ssn"}"#]), None);
        let mut value = serde_json::json!({"found": [key.clone()], "other": "x"});
        mask_credentials(&mut value);
        assert_eq!(value, serde_json::json!({"found": ["X".repeat(20)], "other": "x"}));
    }
}

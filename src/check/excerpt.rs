//! The line a finding stands on, fit to be shown.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

use crate::contract::REDACTED;
use crate::finding::Excerpt;
use crate::recording::{Source, redact};

/// Bytes shown on each side of the place.
const AROUND: usize = 48;
/// Bytes of the place itself that are shown.
const SHOWN: usize = 48;

/// Cuts the line around `range` out of the source and masks `secrets`. `None` where the place itself is secret.
pub(super) fn excerpt(source: &Source<'_>, range: Range<usize>, secrets: &[Range<usize>]) -> Option<Excerpt> {
    if secrets.iter().any(|secret| secret.contains(&range.start)) {
        return None;
    }
    let (line, line_start) = source.line_at(range.start);
    let line_end = line_start + line.len();
    let from = boundary(source.bytes, range.start.saturating_sub(AROUND).max(line_start));
    let shown_end = range.end.min(range.start + SHOWN).min(line_end);
    let to = boundary(source.bytes, (shown_end + AROUND).min(line_end));
    let shown_end = boundary(source.bytes, shown_end);
    let mut text = String::new();
    if from > line_start {
        text.push('…');
    }
    push_masked(&mut text, source.bytes, from..range.start, secrets);
    let text_start = text.trim_start();
    let mut text = text_start.to_owned();
    let start = text.len();
    push_masked(&mut text, source.bytes, range.start..shown_end, secrets);
    let end = text.len();
    push_masked(&mut text, source.bytes, shown_end..to, secrets);
    if to < line_end {
        text.push('…');
    }
    Some(Excerpt { highlight: start..end.max(start + usize::from(start < text.len())), text })
}

/// Masks access keys within the values of a finding.
pub(super) fn mask_keys(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(masked) = redact::keys(text) {
                *text = masked;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask_keys),
        Value::Object(map) => map.values_mut().for_each(mask_keys),
        _ => {}
    }
}

fn push_masked(text: &mut String, bytes: &[u8], range: Range<usize>, secrets: &[Range<usize>]) {
    let mut at = range.start;
    while at < range.end {
        let secret = secrets.iter().find(|secret| secret.contains(&at));
        if let Some(secret) = secret {
            text.push_str(REDACTED);
            at = secret.end;
            continue;
        }
        let next = secrets.iter().map(|secret| secret.start).filter(|start| *start > at).min();
        let end = next.unwrap_or(range.end).min(range.end);
        let plain = String::from_utf8_lossy(&bytes[at..end]);
        text.extend(redact::keys(&plain).chars().filter(|c| !c.is_control()));
        at = end;
    }
}

/// The nearest place before `at` where a character begins.
fn boundary(bytes: &[u8], mut at: usize) -> usize {
    while at > 0 && at < bytes.len() && bytes[at] & 0xC0 == 0x80 {
        at -= 1;
    }
    at
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
        let secrets: Vec<Range<usize>> = secrets.iter().map(place).collect();
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
    fn masks_what_is_sensitive() {
        // Put together here, so that no file holds anything like a key.
        let key = format!("AKIA{}", "ABCDEFGHIJKLMNOP");
        let text = format!(r#"{{"sql": {{"q": "SELECT ssn"}}, "status": "DONE", "k": "{key}"}}"#);
        let text = text.as_str();
        let (line, _) = shown(text, "\"DONE\"", &[r#"{"q": "SELECT ssn"}"#]).expect("not secret");
        assert_eq!(line, r#"{"sql": <redacted>, "status": "DONE", "k": "XXXXXXXXXXXXXXXXXXXX"}"#);
        assert_eq!(shown(text, "\"SELECT ssn\"", &[r#"{"q": "SELECT ssn"}"#]), None);
        let mut value = serde_json::json!({"found": [key.clone()], "other": "x"});
        mask_keys(&mut value);
        assert_eq!(value, serde_json::json!({"found": ["X".repeat(20)], "other": "x"}));
    }
}

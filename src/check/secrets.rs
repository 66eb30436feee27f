//! Values that were masked somewhere in a recording: masked wherever they stand, and looked for in the copy.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::mask::Mask;
use crate::recording::{Source, Written, redact};

/// Characters of a value that is masked wherever it stands; shorter ones are words.
const LEAST: usize = 8;
/// Characters of base64 that may hold a secret.
const LONG: usize = 24;
/// What clients escape in a URL, of those that escape little.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The values, as they are meant.
#[derive(Default)]
pub(super) struct Secrets(BTreeSet<String>);

impl Secrets {
    /// Takes the texts of a value. Those in `kept` are no secret.
    pub(super) fn values(&mut self, value: &Value, kept: &[String]) {
        match value {
            Value::String(text) => self.note(text, kept),
            Value::Array(items) => items.iter().for_each(|item| self.values(item, kept)),
            Value::Object(members) => members.values().for_each(|member| self.values(member, kept)),
            _ => {}
        }
    }

    /// Takes the parts of a header or URL that its mask left out.
    pub(super) fn masked(&mut self, source: &Source<'_>, written: &Written<'_>, kept: &[String]) {
        let raw = String::from_utf8_lossy(source.bytes.get(written.range.clone()).unwrap_or_default());
        let plain: String = serde_json::from_str(&raw).unwrap_or_else(|_| raw.trim_matches('\'').to_owned());
        let shown = parts(&written.text());
        for part in parts(&plain).difference(&shown) {
            self.note(part, kept);
        }
    }

    /// Takes one text, where it is long enough to be found again.
    pub(super) fn note(&mut self, text: &str, kept: &[String]) {
        let is_masked = || Mask::ALL.iter().any(|mask| mask.text(text) == text);
        if text.chars().count() >= LEAST && !kept.iter().any(|kept| kept == text) && !is_masked() {
            self.0.insert(text.to_owned());
        }
    }

    /// The text with every value masked, as it is, as JSON writes it and as a URL does, and with what is a credential by
    /// its form; and how many were.
    pub(super) fn without(&self, text: String, mask: Mask) -> (String, usize) {
        let mut longest_first: Vec<&String> = self.0.iter().collect();
        longest_first.sort_by_key(|secret| Reverse(secret.len()));
        let (mut text, mut count) = (text, 0);
        for secret in longest_first {
            let quoted = Value::from(secret.as_str()).to_string();
            let forms = [
                quoted[1..quoted.len() - 1].to_owned(),
                utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
                utf8_percent_encode(secret, ESCAPED).to_string(),
                secret.clone(),
            ];
            for form in forms {
                if text.contains(&form) {
                    count += 1;
                    text = text.replace(&form, &masked(&form, mask));
                }
            }
        }
        for (range, _) in redact::credentials(&text).into_iter().rev() {
            count += 1;
            let form = masked(&text[range.clone()], mask);
            text.replace_range(range, &form);
        }
        (text, count)
    }

    /// What looks like a secret in a copy, whatever made it: sentences.
    pub(super) fn left_in(&self, copy: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(copy);
        let mut left: Vec<(usize, &str)> =
            redact::credentials(&text).into_iter().map(|(range, what)| (range.start, what)).collect();
        for run in text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='))) {
            let held = (run.len() >= LONG).then(|| STANDARD.decode(run).ok()).flatten().unwrap_or_default();
            let held = String::from_utf8_lossy(&held);
            let is_held = self.0.iter().any(|secret| held.contains(secret.as_str()));
            if is_held || !redact::credentials(&held).is_empty() {
                left.push((run.as_ptr() as usize - text.as_ptr() as usize, "a secret in base64"));
            }
        }
        let line = |at: usize| text[..at].matches('\n').count() + 1;
        left.into_iter().map(|(at, what)| format!("line {}: {what} is left", line(at))).collect()
    }
}

/// The parts of a header or URL.
fn parts(text: &str) -> BTreeSet<String> {
    text.split([' ', ',', ';', '=', '&', '?', '#', '@', ':', '"']).map(str::to_owned).collect()
}

/// A text with its letters and digits masked; escapes of JSON and of URLs stay.
fn masked(text: &str, mask: Mask) -> String {
    let pieces = text.split_inclusive('\\').enumerate().map(|(number, piece)| {
        // What follows a backslash is part of its escape.
        let kept = if number > 0 { piece.chars().next().map_or(0, char::len_utf8) } else { 0 };
        format!("{}{}", &piece[..kept], mask.marked_up(&piece[kept..]))
    });
    pieces.collect()
}

//! Values that were masked somewhere in a recording: masked wherever they stand, and looked for in the copy.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::finder::Finder;
use super::mask::Mask;
use crate::recording::{Source, Written, coding, hexadecimal, redact};

/// Characters of a value that is masked wherever it stands; shorter ones are words.
const LEAST: usize = 8;
/// Characters of base64 that may hold a secret.
const LONG: usize = 24;
/// What clients escape in a URL, of those that escape little.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The values, as they are meant.
#[derive(Default)]
pub(super) struct Secrets {
    values: BTreeSet<String>,
    /// What finds them in a text, in every form, made when it is first asked for.
    finder: OnceCell<Option<Finder>>,
}

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
        let text = written.text_here();
        let shown = parts(&text);
        for range in written.ranges() {
            let raw = String::from_utf8_lossy(source.bytes.get(range).unwrap_or_default());
            let plain: String = serde_json::from_str(&raw).unwrap_or_else(|_| raw.trim_matches('\'').to_owned());
            // Of what is put together, other parts stand around it, and in a URL it may be encoded.
            let is_joined = written.joined.is_some();
            let is_shown = |part: &str| {
                shown.contains(part) || is_joined && (text.contains(part) || text.contains(&*encoded(part)))
            };
            for part in parts(&plain).into_iter().filter(|part| !is_shown(part)) {
                self.note(&part, kept);
            }
        }
    }

    /// Takes one text, where it is long enough to be found again.
    pub(super) fn note(&mut self, text: &str, kept: &[String]) {
        let is_masked = || Mask::ALL.iter().any(|mask| mask.text(text) == text);
        if text.chars().count() >= LEAST && !kept.iter().any(|kept| kept == text) && !is_masked() {
            self.values.insert(text.to_owned());
            self.finder = OnceCell::new();
        }
    }

    /// The text with every value masked, as it is, as JSON writes it and as a URL does, and with what is a credential by
    /// its form; and how many were. All values are looked for at once, however many there are.
    pub(super) fn without(&self, text: &str, mask: Mask) -> (String, usize) {
        let forms = || {
            self.values.iter().flat_map(|secret| {
                let quoted = Value::from(secret.as_str()).to_string();
                [
                    quoted[1..quoted.len() - 1].to_owned(),
                    encoded(secret),
                    utf8_percent_encode(secret, ESCAPED).to_string(),
                    secret.clone(),
                ]
            })
        };
        let (without, count) = match self.finder.get_or_init(|| Finder::of(forms())) {
            Some(finder) => finder.replaced(text, |form| masked(form, mask).into()),
            None => (text.to_owned(), 0),
        };
        let (without, by_form) = without_credentials(&without, mask);
        (without, count + by_form)
    }

    /// What looks like a secret in a copy, whatever made it: sentences.
    pub(super) fn left_in(&self, copy: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(copy);
        let mut left: Vec<(usize, &str)> =
            redact::credentials(&text).into_iter().map(|(range, what)| (range.start, what)).collect();
        let finder = Finder::of(self.values.iter().cloned());
        for run in text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='))) {
            let decoded = (run.len() >= LONG).then(|| [STANDARD.decode(run).ok(), hexadecimal(run)]);
            for held in decoded.into_iter().flatten().flatten() {
                let held = coding::any(&held).unwrap_or(held);
                let held = String::from_utf8_lossy(&held);
                let is_held = finder.as_ref().is_some_and(|finder| finder.is_in(&held));
                if is_held || !redact::credentials(&held).is_empty() {
                    left.push((
                        run.as_ptr() as usize - text.as_ptr() as usize,
                        "a secret in base64 or hexadecimal digits",
                    ));
                }
            }
        }
        left.sort_unstable();
        let (mut line, mut counted) = (1, 0);
        let told = left.into_iter().map(|(at, what)| {
            line += text[counted..at].matches('\n').count();
            counted = at;
            format!("line {line}: {what} is left")
        });
        told.collect()
    }
}

/// A text with what is a credential by its form masked, and how many were.
pub(super) fn without_credentials(text: &str, mask: Mask) -> (String, usize) {
    let (mut without, mut at, mut count) = (String::with_capacity(text.len()), 0, 0);
    for (range, _) in redact::credentials(text) {
        // One form may lie within another, or begin there.
        if range.end <= at {
            continue;
        }
        let start = range.start.max(at);
        without.push_str(&text[at..start]);
        without.push_str(&masked(&text[start..range.end], mask));
        (at, count) = (range.end, count + 1);
    }
    without.push_str(&text[at..]);
    (without, count)
}

/// A text as the query of a URL has it.
fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
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

//! Values that were masked somewhere in a recording: masked wherever they stand, and looked for in the copy.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::finder::Finder;
use super::mask::Mask;
use crate::limits::Limits;
use crate::recording::{Source, Written, coding, credential, hexadecimal, values};

/// Characters of a value that is masked wherever it stands; shorter ones are words.
const LEAST: usize = 8;
/// Characters of base64 that may hold a secret.
const LONG: usize = 24;
/// Characters of base64 that are read from each of four places: where a path stands before them, nobody tells where they begin.
const SHORT: usize = 4096;
/// Layers of escapes that are undone: JSON within JSON within a form, and one more.
const LAYERS: usize = 5;
/// Texts of JSON within each other that are looked into.
const NESTED: usize = 3;
/// Whose last digits may have bits that are not zero: a run may be cut off.
const LOOSE: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_allow_trailing_bits(true);
const STANDARD_NO_PAD: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::STANDARD, LOOSE.with_decode_padding_mode(INDIFFERENT));
const URL_SAFE_NO_PAD: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::URL_SAFE, LOOSE.with_decode_padding_mode(INDIFFERENT));
const INDIFFERENT: base64::engine::DecodePaddingMode = base64::engine::DecodePaddingMode::Indifferent;
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
        // An element may hold nothing but a mask.
        let is_masked = || Mask::ALL.iter().any(|mask| mask.text(text) == text || mask.marked_up(text) == text);
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
                [escaped(secret), encoded(secret), utf8_percent_encode(secret, ESCAPED).to_string(), secret.clone()]
            })
        };
        let (without, count) = match self.finder.get_or_init(|| Finder::of(forms())) {
            Some(finder) => finder.replaced(text, |form| masked(form, mask).into()),
            None => (text.to_owned(), 0),
        };
        let (without, by_form) = without_credentials(&without, mask);
        (without, count + by_form)
    }

    /// What looks like a secret in a copy, whatever made it: sentences. A text may stand within another, each with escapes of
    /// its own, and in digits.
    pub(super) fn left_in(&self, copy: &[u8], limits: &Limits) -> Vec<String> {
        let text = String::from_utf8_lossy(copy);
        let finder = Finder::of(self.values.iter().cloned());
        let holds = |text: &str| finder.as_ref().is_some_and(|finder| finder.is_in(text));
        let mut left: Vec<(usize, &str)> =
            credential::found_in(&text).into_iter().map(|(range, what)| (range.start, what)).collect();
        let mut read = values::of(&text, limits).into_iter();
        if left.is_empty() && read.any(|value| named_in(&value, NESTED)) {
            left.push((0, "a value whose name is that of a credential"));
        }
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if holds(line) {
                left.push((at, "a value that was masked elsewhere"));
            }
            left.extend(in_digits(line, &holds).map(|told| (at, told)));
            let mut layer = credential::unescaped(line);
            for _ in 1..LAYERS {
                let Some(inner) = layer else { break };
                if holds(&inner) || !credential::found_in(&inner).is_empty() {
                    left.push((at, "a secret with escapes in it"));
                    break;
                }
                left.extend(in_digits(&inner, &holds).map(|told| (at, told)));
                layer = credential::unescaped(&inner);
            }
            at += line.len();
        }
        left.sort_unstable();
        left.dedup();
        let (mut line, mut counted) = (1, 0);
        let told = left.into_iter().map(|(at, what)| {
            line += text[counted..at].matches('\n').count();
            counted = at;
            format!("line {line}: {what} is left")
        });
        told.collect()
    }
}

/// Whether a value that is no mask stands under the name of a credential or of a secret header, however both are written: as a
/// member, as a pair of members, or in a list of two. Texts that are JSON are looked into, so many within each other.
fn named_in(value: &Value, depth: usize) -> bool {
    match value {
        Value::String(text) => {
            let is_json = depth > 0 && matches!(text.trim_start().as_bytes().first(), Some(b'{' | b'['));
            let inner = is_json.then(|| serde_json::from_str(text).ok()).flatten();
            inner.is_some_and(|inner: Value| named_in(&inner, depth - 1)) || !credential::found_in(text).is_empty()
        }
        Value::Array(items) => {
            let pair = match &items[..] {
                [Value::String(name), value] => credential::is_name_of_header(name) && is_open(value),
                _ => false,
            };
            pair || items.iter().any(|item| named_in(item, depth))
        }
        Value::Object(members) => {
            let name = ["name", "Name", "key", "Key"].iter().find_map(|key| members.get(*key)?.as_str());
            let is_secret = |name: &str| credential::is_name(name) || credential::is_name_of_header(name);
            let pair = name.is_some_and(is_secret)
                && ["value", "Value"].iter().any(|key| members.get(*key).is_some_and(is_open));
            pair || members.iter().any(|(key, value)| is_secret(key) && is_open(value) || named_in(value, depth))
        }
        _ => false,
    }
}

/// Whether a value is a text or number that is long enough to be a secret and masked in no way, or holds one such at once.
fn is_open(value: &Value) -> bool {
    let is_text = |text: &str| {
        let is_mask = || credential::is_masked(text) || Mask::ALL.iter().any(|mask| mask.text(text) == text);
        text.chars().count() >= LEAST && !is_mask()
    };
    match value {
        Value::String(text) => is_text(text),
        Value::Number(number) => is_text(&number.to_string()),
        Value::Array(items) => items.iter().any(|item| item.as_str().is_some_and(is_text)),
        Value::Object(members) => members.get("value").and_then(Value::as_str).is_some_and(is_text),
        _ => false,
    }
}

/// Whether a text holds something secret in base64 or hexadecimal digits: what.
fn in_digits(text: &str, holds: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    let is_held = |held: Vec<u8>| {
        let held = coding::any(&held).unwrap_or(held);
        let text = String::from_utf8_lossy(&held);
        let has_words = std::str::from_utf8(&held).is_ok();
        holds(&text)
            || !credential::found_in(&text).is_empty()
            || !has_words && credential::is_among_bytes(&text)
            || has_words && credential::unescaped(&text).is_some_and(|inner| !credential::found_in(&inner).is_empty())
    };
    let runs = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_')));
    let mut long = runs.filter(|run| run.len() >= LONG);
    let is_secret = long.any(|run| {
        // A path may stand before it.
        let aligned = if run.len() <= SHORT { 4 } else { 1 };
        let decoded = (0..aligned).filter_map(|skipped| base64(&run[skipped..]));
        decoded.chain(hexadecimal(run)).any(is_held)
    });
    is_secret.then_some("a secret in base64 or hexadecimal digits")
}

/// What a run of digits of base64 holds, of either alphabet, with or without padding.
fn base64(run: &str) -> Option<Vec<u8>> {
    let whole = &run[..run.len() - usize::from(run.len() % 4 == 1)];
    STANDARD_NO_PAD.decode(whole).or_else(|_| URL_SAFE_NO_PAD.decode(whole)).ok()
}

/// A text with what is a credential by its form masked, and how many were.
pub(super) fn without_credentials(text: &str, mask: Mask) -> (String, usize) {
    let (mut without, mut at, mut count) = (String::with_capacity(text.len()), 0, 0);
    for (range, _) in credential::found_in(text) {
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

/// A text as a part of a JSON string.
pub(super) fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
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

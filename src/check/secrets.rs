//! Values that were masked somewhere in a recording: masked wherever they stand.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::finder::Finder;
use super::mask::Mask;
use super::words::Words;
use crate::recording::named::LEAST;
use crate::recording::{Source, Written, credential, escapes};

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
    pub(super) fn take(&mut self, value: &Value, kept: &[String]) {
        match value {
            Value::String(text) => self.note(text, kept),
            Value::Array(items) => items.iter().for_each(|item| self.take(item, kept)),
            Value::Object(members) => members.values().for_each(|member| self.take(member, kept)),
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

    /// Takes what is a credential by its form.
    pub(super) fn found_in(&mut self, text: &str) {
        for (range, _) in credential::found_in(text) {
            let written = &text[range];
            let plain = escapes::unescaped(written);
            self.note(plain.as_deref().unwrap_or(written), &[]);
        }
    }

    /// Takes one text, where it is long enough to be found again.
    pub(super) fn note(&mut self, text: &str, kept: &[String]) {
        // A text may repeat one a million times.
        if self.values.contains(text) {
            return;
        }
        // An element may hold nothing but a mask, and a recorder writes its own in headers of any name.
        let is_own_mask = || Mask::is_mask(text) || Mask::ALL.iter().any(|mask| mask.marked_up(text) == text);
        let is_masked = || credential::is_masked(text) || is_own_mask();
        if text.chars().count() >= LEAST && !kept.iter().any(|kept| kept == text) && !is_masked() {
            self.values.insert(text.to_owned());
            self.finder = OnceCell::new();
        }
    }

    /// The text with every value masked, in each way to write it, and with what is a credential by its form; and how many were.
    /// All values are looked for at once, however many there are.
    pub(super) fn without(&self, text: &str, mask: Mask, words: &Words) -> (String, usize) {
        let secrets = || self.values.iter().filter(|secret| !words.has_value(secret));
        let forms = || secrets().flat_map(|secret| written(secret));
        let (without, count) = match self.finder.get_or_init(|| Finder::of(forms())) {
            Some(finder) => finder.replaced(text, |form| masked(form, mask).into()),
            None => (text.to_owned(), 0),
        };
        let (without, by_form) = without_credentials(&without, mask, words);
        (without, count + by_form)
    }

    /// The values, but for words.
    pub(super) fn values<'s>(&'s self, words: &'s Words) -> impl Iterator<Item = &'s String> {
        self.values.iter().filter(|value| !words.has_value(value))
    }
}

/// A text with what is a credential by its form masked, and how many were.
pub(super) fn without_credentials(text: &str, mask: Mask, words: &Words) -> (String, usize) {
    credential::masked(text, |found| if words.has_value(found) { found.to_owned() } else { masked(found, mask) })
}

/// A text as a part of a JSON string.
pub(super) fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// The ways to write a text: as it is, as JSON does, also in ASCII and within another text of JSON, as URLs, forms and XML do.
fn written(text: &str) -> Vec<String> {
    let json = escaped(text);
    let ascii = in_ascii(&json);
    let url = encoded(text);
    let xml = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let quoted = xml.replace('"', "&quot;").replace('\'', "&apos;");
    let within = escaped(&json);
    let form = form_encoded(text);
    let mut forms =
        vec![text.to_owned(), within, ascii, form.replace("%20", "+"), form, url, escaped(&xml), quoted, xml, json];
    forms.extend(in_digits(text));
    forms
}

/// A text in digits of base64, of either alphabet and without what pads it, and of hexadecimal numbers.
fn in_digits(text: &str) -> Vec<String> {
    let hexadecimal: String = text.bytes().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    });
    let upper = hexadecimal.to_ascii_uppercase();
    vec![STANDARD_NO_PAD.encode(text), URL_SAFE_NO_PAD.encode(text), hexadecimal, upper]
}

/// A text as a value of a form.
pub(super) fn form_encoded(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// A text as JSON has it in ASCII alone.
fn in_ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            text.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

/// A text as the query of a URL has it.
fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// The parts of a header or URL.
fn parts(text: &str) -> BTreeSet<String> {
    text.split([' ', ',', ';', '=', '&', '?', '#', '@', ':', '"']).map(str::to_owned).collect()
}

/// A text with its letters and digits masked, those too that JSON escapes; other escapes of JSON and of URLs stay.
fn masked(text: &str, mask: Mask) -> String {
    let (mut masked, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('\\') {
        masked.push_str(&mask.marked_up(&rest[..at]));
        rest = &rest[at..];
        let units: Vec<u16> = (0..).map_while(|number| unit(rest.get(6 * number..)?)).collect();
        let length = match units.len() {
            // What follows a backslash is part of its escape.
            0 => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            units => 6 * units,
        };
        let mut written = 0;
        for meant in char::decode_utf16(units.iter().copied()) {
            let length = 6 * meant.as_ref().map_or(1, |meant| meant.len_utf16());
            match meant {
                Ok(meant) if meant.is_alphanumeric() => masked.push_str(&mask.text(meant.encode_utf8(&mut [0; 4]))),
                _ => masked.push_str(&rest[written..written + length]),
            }
            written += length;
        }
        masked.push_str(&rest[written..length]);
        rest = &rest[length..];
    }
    masked.push_str(&mask.marked_up(rest));
    masked
}

/// The unit of UTF-16 whose escape a text begins with.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_masked_in_each_way_to_write_it() {
        let mut secrets = Secrets::default();
        let value = "a \"b\" & é+c <💡>";
        secrets.note(value, &[]);
        for text in written(value) {
            let (without, count) = secrets.without(&format!("[{text}]"), Mask::Lower, &Words::default());
            assert_eq!(count, 1, "{text}");
            assert!(!without.contains(&text) && without.contains('x'), "{without}");
        }
        let (text, without) = (r"\u0412\u0438 \ud83d\udca1\n\u0009a\\b\u12", r"xx \ud83d\udca1\n\u0009x\\x\uxx");
        assert_eq!(masked(text, Mask::Lower), without, "letters in escapes");
        let ascii = r#"["a \"b\" & \u00e9+c <\ud83d\udca1>"]"#;
        let (without, _) = secrets.without(ascii, Mask::Lower, &Words::default());
        assert!(serde_json::from_str::<Value>(&without).is_ok(), "{without}");
        assert_eq!(secrets.without("a b & c", Mask::Lower, &Words::default()), ("a b & c".to_owned(), 0));
    }
}

//! What looks like a secret in a copy, whatever made it: in its text, and in the texts within that, layer by layer.
//!
//! A text may stand within another with escapes, in digits, packed, as a value of YAML or CBOR, in characters of several bytes.
//! What is found is said, and masked by nobody here.

use std::cell::RefCell;

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use super::finder::Finder;
use super::identities::Identities;
use super::mask::Mask;
use super::secrets::Secrets;
use super::words::{Words, holds_named};
use crate::limits::Limits;
use crate::protocol::{self, CborLeaf};
use crate::recording::named::{LEAST, named};
use crate::recording::named_text::Search;
use crate::recording::{coding, credential, escapes, hexadecimal, is_json, values};

/// Characters of base64 that may hold a secret.
const LONG: usize = 24;
/// Characters of base64 that hold the shortest value that is looked for.
const SHORTEST: usize = LEAST * 4 / 3 + 1;
/// Characters of a line of base64 that goes on in the next one.
const LINE: usize = 60;
/// Characters of base64 that are read from each of four places: where a path stands before them, nobody tells where they begin.
const SHORT: usize = 4096;
/// Layers of escapes that are undone: JSON within JSON within a form, and one more.
const LAYERS: usize = 5;
/// Layers of digits, and of texts of JSON within each other, that are looked into.
const NESTED: usize = 3;
/// Bytes of a text among others that are none.
const PRINTED: usize = 8;
/// Whose last digits may have bits that are not zero: a run may be cut off.
const LOOSE: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_allow_trailing_bits(true);
const STANDARD_NO_PAD: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::STANDARD, LOOSE.with_decode_padding_mode(INDIFFERENT));
const URL_SAFE_NO_PAD: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::URL_SAFE, LOOSE.with_decode_padding_mode(INDIFFERENT));
const INDIFFERENT: base64::engine::DecodePaddingMode = base64::engine::DecodePaddingMode::Indifferent;

/// What is found.
type What = &'static str;

const NAMED: What = "a value whose name is that of a credential";
const ELSEWHERE: What = "a value that was masked elsewhere";
const ESCAPED: What = "a secret with escapes in it";
const DIGITS: What = "a secret in base64 or hexadecimal digits";
const CODED: What = "a secret in bytes that are no text";
const IDENTITY: What = "an account, or an address of mail or of a machine, with escapes, in digits or in bytes";

/// What stands under a name in a copy, or in what is in digits there: long enough to be no word.
const WHOLE: Search<'_> = Search { names: None, least: LEAST, is_whole: true };

/// What looks for secrets.
pub(super) struct Scan<'s> {
    /// What is called like a credential and is none.
    words: &'s Words,
    /// Finds values that were masked elsewhere.
    finder: Option<Finder>,
    /// What stands for names, where these are replaced, too.
    identities: RefCell<Option<&'s mut Identities>>,
}

impl<'s> Scan<'s> {
    pub(super) fn new(secrets: &Secrets, words: &'s Words, identities: Option<&'s mut Identities>) -> Self {
        Self { words, finder: Finder::of(secrets.values(words).cloned()), identities: RefCell::new(identities) }
    }

    /// What looks like a secret in a copy: sentences.
    pub(super) fn of_copy(&self, copy: &[u8], limits: &Limits) -> Vec<String> {
        let text = String::from_utf8_lossy(copy);
        let found =
            credential::found_in(&text).into_iter().filter(|(range, _)| !self.words.has_value(&text[range.clone()]));
        let mut left: Vec<(usize, What)> = found.map(|(range, what)| (range.start, what)).collect();
        if left.is_empty() {
            left.extend(holds_named(&text, &WHOLE, self.words, limits).then_some((0, NAMED)));
        }
        // The texts of JSON are those of the lines.
        if left.is_empty() && !is_json(copy) {
            // What is no map or list is no YAML: its lines are one text there.
            let mut values =
                values::of(&text, limits).into_iter().filter(|value| value.is_object() || value.is_array());
            left.extend(values.find_map(|value| self.value(&value)).map(|what| (0, what)));
        }
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if self.holds(line) {
                left.push((at, ELSEWHERE));
            }
            left.extend(self.layers(line, NESTED).map(|what| (at, what)));
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

    /// What of it bytes hold, packed or not, whatever they are.
    pub(super) fn of_bytes(&self, bytes: &[u8]) -> Option<What> {
        self.bytes(bytes, NESTED)
    }

    fn holds(&self, text: &str) -> bool {
        self.finder.as_ref().is_some_and(|finder| finder.is_in(text))
    }

    /// Whether a text says something secret as it stands.
    fn is_secret(&self, text: &str) -> bool {
        self.holds(text) || self.words.is_secret(text)
    }

    fn identity(&self, text: &str) -> Option<What> {
        let mut identities = self.identities.borrow_mut();
        identities.as_deref_mut().is_some_and(|known| known.are_in(text)).then_some(IDENTITY)
    }

    /// What a text holds below its own: with escapes undone, and in digits.
    fn layers(&self, text: &str, depth: usize) -> Option<What> {
        if let Some(what) = self.digits(text, depth) {
            return Some(what);
        }
        // Forms write a space so.
        if self.finder.is_some() && text.contains('+') {
            let spaced = text.replace('+', " ");
            if self.holds(&spaced) || escapes::unescaped(&spaced).is_some_and(|inner| self.holds(&inner)) {
                return Some(ESCAPED);
            }
        }
        let mut layer = escapes::unescaped(text);
        for _ in 1..LAYERS {
            let inner = layer?;
            if self.is_secret(&inner) {
                return Some(ESCAPED);
            }
            if let Some(what) = self.identity(&inner) {
                return Some(what);
            }
            if let Some(what) = self.digits(&inner, depth) {
                return Some(what);
            }
            layer = escapes::unescaped(&inner);
        }
        None
    }

    /// What the texts of a value hold that are not those of the lines.
    fn value(&self, value: &Value) -> Option<What> {
        let in_text = |text| if self.is_secret(text) { Some(ELSEWHERE) } else { self.layers(text, NESTED) };
        texts_of(value).into_iter().find_map(in_text)
    }

    /// Whether a text holds something secret in base64 or hexadecimal digits: what.
    fn digits(&self, text: &str, depth: usize) -> Option<What> {
        let depth = depth.checked_sub(1)?;
        if self.finder.is_some() && short_runs(text).any(|run| self.is_in_short(run)) {
            return Some(DIGITS);
        }
        runs(text).into_iter().find_map(|run| {
            // A path may stand before it.
            let aligned = if run.len() <= SHORT { 4 } else { 1 };
            let decoded = (0..aligned).filter_map(|skipped| base64(&run[skipped..]));
            let what = decoded.chain(hexadecimal(&run)).find_map(|held| self.bytes(&held, depth))?;
            Some(if what == IDENTITY { what } else { DIGITS })
        })
    }

    /// Whether a value that was masked elsewhere is in digits that are too few for anything else.
    fn is_in_short(&self, run: &str) -> bool {
        let mut decoded = (0..4).filter_map(|skipped| base64(run.get(skipped..)?)).chain(hexadecimal(run));
        decoded.any(|held| std::str::from_utf8(&held).is_ok_and(|text| self.holds(text)))
    }

    fn bytes(&self, bytes: &[u8], depth: usize) -> Option<What> {
        let unpacked = coding::any(bytes);
        let bytes = unpacked.as_deref().unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) if text.contains('\0') => self.binary(bytes, depth),
            // A tag before CBOR may look like a letter.
            Ok(text) => self.text(text, depth).or_else(|| self.cbor(bytes, depth)),
            Err(_) => self.cbor(bytes, depth).or_else(|| self.binary(bytes, depth)),
        }
    }

    /// A text that stood in another form.
    fn text(&self, text: &str, depth: usize) -> Option<What> {
        if self.is_secret(text) || holds_named(text, &WHOLE, self.words, &Limits::default()) {
            return Some(CODED);
        }
        self.identity(text).or_else(|| self.layers(text, depth))
    }

    /// The texts of CBOR, and what stands in it under a name. Of one that nobody can read as a whole the name is enough.
    fn cbor(&self, bytes: &[u8], depth: usize) -> Option<What> {
        let Some(tree) = protocol::tree_of_cbor(bytes) else {
            let is_named = || protocol::texts_among(bytes).any(credential::is_name);
            return (protocol::begins_cbor(bytes) && is_named()).then_some(NAMED);
        };
        let is_left = |text: &str, name: &str| !self.words.has(name, text) && !Mask::is_mask(text);
        let open = named(&tree, &|_| false).into_iter().filter(|own| own.is_open(LEAST));
        if open.filter_map(|own| Some((own.text()?, own.name))).any(|(text, name)| is_left(&text, &name)) {
            return Some(NAMED);
        }
        let mut what = None;
        protocol::edited_cbor(bytes, &mut |_, leaf| {
            if what.is_none() {
                what = match leaf {
                    CborLeaf::Text(text) => self.text(text, depth),
                    CborLeaf::Bytes(bytes) => depth.checked_sub(1).and_then(|depth| self.bytes(bytes, depth)),
                    CborLeaf::Number(_) => None,
                };
            }
            None
        });
        what
    }

    /// Bytes that are no text of UTF-8, by their characters: each a byte, or two or four of which the others are zero.
    fn binary(&self, bytes: &[u8], depth: usize) -> Option<What> {
        let text: String = bytes.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
        if self.is_secret(&text) || credential::is_among_bytes(&text) {
            return Some(CODED);
        }
        // Each byte is a character.
        if !bytes.contains(&0) && holds_named(&text, &WHOLE, self.words, &Limits::default()) {
            return Some(CODED);
        }
        if text.len() < bytes.len() / 4 * 3 {
            return self.text(text.trim_start_matches(['\u{fe}', '\u{ff}']), depth);
        }
        let is_printed = |c: char| matches!(c, ' '..='~');
        let mut printed = text.split(|c: char| !is_printed(c)).filter(|part| part.len() >= PRINTED);
        printed.find_map(|part| self.identity(part))
    }
}

/// Every text of a value.
fn texts_of(value: &Value) -> Vec<&str> {
    let (mut open, mut texts) = (vec![value], Vec::new());
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            Value::String(text) => texts.push(text.as_str()),
            _ => {}
        }
    }
    texts
}

/// Runs of digits that may hold a value that is masked elsewhere, and are too short for anything else.
fn short_runs(text: &str) -> impl Iterator<Item = &str> {
    let runs = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_')));
    runs.filter(|run| (SHORTEST..LONG).contains(&run.len()))
}

/// Runs of digits of base64 or hexadecimal that are long enough; those in lines of one length are one.
fn runs(text: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    let mut goes_on = false;
    for part in text.split_ascii_whitespace() {
        for (at, run) in
            part.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_'))).enumerate()
        {
            match runs.last_mut().filter(|_| goes_on && at == 0) {
                Some(last) => last.push_str(run),
                None if run.len() >= LONG => runs.push(run.to_owned()),
                None => {}
            }
            goes_on = false;
        }
        // Nothing but digits, as many as a line has.
        goes_on = part.len() >= LINE && runs.last().is_some_and(|run| run.ends_with(part));
    }
    runs
}

/// What a run of digits of base64 holds, of either alphabet, with or without padding.
fn base64(run: &str) -> Option<Vec<u8>> {
    let whole = &run[..run.len() - usize::from(run.len() % 4 == 1)];
    STANDARD_NO_PAD.decode(whole).or_else(|_| URL_SAFE_NO_PAD.decode(whole)).ok()
}

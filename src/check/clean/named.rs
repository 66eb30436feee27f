//! What is secret by its name, in texts of any structure and in the texts within them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Cleaner;
use crate::check::hidden::Hidden;
use crate::check::secrets::form_encoded;
use crate::check::words::NESTED;
use crate::recording::named_text::{Piece, Search, What, pieces};
use crate::recording::{HttpExchange, Source, form_decoded};

impl Cleaner<'_> {
    /// Bytes without what stands in them under the name of a credential, and how many such values there were.
    pub(super) fn without_named(&mut self, bytes: Vec<u8>, search: &Search<'_>) -> (Vec<u8>, usize) {
        let without = if let Ok(text) = std::str::from_utf8(&bytes) {
            self.text_without_named(text, search, NESTED).map(|(text, count)| (text.into_bytes(), count))
        } else {
            // A part of a form may be no text, and the others are: each byte is a character here.
            let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
            let without = self.text_without_named(&text, search, NESTED);
            without.and_then(|(text, count)| Some((latin(&text)?, count)))
        };
        without.unwrap_or((bytes, 0))
    }

    fn text_without_named(&mut self, text: &str, search: &Search<'_>, depth: usize) -> Option<(String, usize)> {
        let (mut edits, mut count) = (BTreeMap::new(), 0);
        for piece in pieces(text, search, &self.options.limits) {
            let Some((content, places)) = self.content(text, &piece, search, depth) else { continue };
            if let Some(written) = piece.written.rewritten(text.as_bytes(), content.as_bytes()) {
                edits.extend(written.into_iter().map(|(range, bytes)| (range.start, (range.end, bytes))));
                count += places;
            }
        }
        if edits.is_empty() {
            return None;
        }
        let (mut without, mut at) = (Vec::with_capacity(text.len()), 0);
        for (start, (end, bytes)) in edits {
            if start < at {
                continue;
            }
            without.extend(&text.as_bytes()[at..start]);
            without.extend(bytes);
            at = end;
        }
        without.extend(&text.as_bytes()[at..]);
        Some((String::from_utf8(without).ok()?, count))
    }

    /// What is written in place of a part of a text, and how many secrets were in it; `None` where it stays.
    fn content(&mut self, text: &str, piece: &Piece<'_>, search: &Search<'_>, depth: usize) -> Option<(String, usize)> {
        let meant = piece.written.text();
        let (content, places) = match &piece.what {
            What::Secret(name) | What::SecretNumber(name) if self.is_word(name, &meant) => return None,
            What::Secret(_) => {
                self.secrets.note(&meant, &self.kept);
                let raw = text.get(piece.written.range.clone()).filter(|_| piece.is_encoded);
                (raw.map_or_else(|| self.mask.text(&meant), |raw| self.mask.escaped(raw)), 1)
            }
            What::SecretNumber(_) => {
                let mut number = serde_json::from_str(&meant).ok()?;
                self.mask.value(&mut number, &[]);
                (number.to_string(), 1)
            }
            What::Text => {
                let inner = Search { is_whole: false, ..*search };
                let (content, places) = self.text_without_named(&meant, &inner, depth.checked_sub(1)?)?;
                (if piece.is_encoded { form_encoded(&content) } else { content }, places)
            }
        };
        (content != meant).then_some((content, places))
    }

    /// Whether a value is none, whatever it is called.
    fn is_word(&self, name: &str, value: &str) -> bool {
        self.words.has(name, value) || self.kept.iter().any(|kept| kept == value)
    }

    /// Masks those parts of a URL, and parameters that are called like credentials.
    pub(super) fn url(&mut self, source: &Source<'_>, http: &HttpExchange<'_>, hidden: &Hidden) {
        let own = http.request.url.text();
        let (mut url, mut at) = (String::with_capacity(own.len()), 0);
        for range in hidden.ranges() {
            url.push_str(&own[at..range.start]);
            url.push_str(&self.mask.escaped(&own[range.clone()]));
            at = range.end;
        }
        url.push_str(&own[at..]);
        for text in meant(&own, hidden) {
            self.secrets.note(&text, &self.kept);
        }
        let query = url.find('?').map_or(url.len(), |at| at + 1)..url.find('#').unwrap_or(url.len());
        let search = Search { names: None, least: 1, is_whole: false };
        let without = url.get(query.clone()).and_then(|query| self.text_without_named(query, &search, 0));
        let masked = match without {
            Some((without, _)) => format!("{}{without}{}", &url[..query.start], &url[query.end..]),
            None => url,
        };
        if masked != own {
            self.rewrite(source.bytes, http.entry, &http.request.url, masked.as_bytes());
        }
    }

    /// Masks what the model marks sensitive in the URL or in these parts of the body, where the recorder keeps it parsed beside
    /// them.
    pub(super) fn pairs<'r>(
        &mut self,
        source: &Source<'_>,
        http: &HttpExchange<'_>,
        in_url: &Hidden,
        in_body: impl Iterator<Item = &'r Range<usize>>,
    ) {
        if http.pairs.is_empty() {
            return;
        }
        let body = http.request.body.as_ref().map(|body| &*body.bytes).unwrap_or_default();
        let parameter = |range: &Range<usize>| {
            let (_, value) = std::str::from_utf8(body.get(range.clone())?).ok()?.split_once('=')?;
            Some(form_decoded(value).into_owned())
        };
        let in_url = meant(&http.request.url.text(), in_url);
        let secrets: BTreeSet<String> = in_url.into_iter().chain(in_body.filter_map(parameter)).collect();
        for (_, value) in http.pairs.iter().filter(|(_, value)| secrets.contains(&*value.text())) {
            let masked = self.mask.text(&value.text()).into_bytes();
            self.rewrite(source.bytes, http.entry, value, &masked);
        }
    }
}

/// What those parts of a URL mean, as a form has it and as a path has.
fn meant(url: &str, hidden: &Hidden) -> Vec<String> {
    let ways = |range: &Range<usize>| {
        let written = &url[range.clone()];
        [form_decoded(written).into_owned(), form_decoded(&written.replace('+', "%2B")).into_owned()]
    };
    let mut all: Vec<String> = hidden.ranges().iter().flat_map(ways).filter(|text| !text.is_empty()).collect();
    all.dedup();
    all
}

/// A text as bytes, each of which is a character.
fn latin(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
}

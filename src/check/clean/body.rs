//! Bodies and payloads without their secrets.

use std::cmp::Reverse;
use std::ops::Range;

use super::Cleaner;
use crate::check::secrets::without_credentials;
use crate::contract::Contract;
use crate::recording::{Exchange, HttpExchange, Pattern};

impl Cleaner<'_> {
    /// Refuses a stub that may match something secret in another way than by all of it.
    pub(super) fn patterns(&mut self, http: &HttpExchange<'_>, exchange: &Exchange<'_>, contract: &Contract) {
        for pattern in &http.patterns {
            if contract.may_match_secrets(&exchange.operation, pattern) {
                let part = match pattern {
                    Pattern::Body => "the body".to_owned(),
                    Pattern::Query(name) => format!("the query parameter {name}"),
                    Pattern::Header(name) => format!("the header {name}"),
                };
                let entry = http.entry;
                self.left.push(format!(
                    "the stub of entry {entry} matches parts of {part}, which may hold something secret"
                ));
                self.is_hidden = true;
            }
        }
    }

    /// A body without its secrets and access keys.
    pub(super) fn body(&mut self, bytes: &[u8], mut secrets: Vec<Range<usize>>) -> Vec<u8> {
        secrets.sort_by_key(|range| (range.start, Reverse(range.end)));
        let mut content = Vec::with_capacity(bytes.len());
        let mut at = 0;
        for range in secrets {
            if range.start < at || range.end > bytes.len() {
                continue;
            }
            content.extend(&bytes[at..range.start]);
            if let Ok(text) = std::str::from_utf8(&bytes[range.clone()]) {
                match serde_json::from_str(text) {
                    Ok(value) => self.secrets.values(&value, &self.kept),
                    Err(_) => self.secrets.note(text.split_once('=').map_or(text, |(_, value)| value), &self.kept),
                }
            }
            content.extend(self.part(&bytes[range.clone()]));
            at = range.end;
        }
        content.extend(&bytes[at..]);
        match String::from_utf8(content) {
            // What is packed or encoded in the recording has to be masked before it is put back.
            Ok(text) => self.without_names(without_credentials(&text, self.mask).0).0.into_bytes(),
            Err(binary) => binary.into_bytes(),
        }
    }

    /// A text without names, where these are replaced, and how many there were.
    pub(super) fn without_names(&mut self, text: String) -> (String, usize) {
        match &mut self.identities {
            Some(identities) => identities.without(&text),
            None => (text, 0),
        }
    }

    /// A part of a body: JSON, a form's value, XML, or bytes.
    fn part(&self, bytes: &[u8]) -> Vec<u8> {
        match std::str::from_utf8(bytes) {
            Ok(text) if serde_json::from_str::<serde_json::Value>(text).is_ok() => self.json(text).into_bytes(),
            Ok(text) => match text.split_once('=') {
                Some((name, value)) if !text.starts_with('<') => {
                    format!("{name}={}", self.mask.escaped(value)).into_bytes()
                }
                _ => self.marked_up(text).into_bytes(),
            },
            Err(_) => bytes.iter().map(|byte| if byte.is_ascii_alphanumeric() { b'x' } else { *byte }).collect(),
        }
    }

    /// XML with the texts that are no secret left in it.
    fn marked_up(&self, text: &str) -> String {
        match self.kept.iter().find_map(|kept| text.split_once(kept.as_str()).map(|parts| (parts, kept))) {
            Some(((before, after), kept)) => format!("{}{kept}{}", self.marked_up(before), self.marked_up(after)),
            None => self.mask.marked_up(text),
        }
    }

    pub(super) fn json(&self, text: &str) -> String {
        match serde_json::from_str(text) {
            Ok(mut value) => {
                self.mask.value(&mut value, &self.kept);
                value.to_string()
            }
            // A text that cannot be read is secret as a whole.
            Err(_) => self.mask.text(text),
        }
    }
}

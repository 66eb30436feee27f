//! Bodies and payloads without their secrets.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::Value;

use super::Cleaner;
use crate::check::secrets::without_credentials;
use crate::check::tokens;
use crate::check::words::NESTED;
use crate::contract::Contract;
use crate::model::{Direction, Member, Protocol, ShapeKind};
use crate::protocol::{self, CborLeaf, CborPlace};
use crate::recording::named::named;
use crate::recording::named_text::{Names, Search};
use crate::recording::{Exchange, HttpExchange, Pattern, form_decoded};

/// What a sensitive part of a body is a part of, which says what of it is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartOf {
    /// A form: the part has a name and a value.
    Form,
    /// XML: the part has tags.
    Markup,
    /// Anything else, or nothing: the part is JSON or a text.
    Other,
}

impl PartOf {
    /// By the protocol and the half, and what the model says of the body.
    pub(super) fn of(exchange: &Exchange<'_>, half: Direction, contract: &Contract) -> Self {
        let service = contract.service();
        let root = service.operations.get(&*exchange.operation).and_then(|operation| operation.root(half));
        let payload = root.and_then(|root| service.shape(root)?.structure()?.payload_member());
        let is_text = |member: &Member| {
            let shape = service.shape(&member.target);
            shape.is_some_and(|shape| matches!(shape.kind, ShapeKind::Blob(_) | ShapeKind::String(_)))
        };
        match (exchange.protocol, half) {
            _ if payload.is_some_and(is_text) && exchange.error.is_none() => Self::Other,
            (Some(Protocol::AwsQuery | Protocol::Ec2Query), Direction::Request) => Self::Form,
            (Some(Protocol::AwsQuery | Protocol::Ec2Query | Protocol::RestXml), _) => Self::Markup,
            _ => Self::Other,
        }
    }

    /// The name and the value of a part of a form.
    fn pair(self, text: &str) -> Option<(&str, &str)> {
        text.split_once('=').filter(|_| self == Self::Form)
    }
}

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

    /// A body without its secrets and access keys: those in the ranges, and what is one by its name or form.
    pub(super) fn body(
        &mut self,
        bytes: &[u8],
        secrets: (Vec<Range<usize>>, PartOf),
        names: Option<&Names<'_>>,
    ) -> Vec<u8> {
        self.body_within(bytes, secrets, names, NESTED)
    }

    fn body_within(
        &mut self,
        bytes: &[u8],
        (mut secrets, part_of): (Vec<Range<usize>>, PartOf),
        names: Option<&Names<'_>>,
        depth: usize,
    ) -> Vec<u8> {
        if let Some(content) = self.cbor(bytes, &secrets, names, depth) {
            return content;
        }
        secrets.sort_by_key(|range| (range.start, Reverse(range.end)));
        let mut content = Vec::with_capacity(bytes.len());
        let mut at = 0;
        for range in secrets {
            if range.start < at || range.end > bytes.len() {
                continue;
            }
            content.extend(&bytes[at..range.start]);
            let secret = &bytes[range.clone()];
            let masked = self.part(secret, part_of);
            // What is masked already is no secret that might stand elsewhere.
            if masked != secret {
                self.take(secret, part_of);
            }
            content.extend(masked);
            at = range.end;
        }
        content.extend(&bytes[at..]);
        let (content, _) = self.without_named(content, &Search { names, least: 1, is_whole: true });
        match String::from_utf8(content) {
            // What is packed or encoded in the recording has to be masked before it is put back.
            Ok(text) => self.without_names(without_credentials(&text, self.mask, &self.words).0).0.into_bytes(),
            Err(binary) => binary.into_bytes(),
        }
    }

    /// Takes a part of a body as a secret: JSON, a pair of a form, or a text.
    fn take(&mut self, part: &[u8], part_of: PartOf) {
        let Ok(text) = std::str::from_utf8(part) else { return };
        match (serde_json::from_str(text), part_of.pair(text)) {
            (Ok(value), _) => self.secrets.take(&value, &self.kept),
            (_, Some((_, value))) => {
                self.secrets.note(value, &self.kept);
                // Beside the body it may stand decoded.
                self.secrets.note(&form_decoded(value), &self.kept);
            }
            (_, None) => {
                self.secrets.note(text, &self.kept);
                if part_of == PartOf::Form {
                    self.secrets.note(&form_decoded(text), &self.kept);
                }
            }
        }
    }

    /// A body of CBOR, likewise; `None` of anything else.
    fn cbor(
        &mut self,
        bytes: &[u8],
        secrets: &[Range<usize>],
        names: Option<&Names<'_>>,
        depth: usize,
    ) -> Option<Vec<u8>> {
        let tree = protocol::tree_of_cbor(bytes)?;
        let is_more = |name: &str| names.is_some_and(|names| names(name));
        let open: Vec<Range<usize>> = named(&tree, &is_more)
            .into_iter()
            .filter(|own| own.is_open(1) && !own.text().is_some_and(|text| self.words.has(&own.name, &text)))
            .map(|own| own.value.range.clone())
            .collect();
        // Of a key that stands twice the model reads one value.
        let mut hit = BTreeSet::new();
        let is_within = |range: &Range<usize>, own: &Range<usize>| range.start <= own.start && own.end <= range.end;
        if !secrets.is_empty() {
            protocol::edited_cbor(bytes, &mut |place, _| {
                if !place.is_key && secrets.iter().any(|range| is_within(range, &place.range)) {
                    hit.insert(place.pointer.to_owned());
                }
                None
            });
        }
        let is_hit = |pointer: &str| {
            let mut above = pointer.match_indices('/').map(|(end, _)| &pointer[..end]);
            hit.contains(pointer) || !hit.is_empty() && above.any(|above| hit.contains(above))
        };
        protocol::edited_cbor(bytes, &mut |place: &CborPlace<'_>, leaf| {
            let is_secret = !place.is_key && (is_hit(place.pointer) || open.contains(&place.range));
            if is_secret { self.secret_leaf(leaf) } else { self.leaf(place, leaf, names, depth) }
        })
    }

    /// What stands for a secret.
    fn secret_leaf(&mut self, leaf: &CborLeaf<'_>) -> Option<CborLeaf<'static>> {
        match leaf {
            CborLeaf::Text(text) if self.kept.iter().any(|kept| kept == text) => None,
            CborLeaf::Text(text) => {
                self.secrets.note(text, &self.kept);
                Some(CborLeaf::Text(self.mask.text(text).into()))
            }
            CborLeaf::Bytes(bytes) => {
                if let Ok(text) = std::str::from_utf8(bytes) {
                    self.secrets.note(text, &self.kept);
                }
                Some(CborLeaf::Bytes(vec![b'x'; bytes.len()].into()))
            }
            CborLeaf::Number(number) => {
                let mut value = Value::Number(number.clone());
                self.mask.value(&mut value, &self.kept);
                if let Value::Number(masked) = value { Some(CborLeaf::Number(masked)) } else { None }
            }
        }
    }

    /// What stands for a leaf in which something secret is by its form; `None` where nothing is.
    fn leaf(
        &mut self,
        place: &CborPlace<'_>,
        leaf: &CborLeaf<'_>,
        names: Option<&Names<'_>>,
        depth: usize,
    ) -> Option<CborLeaf<'static>> {
        match leaf {
            CborLeaf::Text(text) => {
                let without = match depth.checked_sub(1).filter(|_| !place.is_key) {
                    Some(depth) => {
                        let content = self.body_within(text.as_bytes(), (Vec::new(), PartOf::Other), names, depth);
                        String::from_utf8(content).ok()?
                    }
                    None => self.without_names(text.to_string()).0,
                };
                (without != *text).then(|| CborLeaf::Text(without.into()))
            }
            CborLeaf::Bytes(bytes) => {
                let without = self.body_within(bytes, (Vec::new(), PartOf::Other), names, depth.checked_sub(1)?);
                (without != **bytes).then(|| CborLeaf::Bytes(without.into()))
            }
            CborLeaf::Number(_) => None,
        }
    }

    /// A body without what was masked elsewhere; `None` where there is nothing of it, or nobody can read the body.
    pub(super) fn without_secrets(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let without = |text: &str| {
            let (without, count) = self.secrets.without(text, self.mask, &self.words);
            (count > 0 && without != text).then_some(without)
        };
        if let Ok(text) = std::str::from_utf8(bytes) {
            return without(text).map(String::into_bytes);
        }
        let edited = protocol::edited_cbor(bytes, &mut |place, leaf| match leaf {
            CborLeaf::Text(text) if !place.is_key => Some(CborLeaf::Text(without(text)?.into())),
            CborLeaf::Bytes(bytes) => {
                Some(CborLeaf::Bytes(without(std::str::from_utf8(bytes).ok()?)?.into_bytes().into()))
            }
            _ => None,
        });
        edited.filter(|edited| edited != bytes)
    }

    /// A text without names, where these are replaced, and how many there were.
    pub(super) fn without_names(&mut self, text: String) -> (String, usize) {
        match &mut self.identities {
            Some(identities) => {
                let (text, names) = identities.without(&text);
                let (text, within) = tokens::without_names(&text, identities);
                (text, names + within)
            }
            None => (text, 0),
        }
    }

    /// A part of a body without what it says.
    fn part(&self, bytes: &[u8], part_of: PartOf) -> Vec<u8> {
        match std::str::from_utf8(bytes) {
            Ok(text) if serde_json::from_str::<serde_json::Value>(text).is_ok() => self.json(text).into_bytes(),
            Ok(text) => match (part_of.pair(text), part_of) {
                (Some((name, value)), _) => format!("{name}={}", self.mask.escaped(value)).into_bytes(),
                (None, PartOf::Form) => self.mask.escaped(text).into_bytes(),
                (None, PartOf::Markup) => self.but_kept(text, &|text| self.mask.marked_up(text)).into_bytes(),
                (None, PartOf::Other) => self.but_kept(text, &|text| self.mask.text(text)).into_bytes(),
            },
            Err(_) => bytes.iter().map(|byte| if byte.is_ascii_alphanumeric() { b'x' } else { *byte }).collect(),
        }
    }

    /// A text without what it says, but for the texts that are no secret.
    fn but_kept(&self, text: &str, mask: &dyn Fn(&str) -> String) -> String {
        match self.kept.iter().find_map(|kept| text.split_once(kept.as_str()).map(|parts| (parts, kept))) {
            Some(((before, after), kept)) => {
                format!("{}{kept}{}", self.but_kept(before, mask), self.but_kept(after, mask))
            }
            None => mask(text),
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

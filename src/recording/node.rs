//! A document with its places: what the readers of JSON and YAML recordings look into.
//!
//! Both syntaxes give the same [`Node`]s, so that a format that comes in either is read by one function.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use serde_json::{Map, Value};

use super::http::Headers;
use super::keys::Keys;
use super::number::{self, Rounding};
use super::written::{Notation, Written};
use crate::limits::Limit;

/// What is wrong with a status that is none.
pub(super) const NO_STATUS: &str = "the status of its response is no HTTP status";

/// A text's documents with their places. Only YAML has more than one.
#[derive(Debug)]
pub(super) struct Document<'a> {
    /// The trees, the last of them perhaps broken off.
    pub(super) roots: Vec<Node<'a>>,
    /// What is wrong with the text: the reason, and the byte it is about.
    pub(super) wrong: Option<(String, usize)>,
    /// The limit at which reading stopped, and the byte of it.
    pub(super) beyond: Option<(Limit, usize)>,
}

impl Document<'_> {
    /// Keys of the envelope that stand more than once in their object, with the byte of the later value. Which of two
    /// counts is nowhere defined. Left out are headers, of which each is read, and bodies that are JSON texts of their
    /// own: a payload's keys are judged with it.
    pub(super) fn repeated(&self, json: bool) -> Vec<(String, usize)> {
        let mut repeated = Vec::new();
        // What aliases stand for is told once.
        let mut told = HashSet::new();
        let mut open: Vec<(&str, &Node<'_>)> = self.roots.iter().map(|root| ("", root)).collect();
        while let Some((name, node)) = open.pop() {
            open.extend(node.items().iter().map(|item| (name, item)));
            let is_held = || node.members().iter().any(|(key, _)| matches!(&**key, "string" | "base64_string"));
            if json && matches!(name, "body" | "parsed_body") && !is_held() {
                continue;
            }
            let is_headers = name.eq_ignore_ascii_case("headers");
            let mut known = Keys::default();
            for (key, member) in node.members() {
                if !known.insert(&**key) && !is_headers && told.insert(member.range.start) {
                    repeated.push((key.clone().into_owned(), member.range.start));
                }
                open.push((key, member));
            }
        }
        repeated.sort_by_key(|(_, at)| *at);
        repeated
    }
}

/// A value of a document.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub(super) kind: Kind<'a>,
    /// Bytes of the source, quotes included.
    pub(super) range: Range<usize>,
}

#[derive(Debug, Clone)]
pub(super) enum Kind<'a> {
    Scalar(Scalar<'a>),
    List(Vec<Node<'a>>),
    Map(Vec<(Cow<'a, str>, Node<'a>)>),
}

#[derive(Debug, Clone)]
pub(super) struct Scalar<'a> {
    pub(super) text: Cow<'a, str>,
    /// It was quoted, so it is text whatever it looks like.
    pub(super) quoted: bool,
    /// Tagged `!!binary`.
    pub(super) binary: bool,
    pub(super) form: Notation,
}

/// The node that stands for what is not there.
static ABSENT: Node<'static> = Node {
    kind: Kind::Scalar(Scalar { text: Cow::Borrowed("null"), quoted: false, binary: false, form: Notation::Verbatim }),
    range: 0..0,
};

impl<'a> Node<'a> {
    /// The member of that name, or null.
    pub(super) fn get(&self, key: &str) -> &Node<'a> {
        match &self.kind {
            Kind::Map(members) => {
                members.iter().rev().find(|(own, _)| own == key).map_or(&ABSENT, |(_, member)| member)
            }
            _ => &ABSENT,
        }
    }

    /// The member along a path of names, or null.
    pub(super) fn at(&self, path: &[&str]) -> &Node<'a> {
        path.iter().fold(self, |node, key| node.get(key))
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(scalar) if !scalar.quoted && matches!(&*scalar.text, "null" | "~" | "" | "Null" | "NULL"))
    }

    /// The elements of a list; none of anything else.
    pub(super) fn items(&self) -> &[Node<'a>] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The list along a path of names, taken out; `None` where there is none.
    pub(super) fn into_list(self, path: &[&str]) -> Option<Vec<Node<'a>>> {
        match (self.kind, path) {
            (Kind::List(items), []) => Some(items),
            (Kind::Map(members), [key, below @ ..]) => {
                members.into_iter().rev().find(|(own, _)| own == key)?.1.into_list(below)
            }
            _ => None,
        }
    }

    /// The members of a map; none of anything else.
    pub(super) fn members(&self) -> &[(Cow<'a, str>, Node<'a>)] {
        match &self.kind {
            Kind::Map(members) => members,
            _ => &[],
        }
    }

    /// The members of a map, taken out; none of anything else.
    pub(super) fn into_members(self) -> Vec<(Cow<'a, str>, Node<'a>)> {
        match self.kind {
            Kind::Map(members) => members,
            _ => Vec::new(),
        }
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self.kind, Kind::Map(_))
    }

    /// The text of a scalar that is not null. A binary one is decoded.
    pub(super) fn text(&self) -> Option<Cow<'a, str>> {
        let Kind::Scalar(scalar) = &self.kind else { return None };
        if self.is_null() {
            return None;
        }
        if scalar.binary {
            return Some(String::from_utf8_lossy(&decode(&scalar.text)?).into_owned().into());
        }
        Some(scalar.text.clone())
    }

    /// A scalar as an HTTP status: a number, or a status line that begins with one. `None` where there is nothing.
    ///
    /// # Errors
    /// It is something else.
    pub(super) fn status(&self) -> Result<Option<u16>, String> {
        if self.is_null() {
            return Ok(None);
        }
        let text = self.text().unwrap_or_default();
        let number = text.split(' ').next().unwrap_or_default();
        // JSON has one kind of number: 200.0 is 200.
        let whole = number.split_once('.').map_or(number, |(whole, rest)| {
            let is_zero = !rest.is_empty() && rest.bytes().all(|digit| digit == b'0');
            if is_zero { whole } else { number }
        });
        match whole.parse() {
            Ok(status @ (0 | 100..=999)) => Ok(Some(status)),
            _ if text.is_empty() && matches!(self.kind, Kind::Scalar(_)) => Ok(None),
            _ => Err(NO_STATUS.to_owned()),
        }
    }

    /// A scalar with its place; a binary one is decoded.
    ///
    /// # Errors
    /// What is tagged as binary is not base64.
    pub(super) fn written(&self) -> Result<Option<Written<'a>>, String> {
        let Kind::Scalar(scalar) = &self.kind else { return Ok(None) };
        if self.is_null() {
            return Ok(None);
        }
        if scalar.binary {
            return self.base64().map(Some);
        }
        let bytes = match &scalar.text {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.clone().into_bytes()),
        };
        Ok(Some(Written::new(bytes, self.range.clone(), scalar.form)))
    }

    /// A scalar of base64 text, decoded.
    ///
    /// # Errors
    /// It is something else.
    pub(super) fn base64(&self) -> Result<Written<'a>, String> {
        let Kind::Scalar(scalar) = &self.kind else { return Err("a body that should be base64 is no text".into()) };
        let bytes = decode(&scalar.text).ok_or("a body that should be base64 is not")?;
        Ok(Written::new(bytes.into(), self.range.clone(), Notation::Base64))
    }

    /// The value as JSON, where a YAML recorder kept a body as what it means.
    pub(super) fn to_value(&self) -> Value {
        match &self.kind {
            Kind::List(items) => items.iter().map(Node::to_value).collect(),
            Kind::Map(members) => {
                let members = members.iter().map(|(key, member)| (key.clone().into_owned(), member.to_value()));
                Value::Object(members.collect::<Map<_, _>>())
            }
            Kind::Scalar(_) if self.is_null() => Value::Null,
            Kind::Scalar(scalar) => {
                let plain = (!scalar.quoted && !scalar.binary).then(|| match number::read(&scalar.text) {
                    // Beyond floating point it is no number that anything here could hold.
                    Some(read) => (read.rounding != Rounding::Overflow).then_some(Value::Number(read.number)),
                    None => serde_json::from_str(&scalar.text).ok(),
                });
                plain.flatten().unwrap_or_else(|| self.text().unwrap_or_default().into())
            }
        }
    }

    /// Headers from a map of names to one value or a list of values. What is neither is noted as left out.
    ///
    /// # Errors
    /// A binary value is not base64.
    pub(super) fn headers(&self) -> Result<Headers<'a>, String> {
        let mut headers = Headers::default();
        headers.leaves_out(!self.is_map() && !self.is_empty());
        for (name, value) in self.members() {
            let values =
                if let Kind::List(items) = &value.kind { items.as_slice() } else { std::slice::from_ref(value) };
            for value in values {
                match value.written()? {
                    Some(written) => headers.push(name.clone(), written),
                    None => headers.leaves_out(!value.is_null()),
                }
            }
        }
        Ok(headers)
    }

    /// Whether there is nothing in it, however that is written: some recorders write an empty map as an empty list.
    pub(super) fn is_empty(&self) -> bool {
        match &self.kind {
            Kind::List(items) => items.is_empty(),
            Kind::Map(members) => members.is_empty(),
            Kind::Scalar(scalar) => scalar.text.is_empty() || self.is_null(),
        }
    }
}

/// Base64 with or without padding and line breaks.
fn decode(text: &str) -> Option<Vec<u8>> {
    let compact: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(&compact).or_else(|_| STANDARD_NO_PAD.decode(&compact)).ok()
}

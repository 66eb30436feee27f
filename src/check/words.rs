//! What is called like a credential and is one, and what is none.

use std::collections::BTreeSet;

use serde_json::Value;

use super::mask::Mask;
use crate::contract::Contract;
use crate::limits::Limits;
use crate::model::{EnumValues, ShapeKind};
use crate::recording::named_text::{Search, What, pieces};
use crate::recording::{Exchange, credential};

/// Texts within texts that are looked into.
pub(super) const NESTED: usize = 3;

/// Values under the name of a credential that say something about one: the name in small letters, and the value.
#[derive(Debug, Default)]
pub(super) struct Words(BTreeSet<(String, String)>);

impl Words {
    /// Takes those of an exchange: of enumerations and numbers.
    pub(super) fn take(&mut self, exchange: &Exchange<'_>, contract: &Contract) {
        contract.visit(exchange, &mut |visited| {
            let Some((_, name)) = visited.member.filter(|(_, name)| credential::is_name(name)) else { return };
            let kind = contract.service().shape(visited.shape).map(|shape| &shape.kind);
            let word = match (kind, visited.value) {
                (Some(ShapeKind::String(EnumValues(Some(values)))), Value::String(text)) if values.contains(text) => {
                    text.clone()
                }
                (Some(ShapeKind::Integer(_) | ShapeKind::Float(_)), Value::Number(number)) => number.to_string(),
                _ => return,
            };
            self.0.insert((name.to_ascii_lowercase(), word));
        });
    }

    /// Whether a text holds a credential by its form.
    pub(super) fn is_secret(&self, text: &str) -> bool {
        credential::found_in(text).into_iter().any(|(range, _)| !self.has_value(&text[range]))
    }

    /// Whether a value is one of them, under whatever name.
    pub(super) fn has_value(&self, value: &str) -> bool {
        self.0.iter().any(|(_, own)| own == value)
    }

    /// Whether a value under a name is one of them.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&(name.to_ascii_lowercase(), value.to_owned()))
    }
}

/// Whether something stands in a text under the name of a credential that is no mask.
pub(super) fn holds_named(text: &str, search: &Search<'_>, words: &Words, limits: &Limits) -> bool {
    holds_within(text, search, words, limits, NESTED)
}

fn holds_within(text: &str, search: &Search<'_>, words: &Words, limits: &Limits, depth: usize) -> bool {
    pieces(text, search, limits).iter().any(|piece| {
        let meant = piece.written.text();
        match &piece.what {
            What::Secret(name) => !words.has(name, &meant) && !Mask::is_mask(&meant),
            What::SecretNumber(name) => !words.has(name, &meant),
            What::Text if depth > 0 => {
                let inner = Search { is_whole: false, ..*search };
                holds_within(&meant, &inner, words, limits, depth - 1) || words.is_secret(&meant)
            }
            What::Text => false,
        }
    })
}

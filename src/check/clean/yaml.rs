//! Payloads that stand in a recording as YAML.

use std::cmp::Reverse;

use serde_json::Value;

use super::Cleaner;
use crate::contract::Contract;
use crate::model::Direction;
use crate::recording::json_index::Index;
use crate::recording::{Exchange, Notation, Source, Written, json};

impl Cleaner<'_> {
    /// A payload that stands in the source as YAML: each sensitive scalar is written anew, as JSON, which is YAML, too.
    pub(super) fn printed(
        &mut self,
        source: &Source<'_>,
        exchange: &Exchange<'_>,
        half: Direction,
        contract: &Contract,
    ) {
        let Some((payload, value)) = exchange.payload(half).and_then(|own| Some((own, own.value.as_ref()?))) else {
            return;
        };
        let index = Index::of_payload(payload);
        let start = source.offset_of(payload.text);
        let mut open = contract.sensitive_pointers(exchange, half);
        while let Some(pointer) = open.pop() {
            let Some(secret) = value.pointer(&pointer) else { continue };
            match secret {
                Value::Object(members) => open.extend(members.keys().map(|key| json::child(&pointer, key))),
                Value::Array(items) => open.extend((0..items.len()).map(|at| format!("{pointer}/{at}"))),
                scalar => {
                    let mut masked = scalar.clone();
                    self.secrets.take(scalar, &self.kept);
                    self.mask.value(&mut masked, &self.kept);
                    let within = index.locate(&pointer, json::Part::Value);
                    let range = start + within.start..start + within.end;
                    let bytes = masked.as_str().unwrap_or_default().as_bytes().into();
                    let written = Written { masked: true, ..Written::new(bytes, range.clone(), Notation::Spaced) };
                    let quoted = written.rewritten(source.bytes, &written.bytes).filter(|_| masked.is_string());
                    let quoted = quoted.and_then(|mut edits| edits.pop());
                    let (range, text) = quoted.unwrap_or_else(|| (range, masked.to_string().into_bytes()));
                    self.edits.insert((range.start, Reverse(range.end)), text);
                }
            }
        }
    }
}

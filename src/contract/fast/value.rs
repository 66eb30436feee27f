//! Running over a value: one that a protocol put together, or that was made of a text in doubt. The run over texts says the same of the value written as a text, but
//! for whole numbers of 19 digits, which it leaves to the full path.

use serde_json::{Number, Value};

use super::super::written::are_fine_seconds;
use super::{MOST_EXACT, Node, Nodes, Object, Seen, Text, holds};

impl Nodes<'_> {
    /// Whether the value conforms for certain.
    pub(in crate::contract) fn conforms_value(&self, root: &Node, value: &Value) -> bool {
        self.accepts(root, value)
    }

    fn accepts(&self, node: &Node, value: &Value) -> bool {
        match (node, value) {
            (Node::Any, value) => is_plain(value),
            (Node::Boolean, Value::Bool(_)) | (Node::Sparse(_), Value::Null) => true,
            (Node::Sparse(link), value) => self.accepts(self.node(link), value),
            (Node::Integer { min, max }, Value::Number(number)) => {
                number.as_i64().is_some_and(|value| (*min..=*max).contains(&value))
            }
            (Node::Number { min, max, is_time, .. }, Value::Number(number)) => {
                let is_certain = |value| {
                    holds(value, is_whole_exact(number))
                        && (*min..=*max).contains(&value)
                        && !(*is_time && are_fine_seconds(value))
                };
                number.as_f64().is_some_and(is_certain)
            }
            (Node::Text(text) | Node::Number { text: Some(text), .. }, Value::String(value)) => fits(text, value),
            (Node::Array { items, min, max }, Value::Array(elements)) => {
                let items = self.node(items);
                (*min..=*max).contains(&elements.len()) && elements.iter().all(|element| self.accepts(items, element))
            }
            (Node::Map { keys, values, min, max }, Value::Object(entries)) => {
                let (Node::Text(keys), values) = (self.node(keys), self.node(values)) else { return false };
                (*min..=*max).contains(&entries.len())
                    && entries.iter().all(|(key, value)| fits(keys, key) && self.accepts(values, value))
            }
            (Node::Object(object), Value::Object(members)) => self.has_members(object, members),
            _ => false,
        }
    }

    fn has_members(&self, object: &Object, members: &serde_json::Map<String, Value>) -> bool {
        let mut seen: Seen = [0; 4];
        for (key, value) in members {
            let Some(at) = object.members.position(key) else { return false };
            let Some(word) = seen.get_mut(at / 64) else { return false };
            *word |= 1 << (at % 64);
            if !self.accepts(self.node(object.members.value(at)), value) {
                return false;
            }
        }
        object.is_complete(&seen, members.len())
    }
}

pub(super) fn fits(text: &Text, value: &str) -> bool {
    text.is_free() || text.accepts_text(value, value.is_ascii())
}

/// Whether floating point holds the number as it is, where it is a whole one.
fn is_whole_exact(number: &Number) -> bool {
    match number.as_i64() {
        Some(whole) => whole.unsigned_abs() <= MOST_EXACT,
        None => number.is_f64(),
    }
}

/// Whether a document is one that the run over texts leaves to nobody else.
pub(super) fn is_plain(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(elements) => elements.iter().all(is_plain),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::compile::compile;
    use crate::contract::{Contract, ValueForm};
    use crate::ingest::embedded;
    use crate::model::{Direction, Encoding};

    #[test]
    fn a_value_is_judged_as_its_text_is() {
        let service = embedded::find("cleanrooms")
            .and_then(crate::ingest::embedded::Embedded::load)
            .expect("it is built in")
            .service;
        let contract = Contract::new(service);
        let half = contract.half(Direction::Response, ValueForm { encoding: Encoding::Wire, protocol: None });
        let nodes = contract.programs.nodes(&contract, half);
        let structure = json!({
            "type": "object", "additionalProperties": false, "required": ["id"],
            "properties": {"id": {"type": "string"}, "size": {"type": "number"}, "count": {"type": "integer"}}
        });
        let list = json!({"type": "array", "items": {"type": "string"}, "maxItems": 2});
        let map = json!({"type": "object", "propertyNames": {"type": "string"}, "additionalProperties": {"type": "integer"}, "maxProperties": 1});
        for (schema, value, is_sure) in [
            (&structure, json!({"id": "a"}), true),
            (&structure, json!({"id": "a", "size": 0.5, "count": 2}), true),
            (&structure, json!({"size": 0.5}), false),
            (&structure, json!({"id": "a", "other": 1}), false),
            (&structure, json!({"id": "a", "count": 0.5}), false),
            (&structure, json!({"id": "a", "size": "1"}), false),
            (&json!({"type": "number"}), json!(9_007_199_254_740_993_u64), false),
            (&json!({"type": "number"}), json!(9_007_199_254_740_992.0), true),
            (&json!({"type": "number"}), json!(1e17), false),
            (&json!({"type": "number"}), json!(-1e17), false),
            (&json!({}), json!([1, "a", {}]), true),
            (&list, json!(["a", "b"]), true),
            (&list, json!(["a", 1]), false),
            (&list, json!(["a", "b", "c"]), false),
            (&map, json!({"a": 1}), true),
            (&map, json!({"a": "b"}), false),
            (&map, json!({"a": 1, "b": 2}), false),
        ] {
            let root = compile(schema.as_object().expect("a schema"), &|_| None);
            assert_eq!(nodes.conforms_value(&root, &value), is_sure, "{value}");
            assert_eq!(nodes.conforms(&root, &value.to_string()), is_sure, "{value} as a text");
        }
    }
}

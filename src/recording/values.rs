//! The values of a text, whatever recorder wrote it.

use serde_json::Value;

use super::document::begins_json;
use super::node::Node;
use super::yaml_node;
use crate::limits::Limits;

/// The values that a text is made of, as far as it is JSON, lines of that, or YAML: to look for something in them.
pub(crate) fn of(text: &str, limits: &Limits) -> Vec<Value> {
    if begins_json(text.trim_start_matches('\u{feff}').as_bytes()) {
        let values = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}')).into_iter();
        return values.map_while(Result::ok).collect();
    }
    yaml_node::parse(text, limits).roots.iter().map(Node::to_value).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_lines_and_yaml_are_values_as_far_as_they_are_sound() {
        let of = |text: &str| of(text, &Limits::default());
        assert_eq!(of("\u{feff}{\"a\": 1}\n[2]\n{"), [json!({"a": 1}), json!([2])]);
        assert_eq!(of("a: [1, x]\n---\nb: y\n"), [json!({"a": [1, "x"]}), json!({"b": "y"})]);
        assert_eq!(of(""), Vec::<Value>::new());
    }
}

//! Values of findings, as deep as programs read them.

use std::borrow::Cow;

use serde_json::Value;

/// Levels of a value that are shown. Parsers of JSON read 128, of which a report has some itself.
const LEVELS: usize = 100;

/// What stands for the levels below.
const DEEPER: &str = "…";

/// A value without what lies too deep for those who read reports.
pub(crate) fn shallow(value: Cow<'_, Value>) -> Cow<'_, Value> {
    if is_within(&value, LEVELS) {
        return value;
    }
    let mut value = value.into_owned();
    cut(&mut value, LEVELS);
    Cow::Owned(value)
}

fn is_within(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(list) => levels > 0 && list.iter().all(|item| is_within(item, levels - 1)),
        Value::Object(map) => levels > 0 && map.values().all(|item| is_within(item, levels - 1)),
        _ => true,
    }
}

fn cut(value: &mut Value, levels: usize) {
    match value {
        Value::Array(_) | Value::Object(_) if levels == 0 => *value = DEEPER.into(),
        Value::Array(list) => list.iter_mut().for_each(|item| cut(item, levels - 1)),
        Value::Object(map) => map.values_mut().for_each(|item| cut(item, levels - 1)),
        _ => {}
    }
}

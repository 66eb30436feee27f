//! What is counted of a value that has too little or too much of it, or the same twice.

use serde_json::Value;

use super::breach::BreachKind;
use crate::model::End;

/// The breach of a bound.
pub(super) fn length(found: u64, limit: u64, end: End, unit: &'static str) -> BreachKind {
    BreachKind::Length { unit, found, limit, end }
}

/// The first two elements of a list that are equal.
pub(super) fn equal_items(list: &Value) -> [usize; 2] {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let earlier = |(at, item): (usize, &Value)| Some([items[..at].iter().position(|other| other == item)?, at]);
    // Numbers may be equal that are written differently.
    items.iter().enumerate().find_map(earlier).unwrap_or([0, 0])
}

/// Characters of a text.
pub(super) fn text_length(value: &Value) -> u64 {
    value.as_str().map_or(0, |text| text.chars().count() as u64)
}

/// Elements of a list, or entries of a map.
pub(super) fn size(value: &Value) -> u64 {
    value.as_array().map(Vec::len).or(value.as_object().map(serde_json::Map::len)).unwrap_or(0) as u64
}

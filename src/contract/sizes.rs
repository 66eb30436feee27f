//! What is counted of a value that has too little or too much of it, or the same twice.

use jsonschema::json::{cmp, unique};
use serde_json::Value;

use super::breach::BreachKind;
use crate::model::End;

/// The breach of a bound.
pub(super) fn length(found: u64, limit: u64, end: End, unit: &'static str) -> BreachKind {
    BreachKind::Length { unit, found, limit, end }
}

/// The first two elements of a list that are equal as JSON Schema has it: `1` and `1.0` are.
pub(super) fn equal_items(list: &Value) -> [usize; 2] {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    // Whether all of a list differ is found by hashing. The elements of each beginning of one that has no equals differ, too.
    let (mut without, mut with) = (0, items.len());
    while without + 1 < with {
        let middle = usize::midpoint(without, with);
        *(if unique::is_unique(&items[..middle]) { &mut without } else { &mut with }) = middle;
    }
    let Some((second, before)) = items[..with].split_last() else { return [0, 0] };
    before.iter().position(|first| cmp::equal(first, second)).map_or([0, 0], |first| [first, with - 1])
}

/// Characters of a text.
pub(super) fn text_length(value: &Value) -> u64 {
    value.as_str().map_or(0, |text| text.chars().count() as u64)
}

/// Elements of a list, or entries of a map.
pub(super) fn size(value: &Value) -> u64 {
    value.as_array().map(Vec::len).or(value.as_object().map(serde_json::Map::len)).unwrap_or(0) as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn pairwise(items: &[Value]) -> [usize; 2] {
        let earlier =
            |(at, item): (usize, &Value)| Some([items[..at].iter().position(|other| cmp::equal(other, item))?, at]);
        items.iter().enumerate().find_map(earlier).unwrap_or([0, 0])
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0_i64..40).prop_map(Value::from),
            (0_i32..40).prop_map(|number| f64::from(number).into()),
            prop_oneof![Just(-0.0), Just(0.5), Just(9_007_199_254_740_993.0)].prop_map(Value::from),
            prop_oneof![Just(u64::MAX), Just(9_007_199_254_740_993)].prop_map(Value::from),
            "[ab]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                proptest::collection::vec(("[ab]", inner), 0..3).prop_map(|entries| entries.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_first_equal_elements_are_those_that_comparing_each_with_each_finds(
            items in proptest::collection::vec(value(), 0..60),
        ) {
            let expected = pairwise(&items);
            prop_assert_eq!(equal_items(&Value::from(items)), expected);
        }
    }

    #[test]
    fn a_long_list_with_equal_elements_at_its_end_is_no_matter_of_minutes() {
        let mut items: Vec<Value> = (0..30_000).map(Value::from).collect();
        items.push(json!(29_999.0));
        let began = std::time::Instant::now();
        assert_eq!(equal_items(&Value::from(items)), [29_999, 30_000]);
        assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    }
}

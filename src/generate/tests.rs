//! What holds for small schemas.

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::*;

fn tree() -> Value {
    json!({
        "type": "object",
        "properties": {
            "id": {"type": "string", "pattern": "^(?:[a-z]{2,9})$"},
            "count": {"type": "integer", "minimum": 3},
            "label": {"type": "string", "maxLength": 8},
            "kids": {"type": "array", "items": {"$ref": "#/$defs/Kid"}, "maxItems": 3},
            "named": {
                "type": "object",
                "propertyNames": {"type": "string", "minLength": 1},
                "additionalProperties": {"type": "boolean"}
            }
        },
        "required": ["id"],
        "additionalProperties": false,
        "$defs": {"Kid": {
            "type": "object",
            "properties": {"kids": {"type": "array", "items": {"$ref": "#/$defs/Kid"}}, "flag": {"type": "boolean"}},
            "additionalProperties": false
        }}
    })
}

/// Shrinks as `proptest` does.
fn shrink<T: proptest::strategy::ValueTree>(mut tree: T, fails: impl Fn(&T::Value) -> bool) -> T::Value {
    let mut goes_on = tree.simplify();
    while goes_on {
        goes_on = if fails(&tree.current()) { tree.simplify() } else { tree.complicate() };
    }
    tree.current()
}

#[test]
fn payloads_shrink_to_what_matters() {
    let strategy = of_schema(&tree()).expect("our dialect");
    let mut runner = TestRunner::deterministic();
    let matters = |payload: &Value| {
        payload["count"].as_i64().is_some_and(|count| count >= 7) && !payload["kids"][0]["flag"].is_null()
    };
    let mut seen = 0;
    for _ in 0..2000 {
        let tree = strategy.new_tree(&mut runner).expect("a payload");
        if matters(&tree.current()) {
            seen += 1;
            let smallest = shrink(tree, matters);
            assert_eq!(smallest, json!({"id": "aa", "count": 7, "kids": [{"flag": false}]}));
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn whatever_fails_shrinks_to_the_simplest() {
    let strategy = of_schema(&tree()).expect("our dialect");
    let mut runner = TestRunner::deterministic();
    for _ in 0..100 {
        let tree = strategy.new_tree(&mut runner).expect("a payload");
        assert_eq!(shrink(tree, |_| true), json!({"id": "aa"}));
    }
    assert_eq!(strategy.simplest(), json!({"id": "aa"}));
}

#[test]
fn faults_shrink_to_the_fault() {
    let strategy = of_schema(&tree()).expect("our dialect").one_fault();
    let mut runner = TestRunner::deterministic();
    for _ in 0..300 {
        let tree = strategy.new_tree(&mut runner).expect("a fault");
        let (rule, first) = (tree.current().rule, tree.current());
        let smallest = shrink(tree, |fault| fault.rule == rule);
        let optional =
            smallest.payload.as_object().map_or(0, |object| object.keys().filter(|key| *key != "id").count());
        assert!(optional <= 1, "{smallest:?} of {first:?}");
        assert!(!smallest.pointer.contains("/1"), "{smallest:?}");
    }
}

#[test]
fn what_is_not_understood_is_refused_by_name() {
    let refused = |schema: Value| of_schema(&schema).expect_err("refused").to_string();
    assert!(
        refused(json!({"type": "object", "properties": {"a": {"type": "string", "format": "uuid"}}}))
            .contains("`format`")
    );
    assert!(refused(json!({"anyOf": []})).contains("`anyOf`"));
    assert!(refused(json!({"$ref": "https://example.com"})).contains("$defs"));
}

#[test]
fn what_cannot_be_made_is_told() {
    let schema = |required: Value| {
        json!({
            "title": "Thing",
            "type": "object",
            "properties": {"a": {"type": "string", "pattern": "^(?:(?!x)x)$"}, "b": {"type": "boolean"}},
            "required": required,
            "additionalProperties": false
        })
    };
    let told = of_schema(&schema(json!(["a"]))).expect_err("nothing fits").to_string();
    assert!(told.contains("`Thing.a`") && told.contains("(?!x)x"), "{told}");
    let strategy = of_schema(&schema(json!([]))).expect("it can be left out");
    assert_eq!(strategy.omissions().len(), 1);
    assert!((0..50).all(|seed| strategy.seeded(seed).get("a").is_none()));
}

#[test]
fn the_cover_shows_everything_that_is_allowed() {
    let payloads = of_schema(&tree()).expect("our dialect").cover();
    let shows = |test: &dyn Fn(&Value) -> bool| assert!(payloads.iter().any(test), "{payloads:#?}");
    for member in ["count", "label", "kids", "named"] {
        shows(&|payload| payload.get(member).is_none());
        shows(&|payload| payload.get(member).is_some());
    }
    shows(&|payload| payload["label"].as_str().is_some_and(|label| label.len() == 8));
    shows(&|payload| payload["label"] == "");
    shows(&|payload| payload["count"] == 3);
    shows(&|payload| payload["kids"].as_array().is_some_and(|kids| kids.len() == 3));
    shows(&|payload| payload["kids"] == json!([]));
    shows(&|payload| payload["kids"][0]["flag"] == true);
    shows(&|payload| payload["id"].as_str().is_some_and(|id| id.len() == 9));
    assert!(payloads.len() < 10, "{payloads:#?}");
}

/// The schema of an object with one text.
fn text(schema: &Value) -> Value {
    json!({"type": "object", "properties": {"text": schema}, "required": ["text"], "additionalProperties": false})
}

/// What is left of each text that fails, over many drawn ones.
fn minima(schema: &Value, fails: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let strategy = of_schema(&text(schema)).expect("a schema that payloads are made of");
    let mut runner = TestRunner::deterministic();
    let of = |value: &Value| fails(value["text"].as_str().unwrap_or_default());
    let trees = (0..300).map(|_| strategy.new_tree(&mut runner).expect("a payload"));
    let failing: Vec<_> = trees.filter(|tree| of(&tree.current())).collect();
    assert!(failing.len() > 10, "too few of the texts fail: {}", failing.len());
    let left = failing.into_iter().map(|tree| shrink(tree, of)["text"].as_str().unwrap_or_default().to_owned());
    left.collect()
}

#[test]
fn texts_shrink_character_by_character() {
    let sorted = |text: &str| {
        let mut chars: Vec<char> = text.chars().collect();
        chars.sort_unstable();
        chars.into_iter().collect::<String>()
    };
    let patterned = json!({"type": "string", "pattern": "^(?:[a-z0-9]{3,40})$"});
    for text in minima(&patterned, |text| text.contains('7')) {
        assert_eq!(sorted(&text), "7aa");
    }
    for text in minima(&patterned, |text| text.contains('7') && text.contains('q')) {
        assert_eq!(sorted(&text), "7aq");
    }
    let parts = json!({"type": "string", "pattern": "^(?:arn:[a-z]+:[0-9]{4}/[A-Za-z]+)$"});
    assert_eq!(minima(&parts, |text| text.contains('X')), BTreeSet::from(["arn:a:0000/X".to_owned()]));
    assert_eq!(
        minima(&parts, |text| text.contains('9')).iter().map(|text| sorted(text)).collect::<BTreeSet<_>>(),
        BTreeSet::from([sorted("arn:a:0009/a")])
    );
    let free = json!({"type": "string", "maxLength": 30});
    assert_eq!(minima(&free, |text| !text.is_ascii()).iter().map(|text| text.chars().count()).max(), Some(1));
}

//! A model's pattern and a text: the translation compiles, means the same to another engine, and is drawn from.

use serde_json::json;
use shapegate::generate;
use shapegate::schema::pattern;

use super::super::random::Random;
use super::super::{mutation, seeds};
use super::Target;
use super::fixed::CATALOG;

pub(super) const TARGET: Target = Target {
    id: "patterns",
    about: "patterns: what is translated compiles, another engine agrees, and what is generated matches",
    seeds,
    mutate: |random: &mut Random, seed, other| mutation::bytes(random, seed, other),
    run: execute,
};

/// Patterns of our own models and of fixtures, each with a text.
fn seeds() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for name in CATALOG.services() {
        let Ok(Some(contract)) = CATALOG.contract(name) else { continue };
        let shapes = contract.service().shapes.values();
        all.extend(shapes.filter_map(|shape| shape.constraints.known()?.pattern.clone()));
    }
    for model in seeds::models() {
        let text = String::from_utf8_lossy(&model.bytes).into_owned();
        let quoted =
            text.split("\"pattern\":").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split_once('"'));
        all.extend(quoted.map(|(pattern, _)| pattern.replace("\\\\", "\\")));
    }
    all.extend(
        ["^(?i)[a-z]+$", "(?=.{3,5})\\w+", "[\\p{L}\\p{Z}]{0,9}", "a|b|", "(a*)*b", "[^\\s\\S]?"].map(str::to_owned),
    );
    all.sort();
    all.dedup();
    all.into_iter().map(|pattern| format!("{pattern}\nabc-123").into_bytes()).collect()
}

fn execute(input: &[u8]) {
    let Ok(input) = std::str::from_utf8(input) else { return };
    let (written, text) = input.rsplit_once('\n').unwrap_or((input, ""));
    let _ = pattern::open_reading(written);
    let Ok(translated) = pattern::translate(written) else { return };
    let matcher = pattern::compile(&translated).expect("translate made sure");
    let _ = (pattern::measure(&translated), pattern::pieces(&translated));
    let is_impossible = pattern::is_impossible(&translated);
    // Its parser gives up on groups within each other before others do, and repeats nothing that is empty, as in `(?:)*`.
    let judge = fancy_regex::RegexBuilder::new(&translated).backtrack_limit(pattern::BACKTRACK_LIMIT).build();
    let judge = match judge {
        Ok(judge) => judge,
        Err(error) if ["Recursion", "TargetNotRepeatable"].iter().any(|kind| format!("{error:?}").contains(kind)) => {
            return;
        }
        Err(error) => panic!("another engine refuses {translated}: {error}"),
    };
    let drawn = generate::of_schema(&json!({"type": "string", "pattern": translated})).ok();
    let drawn = drawn.map(|payloads| [payloads.simplest(), payloads.seeded(1)]).into_iter().flatten();
    let drawn: Vec<String> = drawn.filter_map(|value| Some(value.as_str()?.to_owned())).collect();
    for (at, text) in drawn.iter().map(String::as_str).chain([text, "", "a", "\n"]).enumerate() {
        let found = matcher.is_match(text);
        assert!(at >= drawn.len() || found != Ok(false), "{text:?} was drawn from {translated}");
        if let (Ok(found), Ok(judged)) = (&found, judge.is_match(text)) {
            assert_eq!(*found, judged, "{translated} and {text:?}");
        }
        assert!(!is_impossible || found != Ok(true), "{translated} is said to be impossible, and matches {text:?}");
    }
}

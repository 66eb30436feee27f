//! Every pattern of a botocore release: texts are made for it, and Python's engine says whether they match.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use serde_json::{Value, json};
use shapegate::generate;
use shapegate::schema::pattern;

use crate::support::wheels::{NEWEST, release};

/// Texts of each pattern.
const TEXTS: u64 = 40;
/// Share of patterns that texts must be made for, in percent, and that Python must agree with.
const ENOUGH: usize = 97;

/// A translated pattern and its texts, or why there are none.
type Made = Result<(String, Vec<String>), String>;

/// Length bounds that a pattern comes with.
type Bounds = BTreeSet<(Option<u64>, Option<u64>)>;

fn patterns() -> BTreeMap<String, Bounds> {
    let source = release(NEWEST);
    let mut patterns: BTreeMap<String, Bounds> = BTreeMap::new();
    let read: Vec<_> = source.services().into_par_iter().map(|name| source.load(name)).collect();
    for loaded in read {
        let service = loaded.expect("a sound model").expect("a service of the wheel").service;
        for constraints in service.shapes.values().filter_map(|shape| shape.constraints.known()) {
            let bound = |bound: &Option<serde_json::Number>| bound.as_ref().and_then(serde_json::Number::as_u64);
            if let Some(pattern) = &constraints.pattern {
                let bounds = (bound(&constraints.min), bound(&constraints.max));
                patterns.entry(pattern.clone()).or_default().insert(bounds);
            }
        }
    }
    patterns
}

/// Texts that fit a pattern and its bounds, or why there are none.
fn texts(translated: &str, bounds: (Option<u64>, Option<u64>)) -> Result<Vec<String>, String> {
    let mut schema = json!({"type": "string", "pattern": translated});
    for (keyword, bound) in [("minLength", bounds.0), ("maxLength", bounds.1)] {
        if let Some(bound) = bound {
            schema[keyword] = bound.into();
        }
    }
    let strategy = generate::of_schema(&schema).map_err(|error| format!("{bounds:?}: {error}"))?;
    let drawn = (0..TEXTS).map(|seed| strategy.seeded(seed)).chain(strategy.cover());
    let texts: Vec<String> = drawn.map(|text| text.as_str().expect("a text").to_owned()).collect();
    let (min, max) = (bounds.0.unwrap_or(0), bounds.1.unwrap_or(u64::MAX));
    let off = texts.iter().find(|text| !(min..=max).contains(&(text.chars().count() as u64)));
    assert_eq!(off, None, "{translated} {bounds:?}");
    Ok(texts)
}

fn judged_by_python(cases: &Value) -> Vec<Option<Vec<String>>> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(cases.to_string().as_bytes()).expect("a file that takes it");
    let stdin = std::fs::File::open(file.path()).expect("the file");
    let judge = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("oracles/patterns.py");
    let judged = Command::new("python3").arg(judge).stdin(stdin).output().expect("python3 runs");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    serde_json::from_slice(&judged.stdout).expect("what the judge writes")
}

#[test]
#[ignore = "needs a botocore wheel and python3, run by .ci/run"]
#[allow(clippy::print_stdout, reason = "it tells what cannot be made")]
fn texts_are_made_for_nearly_every_pattern_of_the_newest_release() {
    let patterns = patterns();
    let made: Vec<(String, Made)> = patterns
        .into_par_iter()
        .map(|(pattern, bounds)| {
            let made = pattern::translate(&pattern).map_err(|refused| refused.0).and_then(|translated| {
                let all = bounds.into_iter().map(|bounds| texts(&translated, bounds));
                let all: Vec<Vec<String>> = all.collect::<Result<_, _>>()?;
                Ok((translated, all.concat()))
            });
            (pattern, made)
        })
        .collect();
    let cases: Vec<&(String, Vec<String>)> = made.iter().filter_map(|(_, made)| made.as_ref().ok()).collect();
    let judged = judged_by_python(&json!(cases));
    assert_eq!(judged.len(), cases.len());
    let mut unjudged = Vec::new();
    for ((translated, texts), verdict) in cases.iter().zip(judged) {
        if verdict.is_none() {
            unjudged.push(translated);
        }
        // The engine that the texts were made with is no other one, so what it takes does not count.
        let wrong = verdict.unwrap_or_else(|| {
            let own = fancy_regex::Regex::new(translated).expect("a legal pattern");
            texts.iter().filter(|text| matches!(own.is_match(text), Ok(false))).cloned().collect()
        });
        assert!(wrong.is_empty(), "{translated}: {wrong:?}");
    }
    let (all, some, confirmed) = (made.len(), cases.len(), cases.len() - unjudged.len());
    println!("texts for {some} of {all} patterns; Python confirms those of {confirmed}");
    for (pattern, made) in &made {
        if let Err(reason) = made {
            println!("no text: {pattern}\n    {}", reason.lines().next().unwrap_or_default());
        }
    }
    for translated in unjudged {
        println!("not judged by Python: {translated}");
    }
    assert!(all > 4_000, "{all}");
    assert!(confirmed * 100 >= all * ENOUGH, "{confirmed} of {all}");
}

/// Prints those of the patterns on standard input that are no ECMAScript under `u`.
const IN_NODE: &str = "const all = JSON.parse(require('fs').readFileSync(0));
console.log(JSON.stringify(all.filter(one => { try { new RegExp(one, 'u'); return false } catch { return true } })));";

#[test]
#[ignore = "needs a botocore wheel and node, run by .ci/run"]
fn every_emitted_pattern_of_the_newest_release_is_ecmascript() {
    let (sound, refused): (Vec<_>, Vec<_>) = patterns().into_keys().partition(|one| pattern::translate(one).is_ok());
    let emitted: Vec<String> = sound.iter().filter_map(|one| pattern::translate(one).ok()).collect();
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(json!(emitted).to_string().as_bytes()).expect("a file that takes it");
    let stdin = std::fs::File::open(file.path()).expect("the file");
    let judged = Command::new("node").args(["-e", IN_NODE]).stdin(stdin).output().expect("node runs");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    let others: Vec<String> = serde_json::from_slice(&judged.stdout).expect("what the script writes");
    assert_eq!(others, Vec::<String>::new());
    // Those are told as constraints that are not checked.
    assert!(refused.len() < 10, "{refused:#?}");
}

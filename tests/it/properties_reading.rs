//! Properties of reading: JSON texts and their places, streams cut into pieces, patterns translated.

use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use proptest::test_runner::{TestCaseError, TestCaseResult};
use proptest::{prop_assert, prop_assert_eq};
use serde_json::Value;
use shapegate::check::{Catalog, Checked, Input, Options, run};
use shapegate::expectation::Expectations;
use shapegate::ingest::embedded;
use shapegate::model::{Direction, Encoding};
use shapegate::recording::json::{self, Oddities, Part};
use shapegate::schema::{Emitter, pattern};

use crate::drawing::draw::{Draw, sample};
use crate::drawing::text::Node;
use crate::drawing::{choices, contracts, hold};

/// `serde_json` reads a key of its own as something else; it is a key like any other.
const PRIVATE: &str = "$serde_json::private";

/// Whether values differ at most in numbers that floating point rounds, where ours keeps to what is written.
fn are_alike(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().zip(theirs).all(|((key, own), (other, value))| key == other && are_alike(own, value))
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(own, value)| are_alike(own, value))
        }
        (Value::Number(own), Value::Number(other)) if own != other && other.is_f64() => {
            let (own, other) = (own.as_f64().unwrap_or_default(), other.as_f64().unwrap_or_default());
            other.fract() == 0.0 && (own - other).abs() <= 2_048.0
        }
        (ours, theirs) => ours == theirs,
    }
}

#[test]
fn parse_reads_what_serde_json_reads() {
    hold(4000, &choices(120), |numbers| {
        let (node, text) = any_text(&numbers);
        if text.contains(PRIVATE) {
            return Ok(());
        }
        match (json::parse(&text), serde_json::from_str::<Value>(&text)) {
            (Ok((ours, repeated)), Ok(theirs)) => {
                prop_assert!(are_alike(&ours, &theirs), "{}: {} and {}", text, ours, theirs);
                if let Some(mut expected) = repeated_keys(&node, "") {
                    // A key is told once, however often it stands there.
                    let mut told = HashSet::new();
                    expected.retain(|pointer| told.insert(pointer.clone()));
                    prop_assert_eq!(repeated.repeated, expected, "{}", text);
                }
            }
            (Err(_), Err(_)) => {}
            // Such a number is sound JSON, which `serde_json` has no type for.
            (Ok((ours, oddities)), Err(_)) => {
                let is_infinite = |written: &str| written.parse::<f64>().is_ok_and(f64::is_infinite);
                let beyond = oddities.rounded.iter().filter(|(_, written)| is_infinite(written));
                prop_assert!(beyond.clone().count() > 0, "{}", text);
                for (pointer, written) in beyond {
                    let found = ours.pointer(pointer).and_then(Value::as_f64);
                    prop_assert_eq!(found.map(f64::abs), Some(f64::MAX), "{} at {} in {}", written, pointer, text);
                }
            }
            (ours, theirs) => return Err(TestCaseError::fail(format!("{text}: {ours:?} and {theirs:?}"))),
        }
        Ok(())
    });
}

#[test]
fn a_key_that_serde_json_keeps_to_itself_is_a_key() {
    let text = r#"{"a": {"$serde_json::private::RawValue": "1"}}"#;
    let (value, repeated) = json::parse(text).expect("JSON");
    assert_eq!(value.to_string(), text.replace(' ', ""));
    assert_eq!(repeated, Oddities::default());
}

#[test]
fn locate_finds_the_text_of_every_pointer() {
    hold(1500, &choices(120), |numbers| {
        let (_, text) = any_text(&numbers);
        let Ok((value, _)) = json::parse(&text) else { return Ok(()) };
        if text.contains(PRIVATE) {
            return Ok(());
        }
        let mut pointers = Vec::new();
        walk(&value, "", &mut pointers);
        for pointer in pointers {
            let of_value = json::locate(&text, &pointer, Part::Value);
            let (found, _) = json::parse(&text[of_value.clone()]).map_err(|_| TestCaseError::fail(text.clone()))?;
            prop_assert_eq!(Some(&found), value.pointer(&pointer), "{} in {}", pointer, text);
            let of_key = json::locate(&text, &pointer, Part::Key);
            if of_key != of_value {
                let key: String = serde_json::from_str(&text[of_key]).map_err(|_| TestCaseError::fail(text.clone()))?;
                prop_assert_eq!(
                    Some(key),
                    json::segments(&pointer).last().map(String::from),
                    "{} in {}",
                    pointer,
                    text
                );
            }
            // What is not there is shown by something that is.
            let beyond = json::locate(&text, &format!("{pointer}/zz/9"), Part::Key);
            prop_assert!(json::parse(&text[beyond]).is_ok(), "{} in {}", pointer, text);
        }
        Ok(())
    });
}

fn any_text(numbers: &[u32]) -> (Node, String) {
    let mut draw = Draw::new(numbers);
    let mut node = Node::of(&draw.anything(0));
    node.mutate(&mut draw);
    let text = node.write(&mut draw);
    (node, text)
}

fn walk(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
    pointers.push(pointer.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| walk(item, &format!("{pointer}/{at}"), pointers));
        }
        Value::Object(map) => map.iter().for_each(|(key, value)| walk(value, &json::child(pointer, key), pointers)),
        _ => {}
    }
}

/// Pointers of the keys that stand again in their object; `None` where parts of the text are not known as such.
fn repeated_keys(node: &Node, pointer: &str) -> Option<Vec<String>> {
    let mut repeated = Vec::new();
    match node {
        Node::Raw(raw) if raw.contains(['{', '[']) => return None,
        Node::Raw(_) => {}
        Node::List(items) => {
            for (at, item) in items.iter().enumerate() {
                repeated.extend(repeated_keys(item, &format!("{pointer}/{at}"))?);
            }
        }
        Node::Object(entries) => {
            let mut seen = Vec::new();
            for (key, value) in entries {
                let key: String = serde_json::from_str(key).ok()?;
                let here = json::child(pointer, &key);
                if seen.contains(&key) {
                    repeated.push(here.clone());
                }
                seen.push(key);
                repeated.extend(repeated_keys(value, &here)?);
            }
        }
    }
    Some(repeated)
}

/// A stream is read in pieces and a file of this size at once, so wherever a piece ends must not matter.
#[test]
fn findings_do_not_depend_on_threads_or_pieces() {
    let mut catalog = Catalog::default();
    catalog.add_embedded(embedded::find("cleanrooms@2023-08-30").expect("an embedded contract"));
    let expectations = Expectations::shipped().expect("shipped expectations are sound");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("records.ndjson");
    let service = catalog.contract("cleanrooms").expect("a sound contract").expect("it was added").service();
    let emitter = Emitter::new(service);
    let schemas = ["GetMembership", "StartProtectedQuery", "GetProtectedQuery"].map(|operation| {
        let schema = emitter.operation(operation, Direction::Response, Encoding::Wire);
        (operation, schema.expect("the contract has the operation"))
    });
    hold(8, &choices(2000), |numbers| -> TestCaseResult {
        let bytes = records(&mut Draw::new(&numbers), &schemas);
        std::fs::write(&path, &bytes).expect("a writable folder");
        let check = |input, threads| {
            let options = Options { threads, ..Options::new(&catalog, &expectations) };
            shown(&run(vec![input], &options).expect("contracts are sound"), &path)
        };
        let whole = check(Input::Path(path.clone()), 1);
        for threads in [1, 2, 4] {
            let pieces = check(Input::Stream(Box::new(Slow(bytes.clone(), 0))), threads);
            if pieces != whole {
                let differing = pieces.iter().zip(&whole).find(|(piece, whole)| piece != whole);
                let counts = (pieces.len(), whole.len());
                return Err(TestCaseError::fail(format!("{threads} threads: {counts:?}, first {differing:#?}")));
            }
        }
        prop_assert_eq!(check(Input::Path(path.clone()), 4), whole);
        Ok(())
    });
}

/// Records one a line, many of them broken; more than two of the mebibytes that pieces have.
fn records(draw: &mut Draw<'_>, schemas: &[(&str, Value)]) -> Vec<u8> {
    const ENDS: [&[u8]; 6] = [b"\n", b"\n", b"\n", b"\r\n", b"\n\n", b"\n \t\n"];
    const BROKEN: [&[u8]; 12] = [
        b"[1, 2]",
        b"[",
        b"[",
        b"[{",
        b"{",
        b"}",
        b"null",
        b"\xff",
        b"{\"service\":\"cleanrooms\"}",
        b"]",
        b"\"",
        b"{\"payload\":[[",
    ];
    let tails: Vec<String> = (0..12).map(|_| tail(draw, schemas)).collect();
    let mut bytes = Vec::new();
    if draw.once_in(3) {
        bytes.extend_from_slice(draw.of::<&[u8]>(&BROKEN));
        bytes.push(b'\n');
    }
    // What the stream is has to be known from its first lines.
    bytes.extend_from_slice(format!("{{\"service\":\"cleanrooms\",{}", tails[0]).as_bytes());
    while bytes.len() < 5 << 19 {
        bytes.extend_from_slice(draw.of::<&[u8]>(&ENDS));
        // A piece ends before a line that lies across its bound, so only long lines are ever a piece's first.
        let padding = " ".repeat(2000 + draw.pick(30_000));
        if draw.once_in(3) {
            bytes.extend_from_slice(draw.of::<&[u8]>(&BROKEN));
            bytes.extend_from_slice(padding.as_bytes());
        } else {
            bytes.extend_from_slice(format!("{{\"service\":\"cleanrooms\",{padding}{}", draw.of(&tails)).as_bytes());
        }
    }
    bytes
}

/// A record but for its beginning.
fn tail(draw: &mut Draw<'_>, schemas: &[(&str, Value)]) -> String {
    let (operation, schema) = draw.of(schemas);
    if draw.once_in(4) {
        draw.slip_once();
    }
    let mut payload = Node::of(&draw.payload(schema).unwrap_or_default());
    if draw.once_in(3) {
        payload.mutate(draw);
    }
    let payload = payload.write(draw).replace(['\n', '\r'], " ");
    format!(r#""operation":"{operation}","direction":"response","payload":{payload}}}"#)
}

/// Everything of a run that a report is made of, a line each.
fn shown(checked: &Checked, path: &Path) -> Vec<String> {
    let mut lines = vec![format!("{:?}", checked.tally)];
    lines.extend(checked.findings.iter().map(|finding| {
        let mut finding = finding.clone();
        assert!([path, Path::new("-")].contains(&&*PathBuf::from(&finding.location.file)));
        finding.location.file.clear();
        format!("{finding:?}")
    }));
    lines
}

/// A stream that hands over a little at a time.
struct Slow(Vec<u8>, usize);

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let end = self.0.len().min(self.1 + buffer.len().min(7919));
        buffer[..end - self.1].copy_from_slice(&self.0[self.1..end]);
        let count = end - self.1;
        self.1 = end;
        Ok(count)
    }
}

#[test]
fn what_a_translated_pattern_gives_matches_it_again_translated() {
    let patterns = patterns();
    assert!(patterns.len() > 40, "{}", patterns.len());
    let mut drawn = 0;
    for pattern in &patterns {
        let Ok(translated) = pattern::translate(pattern) else { continue };
        let inner = translated.strip_prefix("^(?:").and_then(|rest| rest.strip_suffix(")$")).expect("anchored");
        let again = pattern::translate(inner).expect("what was translated can be translated");
        let matchers = [&translated, &again].map(|text| pattern::compile(text).expect("translate made sure"));
        let judge = fancy_regex::Regex::new(&translated).expect("every engine takes it");
        let texts: Vec<String> = (0..24).filter_map(|seed| sample(&translated, seed)).collect();
        drawn += usize::from(!texts.is_empty());
        for text in texts {
            // Those of names of people are drawn without their look-ahead, which refuses blanks alone.
            assert_eq!(
                matchers[0].is_match(&text),
                Ok(!text.trim().is_empty() || judged(&judge, &text)),
                "{pattern} {text:?}"
            );
            for near in [text.clone(), format!("{text}\n"), format!(" {text}"), text.to_uppercase(), text.repeat(2)] {
                let matched = matchers[0].is_match(&near);
                assert_eq!(matched, matchers[1].is_match(&near), "{pattern} {near:?}");
                assert_eq!(matched, Ok(judged(&judge, &near)), "{pattern} {near:?}");
            }
        }
    }
    assert!(drawn * 100 >= patterns.len() * 80, "{drawn} of {}", patterns.len());
}

fn judged(judge: &fancy_regex::Regex, text: &str) -> bool {
    judge.is_match(text).expect("short texts are decidable")
}

/// Patterns of the embedded contracts and of the service of our own making.
fn patterns() -> Vec<String> {
    let shapes = contracts::all().into_iter().flat_map(|service| service.shapes.into_values());
    let mut patterns: Vec<String> =
        shapes.filter_map(|shape| shape.constraints.known().and_then(|of| of.pattern.clone())).collect();
    patterns.sort();
    patterns.dedup();
    patterns
}

//! Documents of exchanges that are read entry by entry: what is told of them is what is told of the whole.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use shapegate::check::{Checked, Input, Options, run};
use shapegate::limits::Limits;
use shapegate::recording::packed::Packing;
use shapegate::recording::{Layout, Probe, is_json, json as texts, recognise};

use crate::support::traffic::{Traffic, samples};
use crate::support::{EXPECTATIONS, root, shared};

/// Checks something by these limits.
fn read(input: Input, change: impl Fn(&mut Limits)) -> Checked {
    read_by(1, input, change)
}

/// The same by so many threads.
fn read_by(threads: usize, input: Input, change: impl Fn(&mut Limits)) -> Checked {
    let mut limits = Limits::default();
    change(&mut limits);
    let options = Options {
        threads,
        list: true,
        places: true,
        limits,
        ..Options::new(shared("cleanrooms@2023-08-30"), &EXPECTATIONS)
    };
    run(vec![input], &options).expect("the input is there")
}

/// Reads no document as a whole that can be read by entries.
fn by_entries(limits: &mut Limits) {
    limits.document_bytes = 1;
}

fn whole(_: &mut Limits) {}

/// All that is told.
fn told(checked: &Checked) -> String {
    format!("{checked:#?}")
}

/// All that is told but the name of the file.
fn told_of(checked: &Checked, path: &Path) -> String {
    told(checked).replace(&path.display().to_string(), "-")
}

/// Bytes by which a list is recognised; one that is longer is read by entries, where it is a file.
const LOOK: usize = 1 << 20;

/// Checks a text as a file that streams. It is packed, for a short file is held.
fn streamed(path: &Path, text: &str) -> Checked {
    assert!(text.len() > LOOK, "it is held: {}", text.len());
    fs::write(path, Packing::Zstd.pack(text.into()).expect("a Vec takes it")).expect("writable");
    read(Input::Path(path.to_owned()), whole)
}

fn stream(text: &[u8]) -> Input {
    Input::Stream(Box::new(Cursor::new(text.to_vec())))
}

fn is_list(path: &Path, text: &str) -> bool {
    let trimmed = text.trim_start();
    let (keys, _) = texts::peek_keys(trimmed.strip_prefix('[').unwrap_or(trimmed).as_bytes());
    let probe = Probe { path, start: text.as_bytes(), keys: &keys, first_line_is_object: false };
    recognise(&probe).is_some_and(|format| Layout::of(format, text.as_bytes()).is_some())
}

/// Holds the two ways of reading a text together: as a file, as a stream and packed.
fn are_told_alike(path: &Path, text: &str) {
    let expected = told(&read(Input::Path(path.to_owned()), whole));
    assert_eq!(told(&read(Input::Path(path.to_owned()), by_entries)), expected, "{}", path.display());
    let streamed = read(stream(text.as_bytes()), by_entries);
    assert_eq!(told(&streamed), told(&read(stream(text.as_bytes()), whole)), "{} as a stream", path.display());
    let packed = Packing::Gzip.pack(text.into()).expect("a Vec takes it");
    assert_eq!(told(&read(stream(&packed), by_entries)), told(&streamed), "{} packed", path.display());
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in crate::support::entries(folder) {
        if entry.is_dir() {
            files(&entry, found);
        } else {
            found.push(entry);
        }
    }
}

#[test]
fn fixtures_are_told_alike_by_entries() {
    let mut all = Vec::new();
    files(&root().join("fixtures"), &mut all);
    all.retain(|path| {
        fs::read_to_string(path).is_ok_and(|text| {
            let is_list = is_list(path, &text);
            if is_list {
                are_told_alike(path, &text);
            }
            is_list
        })
    });
    assert!(all.len() > 25, "{all:?}");
}

#[test]
fn every_format_is_told_alike_by_entries() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x");
    let mut formats = Vec::new();
    for (what, _, text) in samples(&Traffic::new()) {
        if !is_list(&path, &text) {
            continue;
        }
        formats.push(what);
        let within = if is_json(text.as_bytes()) { format!("\n\t {text}\n\n") } else { format!("# x\n{text}\n# y\n") };
        for text in [text.clone(), text.replace('\n', "\r\n"), format!("\u{feff}{text}"), within] {
            fs::write(&path, &text).expect("writable");
            are_told_alike(&path, &text);
        }
    }
    assert_eq!(formats.len(), 29, "{formats:?}");
}

/// A HAR of many exchanges, of which some are at fault, one is with a host that others tell the service of, and one is none.
fn archive(exchanges: usize, padding: usize) -> Value {
    let one = |number: usize| {
        let id = format!("3e3be000-5c1d-4e2a-9b3f-{number:012}");
        let host = if number % 50 == 3 { "api.example.com" } else { "cleanrooms.us-east-1.amazonaws.com" };
        let body = match number % 10 {
            7 => json!({"analysisTemplate": number, "x": "ü\n"}).to_string(),
            8 => "{".to_owned(),
            _ => "{}".to_owned(),
        };
        let url = format!("https://{host}/memberships/{id}");
        if number % 100 == 99 {
            return json!({"request": {"method": "GET"}, "response": {"status": 200}});
        }
        json!({
            "comment": "ö".repeat(padding),
            "request": {"method": "GET", "url": url, "headers": [{"name": "amz-sdk-invocation-id", "value": id}]},
            "response": {"status": 200, "headers": [], "content": {"text": body, "mimeType": "application/json"}},
        })
    };
    let entries: Vec<Value> = (0..exchanges).map(one).collect();
    json!({"log": {"version": "1.2", "creator": {"name": "x"}, "entries": entries, "pages": [], "comment": "ü"}})
}

#[test]
fn long_files_are_told_as_what_is_held() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.har");
    let archive = archive(150, 5_000);
    let plain = archive.to_string();
    let pretty = serde_json::to_string_pretty(&archive).expect("JSON");
    let twice = plain.replacen("\"comment\":", "\"comment\":1,\"comment\":", 7);
    let cut = &plain[..plain.len() / 4 * 3];
    let cut = cut.char_indices().next_back().map_or(cut, |(last, _)| &cut[..last]);
    let behind = format!("{plain} x");
    let commented = plain.replacen("\"pages\"", "/* none */ \"pages\"", 1);
    let lists = plain.replacen("\"pages\"", "\"entries\": [], \"pages\"", 1);
    for text in [&plain, &pretty, &twice, cut, &behind, &commented, &lists] {
        let as_file = streamed(&path, text);
        assert!(as_file.findings.len() > 10 || text.len() == lists.len(), "{:#?}", as_file.tally);
        let as_stream = read(stream(text.as_bytes()), whole);
        assert_eq!(told_of(&as_file, &path), told(&as_stream), "{}", &text[text.len() - 80..]);
    }
    let long = plain.replacen("ö", &"ö".repeat(2 << 20), 1);
    for packing in [Packing::Plain, Packing::Gzip] {
        fs::write(&path, packing.pack(long.clone().into()).expect("a Vec takes it")).expect("writable");
        let packed = read(Input::Path(path.clone()), whole);
        assert_eq!(told_of(&packed, &path), told(&read(stream(long.as_bytes()), whole)), "{packing:?}");
    }
}

#[test]
fn what_is_unpacked_ahead_is_told_alike() {
    let folder = tempfile::tempdir().expect("a folder");
    let (har, lines) = (folder.path().join("x.har.gz"), folder.path().join("x.ndjson.gz"));
    // Many lines, so that they fill what is unpacked ahead, of which one in a thousand has a finding.
    let record = |payload| {
        format!(r#"{{"service":"cleanrooms","operation":"GetMembership","direction":"request","payload":{payload}}}"#)
            + "\n"
    };
    let sound = record(r#"{"membershipIdentifier":"3e3be000-5c1d-4e2a-9b3f-000000000001"}"#);
    let thousand = sound.repeat(999) + &record("{}");
    for (path, text) in [(&har, archive(600, 4_000).to_string()), (&lines, thousand.repeat(40))] {
        for packing in [Packing::Gzip, Packing::Zstd] {
            let packed = packing.pack(text.clone().into()).expect("a Vec takes it");
            // Whole, cut off, and with a byte in its middle that is another.
            let mut torn = packed.clone();
            torn[packed.len() / 2] ^= 0x55;
            for bytes in [&packed[..], &packed[..packed.len() / 2], &torn] {
                fs::write(path, bytes).expect("writable");
                let [one, two] = [1, 2].map(|threads| read_by(threads, Input::Path(path.clone()), whole));
                assert_eq!(told(&one), told(&two), "{} {packing:?} {}", path.display(), bytes.len());
            }
        }
    }
}

/// Rule, line and column, and entry of something found.
type Place<'f> = (&'f str, Option<(usize, usize)>, Option<usize>);

fn places(checked: &Checked) -> Vec<Place<'_>> {
    let place = |found: &shapegate::Finding| found.location.position;
    checked.findings.iter().map(|found| (found.rule.id, place(found), found.location.entry)).collect()
}

/// Lines of a HAR, an entry each.
fn lines(entries: &[&str]) -> String {
    format!("{{\"log\": {{\"version\": \"1.2\", \"entries\": [\n{}\n]}}}}", entries.join(",\n"))
}

const SOUND: &str = r#"{"request": {"method": "GET", "url": "https://cleanrooms.us-east-1.amazonaws.com/nothings/1"}, "response": {"status": 0}}"#;

#[test]
fn what_is_odd_about_a_document_that_is_not_held_hides_no_other_entry() {
    let twice = SOUND.replace("\"method\"", "\"method\": \"GET\", \"method\"");
    let broken = SOUND.replace("\"GET\"", "GET");
    let unknown = |line: usize, entry: usize| ("unknown-operation", Some((line, 1)), Some(entry));
    let malformed = |line: usize, column: usize, entry| ("malformed-recording", Some((line, column)), entry);
    let read = |text: &str| read(stream(text.as_bytes()), by_entries);
    let checked = read(&lines(&[SOUND, &twice, &broken, SOUND]));
    let expected = [unknown(2, 0), malformed(3, 41, None), unknown(3, 1), malformed(4, 24, Some(2)), unknown(5, 3)];
    assert_eq!(places(&checked), expected);
    // Breaks: in an entry, between two, and behind the list.
    let sound = lines(&[SOUND, SOUND]);
    let last = sound.rfind("},\n").expect("an entry") + 2;
    for (text, place) in [
        (&sound[..sound.len() - 30], malformed(3, SOUND.len() - 26, None)),
        (&sound[..last], malformed(2, SOUND.len() + 2, None)),
        (&sound.replacen("},\n{", "}\n{", 1), malformed(3, 1, None)),
        (&sound[..sound.len() - 1], malformed(4, 3, None)),
        (&format!("{sound} 1"), malformed(4, 5, None)),
        (&sound.replacen("\"version\": \"1.2\"", "\"version\": 1.2.3", 1), malformed(1, 24, None)),
        (&sound.replacen("\"version\": \"1.2\"", "\"version\": 1, \"version\": 2", 1), malformed(1, 35, None)),
    ] {
        let checked = read(text);
        let found = places(&checked);
        assert!(found.contains(&unknown(2, 0)) && found.contains(&place), "{text}: {found:?}");
    }
    let none = read("{\"log\": {\"version\": \"1.2\", \"entries\": {}}}");
    assert_eq!(places(&none), [malformed(1, 43, None)], "{none:?}");
}

#[test]
fn cassettes_in_yaml_are_told_as_what_is_held() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.yaml");
    let sample = samples(&Traffic::new()).into_iter().find(|(what, ..)| *what == "vcrpy YAML").expect("a sample").2;
    let list = sample.strip_prefix("interactions:\n").expect("a list");
    // Comments fill what is looked at sooner than exchanges, each of which has its findings.
    let list = format!("{list}  # {}\n", "y".repeat(6_000));
    let plain = format!("interactions:\n{}version: 1\n", list.repeat((LOOK + (500 << 10)) / list.len()));
    let twice = plain.replacen("- request:\n", "- request: 1\n  request:\n", 3);
    let anchored = plain.replacen("method: PATCH", "method: &m PATCH", 1).replacen("method: GET", "method: *m", 2);
    let quoted = plain.replacen("method: PATCH", "other: 'a\n- b'\n    method: PATCH", 1);
    let documents = format!("{plain}---\n{plain}");
    let cut = &plain[..plain.len() / 4 * 3];
    let flow = plain.replacen("- request:", "- {request: {method: GET, uri: x}}\n- request:", 1);
    for (what, text) in [
        ("plain", &*plain),
        ("twice", &twice),
        ("anchored", &anchored),
        ("quoted", &quoted),
        ("documents", &documents),
        ("cut", cut),
        ("flow", &flow),
    ] {
        let as_file = streamed(&path, text);
        assert!(as_file.findings.len() > 100, "{what}: {:#?}", as_file.tally);
        assert_eq!(told_of(&as_file, &path), told(&read(stream(text.as_bytes()), whole)), "{what}");
    }
}

#[test]
fn an_entry_beyond_a_limit_is_told_and_the_others_are_read() {
    let long = SOUND.replace("\"GET\"", &format!("\"{}\"", "G".repeat(300_000)));
    let many = SOUND.replacen('{', &format!("{{\"x\": [{}1],", "1,".repeat(3_000)), 1);
    let text = lines(&[SOUND, &long, &many, SOUND]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.har");
    fs::write(&path, &text).expect("writable");
    let limited = |limits: &mut Limits| {
        (limits.document_bytes, limits.record_bytes, limits.document_values) = (100_000, 200_000, 2_000);
    };
    for input in [Input::Path(path), stream(text.as_bytes())] {
        let checked = read(input, limited);
        let found: Vec<_> = places(&checked)
            .into_iter()
            .map(|(rule, place, entry)| (rule, place.map(|place| place.0), entry))
            .collect();
        let unknown = |line, entry| ("unknown-operation", Some(line), Some(entry));
        let beyond = |line, entry| ("limit-reached", Some(line), Some(entry));
        assert_eq!(found, [unknown(2, 0), beyond(3, 1), beyond(4, 2), unknown(5, 3)]);
    }
}

#[test]
fn what_the_rest_decides_is_read_again() {
    // The second exchange tells of which service the host of the first is.
    let open = r#"{"request": {"method": "GET", "url": "http://h:1/memberships/3e3be000-5c1d-4e2a-9b3f-000000000001"}, "response": {"status": 0}}"#;
    let told = r#"{"request": {"method": "GET", "url": "http://h:1/memberships/3e3be000-5c1d-4e2a-9b3f-000000000002", "headers": [{"name": "Authorization", "value": "AWS4-HMAC-SHA256 Credential=x/20230901/us-east-1/cleanrooms/aws4_request, Signature=x"}]}, "response": {"status": 0}}"#;
    let text = lines(&[open, told, open]);
    for change in [whole as fn(&mut Limits), by_entries] {
        let checked = read(stream(text.as_bytes()), change);
        assert_eq!(checked.tally.judged, 3, "{:#?}", checked.tally);
    }
    // Of a stream so much is kept that waits, and the rest is decided by what is before it.
    let open = open.replacen('{', &format!("{{\"x\": \"{}\",", "x".repeat(600)), 1);
    let checked = read(stream(lines(&[&open, &open, &open, told, &open]).as_bytes()), |limits| {
        (limits.document_bytes, limits.record_bytes) = (1, 1_000);
    });
    assert_eq!(checked.tally.judged, 4, "{:#?}", checked.tally);
}

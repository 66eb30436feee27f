//! Recordings of HTTP: the same exchanges, written in every format, are the same to the reader and to the judge.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::Value;
use shapegate::check::Checked;
use shapegate::gate::Settings;
use shapegate::recording::{Entry, FORMATS, HttpExchange, Probe, Source, json as texts, recognise};
use shapegate::report::{Style, find};

use crate::support::traffic::{PATH, TYPE, Traffic, samples};
use crate::support::{check_paths, judged, root};

const RELEASE: &str = "cleanrooms@2023-08-30";

fn recognised(path: &Path, text: &str) -> Option<&'static str> {
    let trimmed = text.trim_start();
    let (keys, _) = texts::peek_keys(trimmed.strip_prefix('[').unwrap_or(trimmed).as_bytes());
    let probe = Probe { path, start: text.as_bytes(), keys: &keys, first_line_is_object: false };
    recognise(&probe).map(shapegate::recording::Format::id)
}

fn read(id: &str, text: &str, see: &mut dyn FnMut(&HttpExchange<'_>)) {
    let source = Source::whole(Path::new("x"), text.as_bytes());
    shapegate::recording::format(id).expect("a format").read(&source, &mut |entry| match entry {
        Entry::Http(http) => see(&http),
        other => panic!("{id}: {other:?}"),
    });
}

#[test]
fn every_format_hands_over_the_same() {
    let traffic = Traffic::new();
    for (what, id, text) in samples(&traffic) {
        assert_eq!(recognised(Path::new("x"), &text), Some(id), "{what}:\n{text}");
        let mut seen = Vec::new();
        read(id, &text, &mut |http| {
            let response = http.response.as_ref().expect("a response");
            let body =
                |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(body(&response.body.as_ref().expect("a body").bytes), traffic.got, "{what}");
            assert_eq!(response.headers.get("CONTENT-TYPE").as_deref(), Some(TYPE), "{what}");
            assert_eq!(http.request.headers.get("content-type").as_deref(), Some(TYPE), "{what}");
            let sent = http.request.body.as_ref().map(|sent| body(&sent.bytes));
            let parts = http.request.parts();
            assert_eq!((parts.host, parts.path), ("cleanrooms.us-east-1.amazonaws.com", PATH), "{what}");
            seen.push((http.entry, http.request.method.clone().into_owned(), sent, response.status));
        });
        let expected = [(0, "PATCH".to_owned(), Some(traffic.sent.clone()), 200), (1, "GET".to_owned(), None, 200)];
        assert_eq!(seen, expected, "{what}:\n{text}");
    }
}

#[test]
fn every_format_is_judged_alike_at_the_right_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let traffic = Traffic::new();
    let mut first: Option<BTreeSet<String>> = None;
    for (number, (what, _, text)) in samples(&traffic).into_iter().enumerate() {
        let path = folder.path().join(format!("{number}"));
        fs::write(&path, &text).expect("writable");
        let checked = check_paths(RELEASE, &[path]);
        assert_eq!((checked.tally.recordings, checked.tally.exchanges), (1, 2), "{what}: {checked:#?}");
        let told = told(&checked);
        assert!(
            told.iter().any(|told| told.contains("DONE")) && told.iter().any(|told| told.contains("SOMETIMES")),
            "{told:#?}"
        );
        assert_eq!(*first.get_or_insert(told.clone()), told, "{what}:\n{text}");
        for finding in checked.findings.iter().filter(|finding| !finding.pointer.is_empty()) {
            let Some(found) = finding.values.get("found").and_then(Value::as_str) else { continue };
            let Some((line, column)) = finding.location.position else { panic!("{what}: no position") };
            let shown = text.lines().nth(line - 1).expect("a line");
            let in_base64 =
                ["base64_string", "!!binary", "BodyParts", "\"binary\""].iter().any(|mark| text.contains(mark));
            if what == "DVR in frames" {
                assert!(shown.contains("Utf8") || shown.contains("Base64"), "{what}: {shown}");
            } else if in_base64 {
                // Four characters hold three bytes, so the value begins within a group or with it.
                let start = shown[..column - 1].rfind('"').map_or(8, |at| at + 1);
                let group = start + (column - 1 - start) / 4 * 4;
                let part = STANDARD.decode(&shown[group..group + 4]).expect("base64 at the place");
                assert!(part.contains(&b'"'), "{what}: {part:?} for {found} in {shown}");
            } else {
                let at: String = shown.chars().skip(column - 1).take(found.len() + 2).collect();
                assert!(at.replace('\\', "").starts_with(&format!("\"{}", &found[..3])), "{what}: {at:?} in {shown}");
            }
        }
    }
}

/// What findings say, without their places.
fn told(checked: &Checked) -> BTreeSet<String> {
    let findings = checked.findings.iter();
    let one = findings.map(|f| {
        format!("{:?}", (f.location.entry, f.rule, &f.service, &f.operation, f.direction, &f.pointer, &f.values))
    });
    one.collect()
}

#[test]
fn no_secret_reaches_a_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let traffic = Traffic::new();
    for (number, (what, _, text)) in samples(&traffic).into_iter().enumerate() {
        let path = folder.path().join(format!("{number}"));
        fs::write(&path, &text).expect("writable");
        for secret in &traffic.secrets {
            assert!(text.contains(secret), "{what} has it");
        }
        let checked = check_paths(RELEASE, &[path]);
        assert!(!checked.findings.is_empty());
        let whole = format!("{:?}", checked.findings);
        let verdict = judged(checked.into_outcome(), &Settings::default());
        for format in shapegate::report::FORMATS {
            let mut out = Vec::new();
            find(format.id()).expect("a format").write(&verdict, &Style::default(), &mut out).expect("a Vec takes it");
            let out = String::from_utf8(out).expect("UTF-8") + &whole;
            for secret in &traffic.secrets {
                assert!(!out.contains(secret), "{what}: {secret} in\n{out}");
            }
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("a Vec takes it");
    encoder.finish().expect("a Vec takes it")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

#[test]
fn packed_files_are_read_like_plain_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let traffic = Traffic::new();
    let check = |name: String, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("writable");
        check_paths(RELEASE, &[path])
    };
    let lines = fs::read_to_string(root().join("fixtures/faulty/moto/memberships.ndjson")).expect("a fixture");
    // More than is read at once, with findings at its end alone.
    let sound = fs::read_to_string(root().join("fixtures/recordings/cleanrooms/exchanges.ndjson")).expect("a fixture");
    let many = sound.repeat((6 << 20) / sound.len()) + &lines;
    let mut texts: Vec<(&str, String)> = samples(&traffic).into_iter().map(|(what, _, text)| (what, text)).collect();
    texts.extend([("NDJSON", lines), ("long NDJSON", many)]);
    for (number, (what, text)) in texts.into_iter().enumerate() {
        let plain = check(format!("{number}.json"), text.as_bytes());
        assert!(!plain.findings.is_empty(), "{what}");
        for (ending, pack) in [("gz", gzip as fn(&[u8]) -> Vec<u8>), ("zst", zstd)] {
            let packed = check(format!("{number}.json.{ending}"), &pack(text.as_bytes()));
            assert_eq!(packed.tally.exchanges, plain.tally.exchanges, "{what}");
            assert_eq!(packed.findings.len(), plain.findings.len(), "{what}");
            for (packed, plain) in packed.findings.iter().zip(&plain.findings) {
                assert_eq!(packed.location.position, plain.location.position, "{what}");
                assert_eq!(packed.fingerprint(), plain.fingerprint(), "{what}");
            }
        }
    }
}

#[test]
fn what_stands_before_the_break_of_an_archive_is_judged() {
    let folder = tempfile::tempdir().expect("a folder");
    let lines = fs::read_to_string(root().join("fixtures/recordings/cleanrooms/exchanges.ndjson")).expect("a fixture");
    for (name, copies) in [("small.gz", 30), ("large.gz", (12 << 20) / lines.len())] {
        let text = lines.repeat(copies);
        // Stored as it is, so that what is packed is long as well.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
        encoder.write_all(text.as_bytes()).expect("a Vec takes it");
        let packed = encoder.finish().expect("a Vec takes it");
        let path = folder.path().join(name);
        fs::write(&path, &packed[..packed.len() / 2]).expect("writable");
        let checked = check_paths(RELEASE, &[path]);
        let all = text.lines().count();
        let read = checked.tally.exchanges;
        assert!(read > all / 4 && read < all, "{name}: {read} of {all}");
        let broken: Vec<_> = checked.findings.iter().filter(|f| f.rule.id == "malformed-recording").collect();
        assert_eq!(broken.len(), 1, "{name}: {broken:#?}");
        assert!(format!("{:?}", broken[0].values).contains("archive is broken"), "{:?}", broken[0]);
    }
}

#[test]
fn what_is_whole_before_a_break_is_read_and_other_yaml_is_skipped() {
    let folder = tempfile::tempdir().expect("a folder");
    let traffic = Traffic::new();
    for (number, (what, id, text)) in samples(&traffic).into_iter().enumerate() {
        // Halves of one exchange stand apart, and a log ends anywhere.
        let is_apart = matches!(id, "smithy-dvr" | "langchain-tests" | "botocore-log");
        let Some(at) = text.rfind("GET").filter(|_| !is_apart) else { continue };
        let path = folder.path().join(format!("{number}.json"));
        fs::write(&path, format!("{}\"\u{1}", &text[..at])).expect("writable");
        let checked = check_paths(RELEASE, &[path]);
        assert_eq!(checked.tally.exchanges, 1, "{what}: {checked:#?}");
        assert_eq!(checked.findings.iter().filter(|f| f.rule.id == "malformed-recording").count(), 1, "{what}");
    }
    let path = folder.path().join("other");
    fs::create_dir(&path).expect("writable");
    for (name, text) in [("a.yaml", "a: [1, 2]\n"), ("b.yml", "interactions: none\n"), ("c.yaml", "a: 'b\n: : [")] {
        fs::write(path.join(name), text).expect("writable");
    }
    let checked = check_paths(RELEASE, &[path]);
    assert_eq!((checked.tally.skipped.len(), checked.findings.len()), (3, 0), "{checked:#?}");
}

#[test]
#[ignore = "needs ../shared/samples, run by .ci/run"]
fn real_recordings_are_read_to_the_last_exchange() {
    let samples = root().join("../shared/samples");
    for (folder, exchanges) in [
        ("dd-apm-test-agent", 1),
        ("go-vcr", 2),
        ("har", 33),
        ("langchain-tests", 2),
        ("nock", 1),
        ("ruby-vcr", 1),
        ("smithy-dvr", 6),
        ("vcrpy", 2),
    ] {
        let checked = check_paths("cleanrooms", &[samples.join(folder)]);
        assert_eq!(checked.tally.exchanges, exchanges, "{folder}");
        assert!(checked.findings.iter().all(|finding| finding.rule.id != "malformed-recording"), "{folder}");
    }
}

#[test]
fn every_format_has_a_sample() {
    let sampled: BTreeSet<&str> = samples(&Traffic::new()).into_iter().map(|(_, id, _)| id).collect();
    // The first hold no HTTP messages.
    let own = [
        "payload-records",
        "exchange-records",
        "placebo",
        "payload-file",
        "botocore-examples",
        "cloudtrail",
        "localstack",
        "cli-output",
        // Those hold one exchange a file, and stubs no host: `tests/it/recorders.rs`.
        "dd-apm-test-agent",
        "wiremock",
    ];
    let missing: Vec<&str> =
        FORMATS.iter().map(|format| format.id()).filter(|id| !sampled.contains(id) && !own.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

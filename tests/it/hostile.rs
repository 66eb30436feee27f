//! Input that is broken or meant to harm, as the command meets it: nothing is lost, silent or obeyed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const RECORD: &str = r#"{"service":"cleanrooms","operation":"GetMembership","direction":"request","payload":{"membershipIdentifier":"3e3be000-5c1d-4e2a-9b3f-000000000001"}}"#;
const HAR: &str = r#"{"log": {"version": "1.2", "entries": [{"request": {"method": "GET", "url": "https://cleanrooms.us-east-1.amazonaws.com/memberships/3e3be000-5c1d-4e2a-9b3f-000000000001", "headers": []}, "response": {"status": 0}}]}}"#;

fn shapegate(arguments: &[&str], folder: &Path) -> Output {
    let run = Command::new(env!("CARGO_BIN_EXE_shapegate")).args(arguments).current_dir(folder).output();
    run.expect("the binary runs")
}

fn both(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn a_copy_never_replaces_its_recording() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(dir.path().join("in")).expect("writable");
    fs::write(dir.path().join("a.har"), HAR).expect("writable");
    fs::write(dir.path().join("in/a.har"), HAR).expect("writable");
    fs::hard_link(dir.path().join("a.har"), dir.path().join("hard.har")).expect("a link");
    for (from, to) in [("a.har", "./a.har"), ("a.har", "in/../a.har"), ("a.har", "hard.har"), ("in", "./in/../in")] {
        let run = shapegate(&["redact", from, to], dir.path());
        assert_eq!(run.status.code(), Some(2), "{from} to {to}: {}", both(&run));
    }
    for kept in ["a.har", "in/a.har"] {
        assert_eq!(fs::read_to_string(dir.path().join(kept)).expect("there"), HAR);
    }
    let run = shapegate(&["redact", "in", "out/../out"], dir.path());
    assert!(dir.path().join("out/a.har").is_file(), "{}", both(&run));
}

#[test]
fn parts_that_are_unread_are_told_by_every_command() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("a.ndjson"), format!("{RECORD}\n{{\"service\":\n{RECORD}\n")).expect("writable");
    for command in ["check", "list", "mutate"] {
        let run = shapegate(&[command, "a.ndjson"], dir.path());
        assert_eq!(run.status.code(), Some(1), "{command}: {}", both(&run));
        assert!(both(&run).contains("a.ndjson:2"), "{command}: {}", both(&run));
    }
    let run = shapegate(&["list", "--format", "json", "a.ndjson"], dir.path());
    assert!(String::from_utf8_lossy(&run.stdout).contains("malformed-recording"), "{}", both(&run));
}

#[test]
fn names_are_shown_and_not_obeyed() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let harmful = r"\n::error::x\u001b]0;t\u0007\u202e\t\u009b2J\n##[group]y";
    let member = RECORD.replace("\"payload\":{", &format!("\"payload\":{{\"{harmful}\":1,"));
    let operation = RECORD.replace("GetMembership", harmful);
    let service = RECORD.replace("\"cleanrooms\"", &format!("\"{harmful}\""));
    fs::write(dir.path().join("a.ndjson"), [member, operation, service].join("\n")).expect("writable");
    for command in ["check", "list", "mutate", "history", "snapshot"] {
        let run = shapegate(&[command, "a.ndjson"], dir.path());
        for line in both(&run).lines() {
            let is_obeyed = |c: char| c.is_control() && c != '\t' || c == '\u{202e}';
            assert!(!line.contains(is_obeyed), "{command}: {line:?}");
            assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{command}: {line:?}");
        }
    }
    let listed = shapegate(&["list", "a.ndjson"], dir.path());
    assert!(String::from_utf8_lossy(&listed.stdout).lines().all(|line| line.split('\t').count() == 7));
}

/// Each of them has its own place, told from one pass over the line: a look at the whole line for each took 30 s.
#[test]
fn thousands_of_findings_on_one_line_have_each_their_place() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let strangers: Vec<_> = (0..16_000).map(|number| format!("\"x{number:05}\":1,")).collect();
    let record = RECORD.replace("\"payload\":{", &format!("\"payload\":{{{}", strangers.concat()));
    fs::write(dir.path().join("a.ndjson"), record).expect("writable");
    let run = shapegate(&["check", "--format", "ndjson", "a.ndjson"], dir.path());
    assert_eq!(run.status.code(), Some(1));
    let lines = String::from_utf8(run.stdout).expect("UTF-8");
    let findings = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let places: BTreeSet<u64> = findings.filter_map(|finding| finding["location"]["column"].as_u64()).collect();
    assert!(places.len() >= 16_000, "{} places", places.len());
}

//! `shapegate generate`: what it writes is read by `shapegate check`, and found to be what it says.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::drawing::contracts::DOCUMENTED;

const CONTRACT: [&str; 2] = ["--contract", "cleanrooms@2023-08-30"];

fn shapegate(arguments: &[&str], input: &[u8]) -> Output {
    shapegate_by(&CONTRACT, arguments, input)
}

fn shapegate_by(contract: &[&str], arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_shapegate"))
        .args(arguments)
        .args(contract)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    child.stdin.take().expect("piped").write_all(input).expect("it reads its input");
    child.wait_with_output().expect("it ends")
}

fn generated(arguments: &[&str]) -> Vec<u8> {
    let output = shapegate(&[&["generate"], arguments].concat(), b"");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The findings of a check by their entries, and the summary.
fn checked(input: &[u8]) -> (BTreeMap<u64, Vec<Value>>, Value) {
    checked_by(&CONTRACT, input)
}

fn checked_by(contract: &[&str], input: &[u8]) -> (BTreeMap<u64, Vec<Value>>, Value) {
    let output = shapegate_by(contract, &["check", "--format", "ndjson", "-"], input);
    let mut findings: BTreeMap<u64, Vec<Value>> = BTreeMap::new();
    let mut summary = Value::Null;
    for line in String::from_utf8(output.stdout).expect("UTF-8").lines() {
        let row: Value = serde_json::from_str(line).expect("JSON");
        match row["location"]["entry"].as_u64() {
            Some(entry) => findings.entry(entry).or_default().push(row),
            None => summary = row["summary"].clone(),
        }
    }
    (findings, summary)
}

#[test]
fn an_output_is_generated_where_no_half_is_named() {
    let of = |halves: &[&str]| generated(&[&["GetMembership", "--count", "2"], halves].concat());
    assert_eq!(of(&[]), of(&["--response"]));
    assert_ne!(of(&[]), of(&["--request"]));
}

#[test]
fn what_the_contract_allows_is_clean() {
    for operation in DOCUMENTED {
        for half in ["--request", "--response"] {
            for encoding in ["wire", "parsed"] {
                for kind in [["--count", "40"], ["--cover", "--seed=0"]] {
                    let records = generated(&[&[operation, half, "--encoding", encoding][..], &kind].concat());
                    let (findings, summary) = checked(&records);
                    assert!(findings.is_empty(), "{operation} {half} {encoding} {kind:?}: {findings:#?}");
                    assert!(summary["payloads"].as_u64() >= Some(1), "{summary}");
                }
            }
        }
    }
}

/// The pointer of a finding. A key that is itself at fault and sensitive is masked: then the wanted one's is taken.
fn pointer(row: &Value, wanted: &str) -> String {
    let pointer = row["pointer"].as_str().expect("a pointer");
    match (pointer.strip_suffix("<redacted>"), wanted.rfind('/')) {
        (Some(above), Some(slash)) => format!("{above}{}", &wanted[slash + 1..]),
        _ => pointer.to_owned(),
    }
}

#[test]
fn each_fault_is_found_as_it_is_labelled() {
    for operation in DOCUMENTED {
        for half in ["--request", "--response"] {
            for more in [&["--faults"][..], &["--faults", "--count", "60", "--seed", "5"]] {
                let records = generated(&[&[operation, half][..], more].concat());
                let (findings, _) = checked(&records);
                let lines: Vec<Value> = String::from_utf8(records)
                    .expect("UTF-8")
                    .lines()
                    .map(|line| serde_json::from_str(line).expect("JSON"))
                    .collect();
                assert!(lines.len() > 5, "{operation} {half}: {}", lines.len());
                for (entry, record) in (0..).zip(&lines) {
                    let expected = &record["expect"];
                    let wanted = expected["pointer"].as_str().expect("a pointer");
                    let found: Vec<(&Value, String)> = findings
                        .get(&entry)
                        .into_iter()
                        .flatten()
                        .map(|row| (&row["rule"], pointer(row, wanted)))
                        .collect();
                    assert_eq!(found, [(&expected["rule"], wanted.to_owned())], "{operation} {half}: {record}");
                }
            }
        }
    }
}

#[test]
fn every_form_is_read_back() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for operation in DOCUMENTED {
        for half in ["--request", "--response"] {
            for form in ["exchanges", "har", "vcr", "dvr"] {
                let text = generated(&[operation, half, "--count", "15", "--as", form]);
                let (findings, summary) = checked(&text);
                // Expectations are more than the contract.
                let of_contract = |row: &&Value| row["rule"] != "unmet-expectation";
                let wrong: Vec<&Value> = findings.values().flatten().filter(of_contract).collect();
                assert!(wrong.is_empty(), "{operation} {half} {form}: {wrong:#?}");
                assert_eq!((&summary["exchanges"], &summary["payloads"]), (&15.into(), &30.into()), "{form}");
            }
        }
    }
    let folder = dir.path().join("placebo");
    let out = folder.to_str().expect("a path of text");
    generated(&["GetMembership", "--response", "--count", "5", "--as", "placebo", "--out", out]);
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 5);
    let file = fs::read_to_string(Path::new(out).join("cleanrooms.GetMembership_1.json")).expect("a file");
    assert!(file.contains("\"__class__\": \"datetime\""), "{file}");
    let output = shapegate(&["check", out], b"");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn http_is_written_in_every_protocol() {
    let contracts =
        [("aws-query", "PutThing"), ("ec2-query", "FindThings"), ("rest-xml", "PutThing"), ("rpc-v2-cbor", "PutThing")];
    for (folder, operation) in contracts {
        let model =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/contracts").join(folder).join("service-2.json");
        let contract = ["--model", model.to_str().expect("UTF-8")];
        for half in ["--request", "--response"] {
            for form in ["har", "vcr", "dvr"] {
                let made = shapegate_by(&contract, &["generate", operation, half, "--count", "20", "--as", form], b"");
                assert!(made.status.success(), "{folder}: {}", String::from_utf8_lossy(&made.stderr));
                let output = shapegate_by(&contract, &["check", "--format", "json", "-"], &made.stdout);
                let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
                assert_eq!(report["findings"], Value::Array(Vec::new()), "{folder} {half} {form}");
                assert_eq!(report["summary"]["exchanges"], 20, "{folder} {half} {form}");
            }
            let arguments = ["generate", operation, half, "--cover", "--as", "har"];
            let made = shapegate_by(&contract, &arguments, b"");
            let records = shapegate_by(&contract, &arguments[..4], b"");
            let all = String::from_utf8_lossy(&records.stdout).lines().count();
            let report = shapegate_by(&contract, &["check", "--format", "json", "-"], &made.stdout);
            let report: Value = serde_json::from_slice(&report.stdout).expect("JSON");
            let written = report["summary"]["exchanges"].as_u64().expect("a number");
            let told = String::from_utf8_lossy(&made.stderr).into_owned();
            let left_out: u64 = told
                .lines()
                .filter_map(|line| {
                    line.strip_prefix("left out: ")?.split_once(" payloads that no HTTP")?.0.parse::<u64>().ok()
                })
                .sum();
            assert_eq!(written + left_out, all as u64, "{folder} {half}: {told}");
            if all as u64 == written {
                assert!(!told.contains("HTTP"), "{told}");
            }
        }
    }
}

/// In a path, a query string, a form or XML all is text, so that not every fault can travel; each that is written is
/// found.
#[test]
fn faults_are_found_in_http_of_every_protocol() {
    let own = |folder: &str| format!("{}/fixtures/contracts/{folder}/service-2.json", env!("CARGO_MANIFEST_DIR"));
    let model = |folder, operation| (["--model".to_owned(), own(folder)], operation);
    let mut subjects = [
        model("aws-query", "PutThing"),
        model("ec2-query", "FindThings"),
        model("rest-xml", "PutThing"),
        model("rpc-v2-cbor", "PutThing"),
    ]
    .to_vec();
    subjects.extend(DOCUMENTED.map(|operation| (CONTRACT.map(str::to_owned), operation)));
    for (contract, operation) in &subjects {
        let contract = contract.each_ref().map(String::as_str);
        for half in ["--request", "--response"] {
            for more in [&["--faults"][..], &["--faults", "--count", "40"]] {
                let arguments = [&["generate", operation, half, "--as", "har"], more].concat();
                let made = shapegate_by(&contract, &arguments, b"");
                assert!(made.status.success(), "{operation}: {}", String::from_utf8_lossy(&made.stderr));
                let har: Value = serde_json::from_slice(&made.stdout).expect("JSON");
                let entries = har["log"]["entries"].as_array().expect("entries");
                assert!(entries.len() > 1, "{operation} {half} {more:?}: {}", entries.len());
                let (findings, _) = checked_by(&contract, &made.stdout);
                for (number, entry) in (0..).zip(entries) {
                    let expected = &entry["_shapegate"]["expect"];
                    let wanted = expected["pointer"].as_str().expect("a pointer");
                    let mut found = findings.get(&number).into_iter().flatten();
                    let is_found = found.any(|row| row["rule"] == expected["rule"] && pointer(row, wanted) == wanted);
                    assert!(is_found, "{operation} {half} {more:?}: {:?} in {entry}", findings.get(&number));
                }
            }
        }
    }
}

#[test]
fn a_seed_decides_everything() {
    let of = |seed: &str| generated(&["GetMembership", "--response", "--seed", seed]);
    assert!(of("7") == of("7"), "the same seed, the same bytes");
    assert!(of("7") != of("8"));
    let faults = |seed: &str| generated(&["GetMembership", "--response", "--faults", "--count", "9", "--seed", seed]);
    assert!(faults("7") == faults("7") && faults("7") != faults("8"));
}

#[test]
fn what_cannot_be_is_told() {
    for (arguments, told) in [
        (&["GetNothing"][..], "no operation GetNothing"),
        (&["GetMembership", "--request", "--as", "placebo", "--out", "x"], "no requests"),
        (&["GetMembership", "--response", "--as", "placebo"], "--out DIR"),
        (&["GetMembership", "--response", "--service", "s3"], "no service"),
    ] {
        let output = shapegate(&[&["generate"], arguments].concat(), b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains(told), "{arguments:?}: {error}");
    }
}

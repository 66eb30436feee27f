//! A codebase with 448 known deviations: they are approved, and the 449th is the only one that anybody sees.

use serde_json::Value;
use shapegate::report::FORMATS;

use crate::support::folder::{Folder, fingerprints, model, request, thing};

/// Deviations that are known.
const KNOWN: usize = 448;
/// Lines of a screen.
const SCREEN: usize = 24;
/// Name of the new one.
const NEW: &str = "newcomer";

fn name(number: usize) -> String {
    format!("usual{number:03}")
}

fn names(all: std::ops::Range<usize>) -> Vec<String> {
    all.map(name).collect()
}

/// Whether a line is about a known one; in a diff it may be beside what is new.
fn shows_known(line: &str) -> bool {
    line.contains("usual") && !line.starts_with(" request.member.")
}

/// What a format shows: the new deviation, and none of those that were approved but where it lists what was approved.
fn assert_only_new(format: &str, text: &str) {
    assert!(text.contains(NEW), "{format}: {text}");
    let counted = |what: Vec<&str>| {
        assert!(what.iter().all(|one| one.contains(NEW)), "{format}: {what:?}");
        // The recorded exchange that an upgrade breaks is shown beside the difference that does it.
        let (exchanges, own): (Vec<&str>, Vec<&str>) = what.iter().partition(|one| one.contains("now rejected: "));
        assert!(own.len() == 1 && exchanges.len() <= 1, "{format}: {what:?}");
    };
    match format {
        "text" => {
            assert!(!text.lines().any(shows_known), "{text}");
            assert!(text.lines().count() <= SCREEN, "{text}");
        }
        "json" => {
            let report: Value = serde_json::from_str(text).expect("JSON");
            counted(fingerprints(&report));
            let wire = report["wire"]["diff"].as_str().unwrap_or_default();
            assert!(!wire.lines().any(shows_known), "{wire}");
            assert_eq!(report["summary"]["approved"], KNOWN);
        }
        "ndjson" => counted(text.lines().filter(|line| line.starts_with("{\"rule\"")).collect()),
        "github" => counted(text.lines().filter(|line| line.starts_with("::")).collect()),
        "sarif" => {
            let report: Value = serde_json::from_str(text).expect("JSON");
            let results = report["runs"][0]["results"].as_array().expect("a list");
            let open = |result: &&Value| result["suppressions"].as_array().is_none_or(Vec::is_empty);
            let open: Vec<String> = results.iter().filter(open).map(Value::to_string).collect();
            counted(open.iter().map(String::as_str).collect());
            let own = results.iter().filter(|one| !one["message"]["text"].to_string().contains("now rejected: "));
            assert_eq!(own.count(), KNOWN + 1, "those that were approved are suppressed");
        }
        _ => {}
    }
}

/// A job passes in one screen; with another deviation it fails and shows that alone, in every format that shows the job.
fn assert_quiet_then_new(folder: &Folder, job: &[&str], add: impl FnOnce()) {
    let ran = folder.run(job);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.lines().count() <= SCREEN && !ran.stdout.contains("usual"), "{}", ran.stdout);
    assert!(ran.stdout.contains(&format!("{KNOWN} approved")), "{}", ran.stdout);
    add();
    for format in FORMATS.iter().filter(|format| format.shows(job[0])) {
        let ran = folder.run(&[job, &["--report", format.id()]].concat());
        assert_eq!(ran.code, Some(1), "{}: {}{}", format.id(), ran.stdout, ran.stderr);
        assert_only_new(format.id(), &ran.stdout);
    }
}

#[test]
fn of_traffic() {
    let folder = Folder::new();
    for file in 0..7 {
        let mut text = String::new();
        for number in (file..KNOWN).step_by(7) {
            text += &request(if number % 2 == 0 { "GetMembership" } else { "DeleteMembership" }, &[&name(number)]);
        }
        folder.write(&format!("traffic/{file}.ndjson"), &text);
    }
    assert_eq!(folder.run(&["check", "traffic"]).code, Some(1));
    let told = folder.approve(&["traffic", "--reason", "known since long"]);
    assert_eq!(told, format!("shapegate-approvals.toml: {KNOWN} added\n"));
    let lines = folder.read(super::FILE);
    assert!(lines.lines().skip(1).is_sorted(), "{lines}");
    assert_quiet_then_new(&folder, &["check", "traffic"], || {
        folder.write("traffic/new.ndjson", &request("GetMembership", &[NEW]));
    });
    // A known one in another file is as known.
    folder.write("traffic/new.ndjson", &request("GetMembership", &["usual000"]));
    assert_eq!(folder.run(&["check", "traffic"]).code, Some(0));
    // Once all are mended, what is said of it is one screen as well.
    for file in 0..7 {
        let text = request("GetMembership", &[]) + &request("DeleteMembership", &[]);
        folder.write(&format!("traffic/{file}.ndjson"), &text);
    }
    let ran = folder.run(&["check", "traffic"]);
    assert!(ran.code == Some(0) && ran.stdout.lines().count() <= SCREEN, "{}", ran.stdout);
    assert!(ran.stdout.contains("stale: 439 approvals more"), "{}", ran.stdout);
    assert_eq!(folder.approve(&["traffic", "--prune"]), format!("shapegate-approvals.toml: {} removed\n", KNOWN - 1));
    assert_eq!(folder.read(super::FILE).lines().count(), 2);
}

#[test]
fn of_a_gate() {
    let old = [vec!["kept".to_owned(), NEW.to_owned()], names(0..KNOWN)].concat();
    let folder = Folder::new().with("old.json", &model(&old)).with("new.json", &model(&old[..2]));
    let gate = ["gate", "--from", "old.json", "--to", "new.json", "--no-witnesses"];
    assert_eq!(folder.run(&[&gate[..], &["--report", "json=report.json"]].concat()).code, Some(1));
    let told = folder.approve(&["--report", "report.json", "--reason", "nobody sends them"]);
    assert_eq!(told, format!("shapegate-approvals.toml: {KNOWN} added\n"));
    assert_quiet_then_new(&folder, &gate, || folder.write("new.json", &model(&old[..1])));
}

#[test]
fn of_a_gate_with_traffic() {
    let old = [vec!["kept".to_owned(), NEW.to_owned()], names(0..KNOWN)].concat();
    let folder = Folder::new().with("old.json", &model(&old)).with("new.json", &model(&old[..2]));
    let mut traffic = String::new();
    for name in names(0..KNOWN) {
        traffic += &thing(&[name]);
    }
    folder.write("traffic.ndjson", &(traffic + &thing(&[NEW.to_owned()])));
    let gate = ["gate", "--from", "old.json", "--to", "new.json", "--no-witnesses", "--traffic", "traffic.ndjson"];
    assert_eq!(folder.run(&[&gate[..], &["--report", "json=report.json"]].concat()).code, Some(1));
    folder.approve(&["--report", "report.json", "--reason", "nobody sends them"]);
    assert_quiet_then_new(&folder, &gate, || folder.write("new.json", &model(&old[..1])));
}

#[test]
fn of_a_snapshot() {
    let all = [vec!["kept".to_owned(), NEW.to_owned()], names(0..KNOWN)].concat();
    let folder = Folder::new().with("model.json", &model(&all)).with("before.ndjson", &thing(&all[..1]));
    let known: Vec<String> = all.iter().filter(|name| *name != NEW).cloned().collect();
    folder.write("after.ndjson", &thing(&known));
    let snapshot = ["snapshot", "--model", "model.json"];
    assert_eq!(folder.run(&[&snapshot[..], &["--out", "wire.toml", "before.ndjson"]].concat()).code, Some(0));
    let compare = ["snapshot", "after.ndjson", "--model", "model.json", "--compare", "wire.toml"];
    assert_eq!(folder.run(&[&compare[..], &["--report", "json=report.json"]].concat()).code, Some(1));
    let told = folder.approve(&["--report", "report.json", "--reason", "the new client does so"]);
    assert_eq!(told, format!("shapegate-approvals.toml: {KNOWN} added\n"));
    assert_quiet_then_new(&folder, &compare, || folder.write("after.ndjson", &thing(&all)));
    let diff = format!("+request.member.{NEW} = {{ sent = \"always\", form = [\"string\"] }}");
    assert!(folder.run(&compare).stdout.contains(&diff), "what is new is in the diff");
}

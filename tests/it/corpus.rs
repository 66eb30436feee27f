//! A large generated corpus with labelled faults: each is found where it is, and nothing else is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use shapegate::check::{Catalog, Checked, Input, Options, run};
use shapegate::expectation::Expectations;
use shapegate::ingest::embedded;

/// The contract that the generator reads, and the corpus is checked against.
const CONTRACT: &str = "cleanrooms@2023-08-30";

/// A record: its file, and its number within where the file holds several.
type Record = (String, usize);
/// Faults and their pointers by record.
type Labels = BTreeMap<Record, (String, String)>;

#[test]
#[ignore = "needs ../shared/bench and python3, run by .ci/run"]
fn labelled_faults_are_found_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    generate(folder.path());
    let records = folder.path().join("records.ndjson");
    let files = folder.path().join("files");

    let by_line = labels(&folder.path().join("labels.jsonl"), |label| {
        let line = label["line"].as_u64().and_then(|line| usize::try_from(line).ok()).expect("a label has a line");
        (shown(&records), line)
    });
    let by_file = labels(&folder.path().join("files_labels.jsonl"), |label| {
        (shown(&folder.path().join(label["path"].as_str().expect("a label has a path"))), 0)
    });
    assert_labels_are_found(&check(&records), &by_line, 20_000);
    assert_labels_are_found(&check(&files), &by_file, 2000);
}

fn generate(folder: &Path) {
    let model = folder.join("service-2.json");
    let embedded = embedded::find(CONTRACT).expect("an embedded contract");
    let text = embedded.document().expect("a sound embedded model");
    fs::write(&model, text).expect("a writable folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench/gen_corpus.py");
    let mut python = Command::new("python3");
    python.arg(script).arg("--model").arg(model).arg("--out").arg(folder);
    let output = python.args(["--records", "20000", "--files", "2000"]).output().expect("python3 starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn labels(path: &Path, record: impl Fn(&Value) -> Record) -> Labels {
    let text = fs::read_to_string(path).expect("the generator wrote labels");
    let labels = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a label is JSON"));
    let text = |label: &Value, key: &str| label[key].as_str().expect("a label says it").to_owned();
    labels.map(|label| (record(&label), (text(&label, "fault"), text(&label, "pointer")))).collect()
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn check(path: &Path) -> Checked {
    let mut catalog = Catalog::default();
    catalog.add_embedded(embedded::find(CONTRACT).expect("an embedded contract"));
    let expectations = Expectations::shipped().expect("shipped expectations are sound");
    let options = Options::new(&catalog, &expectations);
    run(vec![Input::Path(PathBuf::from(path))], &options).expect("contract and corpus are there")
}

fn assert_labels_are_found(checked: &Checked, labels: &Labels, payloads: usize) {
    assert_eq!(checked.tally.payloads, payloads);
    assert!(!labels.is_empty());
    let mut told: BTreeMap<Record, Vec<(&str, &str)>> = BTreeMap::new();
    for finding in &checked.findings {
        let record = (finding.location.file.clone(), finding.location.entry.unwrap_or_default());
        told.entry(record).or_default().push((finding.rule.id, &finding.pointer));
    }
    for (record, (fault, pointer)) in labels {
        let found = told.get(record).map_or(&[][..], Vec::as_slice);
        let right = found.iter().any(|(rule, at)| rules(fault).contains(rule) && at == pointer);
        assert!(right, "{record:?}: {fault} at {pointer} gives {found:?}");
    }
    let labelled: BTreeSet<&Record> = labels.keys().collect();
    let false_alarm = told.iter().find(|(record, _)| !labelled.contains(record));
    assert_eq!(false_alarm, None, "a record without a fault has findings");
}

/// The rules that may find a fault of that label.
fn rules(fault: &str) -> &'static [&'static str] {
    match fault {
        "bad_enum" => &["unknown-enum-value"],
        "missing_required" => &["missing-member"],
        "wrong_type" => &["wrong-type", "null-member", "timestamp-form"],
        "misplaced_key" => &["misplaced-member", "unknown-member"],
        other => panic!("the generator has a new fault, {other}"),
    }
}

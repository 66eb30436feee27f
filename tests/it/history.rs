//! The embedded releases of Clean Rooms, held against each other and against the wheels that they come from.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use serde_json::Value;
use shapegate::diff::of_sources;
use shapegate::finding::{Profile, Severity};
use shapegate::ingest::embedded::{self, Embedded};
use shapegate::ingest::source::Source;
use shapegate::model::Fact;
use shapegate::upgrade::{Models, Options, compare};

use crate::support::folder::{Folder, model, thing};
use crate::support::root;
use crate::support::wheels::wheel;

fn releases() -> &'static [Embedded] {
    embedded::of_service("cleanrooms")
}

/// Weights of the differences of two releases, for SDKs that read models as they run.
fn weights(from: &'static Embedded, to: &'static Embedded) -> Vec<Severity> {
    let options = Options { threads: 1, ..Options::new(Profile::default()) };
    let compared = compare(&Models::Embedded(from), &Models::Embedded(to), &options).expect("sound contracts");
    compared.services.iter().flat_map(|one| &one.findings).map(|finding| finding.weight).collect()
}

#[test]
fn three_transitions_are_breaking_by_default() {
    let breaking = |pair: &&'static [Embedded]| weights(&pair[0], &pair[1]).contains(&Severity::Error);
    let breaking: Vec<&str> = releases().windows(2).filter(breaking).map(|pair| pair[1].release).collect();
    assert_eq!(breaking, ["2023-11-14", "2025-10-30", "2025-12-01"]);
}

#[test]
fn every_transition_differs_and_no_release_from_itself() {
    for pair in releases().windows(2) {
        assert!(!weights(&pair[0], &pair[1]).is_empty(), "{pair:?}");
        assert!(weights(&pair[1], &pair[1]).is_empty(), "{pair:?}");
    }
}

/// Traffic of `Thing` with a member that the second of three releases has alone, and of a service that no release has.
fn past() -> Folder {
    let folder = Folder::new();
    folder.wheel("1.9.0", [2024, 1, 2], &["name"]);
    folder.wheel("1.10.0", [2024, 3, 4], &["name", "size"]);
    folder.wheel("1.10.1", [2024, 5, 6], &["name"]);
    folder.write("wheels/notes.txt", "not a wheel");
    folder.write("t/a.ndjson", &thing(&["name".to_owned(), "size".to_owned()]));
    folder.write("t/b.ndjson", "{\"service\": \"other\", \"operation\": \"Do\", \"request\": {}}\n");
    folder
}

#[test]
fn a_folder_of_wheels_has_the_days_on_which_they_were_packed() {
    let folder = past();
    let ran = folder.run(&["history", "--model", "wheels", "t"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let days = ["2024-01-02  1.9.0 ", "2024-03-04  1.10.0 ", "2024-05-06  1.10.1 "].map(|line| ran.stdout.find(line));
    assert!(days.is_sorted() && days.iter().all(Option::is_some), "{}", ran.stdout);
    let last = "fails until 2024-01-02, holds under 2024-03-04, fails from 2024-05-06 on: 1 exchange with 2 payloads of \
                1 recording; not of thing: other (1)";
    assert_eq!(ran.stdout.lines().last(), Some(last), "{}", ran.stdout);
    let (_, report) = folder.report(&["history", "--model", "wheels", "t"]);
    assert_eq!(
        (&report["history"]["service"], &report["history"]["failsFrom"]),
        (&"thing".into(), &"2024-05-06".into())
    );
    assert_eq!(report["history"]["releases"][1]["botocore"], "1.10.0");
}

/// However the traffic stands, a history passes, so that no form shows a failure.
#[test]
fn a_history_is_reported_in_every_form() {
    let folder = past();
    let written = |form: &str| folder.run(&["history", "--model", "wheels", "--report", form, "t"]);
    let ran = written("junit");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("failures=\"0\"") && !ran.stdout.contains("<failure"), "{}", ran.stdout);
    assert!(ran.stdout.contains("<skipped message=\"error: "), "{}", ran.stdout);
    // What fails under the newest release can be approved all the same.
    let (_, report) = folder.report(&["history", "--model", "wheels", "t"]);
    let open = "unknown-member:thing:MakeThing:request:MakeInput.size";
    assert_eq!(report["approvals"]["toApprove"], serde_json::json!([{"fingerprint": open}]));
    assert_eq!(report["summary"]["passed"], true);
    // The page words it itself.
    let page = std::fs::read_to_string(root().join("src/report/html/page.js")).expect("the page's script");
    assert!(page.contains(r#"["coverage", "scorecard", "history", "list", "diff"].includes(R.job) ? "reported""#));
}

#[test]
fn any_models_have_the_days_that_are_named() {
    let folder = past();
    for (name, members) in [("a.json", &["name"][..]), ("b.json", &["name", "size"])] {
        folder.write(name, &model(&members.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()));
    }
    let run = |models: &[&str]| {
        let models: Vec<&str> = models.iter().flat_map(|model| ["--model", model]).collect();
        folder.run(&[&["history", "--wheels", "wheels"], &models[..], &["t/a.ndjson"]].concat())
    };
    // The day counts, not the order of the options; a wheel may have another one.
    let ran = run(&["b.json@2024-02-01", "a.json@2024-01-01", "botocore==1.10.1@2024-02-20"]);
    let last = ran.stdout.lines().last().expect("a verdict");
    assert!(
        last.starts_with("fails until 2024-01-01, holds under 2024-02-01, fails from 2024-02-20 on"),
        "{}",
        ran.stdout
    );
    for (models, told) in [
        (
            &["a.json@2024-01-01", "b.json"][..],
            "b.json: nothing says the day of its release\n  Write --model b.json@YYYY-MM-DD.",
        ),
        (&["a.json@2024-01-01"], "a history has two releases or more"),
        (&["a.json@2024-01-01", "b.json@soon"], "b.json@soon: No such file"),
    ] {
        let ran = run(models);
        assert!(ran.code == Some(2) && ran.stderr.contains(told), "{}", ran.stderr);
    }
    let ran = folder.run(&["history", "--model", "wheels", "t/b.ndjson"]);
    assert!(
        ran.code == Some(2) && ran.stderr.contains("nothing of the models' services was read")
            || ran.stderr.contains("nothing of thing was read, but of other (1)"),
        "{}",
        ran.stderr
    );
}

/// SQS left awsQuery with 1.31.81, and boto3 sends what it reads in its model.
#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn releases_of_any_service_are_held_against_traffic() {
    let [old, new] = ["1.31.80", "1.31.81"].map(|version| wheel(version).display().to_string());
    let mut tried = std::process::Command::new(env!("CARGO_BIN_EXE_shapegate"));
    tried.args(["history", "--model", &new, "--model", &old]).arg(root().join("fixtures/moto/sqs.yaml"));
    let output = tried.output().expect("the binary starts");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("2023-11-08 (botocore 1.31.81): "), "{told}{}", String::from_utf8_lossy(&output.stderr));
}

/// The releases whose wheels `.ci/run` fetches; `oracles/history.py` looks at all of them.
const IN_CI: [(&str, &str); 4] = [
    ("cleanrooms@2023-01-12", "1.29.49"),
    ("cleanrooms@2023-08-30", "1.31.38"),
    ("cleanrooms@2023-11-14", "1.32.0"),
    // The contract is older than this wheel, and still in force in it.
    ("cleanrooms@2026-11-17", "1.44.5"),
];

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn embedded_releases_are_the_models_of_their_wheels() {
    for (name, version) in IN_CI {
        let embedded = embedded::find(name).expect("a listed release");
        let source = Source::open(&wheel(version)).expect("a wheel");
        let shipped = source.load_with_companions("cleanrooms").expect("a sound model").expect("botocore has it");
        let mut ours = embedded.load().expect("a sound contract");
        ours.service.release = Fact::Unknown;
        let differences = of_sources(&ours, &shipped);
        assert!(ours.service == shipped.service, "{version}: {differences:#?}");
        assert_eq!(ours.losses, shipped.losses, "{version}");
        let mut document = document(&wheel(version));
        strip(&mut document);
        assert_eq!(embedded.document().expect("a sound contract"), document.to_string(), "{version}");
    }
}

/// The model as the wheel holds it.
fn document(wheel: &Path) -> Value {
    let mut archive = zip::ZipArchive::new(File::open(wheel).expect("a wheel")).expect("an archive");
    let names = archive.file_names().map(|name| name.expect("a readable name").to_string());
    let name = names.into_iter().find(|name| name.contains("/data/cleanrooms/") && name.contains("/service-2.json"));
    let mut bytes = Vec::new();
    let mut entry = archive.by_name(&name.expect("botocore has it")).expect("an entry");
    entry.read_to_end(&mut bytes).expect("readable");
    if bytes.starts_with(b"\x1f\x8b") {
        let packed = std::mem::take(&mut bytes);
        MultiGzDecoder::new(&packed[..]).read_to_end(&mut bytes).expect("packed");
    }
    serde_json::from_slice(&bytes).expect("JSON")
}

/// Leaves out prose: a text under one of its keys. A member of such a name is an object.
fn strip(value: &mut Value) {
    let prose = ["documentation", "deprecatedMessage", "deprecatedSince"];
    match value {
        Value::Object(map) => {
            map.retain(|key, value| !(value.is_string() && prose.contains(&key.as_str())));
            map.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

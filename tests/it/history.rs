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

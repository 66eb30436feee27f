//! Real botocore releases. They are not part of the project: `.ci/run` fetches the wheels and says where they are.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use shapegate::ingest::names::canonical;
use shapegate::ingest::source::Source;
use shapegate::model::{Direction, Encoding};
use shapegate::schema::Emitter;

use crate::support::wheels::{NEWEST, release, wheel};

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn every_service_has_the_name_of_its_folder() {
    for version in ["1.29.17", "1.35.43", NEWEST] {
        let file = std::fs::File::open(wheel(version)).expect("a wheel");
        let archive = zip::ZipArchive::new(file).expect("a zip");
        let names = archive.file_names().map(|name| name.expect("a name").to_string());
        let folders: BTreeSet<String> = names
            .filter_map(|name| match name.split('/').collect::<Vec<_>>()[..] {
                [.., "data", folder, _, "service-2.json" | "service-2.json.gz"] => Some(folder.to_owned()),
                _ => None,
            })
            .collect();
        let source = release(version);
        assert_eq!(source.services(), folders.iter().collect::<Vec<_>>(), "{version}");
        // Two folders hold the same model.
        let second: Vec<_> = folders.iter().filter(|folder| source.aliases().is_twin(folder)).collect();
        assert_eq!(second, ["sms-voice"], "{version}");
        let ids = source.services().into_par_iter().map(|name| source.load(name).expect("a sound model"));
        let ids: Vec<_> = ids.map(|ingested| ingested.expect("a service of the wheel").stated.service_id).collect();
        let names = ids.iter().map(|id| canonical(id.as_deref().expect("each states its id")));
        let differ: Vec<_> = names.zip(&folders).filter(|(name, folder)| name != *folder).collect();
        assert_eq!(differ, [("pinpoint-sms-voice".to_owned(), &"sms-voice".to_owned())], "{version}");
    }
}

/// What a model says and ours does not hold, each with its reason.
const KNOWN_LOSSES: &[(&str, &str)] = &[
    ("awsQueryCompatible", "told as a difference; what it means for messages is read"),
    ("checksumFormat", "checksums of request bodies"),
    ("clientContextParams", "choice of endpoint"),
    ("contextParam", "choice of endpoint"),
    ("deprecated", "of a whole service"),
    ("endpointdiscovery", "choice of endpoint"),
    ("endpointoperation", "choice of endpoint"),
    ("enum", "set on a member; the shape it names has none"),
    ("idempotent", "whether a call may be repeated"),
    ("operationContextParams", "choice of endpoint"),
    ("protocolSettings", "version of HTTP"),
    ("readonly", "whether a call changes anything"),
    ("staticContextParams", "choice of endpoint"),
    ("xmlNamespace", "of a whole service"),
];

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn every_service_of_the_newest_release_is_read_with_its_losses_counted() {
    let source = release(NEWEST);
    let services = source.services();
    assert_eq!(services.len(), 439);
    let read: Vec<_> = services
        .into_par_iter()
        .map(|name| source.load(name).expect("a sound model").expect("a service of the wheel"))
        .collect();
    let mut losses: BTreeMap<&str, usize> = BTreeMap::new();
    for loss in read.iter().flat_map(|ingested| &ingested.losses) {
        *losses.entry(&loss.what).or_default() += 1;
    }
    let unknown: Vec<_> = losses.keys().filter(|what| !KNOWN_LOSSES.iter().any(|(known, _)| known == *what)).collect();
    assert!(unknown.is_empty(), "lost without a reason: {unknown:?} of {losses:#?}");
    let idle: Vec<_> = KNOWN_LOSSES.iter().filter(|(known, _)| !losses.contains_key(known)).collect();
    assert!(idle.is_empty(), "never lost: {idle:?}");
    let operations: usize = read.iter().map(|ingested| ingested.service.operations.len()).sum();
    assert!(operations > 15_000, "{operations}");
}

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn every_schema_of_the_newest_release_is_made_and_no_constraint_goes_missing() {
    let source = release(NEWEST);
    let counted: Vec<BTreeMap<&str, usize>> =
        source.services().into_par_iter().map(|name| count(&source, name)).collect();
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for (what, count) in counted.into_iter().flatten() {
        *all.entry(what).or_default() += count;
    }
    // Three constraints are known that nothing satisfies, and few patterns that no engine takes.
    assert!(all["unsatisfiable"] >= 3, "{all:?}");
    assert!(all["unchecked"] * 200 < all["pattern"], "more than one pattern in 200 is not checked: {all:?}");
}

/// Shapes of one service by what their schemas say of patterns.
fn count(source: &Source, name: &str) -> BTreeMap<&'static str, usize> {
    let service = source.load(name).expect("a sound model").expect("a service of the wheel").service;
    let emitter = Emitter::new(&service);
    let mut seen: BTreeMap<String, &'static str> = BTreeMap::new();
    for operation in service.operations.keys() {
        for direction in [Direction::Request, Direction::Response] {
            let schema = emitter.operation(operation, direction, Encoding::Wire).expect("an operation of the service");
            let definitions = schema.get("$defs").and_then(|all| all.as_object()).cloned().unwrap_or_default();
            for (shape, schema) in definitions {
                let notes = &schema["x-shapegate"];
                let what = match (notes.get("unsatisfiable"), notes.get("unchecked"), schema.get("pattern")) {
                    (Some(_), ..) => "unsatisfiable",
                    (_, Some(_), _) => "unchecked",
                    (.., Some(_)) => "pattern",
                    _ => continue,
                };
                seen.insert(shape, what);
            }
        }
    }
    let mut counts = BTreeMap::new();
    for what in seen.into_values() {
        *counts.entry(what).or_default() += 1;
    }
    counts
}

//! Smithy models: the same service from botocore and from Smithy is the same, but for what the formats cannot say.
//!
//! `support/smithy.rs` writes botocore's models in Smithy, by the specification and not by the reader.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use flate2::read::GzDecoder;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use serde_json::{Value, json};
use shapegate::diff::{Change, Difference, differences, of_sources};
use shapegate::ingest::embedded::CONTRACTS;
use shapegate::ingest::{Ingested, botocore, smithy};
use shapegate::model::{Companions, IntegerWidth, ShapeKind};
use zip::ZipArchive;

use crate::support::root;
use crate::support::smithy::{traits_in, written};
use crate::support::wheels::{NEWEST, wheel};

/// What botocore's models say and Smithy's cannot, by the kind of difference, with the services concerned where they
/// are few.
const CANNOT_BE_SAID: &[(&str, &[&str], &str)] = &[
    ("HttpUriChanged", &["importexport"], "a path of its own for each operation of awsQuery"),
    ("MemberBecameOptional", &["kinesis"], "a stream of events that must have an event"),
    ("ShapeRenamed", &[], "an operation and a shape of one name, and text that some members alone take for JSON"),
];

#[test]
fn a_model_and_its_twin_are_one() {
    let folder = root().join("fixtures/contracts/smithy");
    let read = |path: &str| std::fs::read(folder.join(path)).expect("a fixture");
    let ours = smithy::parse(&read("depot.json")).expect("a sound model");
    let twin = botocore::parse(&read("twin/service-2.json"), None).expect("a sound model");
    assert_eq!(of_sources(&twin, &ours), []);
    let (mut service, mut expected) = (ours.service, twin.service);
    assert_eq!(service.name, "big-depot");
    // What is Smithy's alone.
    let detail = service.shapes.get_mut("ShelfDetail").expect("a shape");
    let ShapeKind::Structure(structure) = &mut detail.kind else { panic!("a structure") };
    let count = structure.members.iter_mut().find(|member| member.name == "count").expect("a member");
    assert_eq!(count.default.take(), Some(0.into()));
    let policy = service.shapes.get_mut("Policy").expect("a shape");
    assert_eq!(policy.media_type.take().as_deref(), Some("application/json"));
    let byte = &mut service.shapes.get_mut("Byte").expect("a shape").kind;
    assert_eq!(
        std::mem::replace(byte, ShapeKind::Integer(IntegerWidth::Integer)),
        ShapeKind::Integer(IntegerWidth::Byte)
    );
    let lists = service.shapes.values_mut().filter_map(|shape| match &mut shape.kind {
        ShapeKind::List(list) => std::mem::take(&mut list.unique).then_some(shape.id.as_str()),
        _ => None,
    });
    assert_eq!(lists.collect::<Vec<_>>(), ["CreateShelfInputTagsList", "Tags"]);
    service.companions = Companions::default();
    // A list without the bounds that its one user sets is in both files and in neither's closure.
    for both in [&mut service, &mut expected] {
        both.shapes.remove("Tags").expect("a shape");
    }
    assert_eq!(service.operations, expected.operations);
    for (id, shape) in &expected.shapes {
        assert_eq!(service.shape(id), Some(shape), "{id}");
    }
    assert_eq!(service, expected);
}

#[test]
fn what_has_no_place_is_counted_and_what_stands_beside_is_read() {
    let path = root().join("fixtures/contracts/smithy/depot.json");
    let ours = smithy::parse(&std::fs::read(path).expect("a fixture")).expect("a sound model");
    let lost: Vec<_> = ours.losses.iter().map(|loss| format!("{} {}", loss.place, loss.what)).collect();
    assert_eq!(
        lost,
        [
            " smithy.api#cors",
            "operations.Ping smithy.api#readonly",
            "operations.PutShelf smithy.api#idempotent",
            "shapes.CreateShelfInput.members.size smithy.api#clientOptional",
            "shapes.GetShelfInput.members.shelfId smithy.rules#contextParam",
        ]
    );
    assert!(ours.prose.is_some());
    let companions = &ours.service.companions;
    let paginator = &companions.paginators.known().expect("read")["ListShelves"];
    assert_eq!(paginator.input_tokens, ["nextToken"]);
    assert_eq!(paginator.output_tokens, ["page.next"]);
    assert_eq!(paginator.result_keys, ["shelves"]);
    assert_eq!(paginator.limit_key.as_deref(), Some("maxResults"));
    let waiter = &companions.waiters.known().expect("read")["ShelfReady"];
    assert_eq!((waiter.operation.as_str(), waiter.delay, waiter.max_delay), ("GetShelf", 5, Some(120)));
    assert_eq!(waiter.acceptors.len(), 2);
    assert!(companions.endpoint_rules.known().is_some_and(|rules| *rules != 0));
}

#[test]
fn embedded_contracts_are_the_same_from_both() {
    for embedded in CONTRACTS {
        let model = embedded_text(embedded.release);
        let (old, new) = both(embedded.service, &model);
        assert!(new.service.operations.len() > 20);
        assert_eq!(of_sources(&old, &new), [], "{}", embedded.release);
        assert_eq!(of_sources(&new, &old), [], "{}", embedded.release);
    }
}

#[test]
fn the_writer_uses_what_real_models_use() {
    let newest = CONTRACTS.iter().map(|contract| contract.release).max().expect("contracts");
    let traits = traits_in(&written(&embedded_text(newest)));
    for name in ["enum", "enumValue", "error", "httpError", "httpLabel", "httpQuery", "length", "pattern", "required"] {
        assert!(traits.contains_key(&format!("smithy.api#{name}")), "{name} of {traits:?}");
    }
}

#[test]
fn a_change_is_told_alike_in_whatever_language_the_newer_model_is() {
    let newest = CONTRACTS.iter().map(|contract| contract.release).max().expect("contracts");
    let (old, old_in_smithy) = both("cleanrooms", &embedded_text("2023-08-30"));
    let (new, new_in_smithy) = both("cleanrooms", &embedded_text(newest));
    let expected = differences(&old.service, &new.service);
    assert!(expected.len() > 100, "{}", expected.len());
    assert_eq!(of_sources(&old, &new_in_smithy), expected);
    assert_eq!(of_sources(&old_in_smithy, &new), expected);
}

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn all_services_of_a_wheel_are_the_same_from_both() {
    let models = models_of_wheel(&wheel(NEWEST));
    assert_eq!(models.len(), 439);
    let compared: Vec<(&str, Vec<Difference>)> = models
        .par_iter()
        .map(|(name, model)| {
            let (old, new) = both(name, model);
            (name.as_str(), of_sources(&old, &new))
        })
        .collect();
    let mut unknown = Vec::new();
    let mut seen = BTreeSet::new();
    for (service, difference) in compared.iter().flat_map(|(name, found)| found.iter().map(move |one| (name, one))) {
        let kind = kind(&difference.change);
        let known = CANNOT_BE_SAID
            .iter()
            .find(|(name, services, _)| *name == kind && (services.is_empty() || services.contains(service)));
        match known {
            Some((name, ..)) => drop(seen.insert(*name)),
            None => unknown.push(format!("{service}: {difference:?}")),
        }
    }
    assert!(unknown.is_empty(), "{} differences, such as\n{}", unknown.len(), summary(&unknown));
    let idle: Vec<_> = CANNOT_BE_SAID.iter().filter(|(name, ..)| !seen.contains(name)).collect();
    assert!(idle.is_empty(), "said after all: {idle:?}");
}

pub(crate) fn kind(change: &Change) -> String {
    let told = format!("{change:?}");
    told.split([' ', '{']).next().unwrap_or_default().to_owned()
}

/// A few of each kind.
fn summary(told: &[String]) -> String {
    let mut by_kind: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in told {
        let kind = one.split("change: ").nth(1).and_then(|rest| rest.split([' ', ',']).next()).unwrap_or_default();
        by_kind.entry(kind).or_default().push(one);
    }
    by_kind.values().flat_map(|of_kind| of_kind.iter().take(4)).copied().collect::<Vec<_>>().join("\n")
}

/// The newest model of each service, by the service's name.
fn models_of_wheel(path: &Path) -> BTreeMap<String, Value> {
    let mut archive = ZipArchive::new(File::open(path).expect("the wheel is there")).expect("a zip");
    let mut names: Vec<String> = archive.file_names().map(|name| name.expect("a name").to_string()).collect();
    names.sort();
    let mut models = BTreeMap::new();
    for name in names {
        if let [.., "data", service, _, "service-2.json.gz"] = name.split('/').collect::<Vec<_>>()[..] {
            let entry = archive.by_name(&name).expect("listed above");
            models.insert(service.to_owned(), serde_json::from_reader(GzDecoder::new(entry)).expect("JSON"));
        }
    }
    models
}

/// A model as it is, and written in Smithy.
fn both(name: &str, model: &Value) -> (Ingested, Ingested) {
    let old = botocore::parse(model.to_string().as_bytes(), Some(name)).expect("a sound model");
    let new = smithy::parse(written(model).to_string().as_bytes());
    (old, new.unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// The model that is embedded for a release of Clean Rooms.
fn embedded_text(release: &str) -> Value {
    let embedded = CONTRACTS.iter().find(|contract| contract.release == release).expect("an embedded contract");
    serde_json::from_str(&embedded.document().expect("sound bytes")).expect("JSON")
}

/// What one language leaves open is no difference; what both say is.
#[test]
fn what_one_language_leaves_open_is_no_difference() {
    let of_botocore = |count: &Value| {
        let model = json!({"metadata": {"apiVersion": "1", "endpointPrefix": "spec", "protocol": "rest-json", "serviceId": "Spec"},
            "operations": {"Act": {"name": "Act", "http": {"method": "GET", "requestUri": "/act"}, "output": {"shape": "Out"}}},
            "shapes": {"Text": {"type": "string"}, "Texts": {"type": "list", "member": {"shape": "Text"}}, "Count": count,
                "Out": {"type": "structure", "members": {"position": {"shape": "Text"}, "count": {"shape": "Count"},
                    "texts": {"shape": "Texts"}}}}});
        botocore::parse(model.to_string().as_bytes(), None).expect("a sound model")
    };
    let of_smithy = |traits: &Value| {
        let position = json!({"target": "a.b#Text", "traits": {"smithy.api#httpQuery": "position"}});
        let model = json!({"smithy": "2.0", "shapes": {
            "a.b#Spec": {"type": "service", "version": "1", "operations": [{"target": "a.b#Act"}], "traits": {
                "aws.protocols#restJson1": {}, "aws.api#service": {"sdkId": "Spec", "endpointPrefix": "spec"}}},
            "a.b#Act": {"type": "operation", "output": {"target": "a.b#Out"},
                "traits": {"smithy.api#http": {"method": "GET", "uri": "/act"}}},
            "a.b#Text": {"type": "string"}, "a.b#Count": {"type": "integer", "traits": traits},
            "a.b#Texts": {"type": "list", "member": {"target": "a.b#Text"}, "traits": {"smithy.api#length": {"min": 0}}},
            "a.b#Out": {"type": "structure", "members": {"position": position, "count": {"target": "a.b#Count"},
                "texts": {"target": "a.b#Texts"}}}}});
        smithy::parse(model.to_string().as_bytes()).expect("a sound model")
    };
    let (plain, boxed) =
        (of_botocore(&json!({"type": "integer"})), of_botocore(&json!({"type": "integer", "box": true})));
    let (open, zero) = (of_smithy(&json!({})), of_smithy(&json!({"smithy.api#default": 0})));
    for (one, two) in [(&plain, &open), (&boxed, &open), (&plain, &zero)] {
        assert_eq!(of_sources(one, two), []);
        assert_eq!(of_sources(two, one), []);
    }
    let told: Vec<Change> = of_sources(&boxed, &zero).into_iter().map(|one| one.change).collect();
    assert_eq!(told, [Change::BoxChanged { boxed: false }]);
}

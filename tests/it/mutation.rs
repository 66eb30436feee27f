//! Mutation score: recorded traffic that is clean, broken in every single way, and what the checker sees of it.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::process::{Command, Output};

use serde_json::Value;
use shapegate::check::{Catalog, Input, Options};
use shapegate::contract::Contract;
use shapegate::expectation::Expectations;
use shapegate::generate::{self, Fault};
use shapegate::ingest::embedded;
use shapegate::model::{Direction, Encoding};
use shapegate::mutate::{EXCHANGE_RULES, VALUE_RULES, score};
use shapegate::outcome::{Particulars, Score};
use shapegate::recording::{Exchange, Extent, Payload, ServiceName};

use crate::drawing::contracts::DOCUMENTED;
use crate::support::wheels::{NEWEST, release};
use crate::support::{catalog, root};

fn scored(catalog: &Catalog, path: &str) -> Score {
    let expectations = Expectations::shipped().expect("shipped expectations compile");
    let options = Options { threads: 2, ..Options::new(catalog, &expectations) };
    let outcome = score(vec![Input::Path(root().join(path))], &options);
    let outcome = outcome.expect("the path is there and the contract is sound");
    let Particulars::Score(score) = outcome.particulars else { panic!("a score") };
    score
}

fn contract() -> Contract {
    let embedded = embedded::find("cleanrooms@2023-08-30").expect("an embedded contract");
    Contract::new(embedded.load().expect("it is sound").service)
}

#[test]
fn no_fault_in_the_fixtures_goes_undetected() {
    let score = scored(&catalog("cleanrooms@2023-08-30"), "fixtures/recordings");
    assert_eq!(score.undetected, [], "of {:?}", score.total());
    assert_eq!(score.unclean, 0);
    assert!(score.broken > 600 && score.total().faults > 40_000, "{score:?}");
    // Clean Rooms has no blobs, and no model of botocore says that the elements of a list differ.
    let wanted: BTreeSet<&str> = VALUE_RULES.iter().chain(EXCHANGE_RULES).copied().collect();
    let missing: Vec<_> = wanted.iter().filter(|rule| !score.rules.contains_key(*rule)).collect();
    assert_eq!(missing, [&"blob-form", &"duplicate-item"]);
    for (rule, count) in &score.rules {
        assert!(count.detected > count.excused, "{rule}: {count:?}");
    }
}

#[test]
#[ignore = "needs botocore wheels, run by .ci/run"]
fn no_fault_in_traffic_of_41_services_goes_undetected() {
    let mut catalog = Catalog::default();
    catalog.add_source(release(NEWEST));
    let score = scored(&catalog, "fixtures/moto");
    assert_eq!(score.undetected, [], "of {:?}", score.total());
    assert!(score.broken > 300 && score.total().faults > 15_000, "{:?}", score.total());
}

/// What a simplest payload can have wrong with it is what the complete list has at the places that it has: two ways to
/// the same faults, one by drawing and one by breaking.
#[test]
fn simplest_payloads_break_as_the_complete_list_says() {
    let contract = contract();
    let key = |fault: &Fault| format!("{} {} {}", fault.rule, fault.pointer, fault.payload);
    for operation in DOCUMENTED {
        for direction in [Direction::Request, Direction::Response] {
            for encoding in [Encoding::Wire, Encoding::Parsed] {
                let strategy = generate::payloads(&contract, operation, direction, encoding).expect("an operation");
                let simplest = strategy.simplest();
                let is_there = |fault: &Fault| {
                    let parent = fault.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                    simplest.pointer(parent).is_some()
                        && (simplest.pointer(&fault.pointer).is_some() || has_the_rest(&simplest, fault))
                };
                let listed: BTreeSet<String> =
                    strategy.faults().iter().filter(|fault| is_there(fault)).map(key).collect();
                let mut broken = BTreeSet::new();
                strategy.mutations(&simplest, &mut |fault| {
                    broken.insert(key(&fault));
                });
                assert!(broken.len() > 5, "{operation} {direction}: {broken:#?}");
                let differing: Vec<_> = broken.symmetric_difference(&listed).collect();
                assert!(differing.is_empty(), "{operation} {direction}: {differing:#?}");
            }
        }
    }
}

/// Whether the fault is `simplest` with something added that has no place of its own in it.
fn has_the_rest(simplest: &Value, fault: &Fault) -> bool {
    let (parent, name) = fault.pointer.rsplit_once('/').expect("a place below the payload");
    let mut payload = fault.payload.clone();
    let added = payload.pointer_mut(parent).and_then(Value::as_object_mut).and_then(|members| members.remove(name));
    added.is_some() && payload == *simplest && matches!(fault.rule, "unknown-member" | "misplaced-member")
}

#[test]
fn each_mutation_is_wrong_in_its_one_way_alone() {
    let contract = contract();
    let mut seen = 0;
    for operation in DOCUMENTED {
        for direction in [Direction::Request, Direction::Response] {
            let strategy = generate::payloads(&contract, operation, direction, Encoding::Wire).expect("an operation");
            for seed in 0..4 {
                strategy.mutations(&strategy.seeded(seed), &mut |fault| {
                    let name = ServiceName::Name("cleanrooms".into());
                    let text = fault.payload.to_string();
                    let payload = Some(Payload::text(&text, Encoding::Wire));
                    let named = Exchange::named(name, operation.into(), Extent::Payload);
                    let exchange = match direction {
                        Direction::Request => Exchange { request: payload, ..named },
                        Direction::Response => Exchange { response: payload, ..named },
                    };
                    let breaches = contract.observe(&exchange).expect("the contract is sound").breaches;
                    let told: Vec<String> =
                        breaches.iter().map(|breach| format!("{} {}", breach.kind.rule().id, breach.pointer)).collect();
                    assert_eq!(told, [format!("{} {}", fault.rule, fault.pointer)], "{operation} {direction} {text}");
                    seen += 1;
                });
            }
        }
    }
    assert!(seen > 3_000, "{seen}");
}

fn mutate(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shapegate"))
        .arg("mutate")
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the command starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_command_tells_the_score_by_rule() {
    let arguments = ["--contract", "cleanrooms@2023-08-30", "fixtures/recordings/cleanrooms/exchanges.ndjson"];
    let output = mutate(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    insta::assert_snapshot!(text(&output.stdout));
    let output = mutate(&[&["--format", "json"], &arguments[..]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let all = report["score"]["all"]["faults"].as_u64().expect("a number");
    let sum: u64 =
        report["score"]["rules"].as_object().expect("rules").values().filter_map(|one| one["faults"].as_u64()).sum();
    assert_eq!((all, &report["score"]["undetectedInAll"]), (sum, &Value::from(0)));
}

#[test]
fn traffic_with_findings_is_left_as_it_is_and_nothing_to_break_is_no_pass() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("a.ndjson");
    let record = |payload: &str| {
        format!(
            r#"{{"service": "cleanrooms", "operation": "GetMembership", "direction": "request", "payload": {payload}}}"#
        )
    };
    let path = file.to_str().expect("UTF-8");
    fs::write(&file, record("{}")).expect("writable");
    let output = mutate(&[path]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("nothing to break"), "{}", text(&output.stderr));
    let sound = record(r#"{"membershipIdentifier": "00000000-0000-4000-8000-000000000000"}"#);
    fs::write(&file, format!("{}\n{sound}\n", record("{}"))).expect("writable");
    let output = mutate(&[path]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("left as they are: 1 with findings"), "{}", text(&output.stdout));
}

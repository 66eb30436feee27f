//! What the harness makes of directories, and what the assertion says.

use std::fs;
use std::io::Write as _;
use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};
use shapegate::contract::Contract;
use shapegate::finding::Severity;
use shapegate::harness::{Harness, conforms, redactions};
use shapegate::model::{Direction, Encoding};
use shapegate::{assert_conforms, harness};

use crate::support::root;

static CLEANROOMS: LazyLock<Contract> =
    LazyLock::new(|| Contract::embedded("cleanrooms@2023-08-30").expect("an embedded contract"));

static SHARED: LazyLock<Arc<Contract>> =
    LazyLock::new(|| Arc::new(Contract::embedded("cleanrooms@2023-08-30").expect("an embedded contract")));

const GOOD: &str = r#"{"service": "cleanrooms", "operation": "GetMembership", "direction": "request", "payload": {"membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001"}}"#;
const BAD: &str = r#"{"service": "cleanrooms", "operation": "GetMembership", "direction": "request", "payload": {"membershipIdentifier": "short"}}"#;

fn membership() -> Value {
    json!({"membership": {
        "id": "3e3be000-5c1d-4e2a-9b3f-000000000001",
        "arn": "arn:aws:cleanrooms:us-east-1:111122223333:membership/3e3be000-5c1d-4e2a-9b3f-000000000001",
        "collaborationArn": "arn:aws:cleanrooms:us-east-1:444455556666:collaboration/c01ab000-5c1d-4e2a-9b3f-000000000001",
        "collaborationId": "c01ab000-5c1d-4e2a-9b3f-000000000001",
        "collaborationCreatorAccountId": "444455556666",
        "collaborationCreatorDisplayName": "Example Publisher",
        "collaborationName": "Overlap of visits",
        "createTime": 1_693_476_000.123,
        "updateTime": 1_693_476_000.123,
        "status": "ACTIVE",
        "memberAbilities": ["CAN_QUERY"],
        "queryLogStatus": "ENABLED",
    }})
}

fn failure(value: &Value) -> String {
    conforms(&CLEANROOMS, "GetMembership", Direction::Response, Encoding::Wire, value)
        .expect_err("the value is faulty")
        .to_string()
}

#[test]
fn each_recording_is_a_case() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(dir.path().join("b")).expect("writable");
    for (name, text) in [("a.ndjson", GOOD), ("b/c.ndjson", BAD), ("b/d.json", "{"), ("README.md", "# Notes")] {
        fs::write(dir.path().join(name), text).expect("writable");
    }
    let found = Harness::new(dir.path()).contract("cleanrooms@2023-08-30").cases();
    let names: Vec<&str> = found.cases.iter().map(harness::Case::name).collect();
    assert_eq!(names, ["a.ndjson", "b/c.ndjson", "b/d.json"]);
    assert_eq!(found.others.len(), 1);
    assert_eq!(found.cases[0].judge(), Ok(()));
    let told = found.cases[1].judge().expect_err("the identifier is too short");
    assert!(
        told.contains("error[") && told.contains("c.ndjson:1:") && told.contains("/membershipIdentifier"),
        "{told}"
    );
    let told = found.cases[2].judge().expect_err("the file is broken");
    assert!(told.contains("error[malformed-recording]"), "{told}");
}

/// A folder of 200 recordings with the names of those that are faulty, beside a file that is none.
fn two_hundred(dir: &std::path::Path) -> [&'static str; 2] {
    let faulty = ["queries/007.ndjson", "memberships/created/003.ndjson"];
    for folder in ["memberships/created", "memberships/read", "queries", "members"] {
        fs::create_dir_all(dir.join(folder)).expect("writable");
        for number in 0..50 {
            let name = format!("{folder}/{number:03}.ndjson");
            let text = if faulty.contains(&name.as_str()) { BAD } else { GOOD };
            fs::write(dir.join(name), text).expect("writable");
        }
    }
    fs::write(dir.join("queries/NOTES.md"), "# Notes").expect("writable");
    faulty
}

#[test]
fn many_recordings_are_few_cases_for_a_runner_of_processes() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let faulty = two_hundred(dir.path());
    let harness = Harness::new(dir.path()).contract("cleanrooms@2023-08-30");
    assert_eq!(harness.cases().cases.len(), 200);
    for most in [1, 4, 16, 199, 200] {
        let found = harness.grouped_cases(most);
        let names: Vec<&str> = found.cases.iter().map(harness::Case::name).collect();
        assert!(names.len() <= most, "{most}: {names:?}");
        let again = harness.grouped_cases(most);
        assert_eq!(names, again.cases.iter().map(harness::Case::name).collect::<Vec<_>>());
        let failed: Vec<String> = found.cases.iter().filter_map(|case| case.judge().err()).collect();
        assert!(!failed.is_empty() && failed.len() <= 2, "{failed:?}");
        for name in faulty {
            assert_eq!(failed.iter().filter(|text| text.contains(name)).count(), 1, "{most}: {name} in {failed:?}");
        }
    }
    let one = harness.grouped_cases(1).cases[0].judge().expect_err("two are faulty");
    assert!(
        one.ends_with("2 of 200 recordings failed:\n    memberships/created/003.ndjson\n    queries/007.ndjson"),
        "{one}"
    );
    assert_eq!(one.matches("\nfailed: ").count(), 2, "{one}");
}

#[test]
fn a_directory_without_recordings_fails() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let told = |harness: Harness| {
        let found = harness.cases().cases;
        let [only] = &found[..] else { panic!("one case: {found:?}") };
        only.judge().expect_err("there is nothing to judge")
    };
    assert!(told(Harness::new(dir.path())).contains("no recordings in this directory"));
    assert!(told(Harness::new(dir.path().join("missing"))).contains("missing: "));
    fs::write(dir.path().join("a.ndjson"), GOOD).expect("writable");
    assert!(told(Harness::new(dir.path()).contract("cleanroms")).contains("no contract \"cleanroms\""));
    assert!(told(Harness::new(dir.path()).expectations(dir.path())).contains("no expectations in this folder"));
}

#[test]
fn what_fails_can_be_set() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut short = membership();
    short["membership"]["collaborationName"] = "".into();
    let record =
        json!({"service": "cleanrooms", "operation": "GetMembership", "direction": "response", "payload": short});
    fs::write(dir.path().join("a.ndjson"), record.to_string()).expect("writable");
    let judged = |harness: Harness| harness.contract("cleanrooms@2023-08-30").cases().cases[0].judge();
    assert_eq!(judged(Harness::new(dir.path())), Ok(()), "a response's length is a warning");
    assert!(judged(Harness::new(dir.path()).fail_on(Severity::Warning)).is_err());

    let foreign = r#"{"service": "s3", "operation": "GetObject", "direction": "request", "payload": {}}"#;
    fs::write(dir.path().join("a.ndjson"), format!("{GOOD}\n{foreign}\n")).expect("writable");
    let told = judged(Harness::new(dir.path())).expect_err("there is no contract for S3");
    assert!(told.contains("not checked for want of a contract: s3 (1)"), "{told}");
    assert_eq!(judged(Harness::new(dir.path()).allow_unchecked()), Ok(()));
}

#[test]
fn what_conforms_passes_whatever_gives_the_contract() {
    let request = json!({"membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001"});
    assert_conforms!(*CLEANROOMS, "GetMembership", request, &request);
    assert_conforms!(&*CLEANROOMS, "GetMembership", response, membership());
    let shared = Arc::new(Contract::embedded("cleanrooms@2023-08-30").expect("an embedded contract"));
    assert_conforms!(shared, "GetMembership", response, &membership());
    let mut parsed = membership();
    parsed["membership"]["createTime"] = "2023-08-31T10:00:00Z".into();
    parsed["membership"]["updateTime"] = "2023-08-31T10:00:00Z".into();
    assert_conforms!(shared, "GetMembership", response, &parsed, parsed);

    assert_conforms!(CLEANROOMS, "GetMembership", request, &request);
    assert_conforms!(SHARED, "GetMembership", request, &request,);
    for (direction, value) in [(Direction::Request, &request), (Direction::Response, &parsed)] {
        assert_conforms!(CLEANROOMS, "GetMembership", direction, value, parsed);
        assert_conforms!(&CLEANROOMS, "GetMembership", direction, value, parsed, "the {direction} of {}", "a test");
    }
    assert_conforms!(CLEANROOMS, "GetMembership", response, membership(), "the answer",);
}

#[test]
#[should_panic(expected = "seed 7 of request\ncleanrooms GetMembership request does not keep its contract")]
fn a_message_comes_first() {
    let seed = 7;
    assert_conforms!(CLEANROOMS, "GetMembership", Direction::Request, json!({}), "seed {seed} of {}", "request");
}

#[test]
#[should_panic(expected = "error[unknown-enum-value] at /membership/status")]
fn what_does_not_conform_panics() {
    let mut value = membership();
    value["membership"]["status"] = "ACTVE".into();
    assert_conforms!(*CLEANROOMS, "GetMembership", response, &value);
}

#[test]
fn the_message_shows_place_and_repair() {
    let mut value = membership();
    let members = value["membership"].as_object_mut().expect("an object");
    members["status"] = "ACTVE".into();
    members.shift_remove("collaborationName");
    members.insert("querylogstatus".into(), "ENABLED".into());
    members.shift_remove("queryLogStatus");
    insta::assert_snapshot!(failure(&value));
}

#[test]
fn values_are_mended_mechanically_and_placeholders_say_so() {
    let mut value = membership();
    let members = value["membership"].as_object_mut().expect("an object");
    members["createTime"] = "yesterday".into();
    members["memberAbilities"] = json!(["CAN_QUERY", "ZZZ"]);
    members["collaborationName"] = json!(17);
    members.insert("defaultResultConfiguration".into(), json!({}));
    members.insert("nonsense".into(), json!(1));
    let text = failure(&value);
    for line in [
        "+    \"collaborationName\": \"17\",",
        "-    \"nonsense\": 1",
        "<placeholder: a timestamp as ",
        "<placeholder: one of CAN_QUERY, CAN_RECEIVE_RESULTS>",
        "<placeholder: a union of one of s3>",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("cannot be told mechanically"), "{text}");
}

#[test]
fn what_cannot_be_judged_says_why() {
    let failed = conforms(&CLEANROOMS, "GetMembrship", Direction::Request, Encoding::Wire, &json!({}));
    let failed = failed.expect_err("there is no such operation");
    assert_eq!(failed.findings()[0].rule.id, "unknown-operation");
    let text = failed.to_string();
    assert!(text.contains("has no operation GetMembrship; did you mean GetMembership?"), "{text}");
    assert!(!text.contains("redacted"), "an operation's name is no secret: {text}");
}

#[test]
fn filters_fit_insta() {
    let mut settings = insta::Settings::clone_current();
    for (pattern, replacement) in redactions() {
        settings.add_filter(pattern, *replacement);
    }
    settings.bind(|| insta::assert_snapshot!(format!("{:#}", membership())));
}

/// Small models of our own by what they are written in.
fn models() -> Vec<(&'static str, Vec<u8>)> {
    let read = |path: &str| fs::read(root().join(path)).expect("a fixture");
    let botocore = read("fixtures/upgrades/orders/new.json");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&botocore).expect("a Vec takes everything");
    let smithy = crate::support::smithy::written(&serde_json::from_slice(&botocore).expect("JSON"));
    vec![
        ("service-2.json", botocore),
        ("service-2.json.gz", packed.finish().expect("a Vec takes everything")),
        ("orders.json", smithy.to_string().into_bytes()),
    ]
}

#[test]
fn a_model_is_a_contract_by_path_by_bytes_and_in_the_harness() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let order = |state: &str| json!({"order": {"id": "o-1", "state": state, "price": 3}});
    for (name, bytes) in models() {
        let path = dir.path().join(name);
        fs::write(&path, &bytes).expect("writable");
        for contract in [Contract::from_model(&path), Contract::from_bytes(bytes)] {
            let contract = contract.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(contract.service().name, "orders", "{name}");
            let held = |state| conforms(&contract, "GetOrder", Direction::Response, Encoding::Wire, &order(state));
            assert!(held("OPEN").is_ok(), "{name}: {:?}", held("OPEN"));
            assert!(held("LOST").is_err(), "{name}");
            let recordings = dir.path().join("recordings");
            fs::create_dir_all(&recordings).expect("writable");
            for (state, passes) in [("OPEN", true), ("LOST", false)] {
                let record = json!({"service": "orders", "operation": "GetOrder", "direction": "response", "payload": order(state)});
                fs::write(recordings.join("a.ndjson"), record.to_string()).expect("writable");
                let by_path = Harness::new(&recordings).model(&path).cases().cases[0].judge();
                assert_eq!(by_path.is_ok(), passes, "{name}: {by_path:?}");
                let shared = Contract::from_model(&path).expect("a model");
                let given = Harness::new(&recordings).with_contract(shared).cases().cases[0].judge();
                assert_eq!(given, by_path, "{name}");
            }
        }
    }
}

#[test]
fn a_source_of_several_services_says_how_to_choose_one() {
    let contracts = root().join("fixtures/contracts/smithy");
    let dir = tempfile::tempdir().expect("a temporary folder");
    for service in ["orders", "parcels"] {
        let model = fs::read_to_string(root().join("fixtures/upgrades/orders/new.json")).expect("a fixture");
        let folder = dir.path().join(service).join("2024-01-01");
        fs::create_dir_all(&folder).expect("writable");
        let id = if service == "orders" { "Orders" } else { "Parcels" };
        fs::write(folder.join("service-2.json"), model.replace("\"Orders\"", &format!("\"{id}\""))).expect("writable");
    }
    let error = Contract::from_model(dir.path()).expect_err("there are two").to_string();
    assert!(error.contains("2 services: orders, parcels") && error.contains("Contract::from_models"), "{error}");
    let one = Contract::from_models(dir.path(), "Parcels").expect("it is there");
    assert_eq!(one.service().name, "parcels");
    let error = Contract::from_models(dir.path(), "letters").expect_err("it is not there").to_string();
    assert!(error.contains("no service \"letters\"") && error.contains("There is orders, parcels."), "{error}");
    assert!(Contract::from_model(contracts.join("depot.json")).is_ok());
    for bytes in [&b""[..], b"[]", b"{}", b"\x1f\x8bbroken"] {
        let error = Contract::from_bytes(bytes).expect_err("no model").to_string();
        assert!(error.contains("<bytes>"), "{error}");
    }
}

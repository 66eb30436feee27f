//! What the harness makes of directories, and what the assertion says.

use std::fs;
use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};
use shapegate::contract::Contract;
use shapegate::finding::Severity;
use shapegate::harness::{Harness, conforms, contract, redactions};
use shapegate::model::{Direction, Encoding};
use shapegate::{assert_conforms, harness};

static CLEANROOMS: LazyLock<Contract> =
    LazyLock::new(|| contract("cleanrooms@2023-08-30").expect("an embedded contract"));

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
    let shared = Arc::new(contract("cleanrooms@2023-08-30").expect("an embedded contract"));
    assert_conforms!(shared, "GetMembership", response, &membership());
    let mut parsed = membership();
    parsed["membership"]["createTime"] = "2023-08-31T10:00:00Z".into();
    parsed["membership"]["updateTime"] = "2023-08-31T10:00:00Z".into();
    assert_conforms!(shared, "GetMembership", response, &parsed, parsed);
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
    assert!(failed.to_string().contains("GetMembership"), "{failed}");
}

#[test]
fn filters_fit_insta() {
    let mut settings = insta::Settings::clone_current();
    for (pattern, replacement) in redactions() {
        settings.add_filter(pattern, *replacement);
    }
    settings.bind(|| insta::assert_snapshot!(format!("{:#}", membership())));
}

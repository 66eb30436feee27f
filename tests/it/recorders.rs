//! Recorders of which each file holds one exchange, or of which bodies stand in other files: what is read, found and
//! redacted; and what recorders write in place of values.

use std::fs;

use serde_json::{Value, json};

use crate::support::folder::{Folder, fingerprints};
use crate::support::root;

const RELEASE: &[&str] = &["check", "--no-installed-models", "--contract", "cleanrooms@2023-08-30"];
const HOST: &str = "https://cleanrooms.us-east-1.amazonaws.com";
const MEMBER: &str = "/memberships/3e3be000-5c1d-4e2a-9b3f-000000000001";

/// A response that has one fault.
fn faulty() -> String {
    let path = root().join("fixtures/recordings/cleanrooms/cli-output/cleanrooms.get-membership.json");
    let mut output: Value = serde_json::from_slice(&fs::read(path).expect("a fixture")).expect("JSON");
    for time in ["createTime", "updateTime"] {
        output["membership"][time] = json!(1_693_476_000);
    }
    output["membership"]["status"] = "DONE".into();
    output.to_string()
}

const FAULT: &str = "unknown-enum-value:cleanrooms:GetMembership:response:Membership.status:DONE";

fn cassette(headers: &Value, body: &str) -> String {
    json!({
        "request": {"method": "GET", "url": format!("{HOST}{MEMBER}"), "headers": headers, "body": ""},
        "response": {"status": {"code": 200, "message": "OK"}, "body": body,
            "headers": {"content-type": "application/json", "date": "Fri, 01 Sep 2023 10:00:00 GMT"}},
    })
    .to_string()
}

fn stub(response: &Value) -> String {
    let scope = "AWS4-HMAC-SHA256 Credential=testing/20230901/us-east-1/cleanrooms/aws4_request, SignedHeaders=host";
    json!({
        "id": "x",
        "request": {"method": "GET", "url": MEMBER, "headers": {"Authorization": {"equalTo": scope}}},
        "response": response,
    })
    .to_string()
}

fn found(folder: &Folder) -> Vec<String> {
    let (_, report) = folder.report(&[RELEASE, &["."]].concat());
    fingerprints(&report).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_file_for_each_exchange_is_read() {
    let folder = Folder::new().with("a.json", &cassette(&json!({}), &faulty()));
    assert_eq!(found(&folder), [FAULT]);
}

#[test]
fn a_body_in_a_file_of_its_own_is_judged_and_put_into_the_copy() {
    let folder = Folder::new();
    folder.write("in/mappings/a.json", &stub(&json!({"status": 200, "bodyFileName": "a.json"})));
    folder.write("in/__files/a.json", &faulty());
    let (_, report) = folder.report(&[RELEASE, &["in"]].concat());
    assert_eq!(fingerprints(&report), [FAULT]);
    assert_eq!(report["findings"][0]["location"]["file"].as_str(), Some("in/mappings/a.json"));
    let ran = folder.run(&["redact", "--no-installed-models", "--contract", "cleanrooms@2023-08-30", "in", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let copy: Value = serde_json::from_str(&folder.read("out/mappings/a.json")).expect("JSON");
    assert!(copy["response"]["bodyFileName"].is_null() && !folder.path().join("out/__files").exists(), "{copy}");
    assert_eq!(copy["response"]["body"].as_str(), Some(faulty().as_str()));
}

#[test]
fn a_stub_names_no_file_outside() {
    let folder = Folder::new();
    let secret = "this is not for the report";
    folder.write("secret", secret);
    folder.write("__files/other", "");
    for name in ["../secret".to_owned(), folder.path().join("secret").display().to_string(), "none".to_owned()] {
        folder.write("mappings/a.json", &stub(&json!({"status": 200, "bodyFileName": name})));
        let ran = folder.run(&[RELEASE, &["mappings"]].concat());
        assert!(ran.stdout.contains("malformed-recording") && !ran.stdout.contains(secret), "{}", ran.stdout);
    }
}

#[test]
fn what_a_stub_does_not_match_is_no_fault_of_the_request() {
    let answer = json!({"status": 200, "jsonBody": serde_json::from_str::<Value>(&faulty()).expect("JSON")});
    let request = |more: Value| {
        let mut one: Value = serde_json::from_str(&stub(&answer)).expect("JSON");
        one["request"]["method"] = "POST".into();
        one["request"]["url"] = "/memberships".into();
        one["request"]["bodyPatterns"] = more;
        one.to_string()
    };
    let absent = |folder: &Folder| found(folder).iter().filter(|one| one.starts_with("missing-member")).count();
    let folder = Folder::new().with("a.json", &request(json!([{"matchesJsonPath": "$.queryLogStatus"}])));
    assert_eq!(absent(&folder), 0, "{:?}", found(&folder));
    folder.write("a.json", &request(json!([{"equalToJson": "{\"queryLogStatus\": \"ENABLED\"}"}])));
    assert_eq!(absent(&folder), 1, "a body that is there is whole: {:?}", found(&folder));
}

#[test]
fn a_placeholder_of_a_recorder_is_no_value() {
    let all = |value: &str| json!({"Content-Type": value, "amz-sdk-invocation-id": value});
    let sent = |value: &str| {
        let mut one: Value = serde_json::from_str(&cassette(&all(value), &faulty())).expect("JSON");
        one["request"]["method"] = "PATCH".into();
        one["request"]["body"] = "{\"queryLogStatus\": \"ENABLED\"}".into();
        one.to_string()
    };
    let wrong = |folder: &Folder| found(folder).iter().filter(|one| one.starts_with("unexpected-content-type")).count();
    let folder = Folder::new().with("a.json", &sent("**REDACTED**"));
    assert_eq!(wrong(&folder), 0, "{:?}", found(&folder));
    folder.write("a.json", &sent("text/plain"));
    assert_eq!(wrong(&folder), 1, "{:?}", found(&folder));
    // The same id of two calls is that of one call and its second attempt; a placeholder is no id.
    let twice = |id: &str| {
        let entry = format!(
            "- {{method: GET, uri: '{HOST}{MEMBER}', body: null, headers: {{amz-sdk-invocation-id: ['{id}']}}}}\n"
        );
        let answer = format!("- {{status: {{code: 200}}, headers: {{}}, body: {{string: '{}'}}}}\n", faulty());
        let folder = Folder::new().with("a.yaml", &format!("requests:\n{entry}{entry}responses:\n{answer}{answer}"));
        folder.run(&[RELEASE, &["a.yaml"]].concat()).stdout.contains("1 retry")
    };
    assert!(twice("5d793206-5131-5450-8814-8de19edd7b25") && !twice("**REDACTED**"));
}

//! Values → messages → values: what is written as HTTP is read back as it was.

mod support;

use std::fs;

use serde_json::{Value, json};
use shapegate::ingest::embedded;
use shapegate::model::Service;
use shapegate::protocol::encode::{self, Message};
use shapegate::protocol::{self, Evidence};
use shapegate::recording::{self, Entry, Payload, Source};
use support::root;

fn service() -> Service {
    embedded::find("cleanrooms@2023-08-30").and_then(embedded::Embedded::load).expect("an embedded contract").service
}

fn headers(message: &Message) -> Value {
    message.headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

/// What a payload says.
fn value(payload: Option<&Payload<'_>>) -> Value {
    let payload = payload.expect("a payload");
    payload.value.clone().unwrap_or_else(|| serde_json::from_str(payload.text).expect("JSON"))
}

#[test]
fn recorded_exchanges_come_back_as_they_were() {
    let service = service();
    let text = fs::read_to_string(root().join("fixtures/recordings/cleanrooms/exchanges.ndjson")).expect("a fixture");
    let mut compared = 0;
    for line in text.lines() {
        let record: Value = serde_json::from_str(line).expect("a record");
        let Some(output) = record.get("response") else { continue };
        let operation = &service.operations[record["operation"].as_str().expect("a name")];
        let sent = encode::request(&service, operation, &record["request"]).expect("a request of JSON");
        let answered = encode::response(&service, operation, output).expect("a response of JSON");
        let har = json!({"log": {"version": "1.2", "entries": [{
            "request": {"method": sent.target.0, "url": sent.target.1, "headers": headers(&sent),
                        "postData": {"text": sent.body}},
            "response": {"status": answered.status, "headers": headers(&answered), "content": {"text": answered.body}},
        }]}})
        .to_string();
        let source = Source { path: "x".as_ref(), bytes: har.as_bytes(), first_line: 1, first_entry: 0 };
        recording::format("har").expect("a format").read(&source, &mut |entry| {
            let Entry::Http(http) = entry else { panic!("{entry:?}") };
            let evidence = Evidence::of(&http.request);
            let routed = protocol::route(&service, &http.request, &evidence).expect("an operation");
            assert_eq!(routed.operation.name, operation.name);
            let exchange = protocol::decode(&service, &routed, &http);
            assert_eq!(value(exchange.request.as_ref()), record["request"], "{}", operation.name);
            assert_eq!(value(exchange.response.as_ref()), *output, "{}", operation.name);
            assert!(exchange.flaws.is_empty(), "{:?}", exchange.flaws);
            compared += 1;
        });
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn what_a_message_cannot_hold_is_no_message() {
    let service = service();
    let get = &service.operations["GetMembership"];
    assert_eq!(encode::request(&service, get, &json!({})), None, "a label is missing");
    assert_eq!(encode::request(&service, get, &json!({"membershipIdentifier": ""})), None, "a label is empty");
    assert_eq!(encode::request(&service, get, &json!({"membershipIdentifier": null})), None, "a label is null");
    let sent = encode::request(&service, get, &json!({"membershipIdentifier": "a/b ü"})).expect("a request");
    assert_eq!(sent.target.1, "https://cleanrooms.us-east-1.amazonaws.com/memberships/a%2Fb%20%C3%BC");
    let list = &service.operations["ListMemberships"];
    let sent = encode::request(&service, list, &json!({"maxResults": 5, "status": "ACTIVE"})).expect("a request");
    assert!(sent.target.1.ends_with("/memberships?maxResults=5&status=ACTIVE"), "{:?}", sent.target);
    assert_eq!(sent.body, None);
}

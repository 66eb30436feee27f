//! Values → messages → values: what is written as HTTP is read back as it was.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shapegate::contract::Contract;
use shapegate::evidence::Evidence;
use shapegate::generate;
use shapegate::ingest::embedded;
use shapegate::ingest::source::Source as ModelSource;
use shapegate::model::{Direction, Encoding, Fact, Location, Service, ShapeId, ShapeKind};
use shapegate::protocol;
use shapegate::protocol::encode::{self, Message};
use shapegate::recording::redact::MASK;
use shapegate::recording::{self, Entry, Exchange, Payload, Source};
use shapegate::schema::{is_stream, member_keys};

use crate::support::root;
use crate::support::wheels::{NEWEST, release};

fn service() -> Service {
    embedded::find("cleanrooms@2023-08-30").and_then(embedded::Embedded::load).expect("an embedded contract").service
}

fn headers(message: &Message) -> Value {
    message.headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn content(message: &Message) -> Value {
    match message.text() {
        Some(text) => json!({"text": text}),
        None => json!({"text": STANDARD.encode(message.body.as_deref().unwrap_or_default()), "encoding": "base64"}),
    }
}

/// Both messages as a recording, read again; the operation that the request is found to call.
fn read(service: &Service, (sent, answered): &(Message, Message), see: &mut dyn FnMut(&str, &Exchange<'_>)) {
    let mut request = json!({"method": sent.target.0, "url": sent.target.1, "headers": headers(sent)});
    if sent.body.is_some() {
        request["postData"] = content(sent);
    }
    let response = json!({"status": answered.status, "headers": headers(answered), "content": content(answered)});
    let har = json!({"log": {"version": "1.2", "entries": [{"request": request, "response": response}]}}).to_string();
    let source = Source::whole("x".as_ref(), har.as_bytes());
    recording::format("har").expect("a format").read(&source, &mut |entry| {
        let Entry::Http(http) = entry else { panic!("{entry:?}") };
        let evidence = Evidence::of(&http.request);
        let routed =
            protocol::route(service, &http.request, &evidence).unwrap_or_else(|| panic!("no operation: {har}"));
        see(&routed.operation.name, &protocol::decode(service, &routed, &http));
    });
}

/// What a payload says. An operation without input or output has none.
fn value(payload: Option<&Payload<'_>>) -> Value {
    let Some(payload) = payload else { return json!({}) };
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
        read(&service, &(sent, answered), &mut |called, exchange| {
            assert_eq!(called, operation.name);
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
    for (value, why) in [
        (json!({}), "a label of its path is missing"),
        (json!({"membershipIdentifier": null}), "null has no text"),
        (json!({"membershipIdentifier": ""}), "the label membershipIdentifier is empty"),
    ] {
        assert_eq!(encode::request(&service, get, &value).expect_err("no request").to_string(), why, "{value}");
    }
    let sent = encode::request(&service, get, &json!({"membershipIdentifier": "a/b ü"})).expect("a request");
    assert_eq!(sent.target.1, "https://cleanrooms.us-east-1.amazonaws.com/memberships/a%2Fb%20%C3%BC");
    let list = &service.operations["ListMemberships"];
    let sent = encode::request(&service, list, &json!({"maxResults": 5, "status": "ACTIVE"})).expect("a request");
    assert!(sent.target.1.ends_with("/memberships?maxResults=5&status=ACTIVE"), "{:?}", sent.target);
    assert_eq!(sent.body, None);
}

/// The service of a source that holds one.
fn only_service(path: &Path) -> Service {
    let source = ModelSource::open(path).expect("a model");
    let services = source.services();
    let [name] = services[..] else { panic!("{services:?} in {}", path.display()) };
    source.load(name).expect("it is sound").expect("the source holds it").service
}

/// How many payloads were written and read again, and how many no message holds, by the reason.
#[derive(Default, Debug)]
struct Outcome {
    compared: usize,
    unwritable: BTreeMap<String, usize>,
}

/// Writes generated payloads of every operation, reads them again and compares. What a stream holds is not read.
fn round_trips(contract: &Contract, seeds: u64) -> Outcome {
    let service = contract.service();
    let mut outcome = Outcome::default();
    for operation in service.operations.values() {
        let half = |direction| generate::payloads(contract, &operation.name, direction, Encoding::Wire);
        let (Ok(requests), Ok(responses)) = (half(Direction::Request), half(Direction::Response)) else { continue };
        for seed in 0..seeds {
            let (request, response) = (requests.seeded(seed), responses.seeded(seed));
            let messages = encode::request(service, operation, &request)
                .and_then(|sent| Ok((sent, encode::response(service, operation, &response)?)));
            let messages = match messages {
                Ok(messages) => messages,
                Err(reason) => {
                    *outcome.unwritable.entry(reason.to_string()).or_default() += 1;
                    continue;
                }
            };
            let name = &operation.name;
            read(service, &messages, &mut |called, exchange| {
                if called != name {
                    // S3 has an old and a new operation of the same method and path.
                    assert_eq!(service.operations[called].http, operation.http, "{called} in place of {name}");
                    return;
                }
                for (structure, written, read) in [
                    (&operation.input, &request, &exchange.request),
                    (&operation.output, &response, &exchange.response),
                ] {
                    let shown = || format!("{} {name}, seed {seed}\n{}", service.name, shown(&messages));
                    let told = |value| told(service, structure.as_ref(), value, written);
                    assert_eq!(told(value(read.as_ref())), told(written.clone()), "{}", shown());
                    assert_eq!(exchange.flaws, [], "{}", shown());
                }
            });
            outcome.compared += 1;
        }
    }
    outcome
}

fn shown((sent, answered): &(Message, Message)) -> String {
    let body = |message: &Message| String::from_utf8_lossy(message.body.as_deref().unwrap_or_default()).into_owned();
    format!("{:?} {:?}\n{}\n{:?}\n{}", sent.target, sent.headers, body(sent), answered.headers, body(answered))
}

/// A value without what is not read (a stream's content), what is masked as it is read (keys in headers), and a status
/// that was not asked for: each response has one.
fn told(service: &Service, structure: Option<&ShapeId>, mut value: Value, written: &Value) -> Value {
    let structure = structure.and_then(|id| service.shape(id)).map(|shape| &shape.kind);
    if let (Some(ShapeKind::Structure(structure)), Some(members)) = (structure, value.as_object_mut()) {
        for (key, value) in members.iter_mut().filter(|(_, value)| **value == MASK) {
            *value = written.get(key).cloned().unwrap_or_default();
        }
        for (key, member) in member_keys(structure, Encoding::Wire) {
            let kind = service.shape(&member.target).map(|shape| &shape.kind);
            let is_status = member.location == Fact::Known(Location::Status);
            let is_other = member.streaming || kind.is_some_and(is_stream) || is_status && written.get(key).is_none();
            if is_other {
                members.shift_remove(key);
            }
        }
    }
    value
}

#[test]
fn generated_payloads_come_back_as_they_were_in_every_protocol() {
    for folder in ["rest-xml", "aws-query", "ec2-query", "rpc-v2-cbor"] {
        let path = root().join("fixtures/contracts").join(folder).join("service-2.json");
        let service = only_service(&path);
        let outcome = round_trips(&Contract::new(service), 60);
        assert!(outcome.compared > 60, "{folder}: {outcome:?}");
    }
    let outcome = round_trips(&Contract::new(service()), 20);
    assert!(outcome.compared > 500, "{outcome:?}");
}

/// Services of every protocol, of whose operations every one is called.
const SERVICES: &[&str] = &[
    "apigateway",
    "appsync",
    "autoscaling",
    "cleanrooms",
    "cloudfront",
    "cloudwatch",
    "dynamodb",
    "ec2",
    "ecs",
    "glue",
    "iam",
    "kms",
    "lambda",
    "rds",
    "route53",
    "s3",
    "s3control",
    "sns",
    "sqs",
    "sts",
];

#[test]
#[ignore = "needs a botocore wheel, run by .ci/run"]
#[allow(clippy::print_stdout, reason = "it tells what no message holds")]
fn payloads_of_the_newest_release_come_back_as_they_were() {
    let wheel = release(NEWEST);
    let chosen = env::var("SHAPEGATE_SERVICE").ok();
    for name in SERVICES.iter().filter(|name| chosen.as_deref().is_none_or(|chosen| chosen == **name)) {
        let service = wheel.load(name).expect("it is sound").expect("the wheel has it").service;
        let outcome = round_trips(&Contract::new(service), 6);
        println!("{name}: {outcome:?}");
        let left_out: usize = outcome.unwritable.values().sum();
        assert!(outcome.compared > 4 * left_out, "{name}: too many are left out: {outcome:?}");
    }
}

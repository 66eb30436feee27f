//! The SDK and shapegate, held against each other over generated payloads of the documented operations.

use std::env;

use oracle_aws_sdk_rust::call;
use serde_json::{Value, json};
use shapegate::contract::Contract;
use shapegate::evidence::Evidence;
use shapegate::generate;
use shapegate::ingest::embedded;
use shapegate::model::{Direction, Encoding};
use shapegate::protocol;
use shapegate::protocol::encode::{self, Message};
use shapegate::recording::{self, Entry, Source};
use tokio::runtime::Builder;

/// Random payloads of each half, beside the list that covers the contract; `ORACLE_COUNT` asks for more.
const COUNT: u64 = 200;

fn contract() -> Contract {
    let embedded = embedded::find("cleanrooms@2023-08-30").expect("an embedded contract");
    Contract::new(embedded.load().expect("it is sound").service)
}

/// Payloads with what makes them again.
fn payloads(contract: &Contract, operation: &str, direction: Direction) -> Vec<(String, Value)> {
    let strategy = generate::payloads(contract, operation, direction, Encoding::Wire).expect("an operation");
    let count = env::var("ORACLE_COUNT").map_or(COUNT, |count| count.parse().expect("ORACLE_COUNT is a number"));
    let cover = strategy.cover().into_iter().enumerate();
    let random = (0..count).map(|seed| (format!("seed {seed}"), strategy.seeded(seed)));
    cover.map(|(number, payload)| (format!("number {number} of the cover"), payload)).chain(random).collect()
}

fn simplest(contract: &Contract, operation: &str, direction: Direction) -> Value {
    generate::payloads(contract, operation, direction, Encoding::Wire).expect("an operation").simplest()
}

/// Where two values differ. A timestamp is a number of seconds, of which the SDK keeps nanoseconds.
fn difference(written: &Value, read: &Value, pointer: &str) -> Option<String> {
    let told = || Some(format!("{pointer}: {written} was written, {read} was read"));
    match (written, read) {
        (Value::Object(one), Value::Object(other)) => {
            let absent = other.keys().find(|key| !one.contains_key(*key));
            let more = absent.map(|key| format!("{pointer}/{key}: nothing was written, {} was read", other[key]));
            let inner = |(key, value): (&String, &Value)| {
                difference(value, other.get(key).unwrap_or(&Value::Null), &format!("{pointer}/{key}"))
            };
            more.or_else(|| one.iter().find_map(inner))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find_map(|(index, (one, other))| difference(one, other, &format!("{pointer}/{index}")))
        }
        (Value::Number(one), Value::Number(other)) if one != other && (one.is_f64() || other.is_f64()) => {
            let apart = (one.as_f64()? - other.as_f64()?).abs();
            if apart < 1e-3 { None } else { told() }
        }
        _ if written == read => None,
        _ => told(),
    }
}

/// What the SDK sent, as shapegate reads it: the operation, the value, and what is wrong.
fn read(contract: &Contract, sent: &Message) -> (String, Value, Vec<String>) {
    let headers: Value = sent.headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let mut request = json!({"method": sent.target.0, "url": sent.target.1, "headers": headers});
    if let Some(text) = sent.text() {
        request["postData"] = json!({"text": text});
    }
    let response = json!({"status": 0, "headers": [], "content": {"text": ""}});
    let har = json!({"log": {"version": "1.2", "entries": [{"request": request, "response": response}]}}).to_string();
    let source = Source::whole("sent.har".as_ref(), har.as_bytes());
    let mut outcome = None;
    recording::format("har").expect("a format").read(&source, &mut |entry| {
        let Entry::Http(http) = entry else { panic!("{entry:?}") };
        let evidence = Evidence::of(&http.request);
        let routed = protocol::route(contract.service(), &http.request, &evidence).expect("an operation");
        let exchange = protocol::decode(contract.service(), &routed, &http);
        let observed = contract.observe(&exchange).expect("the contract is sound");
        let wrong = observed.breaches.iter().map(|breach| format!("{:?} at {:?}", breach.kind, breach.pointer));
        let request = exchange.request.expect("each of these operations has an input");
        let value = request.value.unwrap_or_else(|| serde_json::from_str(request.text).expect("JSON"));
        outcome = Some((routed.operation.name.clone(), value, wrong.collect()));
    });
    outcome.expect("one exchange")
}

fn judge(operation: &str, direction: Direction) {
    let contract = contract();
    let service = contract.service();
    let own = &service.operations[operation];
    let other = match direction {
        Direction::Request => simplest(&contract, operation, Direction::Response),
        Direction::Response => simplest(&contract, operation, Direction::Request),
    };
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    let all = payloads(&contract, operation, direction);
    assert!(all.len() > 100, "{}", all.len());
    for (which, payload) in all {
        let (request, response) = match direction {
            Direction::Request => (&payload, &other),
            Direction::Response => (&other, &payload),
        };
        let what = format!("{operation} {direction}, {which}");
        let answer = encode::response(service, own, response).expect("JSON holds it");
        let called = runtime.block_on(call(operation, request, &answer));
        let called = called.unwrap_or_else(|error| panic!("{what}: the SDK does not send {request}: {error}"));
        match direction {
            Direction::Request => {
                let (name, value, wrong) = read(&contract, &called.sent);
                assert_eq!(name, operation, "{what}");
                assert!(wrong.is_empty(), "{what}: {wrong:?} in {:?}", called.sent);
                assert_eq!(difference(request, &value, ""), None, "{what}");
            }
            Direction::Response => {
                let output =
                    called.output.unwrap_or_else(|error| panic!("{what}: the SDK refuses {response}: {error}"));
                assert_eq!(difference(response, &output, ""), None, "{what}");
            }
        }
    }
}

macro_rules! judged {
    ($($operation:ident: $request:ident, $response:ident;)*) => {
        $(
            #[test]
            fn $request() {
                judge(stringify!($operation), Direction::Request);
            }

            #[test]
            fn $response() {
                judge(stringify!($operation), Direction::Response);
            }
        )*
    };
}

judged! {
    CreateMembership: create_membership_sends_what_it_is_given, create_membership_hands_over_what_came;
    GetMembership: get_membership_sends_what_it_is_given, get_membership_hands_over_what_came;
    GetProtectedQuery: get_protected_query_sends_what_it_is_given, get_protected_query_hands_over_what_came;
    StartProtectedQuery: start_protected_query_sends_what_it_is_given, start_protected_query_hands_over_what_came;
    UpdateMembership: update_membership_sends_what_it_is_given, update_membership_hands_over_what_came;
    UpdateProtectedQuery: update_protected_query_sends_what_it_is_given, update_protected_query_hands_over_what_came;
}

#[test]
fn a_difference_is_told_with_its_place() {
    let value = json!({"membership": {"memberAbilities": ["CAN_QUERY"], "createTime": 1.5}});
    assert_eq!(difference(&value, &value, ""), None);
    let other = json!({"membership": {"memberAbilities": ["CAN_READ"], "createTime": 1.5}});
    let told = "/membership/memberAbilities/0: \"CAN_QUERY\" was written, \"CAN_READ\" was read";
    assert_eq!(difference(&value, &other, "").as_deref(), Some(told));
    let less = json!({"membership": {"memberAbilities": ["CAN_QUERY"]}});
    assert_eq!(
        difference(&value, &less, "").as_deref(),
        Some("/membership/createTime: 1.5 was written, null was read")
    );
    assert_eq!(
        difference(&less, &value, "").as_deref(),
        Some("/membership/createTime: nothing was written, 1.5 was read")
    );
}

//! Changes of the service as a whole, and of what stands beside its model.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shapegate::model::{Fact, Paginator, Service, Waiter};

use super::{Documents, How, Row, Spot};

const SOURCES: &str = "which services and versions there are is a matter of sources; fixtures have them";

pub(super) const MUTATIONS: &[Row] = &[
    ("service-added", How::Elsewhere(SOURCES), &[]),
    ("service-removed", How::Elsewhere(SOURCES), &[]),
    ("api-version-added", How::Elsewhere(SOURCES), &[]),
    ("api-version-removed", How::Elsewhere(SOURCES), &[]),
    ("protocol-changed", How::Documents(|d| Some(protocol(d))), &[]),
    ("protocols-list-changed", How::Documents(protocols), &[]),
    ("signature-version-changed", How::Documents(|d| Some(signature(d))), &[]),
    ("auth-schemes-changed", How::Documents(|d| Some(meta(d, "auth", json!(["smithy.api#httpBearerAuth"])))), &[]),
    ("signing-name-changed", How::Documents(|d| Some(meta(d, "signingName", json!("mutant")))), &[]),
    ("endpoint-prefix-changed", How::Documents(|d| Some(endpoint_prefix(d))), &[]),
    ("target-prefix-changed", How::Documents(|d| json_meta(d, "targetPrefix", &["json", "smithy-rpc-v2-cbor"])), &[]),
    ("json-version-changed", How::Documents(|d| json_meta(d, "jsonVersion", &["json"])), &[]),
    ("documentation-changed", How::Documents(words), &[]),
    ("endpoint-rules-changed", How::Services(endpoint_rules), &[]),
    ("paginator-added", How::Services(|old, new, at| paginators(old, new, at, |_| {}, false)), &[]),
    ("paginator-removed", How::Swapped("paginator-added"), &[]),
    ("paginator-token-changed", How::Services(|old, new, at| paginators(old, new, at, token, true)), &[]),
    ("paginator-result-key-changed", How::Services(|old, new, at| paginators(old, new, at, result, true)), &[]),
    ("paginator-detail-changed", How::Services(|old, new, at| paginators(old, new, at, limit, true)), &[]),
    ("waiter-added", How::Services(|old, new, at| waiters(old, new, at, |_| {}, false)), &[]),
    ("waiter-removed", How::Swapped("waiter-added"), &[]),
    ("waiter-operation-changed", How::Services(|old, new, at| waiters(old, new, at, calls, true)), &[]),
    ("waiter-acceptors-changed", How::Services(|old, new, at| waiters(old, new, at, accepts, true)), &[]),
];

fn meta(d: &mut Documents<'_>, key: &str, value: Value) -> Spot {
    d.new["metadata"][key] = value;
    Spot::Service
}

/// A protocol that is laid out otherwise.
fn protocol(d: &mut Documents<'_>) -> Spot {
    let other = if d.protocol() == "query" { "json" } else { "query" };
    d.new["metadata"]["protocols"] = json!([other]);
    meta(d, "protocol", json!(other))
}

/// One more protocol, which nobody speaks who speaks another.
fn protocols(d: &mut Documents<'_>) -> Option<Spot> {
    let protocol = d.protocol().to_owned();
    if protocol == "ec2" {
        return None;
    }
    Some(meta(d, "protocols", json!([protocol, "ec2"])))
}

/// What says nothing of schemes.
fn signature(d: &mut Documents<'_>) -> Spot {
    meta(d, "signatureVersion", json!("v2"))
}

/// The name in signatures stays.
fn endpoint_prefix(d: &mut Documents<'_>) -> Spot {
    if d.new["metadata"]["signingName"].is_null() {
        d.new["metadata"]["signingName"] = d.new["metadata"]["endpointPrefix"].clone();
    }
    meta(d, "endpointPrefix", json!("mutant"))
}

fn json_meta(d: &mut Documents<'_>, key: &str, spoken_by: &[&str]) -> Option<Spot> {
    if !spoken_by.contains(&d.protocol()) {
        return None;
    }
    Some(meta(d, key, json!("Mutant")))
}

/// Other words about a shape.
fn words(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.shape(|_, _, _| true)?;
    d.old["shapes"][&name]["documentation"] = "It is so.".into();
    d.at(&name)["documentation"] = "It is otherwise.".into();
    Some(Spot::Service)
}

fn endpoint_rules(old: &mut Service, new: &mut Service, _operation: &str) -> Spot {
    old.companions.endpoint_rules = Fact::Known(1);
    new.companions.endpoint_rules = Fact::Known(2);
    Spot::Service
}

fn paginators(
    old: &mut Service,
    new: &mut Service,
    operation: &str,
    change: fn(&mut Paginator),
    in_both: bool,
) -> Spot {
    let text = |text: &str| vec![text.to_owned()];
    let mut one = Paginator::default();
    one.input_tokens = text("next");
    one.output_tokens = text("next");
    one.result_keys = text("things");
    let mut two = one.clone();
    change(&mut two);
    let of_older = in_both.then(|| (operation.to_owned(), one));
    old.companions.paginators = Fact::Known(of_older.into_iter().collect());
    new.companions.paginators = Fact::Known(BTreeMap::from([(operation.to_owned(), two)]));
    Spot::Operation(operation.to_owned())
}

fn token(paginator: &mut Paginator) {
    paginator.input_tokens = vec!["mutant".to_owned()];
}

fn result(paginator: &mut Paginator) {
    paginator.result_keys.insert(0, "mutants".to_owned());
}

fn limit(paginator: &mut Paginator) {
    paginator.limit_key = Some("mutant".to_owned());
}

fn waiters(old: &mut Service, new: &mut Service, operation: &str, change: fn(&mut Waiter), in_both: bool) -> Spot {
    let mut one = Waiter::default();
    operation.clone_into(&mut one.operation);
    one.delay = 1;
    one.max_attempts = Some(2);
    let mut two = one.clone();
    change(&mut two);
    let of_older = in_both.then(|| ("Mutant".to_owned(), one));
    old.companions.waiters = Fact::Known(of_older.into_iter().collect());
    new.companions.waiters = Fact::Known(BTreeMap::from([("Mutant".to_owned(), two)]));
    Spot::Operation(operation.to_owned())
}

fn calls(waiter: &mut Waiter) {
    waiter.operation = String::from("ZzMutant");
}

fn accepts(waiter: &mut Waiter) {
    waiter.acceptors = vec![json!({"state": "success"})];
}

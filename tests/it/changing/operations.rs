//! Changes of operations and errors.

use serde_json::{Value, json};

use super::{Documents, How, Row, Spot, is_error, roots};

pub(super) const MUTATIONS: &[Row] = &[
    ("operation-added", How::Documents(|d| Some(added(d))), &[]),
    ("operation-removed", How::Swapped("operation-added"), &[]),
    ("operation-renamed", How::Documents(other_case), &[]),
    ("operation-renamed", How::Documents(other_name), &[]),
    ("operation-deprecated", How::Documents(|d| set(d, "deprecated", json!(true))), &[]),
    ("operation-input-removed", How::Documents(|d| remove(d, "input")), &[]),
    ("operation-input-added", How::Swapped("operation-input-removed"), &["required-member-added"]),
    ("operation-output-removed", How::Documents(|d| remove(d, "output")), &[]),
    ("operation-output-added", How::Swapped("operation-output-removed"), &[]),
    ("operation-auth-changed", How::Documents(|d| set(d, "authtype", json!("none"))), &[]),
    ("operation-auth-changed", How::Documents(|d| set(d, "auth", json!(["smithy.api#noAuth"]))), &[]),
    (
        "operation-checksum-changed",
        How::Documents(|d| set(d, "httpChecksum", json!({"requestChecksumRequired": true}))),
        &[],
    ),
    (
        "operation-compression-changed",
        How::Documents(|d| set(d, "requestcompression", json!({"encodings": ["gzip"]}))),
        &[],
    ),
    ("operation-unsigned-payload-changed", How::Documents(|d| set(d, "unsignedPayload", json!(true))), &[]),
    ("operation-endpoint-changed", How::Documents(|d| set(d, "endpoint", json!({"hostPrefix": "mutant."}))), &[]),
    (
        "unjudged-difference",
        How::Documents(|d| set(d, "staticContextParams", json!({"Mutant": {"value": true}})).map(|_| Spot::Service)),
        &[],
    ),
    ("http-method-changed", How::Documents(method), &[]),
    ("http-uri-changed", How::Documents(|d| uri(d, |uri| Some(format!("/mutant{uri}")))), &[]),
    ("http-uri-cosmetic-changed", How::Documents(|d| uri(d, slash)), &[]),
    ("http-uri-cosmetic-changed", How::Documents(|d| uri(d, greedy)), &[]),
    ("http-uri-label-renamed", How::Documents(label), &[]),
    ("http-uri-changed", How::Documents(labels), &[]),
    ("http-response-code-changed", How::Documents(status), &[]),
    ("result-wrapper-changed", How::Documents(wrapper), &[]),
    ("wire-name-changed", How::Documents(root), &[]),
    ("error-added", How::Documents(error), &[]),
    ("error-removed", How::Swapped("error-added"), &[]),
    ("error-code-changed", How::Documents(code), &[]),
    ("error-status-changed", How::Documents(error_status), &[]),
    ("error-fault-changed", How::Documents(fault), &[]),
    ("error-retryable-changed", How::Documents(retryable), &[]),
];

fn added(d: &mut Documents<'_>) -> Spot {
    let path = if d.is_rest() { "/zz-mutant" } else { "/" };
    d.new["operations"]["ZzMutant"] = json!({"name": "ZzMutant", "http": {"method": "POST", "requestUri": path}});
    Spot::Operation("ZzMutant".into())
}

fn rename(d: &mut Documents<'_>, name: &str, newer: &str) -> Option<Spot> {
    let operations = d.new["operations"].as_object_mut()?;
    let mut operation = operations.shift_remove(name)?;
    operation["name"] = newer.into();
    operations.insert(newer.to_owned(), operation);
    Some(Spot::Operation(name.to_owned()))
}

fn other_case(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.operation(|_, _| true)?;
    let newer = name.to_uppercase();
    rename(d, &name, &newer)
}

/// Another name for the same method and path, where each operation has its own.
fn other_name(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.operation(|_, operation| operation["http"]["requestUri"] != "/")?;
    rename(d, &name, "ZzMutant")
}

fn set(d: &mut Documents<'_>, key: &str, value: Value) -> Option<Spot> {
    let name = d.operation(|_, operation| operation[key].is_null())?;
    d.new["operations"][&name][key] = value;
    Some(Spot::Operation(name))
}

fn remove(d: &mut Documents<'_>, key: &str) -> Option<Spot> {
    let name = d.operation(|_, operation| !operation[key].is_null())?;
    d.new["operations"][&name].as_object_mut()?.shift_remove(key);
    Some(Spot::Operation(name))
}

fn method(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.operation(|_, operation| operation["http"]["method"] != "PATCH")?;
    d.new["operations"][&name]["http"]["method"] = "PATCH".into();
    Some(Spot::Operation(name))
}

fn uri(d: &mut Documents<'_>, change: fn(&str) -> Option<String>) -> Option<Spot> {
    let changed = |operation: &Value| change(operation["http"]["requestUri"].as_str().expect("a template"));
    let name = d.operation(|_, operation| changed(operation).is_some())?;
    let newer = changed(&d.new["operations"][&name])?;
    d.new["operations"][&name]["http"]["requestUri"] = newer.into();
    Some(Spot::Operation(name))
}

/// With a slash at the end of the path.
fn slash(uri: &str) -> Option<String> {
    let (path, query) = uri.split_once('?').map_or((uri, None), |(path, query)| (path, Some(query)));
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    (!path.ends_with('/')).then(|| format!("{path}/{query}"))
}

/// With a label that takes several segments.
fn greedy(uri: &str) -> Option<String> {
    (uri.contains('}') && !uri.contains("+}")).then(|| uri.replacen('}', "+}", 1))
}

/// Labels of an operation's input, with the members that fill them, where the input is of that operation alone.
fn filled(d: &Documents<'_>, operation: &Value) -> Vec<(String, String)> {
    let Some(input) = operation["input"]["shape"].as_str() else { return Vec::new() };
    let all = d.new["operations"].as_object().expect("operations").values();
    if all.flat_map(roots).filter(|(root, _)| root == input).count() > 1 {
        return Vec::new();
    }
    let members = d.new["shapes"][input]["members"].as_object().into_iter().flatten();
    let labels = members
        .filter(|(_, member)| member["location"] == "uri")
        .map(|(name, member)| (member["locationName"].as_str().unwrap_or(name).to_owned(), name.clone()));
    labels.collect()
}

/// A label by another name, with the member's.
fn label(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.operation(|d, operation| !filled(d, operation).is_empty())?;
    let (label, member) = filled(d, &d.new["operations"][&name]).remove(0);
    let operation = &mut d.new["operations"][&name];
    let template = operation["http"]["requestUri"].as_str()?.replacen(&format!("{{{label}"), "{zzMutant", 1);
    operation["http"]["requestUri"] = template.into();
    let input = operation["input"]["shape"].as_str()?.to_owned();
    d.at(&input)["members"][&member]["locationName"] = "zzMutant".into();
    Some(Spot::Operation(name))
}

/// Two labels change places.
fn labels(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.operation(|d, operation| filled(d, operation).len() > 1)?;
    let mut labels = filled(d, &d.new["operations"][&name]);
    labels.truncate(2);
    let input = d.new["operations"][&name]["input"]["shape"].as_str()?.to_owned();
    let members = &mut d.at(&input)["members"];
    members[&labels[0].1]["locationName"] = labels[1].0.as_str().into();
    members[&labels[1].1]["locationName"] = labels[0].0.as_str().into();
    Some(Spot::Operation(name))
}

fn status(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.operation(|_, _| true)?;
    d.new["operations"][&name]["http"]["responseCode"] = 299.into();
    Some(Spot::Operation(name))
}

fn wrapper(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.operation(|d, operation| d.protocol() == "query" && !operation["output"].is_null())?;
    d.new["operations"][&name]["output"]["resultWrapper"] = "Mutant".into();
    Some(Spot::Operation(name))
}

/// The root element of requests.
fn root(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.operation(|d, operation| d.protocol() == "rest-xml" && !operation["input"].is_null())?;
    d.new["operations"][&name]["input"]["locationName"] = "Mutant".into();
    Some(Spot::Operation(name))
}

fn error(d: &mut Documents<'_>) -> Option<Spot> {
    let errors = d.new["shapes"].as_object()?.iter().filter(|(_, shape)| is_error(shape));
    let errors: Vec<String> = errors.map(|(name, _)| name.clone()).collect();
    let error = d.pick(errors)?;
    let name = d.operation(|_, operation| !roots(operation).iter().any(|(root, _)| *root == error))?;
    let operation = &mut d.new["operations"][&name];
    match operation["errors"].as_array_mut() {
        Some(declared) => declared.push(json!({"shape": error})),
        None => operation["errors"] = json!([{"shape": error}]),
    }
    Some(Spot::Operation(name))
}

/// Sets something of a declared error.
fn of_error(d: &mut Documents<'_>, change: fn(&mut Value)) -> Option<Spot> {
    let name = d.shape(|_, _, shape| is_error(shape))?;
    change(d.at(&name));
    Some(Spot::Error(name))
}

fn code(d: &mut Documents<'_>) -> Option<Spot> {
    of_error(d, |shape| {
        // An `error` says by its status whose fault it is, as `fault` does without one.
        let status = if shape["fault"] == true { 500 } else { 400 };
        if shape["error"].is_null() {
            shape["error"] = json!({"httpStatusCode": status});
        }
        shape["error"]["code"] = "Mutant".into();
    })
}

fn error_status(d: &mut Documents<'_>) -> Option<Spot> {
    of_error(d, |shape| {
        let is_of_service =
            shape["fault"] == true || shape["error"]["httpStatusCode"].as_u64().is_some_and(|s| s > 499);
        if shape["error"].is_null() {
            shape["error"] = json!({});
        }
        shape["error"]["httpStatusCode"] = if is_of_service { 599 } else { 499 }.into();
    })
}

fn fault(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.shape(|_, _, shape| {
        let status = shape["error"]["httpStatusCode"].as_u64();
        is_error(shape) && shape["fault"] != true && shape["error"]["fault"] != true && status.is_none_or(|s| s < 500)
    })?;
    let shape = d.at(&name);
    shape["fault"] = true.into();
    if let Some(error) = shape["error"].as_object_mut() {
        error.shift_remove("senderFault");
    }
    Some(Spot::Error(name))
}

fn retryable(d: &mut Documents<'_>) -> Option<Spot> {
    let name = d.shape(|_, _, shape| is_error(shape) && shape["retryable"].is_null())?;
    d.at(&name)["retryable"] = json!({"throttling": false});
    Some(Spot::Error(name))
}

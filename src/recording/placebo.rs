//! placebo recordings: `{"status_code", "data"}`, one response a file, as boto parsed it.
//!
//! The file's name tells the rest: `[prefix.]endpointPrefix.Operation_N.json`, read from the right, for a test's name
//! and even an endpoint prefix (`api.sagemaker`) may hold dots.

use std::borrow::Cow;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::lines::{complaint, one};
use super::{
    Class, Entry, Exchange, Extent, Failure, Fidelity, Format, Marks, Object, Payload, Probe, ServiceName, Source,
    json, moment, packed,
};
use crate::model::Encoding;

pub(super) struct Placebo;

impl Format for Placebo {
    fn id(&self) -> &'static str {
        "placebo"
    }

    fn about(&self) -> &'static str {
        "placebo files [prefix.]endpointPrefix.Operation_N.json of {status_code, data}"
    }

    fn marks(&self) -> Marks {
        Marks::of(&["status_code", "data"])
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        probe.has(&["status_code", "data"])
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        sink(one(source.text(), 0, 0, &|text| read(source.path, text).map(Entry::Exchange)));
    }
}

#[derive(Deserialize)]
struct File<'a> {
    status_code: u16,
    #[serde(borrow)]
    data: &'a RawValue,
}

fn read<'a>(path: &'a Path, text: &'a str) -> Result<Exchange<'a>, (String, usize)> {
    let file: File<'a> = serde_json::from_str(text).map_err(|error| complaint(text, &error))?;
    let Some((prefix, operation)) = named(path) else {
        let told = "its name is not [prefix.]endpointPrefix.Operation_N.json, so nothing says the operation";
        return Err((told.into(), 0));
    };
    let (mut value, _) = json::parse(file.data.get()).map_err(|error| complaint(text, &error))?;
    let mut objects = Vec::new();
    plain(&mut value, "", &mut objects);
    let service = ServiceName::EndpointPrefix(prefix.into());
    let mut exchange = Exchange::named(service, operation.into(), Extent::Exchange);
    exchange.fidelity = Fidelity::Objects;
    exchange.status = Some(file.status_code);
    // What boto keeps of the response's headers stands beside the members.
    let date = value.pointer("/ResponseMetadata/HTTPHeaders/date").and_then(Value::as_str);
    exchange.recorded_at = date.and_then(moment::of_http_date).map(Cow::Owned);
    let payload = |value| Payload { value: Some(value), objects, ..Payload::text(file.data.get(), Encoding::Parsed) };
    match take_error(&mut value) {
        Some(code) => {
            // Of an error without a code boto makes one of the status.
            let made_up = code == file.status_code.to_string();
            let code = (!made_up).then(|| code.into());
            exchange.error = Some(Failure { code, needs_code: file.status_code >= 400, payload: payload(value) });
        }
        None => exchange.response = Some(payload(value)),
    }
    Ok(exchange)
}

/// Endpoint prefix (with whatever stands before it) and operation, from the file's name.
pub(super) fn named(path: &Path) -> Option<(&str, &str)> {
    let stem = packed::plain_name(path).file_name()?.to_str()?.strip_suffix(".json")?;
    let (name, number) = stem.rsplit_once('_')?;
    let (prefix, operation) = name.rsplit_once('.')?;
    let numbered = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (numbered && !prefix.is_empty() && operation.starts_with(|c: char| c.is_ascii_uppercase()))
        .then_some((prefix, operation))
}

/// boto puts an error's code and message into `Error` and its other members beside it. Returns the code and leaves the
/// error's members.
pub(super) fn take_error(data: &mut Value) -> Option<String> {
    let data = data.as_object_mut()?;
    let code = data.get("Error")?.get("Code")?.as_str()?.to_owned();
    let message = data.get("Error").and_then(|error| error.get("Message")).cloned();
    data.shift_remove("Error");
    if let Some(message) = message {
        data.entry("message").or_insert(message);
    }
    Some(code)
}

/// placebo writes objects of Python as `{"__class__": "datetime", "year": …}`. They become texts: times as other SDKs
/// print them, contents of streams as base64. An object that lacks a part stays as it is, and is found.
fn plain(value: &mut Value, pointer: &str, objects: &mut Vec<Object>) {
    match value {
        Value::Array(items) => {
            for (number, item) in items.iter_mut().enumerate() {
                plain(item, &format!("{pointer}/{number}"), objects);
            }
        }
        Value::Object(map) => {
            let time = time(map).map(|text| (text, Class::Datetime));
            if let Some((text, class)) = time.or_else(|| stream(map).map(|text| (text, Class::Stream))) {
                *value = Value::String(text);
                objects.push(Object { pointer: pointer.to_owned(), class });
                return;
            }
            for (key, member) in map.iter_mut() {
                plain(member, &json::child(pointer, key), objects);
            }
        }
        _ => {}
    }
}

/// The content of a stream, which placebo keeps as text or, since it may be none, in base64.
fn stream(map: &Map<String, Value>) -> Option<String> {
    if map.get("__class__")?.as_str()? != "StreamingBody" {
        return None;
    }
    let body = map.get("body")?.as_str()?;
    Some(if STANDARD.decode(body).is_ok() { body.to_owned() } else { STANDARD.encode(body) })
}

fn time(map: &Map<String, Value>) -> Option<String> {
    if map.get("__class__")?.as_str()? != "datetime" {
        return None;
    }
    let part = |name: &str| map.get(name)?.as_u64();
    let (year, month, day) = (part("year")?, part("month")?, part("day")?);
    let (hour, minute, second) = (part("hour")?, part("minute")?, part("second")?);
    // What is no time stays as it was written, so that the finding shows it.
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let micros = part("microsecond").unwrap_or(0);
    let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_name_is_read_from_the_right() {
        assert_eq!(named(Path::new("d/rds.DescribeDBInstances_1.json")), Some(("rds", "DescribeDBInstances")));
        assert_eq!(
            named(Path::new("my.test.api.sagemaker.ListModels_12.json")),
            Some(("my.test.api.sagemaker", "ListModels"))
        );
        for name in ["rds.DescribeDBInstances.json", "DescribeDBInstances_1.json", "rds.describe_1.json", "a.B_x.json"]
        {
            assert_eq!(named(Path::new(name)), None, "{name}");
        }
    }

    #[test]
    fn datetimes_become_text() {
        let text = r#"{"status_code": 200, "data": {"t": {"__class__": "datetime", "year": 2023, "month": 8, "day": 30,
            "hour": 1, "minute": 2, "second": 3, "microsecond": 40}, "u": {"__class__": "datetime", "year": 2023},
            "v": {"__class__": "datetime", "year": 2023, "month": 13, "day": 1, "hour": 1, "minute": 1, "second": 1}}}"#;
        let exchange = read(Path::new("s.Op_1.json"), text).expect("a recording");
        let Payload { value, objects, .. } = exchange.response.expect("a response");
        let value = value.expect("a value");
        assert_eq!(value["t"], "2023-08-30T01:02:03.000040Z");
        assert_eq!(value["u"], json!({"__class__": "datetime", "year": 2023}), "half a datetime stays");
        assert_eq!(value["v"]["month"], 13, "what is no time stays");
        assert_eq!(objects, [Object { pointer: "/t".into(), class: Class::Datetime }]);
    }

    #[test]
    fn streams_become_base64() {
        let text = r#"{"status_code": 200, "data": {"a": [{"__class__": "StreamingBody", "body": "e30="},
            {"__class__": "StreamingBody", "body": "{}"}, {"__class__": "StreamingBody"}]}}"#;
        let exchange = read(Path::new("s.Op_1.json"), text).expect("a recording");
        let Payload { value, objects, .. } = exchange.response.expect("a response");
        assert_eq!(value, Some(json!({"a": ["e30=", "e30=", {"__class__": "StreamingBody"}]})));
        let pointers: Vec<&str> = objects.iter().map(|object| object.pointer.as_str()).collect();
        assert_eq!(pointers, ["/a/0", "/a/1"]);
        assert!(objects.iter().all(|object| object.class == Class::Stream));
    }

    #[test]
    fn an_error_keeps_its_members() {
        let text = r#"{"status_code": 404, "data": {"Error": {"Code": "Gone", "Message": "m"}, "resourceId": "r"}}"#;
        let exchange = read(Path::new("s.Op_1.json"), text).expect("a recording");
        let error = exchange.error.expect("an error");
        assert_eq!(error.plain_code(), Some("Gone"));
        assert_eq!(error.payload.value, Some(json!({"resourceId": "r", "message": "m"})));
    }

    #[test]
    fn a_name_without_operation_is_told() {
        let (reason, _) = read(Path::new("x.json"), r#"{"status_code": 200, "data": {}}"#).expect_err("no operation");
        assert!(reason.contains("endpointPrefix.Operation_N"), "{reason}");
    }
}

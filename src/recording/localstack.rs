//! `LocalStack` snapshots: `{test id: {"recorded-date", "recorded-content": {key: value}}}`.
//!
//! The values are what boto returned, with placeholders for what changes from run to run. Nothing says the operation;
//! the test's path may name the service (`tests/aws/services/<service>/…`). Values that are no objects, such as lists of
//! events that a test gathered, are passed over.

use std::borrow::Cow;

use super::document::read_json;
use super::node::Node;
use super::placebo::take_error;
use super::{
    Clue, Entry, Exchange, Extent, Failure, Fidelity, Format, Malformed, Payload, Probe, ServiceName, Source, Unnamed,
};
use crate::model::Encoding;

/// What stands beside the members of a response that boto returned.
const METADATA: &str = "ResponseMetadata";
const CONTENT: &str = "recorded-content";

pub(super) struct LocalStack;

impl Format for LocalStack {
    fn id(&self) -> &'static str {
        "localstack"
    }

    fn about(&self) -> &'static str {
        "LocalStack snapshots {test id: {recorded-date, recorded-content: {key: response}}}"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        probe.keys.iter().any(|key| key.contains("::"))
            && probe.mentions(&["\"recorded-content\"", "\"recorded-date\""])
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        let Some((text, document)) = read_json(source, sink) else { return };
        let mut entry = 0;
        for (test, recorded) in document.members() {
            if !recorded.get(CONTENT).is_map() {
                let reason = format!("its {CONTENT} is no object");
                sink(Entry::Malformed(Malformed::new(reason, recorded.range.start, None)));
            }
            let recorded_at = recorded.get("recorded-date").text().and_then(|date| rfc3339(&date));
            for (key, value) in recorded.get(CONTENT).members() {
                sink(match is_response(value).then(|| response(&text[value.range.clone()], value)) {
                    Some(exchange) => Entry::Unnamed(Unnamed {
                        exchange: Exchange {
                            service: ServiceName::Unstated { folders: folders(test) },
                            operation: key.clone(),
                            recorded_at: recorded_at.clone().map(Cow::Owned),
                            entry,
                            offset: value.range.start,
                            ..exchange
                        },
                        clue: Clue::Values,
                    }),
                    None => Entry::PassedOver("values that are no response"),
                });
                entry += 1;
            }
        }
    }
}

/// Whether a value may be what boto returned. Beside an error boto keeps the metadata of its response alone; what stands
/// there without that was put together by the test.
fn is_response(value: &Node<'_>) -> bool {
    let is_made = value.get("Error").is_map() && value.get(METADATA).is_null() && value.members().len() > 1;
    value.is_map() && !is_made
}

/// A response, or the error that it holds.
fn response<'a>(text: &'a str, value: &Node<'a>) -> Exchange<'a> {
    let service = ServiceName::Unstated { folders: Vec::new() };
    let mut exchange = Exchange::named(service, Cow::Borrowed(""), Extent::Exchange);
    exchange.fidelity = Fidelity::Placeholders;
    exchange.status = value.at(&[METADATA, "HTTPStatusCode"]).status().unwrap_or_default();
    let payload = Payload::text(text, Encoding::Parsed);
    let failed = value.get("Error").is_map().then(|| value.to_value());
    let failed = failed.and_then(|mut value| Some((take_error(&mut value)?, value)));
    match failed {
        Some((code, value)) => {
            let payload = Payload { value: Some(value), ..payload };
            exchange.error = Some(Failure { code: Some(code.into()), needs_code: true, payload });
        }
        None => exchange.response = Some(payload),
    }
    exchange
}

/// Folders of the test's file, the innermost first, but for the one below `services`: it is the service's, whatever is below
/// it (`services/stepfunctions/v2/logs`). A folder that Python would not take under the service's name has an underscore
/// behind it (`lambda_`).
fn folders<'a>(test: &Cow<'a, str>) -> Vec<&'a str> {
    // An id with escapes in it is no path.
    let Cow::Borrowed(test) = test else { return Vec::new() };
    let file = test.split("::").next().unwrap_or_default();
    let mut folders: Vec<&str> = file.split('/').map(|folder| folder.trim_end_matches('_')).collect();
    folders.pop();
    folders.reverse();
    if let Some(below) = folders.iter().position(|folder| *folder == "services").and_then(|at| at.checked_sub(1)) {
        folders[..=below].rotate_right(1);
    }
    folders
}

/// `14-01-2026, 14:00:11`, which is UTC, as RFC 3339.
fn rfc3339(date: &str) -> Option<String> {
    let (day, time) = date.split_once(", ")?;
    let parts: Vec<&str> = day.split('-').collect();
    let [day, month, year] = parts[..] else { return None };
    let well_formed = year.len() == 4 && month.len() == 2 && day.len() == 2 && time.len() == 8;
    well_formed.then(|| format!("{year}-{month}-{day}T{time}Z"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(text: &'static str) -> Vec<Entry<'static>> {
        let mut entries = Vec::new();
        let source = Source::whole(Path::new("x.snapshot.json"), text.as_bytes());
        LocalStack.read(&source, &mut |entry| entries.push(entry));
        entries
    }

    #[test]
    fn objects_are_responses_and_the_rest_is_passed_over() {
        let text = r#"{"tests/aws/services/lambda_/api/test_x.py::TestX::test_y": {
            "recorded-date": "14-01-2026, 14:00:11",
            "recorded-content": {
                "get-thing": {"Name": "<name:1>", "ResponseMetadata": {"HTTPStatusCode": 201}},
                "events": [1], "made": {"Error": {"Code": "Gone", "Message": "m"}, "StatusCode": 403},
                "gone": {"Error": {"Code": "Gone", "Message": "m"}, "ResponseMetadata": {"HTTPStatusCode": 410}}}}}"#;
        let entries = read(text);
        let [Entry::Unnamed(thing), Entry::PassedOver(what), Entry::PassedOver(_), Entry::Unnamed(gone)] = &entries[..]
        else {
            panic!("{entries:?}")
        };
        let exchange = &thing.exchange;
        assert_eq!((thing.clue, &*exchange.operation, exchange.status), (Clue::Values, "get-thing", Some(201)));
        let folders = vec!["lambda", "api", "services", "aws", "tests"];
        assert_eq!(exchange.service, ServiceName::Unstated { folders });
        assert_eq!(exchange.recorded_at.as_deref(), Some("2026-01-14T14:00:11Z"));
        assert!(exchange.response.as_ref().is_some_and(|payload| payload.text.starts_with(r#"{"Name""#)));
        assert_eq!(*what, "values that are no response");
        let error = gone.exchange.error.as_ref().expect("an error");
        assert_eq!((error.plain_code(), gone.exchange.entry), (Some("Gone"), 3));
        assert_eq!(error.payload.value.as_ref().and_then(|value| value.get("message")), Some(&"m".into()));
    }

    #[test]
    fn a_test_without_content_is_told() {
        let text = r#"{"a.py::b": {"recorded-date": "x"}, "a.py::c": {"recorded-content": {"k": {}}}}"#;
        assert!(matches!(&read(text)[..], [Entry::Malformed(_), Entry::Unnamed(_)]));
        assert!(matches!(&read("{")[..], [Entry::Malformed(_)]));
    }
}

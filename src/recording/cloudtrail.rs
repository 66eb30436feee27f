//! `CloudTrail`: log files `{"Records": [event]}`, and single events, one a line or as an array, perhaps in what delivers
//! them (`event_bridge.rs`).
//!
//! A log keeps less than what travelled: names begin in lower case, secrets are masked, `responseElements` of calls that
//! change nothing are left out, as are members and payloads that are too large. Only events of API calls are exchanges;
//! sign-ins and what services do by themselves are passed over. How a service rewrites its names is documented nowhere, so
//! a log proves nothing: findings on it are warnings at most.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::lines::{complaint, is_by_line, read_each, read_each_item};
use super::{
    Entry, Exchange, Extent, Failure, Fidelity, Format, Marks, Payload, Probe, ServiceName, Source, event_bridge, json,
};
use crate::model::Encoding;

/// The type of events that are API calls. Events of before there were types have none.
const API_CALL: &str = "AwsApiCall";

/// Events that name another service than the one whose model has the operation: source, beginning of the operation's
/// name, service.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("bedrock", "Converse", "bedrock-runtime"),
    ("bedrock", "InvokeAgent", "bedrock-agent-runtime"),
    ("bedrock", "InvokeModel", "bedrock-runtime"),
    ("bedrock", "Retrieve", "bedrock-agent-runtime"),
    ("timestream", "Query", "timestream-query"),
    ("timestream", "", "timestream-write"),
];

/// Services whose events name the source of another, by the source; they are meant where the other has no such operation.
const SIBLINGS: &[(&str, &[&str])] = &[
    ("bedrock", &["bedrock-runtime", "bedrock-agent", "bedrock-agent-runtime"]),
    ("cloudhsm", &["cloudhsmv2"]),
    ("dynamodb", &["dynamodbstreams"]),
    ("s3", &["s3control"]),
    ("sagemaker", &["sagemaker-runtime"]),
    ("ses", &["sesv2"]),
    ("sso", &["sso-admin", "sso-oidc"]),
];

/// Events of S3 that are not named after their operation, or after the one that it replaced: event, service, operation.
const RENAMED: &[(&str, &str, &str)] = &[
    ("DeleteAccountPublicAccessBlock", "s3control", "DeletePublicAccessBlock"),
    ("DeleteBucketPublicAccessBlock", "s3", "DeletePublicAccessBlock"),
    ("GetAccelerateConfiguration", "s3", "GetBucketAccelerateConfiguration"),
    ("GetAccountPublicAccessBlock", "s3control", "GetPublicAccessBlock"),
    ("GetBucketLifecycle", "s3", "GetBucketLifecycleConfiguration"),
    ("GetBucketNotification", "s3", "GetBucketNotificationConfiguration"),
    ("GetBucketObjectLockConfiguration", "s3", "GetObjectLockConfiguration"),
    ("GetBucketPublicAccessBlock", "s3", "GetPublicAccessBlock"),
    ("PutAccelerateConfiguration", "s3", "PutBucketAccelerateConfiguration"),
    ("PutAccountPublicAccessBlock", "s3control", "PutPublicAccessBlock"),
    ("PutBucketLifecycle", "s3", "PutBucketLifecycleConfiguration"),
    ("PutBucketNotification", "s3", "PutBucketNotificationConfiguration"),
    ("PutBucketObjectLockConfiguration", "s3", "PutObjectLockConfiguration"),
    ("PutBucketPublicAccessBlock", "s3", "PutPublicAccessBlock"),
];

/// Services that events of a source may be of as well.
pub(super) fn siblings(source: &str) -> &'static [&'static str] {
    SIBLINGS.iter().find(|(own, _)| *own == source).map_or(&[], |(_, siblings)| siblings)
}

pub(super) struct CloudTrail;

impl Format for CloudTrail {
    fn id(&self) -> &'static str {
        "cloudtrail"
    }

    fn about(&self) -> &'static str {
        "CloudTrail log files {Records: [event]}, and events as NDJSON or JSON, bare or as EventBridge, SNS, SQS and CloudWatch Logs deliver them"
    }

    fn marks(&self) -> Marks {
        Marks::of(&["eventSource", "eventName", "requestParameters"])
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        // What S3, SQS and streams send to functions is a list of records as well, which hold no requestParameters, or
        // no eventID.
        let in_file = probe.has(&["Records"])
            && probe.mentions(&["\"eventSource\"", "\"eventName\"", "\"eventID\"", "\"requestParameters\""]);
        // Some events have no parameters; what other services send has none of the caller's address beside who it is.
        let is_event = probe.has(&["eventSource", "eventName"])
            && (probe.has(&["requestParameters"]) || probe.has(&["userIdentity", "sourceIPAddress"]));
        in_file || is_event || event_bridge::recognises(probe)
    }

    fn is_by_line(&self, probe: &Probe<'_>) -> bool {
        probe.first_line_is_object && !probe.has(&["Records"]) && is_by_line(probe.start)
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        let is_file = source.first_line == 1 && {
            let (keys, _) = json::peek_keys(source.bytes);
            keys.iter().any(|key| key == "Records")
        };
        if !is_file {
            return read_each(source, &delivered, sink);
        }
        let items = |text| serde_json::from_str(text).map(|LogFile { records }| records);
        read_each_item(source, items, &delivered, sink);
    }
}

#[derive(Deserialize)]
struct LogFile<'a> {
    #[serde(borrow, rename = "Records")]
    records: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_field_names, reason = "they are called like the log's")]
struct Event<'a> {
    #[serde(borrow)]
    event_source: Cow<'a, str>,
    #[serde(borrow)]
    event_name: Cow<'a, str>,
    #[serde(borrow)]
    event_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    event_time: Option<Cow<'a, str>>,
    #[serde(borrow)]
    request_parameters: Option<&'a RawValue>,
    #[serde(borrow)]
    response_elements: Option<&'a RawValue>,
    #[serde(borrow)]
    error_code: Option<Cow<'a, str>>,
    #[serde(borrow)]
    error_message: Option<&'a RawValue>,
}

/// An event, or the events within what delivers them.
fn delivered(text: &str) -> Vec<Result<Entry<'_>, (String, usize)>> {
    let read = event(text);
    let events = if read.is_err() { event_bridge::delivered(text, event) } else { None };
    events.unwrap_or_else(|| vec![read])
}

fn event(text: &str) -> Result<Entry<'_>, (String, usize)> {
    let event: Event<'_> = serde_json::from_str(text).map_err(|error| complaint(text, &error))?;
    if event.event_type.is_some_and(|kind| kind != API_CALL) {
        return Ok(Entry::PassedOver("events that are no API call"));
    }
    let (service, operation) = named(&event.event_source, event.event_name);
    let mut exchange = Exchange::named(service, operation, Extent::Exchange);
    exchange.fidelity = Fidelity::Logged;
    exchange.recorded_at = event.event_time;
    exchange.request = logged(event.request_parameters);
    match event.error_code {
        // Of an error's members the log keeps the message alone.
        Some(code) => {
            let text = event.error_message.map_or("{}", RawValue::get);
            let message: Option<Value> = serde_json::from_str(text).ok().filter(Value::is_string);
            let value = Value::Object(message.map(|message| ("message".to_owned(), message)).into_iter().collect());
            let payload = Payload { value: Some(value), ..Payload::text(text, Encoding::Parsed) };
            exchange.error = Some(Failure { code: Some(code), needs_code: true, payload });
        }
        None => exchange.response = logged(event.response_elements),
    }
    Ok(Entry::Exchange(exchange))
}

/// One half of a call; `null` where it was not logged.
fn logged(raw: Option<&RawValue>) -> Option<Payload<'_>> {
    raw.map(|raw| Payload::text(raw.get(), Encoding::Parsed))
}

/// Service and operation as the API calls them.
fn named<'a>(source: &str, event: Cow<'a, str>) -> (ServiceName<'static>, Cow<'a, str>) {
    let renamed = RENAMED.iter().find(|(own, ..)| *own == event).filter(|_| source == "s3.amazonaws.com");
    if let Some((_, service, operation)) = renamed {
        let service = match *service {
            "s3" => ServiceName::EndpointPrefix("s3".into()),
            other => ServiceName::Name(other.into()),
        };
        return (service, Cow::Borrowed(*operation));
    }
    let service = service(source, &event);
    let operation = match event {
        Cow::Borrowed(name) => Cow::Borrowed(unversioned(name)),
        Cow::Owned(name) => Cow::Owned(unversioned(&name).to_owned()),
    };
    (service, operation)
}

/// The service that an event's source is: `cleanrooms.amazonaws.com` begins with an endpoint prefix.
fn service(source: &str, operation: &str) -> ServiceName<'static> {
    let prefix = source.split(".amazonaws.com").next().unwrap_or_default();
    let elsewhere = ELSEWHERE.iter().find(|(own, begins, _)| *own == prefix && operation.starts_with(begins));
    match elsewhere {
        Some((_, _, name)) => ServiceName::Name((*name).into()),
        None => ServiceName::EndpointPrefix(prefix.to_owned().into()),
    }
}

/// An operation's name without the version of the API behind it: `CreateFunction20150331`,
/// `UpdateFunctionCode20150331v2`.
fn unversioned(name: &str) -> &str {
    let dated = match name.rsplit_once('v') {
        Some((dated, version)) if !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit()) => dated,
        _ => name,
    };
    let plain = dated.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let digits = dated[plain.len()..].bytes().filter(u8::is_ascii_digit).count();
    if digits == "20150331".len() && !plain.is_empty() { plain } else { name }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(text: &'static str) -> Vec<Entry<'static>> {
        let mut entries = Vec::new();
        let source = Source::whole(Path::new("x.json"), text.as_bytes());
        CloudTrail.read(&source, &mut |entry| entries.push(entry));
        entries
    }

    const EVENT: &str = concat!(
        r#"{"eventSource": "thing.amazonaws.com", "eventName": "GetThing20150331v2", "eventType": "AwsApiCall", "#,
        r#""eventTime": "2026-01-14T14:00:11Z", "requestParameters": {"name": "x"}, "responseElements": null}"#
    );

    #[test]
    fn an_api_call_is_an_exchange() {
        let entries = read(EVENT);
        let [Entry::Exchange(exchange)] = &entries[..] else { panic!("{entries:?}") };
        assert_eq!((&*exchange.operation, exchange.fidelity), ("GetThing", Fidelity::Logged));
        assert_eq!(exchange.service, ServiceName::EndpointPrefix("thing".into()));
        assert_eq!(exchange.request.as_ref().map(|payload| payload.text), Some(r#"{"name": "x"}"#));
        assert!(exchange.response.is_none() && exchange.error.is_none());
    }

    #[test]
    fn log_files_lines_and_arrays_hold_events() {
        let file = r#"{"Records": [{"eventSource": "a.amazonaws.com", "eventName": "GetA", "errorCode": "Gone",
            "requestParameters": null, "responseElements": null}, {"eventSource": 7},
            {"eventSource": "signin.amazonaws.com", "eventName": "ConsoleLogin", "eventType": "AwsConsoleSignIn"}]}"#;
        let entries = read(file);
        let [Entry::Exchange(exchange), Entry::Malformed(told), Entry::PassedOver(_)] = &entries[..] else {
            panic!("{entries:?}")
        };
        assert_eq!(exchange.error.as_ref().and_then(Failure::plain_code), Some("Gone"));
        assert!(exchange.request.is_none());
        assert_eq!(told.entry, Some(1));
        assert!(file[told.offset..].contains('7') && file[exchange.offset..].starts_with(r#"{"eventSource": "a."#));
        let line = r#"{"eventSource": "a.amazonaws.com", "eventName": "GetA", "requestParameters": null}"#;
        assert_eq!(read(Box::leak(format!("{line}\n{line}\n").into_boxed_str())).len(), 2);
        assert_eq!(read(Box::leak(format!("[{line},{line}]").into_boxed_str())).len(), 2);
        assert!(matches!(&read(r#"{"Records": 7}"#)[..], [Entry::Malformed(_)]));
    }

    #[test]
    fn versions_are_no_part_of_a_name() {
        for (written, name) in [
            ("CreateFunction20150331", "CreateFunction"),
            ("UpdateFunctionCode20150331v2", "UpdateFunctionCode"),
            ("CreateDistribution2020_05_31", "CreateDistribution"),
            ("ListObjectsV2", "ListObjectsV2"),
            ("DescribeFoo2", "DescribeFoo2"),
            ("GetEnv1", "GetEnv1"),
        ] {
            assert_eq!(unversioned(written), name, "{written}");
        }
    }

    #[test]
    fn some_sources_name_another_service() {
        assert_eq!(service("bedrock.amazonaws.com", "InvokeModel"), ServiceName::Name("bedrock-runtime".into()));
        let prefix = |name: &'static str| ServiceName::EndpointPrefix(name.into());
        assert_eq!(service("bedrock.amazonaws.com", "ListGuardrails"), prefix("bedrock"));
        assert_eq!(service("monitoring.amazonaws.com", "PutMetricAlarm"), prefix("monitoring"));
    }

    #[test]
    fn some_events_of_s3_are_called_otherwise_than_the_operation() {
        let told = |source, event: &'static str| named(source, event.into());
        let (service, operation) = told("s3.amazonaws.com", "GetBucketPublicAccessBlock");
        assert_eq!((service.as_str(), &*operation), ("s3", "GetPublicAccessBlock"));
        let (service, operation) = told("s3.amazonaws.com", "PutAccountPublicAccessBlock");
        assert_eq!((service.as_str(), &*operation), ("s3control", "PutPublicAccessBlock"));
        let (_, operation) = told("other.amazonaws.com", "GetBucketPublicAccessBlock");
        assert_eq!(operation, "GetBucketPublicAccessBlock");
        assert!(RENAMED.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn notifications_of_other_services_are_no_log() {
        let keys = ["Records".to_owned()];
        let probe = |start| Probe { path: Path::new("x.json"), start, keys: &keys, first_line_is_object: true };
        let s3 = br#"{"Records": [{"eventSource": "aws:s3", "eventName": "x", "requestParameters": {}}]}"#;
        assert!(!CloudTrail.recognises(&probe(s3)));
        let log = br#"{"Records": [{"eventSource": "a", "eventName": "x", "eventID": "i", "requestParameters": {}}]}"#;
        assert!(CloudTrail.recognises(&probe(log)) && !CloudTrail.is_by_line(&probe(log)));
    }
}

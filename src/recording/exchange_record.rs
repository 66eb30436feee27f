//! Exchange records: `{"service", "operation"[, "recordedAt"][, "request"][, "response" or "error"][, "status"]
//! [, "encoding"]}`, one a line or as a JSON array.
//!
//! Our own format for whole exchanges; its schema is `schemas/formats/exchange-record.v1.schema.json`.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::lines::{complaint, is_by_line, read_records};
use super::{Entry, Exchange, Extent, Failure, Format, Marks, Payload, Probe, ServiceName, Source, json};

/// What every record says.
const NAMES: &[&str] = &["service", "operation"];
/// What it holds one of.
const HALVES: &[&str] = &["request", "response", "error"];

pub(super) struct ExchangeRecords;

impl Format for ExchangeRecords {
    fn id(&self) -> &'static str {
        "exchange-records"
    }

    fn about(&self) -> &'static str {
        "NDJSON or JSON of {service, operation, request, response or error[, status, recordedAt, encoding]}"
    }

    fn marks(&self) -> Marks {
        Marks { any: HALVES, ..Marks::of(NAMES) }
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        let has = |key: &&str| probe.has(&[key]);
        let halves = || HALVES.iter().filter(|half| has(half));
        match NAMES.iter().filter(|name| has(name)).count() {
            0 => false,
            // A record that lacks one of its names is a broken one of ours where it holds a payload; logs and answers of servers
            // have a text or number under such a key.
            1 => halves().any(|half| probe.opens(half)),
            _ => halves().next().is_some(),
        }
    }

    fn is_by_line(&self, probe: &Probe<'_>) -> bool {
        probe.first_line_is_object && is_by_line(probe.start)
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        read_records(source, read, sink);
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    #[serde(borrow)]
    service: Cow<'a, str>,
    #[serde(borrow)]
    operation: Cow<'a, str>,
    #[serde(borrow)]
    recorded_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    request: Option<&'a RawValue>,
    #[serde(borrow)]
    response: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    status: Option<u16>,
    #[serde(borrow)]
    encoding: Option<Cow<'a, str>>,
}

fn read(text: &str) -> Result<Exchange<'_>, (String, usize)> {
    let record: Record<'_> = serde_json::from_str(text).map_err(|error| complaint(text, &error))?;
    let encoding = super::encoding_of(record.encoding.as_deref())?;
    match (record.request, record.response, record.error) {
        (None, None, None) => return Err(("it holds neither request nor response nor error".into(), 0)),
        (_, Some(_), Some(_)) => return Err(("it holds both a response and an error".into(), 0)),
        _ => {}
    }
    // What answers a refused request is an error, whatever the record calls it.
    let refused = record.status.is_some_and(|status| status >= 400);
    let (response, failure) =
        if refused { (None, record.error.or(record.response)) } else { (record.response, record.error) };
    let error = match failure {
        None => None,
        Some(raw) => {
            Some(Failure { code: code(raw.get())?, needs_code: true, payload: Payload::text(raw.get(), encoding) })
        }
    };
    Ok(Exchange {
        request: record.request.map(|raw| Payload::text(raw.get(), encoding)),
        response: response.map(|raw| Payload::text(raw.get(), encoding)),
        error,
        status: record.status,
        recorded_at: record.recorded_at,
        ..Exchange::named(ServiceName::Name(record.service), record.operation, Extent::Exchange)
    })
}

/// The code of an error; `None` where it has none.
fn code(error: &str) -> Result<Option<Cow<'_, str>>, (String, usize)> {
    let members = json::members(error).ok_or_else(|| ("its error is no object".to_owned(), 0))?;
    // Bodies of JSON protocols carry the code under either name.
    let named = |name: &str| members.iter().find(|(key, _)| key == name);
    let Some((_, raw)) = named("code").or_else(|| named("__type")) else { return Ok(None) };
    let code = serde_json::from_str::<String>(raw).map_err(|_| ("its error's code is no string".to_owned(), 0))?;
    Ok(Some(Cow::Owned(code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_an_exchange() {
        let text = r#"{"service":"s","operation":"Op","recordedAt":"2023-09-01T00:00:00Z","request":{"a":1},"response":{},"status":200}"#;
        let exchange = read(text).expect("a record");
        assert_eq!(exchange.request.as_ref().map(|payload| payload.text), Some(r#"{"a":1}"#));
        assert_eq!(exchange.response.as_ref().map(|payload| payload.text), Some("{}"));
        assert_eq!((exchange.status, exchange.extent), (Some(200), Extent::Exchange));
        assert_eq!(exchange.recorded_at.as_deref(), Some("2023-09-01T00:00:00Z"));
    }

    #[test]
    fn what_others_call_service_and_error_is_no_record() {
        let is_ours = |text: &str| {
            let (keys, _) = json::peek_keys(text.as_bytes());
            let (path, start) = (std::path::Path::new("a.json"), text.as_bytes());
            ExchangeRecords.recognises(&Probe { path, start, keys: &keys, first_line_is_object: true })
        };
        for text in [
            r#"{"service":"s","operation":"Op","request":1}"#,
            r#"{"service":"s","request":{}}"#,
            r#"{"operation":"Op","status":400,"error": {"code":"Gone"}}"#,
        ] {
            assert!(is_ours(text), "{text}");
        }
        for text in [
            r#"{"service":"web","error":0,"name":"x"}"#,
            r#"{"operation":"","error":"","error_code":0,"metadata":{"error":{}}}"#,
            r#"{"operation":"sum","response":3}"#,
            r#"{"service":"s","operation":"Op"}"#,
        ] {
            assert!(!is_ours(text), "{text}");
        }
    }

    #[test]
    fn an_error_has_a_code() {
        let exchange =
            read(r#"{"service":"s","operation":"Op","error":{"code":"Gone","message":"m"}}"#).expect("a record");
        assert_eq!(exchange.error.as_ref().and_then(Failure::plain_code), Some("Gone"));
    }

    #[test]
    fn the_answer_to_a_refused_request_is_an_error() {
        let text = r#"{"service":"s","operation":"Op","response":{"__type":"x#Gone"},"status":410}"#;
        let exchange = read(text).expect("a record");
        assert!(exchange.response.is_none());
        assert_eq!(exchange.error.expect("an error").code.as_deref(), Some("x#Gone"));
        let unnamed = text.replace("__type", "type");
        assert_eq!(read(&unnamed).expect("a record").error.expect("an error").code, None);
    }

    #[test]
    fn says_what_is_wrong_with_a_record() {
        for (rest, told) in [
            ("", "neither"),
            (r#","response":{},"error":{"code":"X"}"#, "both"),
            (r#","error":{"code":7}"#, "no string"),
            (r#","error":"Gone""#, "no object"),
            (r#","response":{},"status":"ok""#, "invalid type"),
        ] {
            let (reason, _) = read(&format!(r#"{{"service":"s","operation":"Op"{rest}}}"#)).expect_err(rest);
            assert!(reason.contains(told), "{reason}");
        }
    }
}

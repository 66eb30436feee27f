//! Payload records: `{"service", "operation", "direction", "payload"[, "encoding"]}`, one a line.
//!
//! Keys beyond these (such as `expect` of generated records) are nobody's business here. Our own format; its schema is
//! `schemas/formats/payload-record.v1.schema.json`.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::lines::{complaint, is_by_line, read_records};
use super::{Entry, Exchange, Format, Marks, Payload, Probe, ServiceName, Source};

pub(super) struct PayloadRecords;

impl Format for PayloadRecords {
    fn id(&self) -> &'static str {
        "payload-records"
    }

    fn about(&self) -> &'static str {
        "NDJSON of {service, operation, direction, payload[, encoding]}"
    }

    fn marks(&self) -> Marks {
        Marks::of(&["service", "operation", "direction", "payload"])
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        // A record that lacks one of its keys is a broken one of ours, not a file of some other kind.
        let names = ["service", "operation", "direction"];
        probe.has(&["payload"]) && names.iter().filter(|key| probe.has(&[key])).count() >= 2
    }

    fn is_by_line(&self, probe: &Probe<'_>) -> bool {
        probe.first_line_is_object && is_by_line(probe.start)
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        read_records(source, read, sink);
    }
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    service: Cow<'a, str>,
    #[serde(borrow)]
    operation: Cow<'a, str>,
    #[serde(borrow)]
    direction: Cow<'a, str>,
    #[serde(borrow)]
    payload: &'a RawValue,
    #[serde(borrow)]
    encoding: Option<Cow<'a, str>>,
}

fn read(text: &str) -> Result<Exchange<'_>, (String, usize)> {
    let record: Record<'_> = serde_json::from_str(text).map_err(|error| complaint(text, &error))?;
    let direction = super::direction(&record.direction)
        .ok_or_else(|| (format!("direction is {:?}, neither \"request\" nor \"response\"", record.direction), 0))?;
    let encoding = super::encoding_of(record.encoding.as_deref())?;
    let payload = Payload::text(record.payload.get(), encoding);
    Ok(Exchange::of_payload(ServiceName::Name(record.service), record.operation, direction, payload))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Direction, Encoding};
    use crate::recording::Extent;

    #[test]
    fn reads_a_record_without_copying_it() {
        let line = r#"{"service":"s","operation":"Op","direction":"response","payload":{"a": 1},"expect":{}}"#;
        let exchange = read(line).expect("a record");
        let payload = exchange.payload(Direction::Response).expect("a response");
        assert_eq!((payload.text, payload.encoding), (r#"{"a": 1}"#, Encoding::Wire));
        assert!(matches!(exchange.operation, Cow::Borrowed("Op")));
        assert!(exchange.request.is_none() && exchange.extent == Extent::Payload);
        let parsed = line.replace(r#""expect":{}"#, r#""encoding":"parsed""#);
        let exchange = read(&parsed).expect("a record");
        assert_eq!(exchange.response.expect("a response").encoding, Encoding::Parsed);
    }

    #[test]
    fn says_what_is_wrong_with_a_record() {
        for (line, told) in [
            (r#"{"service":"s","operation":"Op","direction":"both","payload":1}"#, "neither"),
            (r#"{"service":"s","operation":"Op","direction":"request"}"#, "missing field `payload`"),
            (r#"{"service":"s","operation":"Op","direction":"request","payload":{"#, "too early"),
            (r#"{"service":"s","operation":"Op","direction":"request","payload":1,"encoding":"x"}"#, "wire"),
            (r#"{"service":"s","service":"s","operation":"Op"}"#, "duplicate field `service`"),
        ] {
            let (reason, _) = read(line).expect_err(line);
            assert!(reason.contains(told), "{reason}");
        }
    }
}

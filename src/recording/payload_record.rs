//! Payload records: `{"service", "operation", "direction", "payload"[, "encoding"]}`, one a line.
//!
//! Keys beyond these (such as `expect` of generated records) are nobody's business here. Our own format; its schema is
//! `schemas/formats/payload-record.v1.schema.json`.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::bounds::is_surely_within;
use super::cursor::{Cursor, LEVELS};
use super::lines::{complaint, is_by_line, read_entries, read_records};
use super::{Entry, Exchange, Format, Marks, Payload, Probe, ServiceName, Source, SureOf};
use crate::limits::Limits;
use crate::model::{Direction, Encoding};

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

    fn read_surely<'a>(&self, source: &Source<'a>, sure: &SureOf<'_>, sink: &mut dyn FnMut(Entry<'a>)) {
        let entry = |text: &'a str| match in_place(text, &source.limits, sure) {
            Some((head, InPlace::Sure)) => Ok(Entry::Sure(head)),
            Some((head, InPlace::Doubted(payload))) => Ok(Entry::Exchange(head.doubted(payload))),
            None => read(text).map(Entry::Exchange),
        };
        read_entries(source, &entry, sink);
    }
}

/// What a record says of its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head<'a> {
    /// The service as the record names it.
    pub service: &'a str,
    /// Name of the operation.
    pub operation: &'a str,
    /// Which half of an exchange it is.
    pub direction: Direction,
    /// How its values are written.
    pub encoding: Encoding,
}

impl<'a> Head<'a> {
    /// The exchange of a record whose payload was in doubt.
    fn doubted(self, payload: &'a str) -> Exchange<'a> {
        let payload = Payload { is_doubted: true, ..Payload::text(payload, self.encoding) };
        Exchange::of_payload(ServiceName::Name(self.service.into()), self.operation.into(), self.direction, payload)
    }
}

/// A payload that was judged as it was read.
#[derive(Debug, PartialEq, Eq)]
enum InPlace<'a> {
    /// It conforms for certain.
    Sure,
    /// It is JSON, of which nobody was sure.
    Doubted(&'a str),
}

/// Reads a record once from end to end, where its names stand before its payload. `None` says nothing: the record is read
/// again.
fn in_place<'a>(text: &'a str, limits: &Limits, sure: &SureOf<'_>) -> Option<(Head<'a>, InPlace<'a>)> {
    let (mut service, mut operation, mut direction, mut encoding) = (None, None, None, None);
    let mut head = None;
    let mut cursor = Cursor::new(text);
    cursor.members(|cursor, key| {
        let name = match key.plain()? {
            "service" => Some(&mut service),
            "operation" => Some(&mut operation),
            "direction" => Some(&mut direction),
            "encoding" => Some(&mut encoding),
            "payload" if head.is_none() => {
                let direction = super::direction(direction?)?;
                let encoding = super::encoding_of(encoding).ok()?;
                let own = Head { service: service?, operation: operation?, direction, encoding };
                cursor.next()?;
                let start = cursor.at();
                let judged = if let Some(length) = sure(&own, cursor.left()) {
                    is_surely_within(limits, length).then_some(())?;
                    cursor.skip(length);
                    InPlace::Sure
                } else {
                    cursor.pass_over(LEVELS - 1)?;
                    InPlace::Doubted(cursor.since(start))
                };
                head = Some((own, judged));
                None
            }
            "payload" => return None,
            _ => {
                cursor.pass_over(LEVELS - 1)?;
                None
            }
        };
        if let Some(name) = name {
            // A name that stands twice, or behind the payload, is for the other reader.
            if name.is_some() || head.is_some() {
                return None;
            }
            *name = Some(cursor.string()?.plain()?);
        }
        Some(())
    })?;
    head.filter(|_| cursor.is_done())
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
    fn names_before_a_payload_are_read_with_it() {
        let in_place = |text: &str, limits: Limits| {
            let sure = |head: &Head<'_>, text: &str| (head.service == "s" && text.starts_with("{}")).then_some(2);
            let read = super::in_place(text, &limits, &sure);
            let sure = read.filter(|(_, judged)| *judged == InPlace::Sure);
            sure.map(|(head, _)| (head.operation.to_owned(), head.direction, head.encoding))
        };
        let read = |text: &str| in_place(text, Limits::default());
        let request = Some(("Op".to_owned(), Direction::Request, Encoding::Wire));
        let line =
            r#" {"service": "s", "operation":"Op","direction":"request", "payload": {} , "expect": {"a": [1]}} "#;
        assert_eq!(read(line), request);
        assert_eq!(read(&line.replace("expect", r"x\u00e9")), None, "it is read again");
        let parsed = line.replace("\"payload", "\"encoding\":\"parsed\",\"payload");
        assert_eq!(read(&parsed).map(|(_, _, encoding)| encoding), Some(Encoding::Parsed));
        assert_eq!(in_place(line, Limits { depth: 3, ..Limits::default() }), None);
        assert_eq!(in_place(line, Limits { values: 1, ..Limits::default() }), None);
        for (from, to) in [
            ("\"s\"", "\"t\""),
            ("{} ", "[] "),
            ("{} ", "{}} "),
            ("{} ", "{}, \"payload\": {} "),
            ("{} ", "{}, \"encoding\": \"wire\" "),
            ("\"Op\"", "\"Op\", \"operation\": \"Op\""),
            ("\"Op\"", "\"O\\u0070\""),
            ("service", "Service"),
            ("request", "both"),
            ("[1]", "[1"),
            ("[1]", "[1e400]"),
        ] {
            assert_eq!(read(&line.replacen(from, to, 1)), None, "{to} for {from}");
        }
        assert_eq!(read(&format!("{line}x")), None);
        assert_eq!(read(&line.replace(r#""payload": {} ,"#, "")), None);
    }

    #[test]
    fn a_record_in_doubt_is_the_one_that_the_parser_reads() {
        let not_sure = |_: &Head<'_>, _: &str| None;
        for line in [
            r#"{"service":"s","operation":"Op","direction":"response","payload":{"a": [1]},"expect":{}}"#,
            r#" { "service" : "s" , "operation":"Op","direction":"request","encoding":"parsed","payload" : null } "#,
        ] {
            let doubted = match super::in_place(line, &Limits::default(), &not_sure) {
                Some((head, InPlace::Doubted(payload))) => head.doubted(payload),
                other => panic!("{other:?}"),
            };
            let read = read(line).expect("a record");
            let told = |exchange: &Exchange<'_>| {
                let payload = exchange.request.as_ref().or(exchange.response.as_ref()).expect("one");
                (format!("{:?} {}", exchange.service, exchange.operation), payload.text.to_owned(), payload.encoding)
            };
            assert_eq!(told(&doubted), told(&read), "{line}");
            assert!(doubted.request.is_some() == read.request.is_some());
        }
        let broken = r#"{"service":"s","operation":"Op","direction":"request","payload":{"a": 1e400}}"#;
        assert!(super::in_place(broken, &Limits::default(), &not_sure).is_none());
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

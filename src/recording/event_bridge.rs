//! What `CloudTrail` events are delivered in: events of `EventBridge`, which hold one as their detail; notifications of SNS,
//! messages of SQS and lines of `CloudWatch` Logs, which hold such an event, a bare one or a log file as text; and what of
//! these is sent to functions.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Entry, Exchange, Failure, Notation, Payload, Probe, Syntax, Trail, Written, json};

/// The end of `detail-type` where the detail is an event of `CloudTrail`.
const VIA_CLOUDTRAIL: &str = " via CloudTrail";

const OTHER_EVENTS: &str = "events of EventBridge that are no event of CloudTrail";

const OTHER_NOTIFICATIONS: &str = "notifications and log lines that hold no event of CloudTrail";

/// Texts that stand within each other: a log file in a notification in a message.
const NESTED: usize = 4;

/// What an event of `CloudTrail` has that nothing else has together.
const OF_EVENT: &[&str] = &["eventSource", "eventName", "eventID", "requestParameters"];

/// What keeps a record from being read: a clause, and the byte of the record it is about.
type Complaint = (String, usize);

/// What one event of a record is, or why it cannot be read.
type Delivered<'a> = Result<Entry<'a>, Complaint>;

/// Reads an event of `CloudTrail`.
type Read = for<'r> fn(&'r str) -> Delivered<'r>;

#[derive(Deserialize)]
struct Delivery<'a> {
    #[serde(borrow, rename = "detail-type")]
    detail_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    detail: Option<&'a RawValue>,
    #[serde(borrow, rename = "TopicArn")]
    topic: Option<&'a RawValue>,
    #[serde(borrow, rename = "Message")]
    message: Option<&'a RawValue>,
    #[serde(borrow, rename = "Sns")]
    notification: Option<&'a RawValue>,
    #[serde(borrow, rename = "messageId")]
    message_id: Option<&'a RawValue>,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
    #[serde(borrow, rename = "Records")]
    records: Option<Vec<&'a RawValue>>,
    #[serde(borrow, rename = "logEvents")]
    lines: Option<Vec<Line<'a>>>,
    #[serde(borrow, rename = "eventSource")]
    source: Option<Cow<'a, str>>,
}

/// A line of `CloudWatch` Logs.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    message: &'a RawValue,
}

/// Whether a file begins with an event of `EventBridge`, or with what delivers one, or a bare event, as text.
pub(super) fn recognises(probe: &Probe<'_>) -> bool {
    let has_event = || probe.mentions(&["detail-type", VIA_CLOUDTRAIL]) || probe.mentions(OF_EVENT);
    let is_notification =
        || probe.has(&["TopicArn", "Message"]) && (probe.mentions(&[r#"\"detail-type\""#]) || has_event());
    let is_of_lines = || probe.has(&["logGroup", "logEvents"]) && has_event();
    let is_of_function = || {
        let is_sent = || ["\"aws:sqs\"", "\"aws:sns\""].iter().any(|sender| probe.mentions(&[sender]));
        probe.has(&["Records"]) && is_sent() && has_event()
    };
    probe.has(&["detail-type", "source", "detail"]) || is_notification() || is_of_lines() || is_of_function()
}

/// What a record delivers; `None` where it is no delivery.
pub(super) fn delivered(text: &str, read: Read) -> Option<Vec<Delivered<'_>>> {
    within(text, read, NESTED).or_else(|| side_by_side(text, read))
}

/// Deliveries that follow each other in one line, as Firehose joins them.
fn side_by_side(text: &str, read: Read) -> Option<Vec<Delivered<'_>>> {
    let values: Vec<&RawValue> =
        serde_json::Deserializer::from_str(text).into_iter().collect::<serde_json::Result<_>>().ok()?;
    (values.len() > 1).then(|| values.into_iter().flat_map(|part| part_of(text, part, read, NESTED)).collect())
}

fn within(text: &str, read: Read, nested: usize) -> Option<Vec<Delivered<'_>>> {
    let delivery: Delivery<'_> = serde_json::from_str(text).ok()?;
    Some(match delivery {
        Delivery { detail_type: Some(kind), detail: Some(_), .. } if !kind.ends_with(VIA_CLOUDTRAIL) => {
            vec![Ok(Entry::PassedOver(OTHER_EVENTS))]
        }
        Delivery { detail_type: Some(_), detail: Some(detail), .. } => {
            vec![read(detail.get()).map_err(|told| moved(told, offset(text, detail.get())))]
        }
        Delivery { records: Some(records), .. } => {
            records.into_iter().flat_map(|record| part_of(text, record, read, nested)).collect()
        }
        Delivery { lines: Some(lines), .. } => {
            lines.into_iter().flat_map(|line| quoted(text, line.message.get(), read, nested)).collect()
        }
        Delivery { notification: Some(notification), .. } => part_of(text, notification, read, nested),
        Delivery { topic: Some(_), message: Some(quote), .. }
        | Delivery { message_id: Some(_), body: Some(quote), .. } => quoted(text, quote.get(), read, nested),
        // What S3 and others send to functions is called a record with a source as well.
        Delivery { source: Some(source), .. } if source.starts_with("aws:") => {
            vec![Ok(Entry::PassedOver(OTHER_NOTIFICATIONS))]
        }
        _ => return None,
    })
}

/// What a value within a record delivers, or is.
fn part_of<'a>(text: &'a str, part: &'a RawValue, read: Read, nested: usize) -> Vec<Delivered<'a>> {
    let start = offset(text, part.get());
    let read = within(part.get(), read, nested).unwrap_or_else(|| vec![read(part.get())]);
    read.into_iter().map(|read| read.map_err(|told| moved(told, start))).collect()
}

/// What a text that stands in a record as a string delivers, or is.
fn quoted<'a>(record: &'a str, quote: &'a str, read: Read, nested: usize) -> Vec<Delivered<'a>> {
    let other = || vec![Ok(Entry::PassedOver(OTHER_NOTIFICATIONS))];
    let Ok(message) = serde_json::from_str::<String>(quote) else { return other() };
    let Some(nested) = nested.checked_sub(1).filter(|_| message.trim_start().starts_with('{')) else { return other() };
    let start = offset(record, quote);
    let written = Written::new(message.as_bytes().into(), start..start + quote.len(), Notation::Escaped);
    let around = Quoted { message: &message, record, trail: Trail::of(&written, record.as_bytes()) };
    let events = within(&message, read, nested).unwrap_or_else(|| match read(&message) {
        Ok(event) => vec![Ok(event)],
        Err(_) => vec![Ok(Entry::PassedOver(OTHER_NOTIFICATIONS))],
    });
    let outside = |read: Delivered<'_>| match read.map_err(|(reason, at)| (reason, around.trail.offset(at)))? {
        Entry::Exchange(exchange) => around.exchange(exchange).map(Entry::Exchange),
        Entry::PassedOver(what) => Ok(Entry::PassedOver(what)),
        _ => Ok(Entry::PassedOver(OTHER_NOTIFICATIONS)),
    };
    events.into_iter().map(outside).collect()
}

fn moved((reason, at): Complaint, start: usize) -> Complaint {
    (reason, start + at)
}

/// A message that stands in a record as a string.
struct Quoted<'m, 'a> {
    message: &'m str,
    record: &'a str,
    trail: Trail<'m>,
}

impl<'a> Quoted<'_, 'a> {
    /// An exchange of the message, with its payloads as they stand in the record.
    fn exchange(&self, exchange: Exchange<'_>) -> Result<Exchange<'a>, Complaint> {
        let Exchange { service, operation, request, response, error, recorded_at, extent, fidelity, .. } = exchange;
        let named = Exchange::named(service.into_owned(), operation.into_owned().into(), extent);
        let error = error.map(|error| {
            let code = error.code.map(|code| Cow::Owned(code.into_owned()));
            Ok(Failure { code, needs_code: error.needs_code, payload: self.payload(error.payload)? })
        });
        Ok(Exchange {
            request: request.map(|payload| self.payload(payload)).transpose()?,
            response: response.map(|payload| self.payload(payload)).transpose()?,
            error: error.transpose()?,
            recorded_at: recorded_at.map(|time| Cow::Owned(time.into_owned())),
            fidelity,
            ..named
        })
    }

    fn payload(&self, payload: Payload<'_>) -> Result<Payload<'a>, Complaint> {
        let Payload { text, value, encoding, syntax, origins, .. } = payload;
        let at = offset(self.message, text);
        let mut origins = origins.unwrap_or_default();
        let strings = if let Syntax::Escaped { strings } = syntax { strings } else { 0 };
        let value = if let Some(value) = value {
            value
        } else {
            let (value, oddities) = json::parse(text).map_err(|error| {
                let (reason, within) = json::complaint(text, &error);
                (reason, self.trail.offset(at + within))
            })?;
            (origins.repeated, origins.rounded) = (oddities.repeated, oddities.rounded);
            value
        };
        let text = &self.record[self.trail.range(at..at + text.len())];
        let (value, origins, syntax) = (Some(value), Some(origins), Syntax::Escaped { strings: strings + 1 });
        Ok(Payload { value, origins, syntax, ..Payload::text(text, encoding) })
    }
}

/// Where a part of a text begins; a part from elsewhere is at the beginning.
fn offset(text: &str, part: &str) -> usize {
    let offset = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    if offset <= text.len() { offset } else { 0 }
}

//! What `CloudTrail` events are delivered in: events of `EventBridge`, which hold one as their detail, and notifications of
//! SNS, which hold such an event as text.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Entry, Exchange, Failure, Notation, Origins, Payload, Probe, Syntax, Trail, Written, json};

/// The end of `detail-type` where the detail is an event of `CloudTrail`.
const VIA_CLOUDTRAIL: &str = " via CloudTrail";

const OTHER_EVENTS: &str = "events of EventBridge that are no event of CloudTrail";

const OTHER_NOTIFICATIONS: &str = "notifications that hold no event of EventBridge";

/// What keeps a record from being read: a clause, and the byte of the record it is about.
type Complaint = (String, usize);

/// Reads an event of `CloudTrail`.
type Read = for<'r> fn(&'r str) -> Result<Entry<'r>, Complaint>;

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
}

/// Whether a file begins with an event of `EventBridge`, or with a notification of one.
pub(super) fn recognises(probe: &Probe<'_>) -> bool {
    let is_notification = || probe.has(&["TopicArn", "Message"]) && probe.mentions(&[r#"\"detail-type\""#]);
    probe.has(&["detail-type", "source", "detail"]) || is_notification()
}

/// What a record delivers; `None` where it is no delivery.
pub(super) fn delivered(text: &str, read: Read) -> Option<Result<Entry<'_>, Complaint>> {
    let Delivery { detail_type, detail, topic, message } = serde_json::from_str(text).ok()?;
    if let (Some(kind), Some(detail)) = (detail_type, detail) {
        if !kind.ends_with(VIA_CLOUDTRAIL) {
            return Some(Ok(Entry::PassedOver(OTHER_EVENTS)));
        }
        return Some(read(detail.get()).map_err(|(reason, at)| (reason, offset(text, detail.get()) + at)));
    }
    topic.and(message).map(|message| notified(text, message.get(), read))
}

/// What the message of a notification delivers, which stands in a record as a string.
fn notified<'a>(record: &'a str, quoted: &'a str, read: Read) -> Result<Entry<'a>, Complaint> {
    let Ok(message) = serde_json::from_str::<String>(quoted) else {
        return Ok(Entry::PassedOver(OTHER_NOTIFICATIONS));
    };
    let start = offset(record, quoted);
    let written = Written::new(message.as_bytes().into(), start..start + quoted.len(), Notation::Escaped);
    let within = Within { message: &message, record, trail: Trail::of(&written, record.as_bytes()) };
    let outside = |(reason, at)| (reason, within.trail.offset(at));
    match delivered(&message, read).unwrap_or(Ok(Entry::PassedOver(OTHER_NOTIFICATIONS))).map_err(outside)? {
        Entry::Exchange(exchange) => within.exchange(exchange).map(Entry::Exchange),
        Entry::PassedOver(what) => Ok(Entry::PassedOver(what)),
        _ => Ok(Entry::PassedOver(OTHER_NOTIFICATIONS)),
    }
}

/// A message that stands in a record as a string.
struct Within<'m, 'a> {
    message: &'m str,
    record: &'a str,
    trail: Trail<'m>,
}

impl<'a> Within<'_, 'a> {
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
        let Payload { text, value, encoding, .. } = payload;
        let at = offset(self.message, text);
        let mut origins = Origins::default();
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
        let (value, origins) = (Some(value), Some(Box::new(origins)));
        Ok(Payload { value, origins, syntax: Syntax::Escaped, ..Payload::text(text, encoding) })
    }
}

/// Where a part of a text begins; a part from elsewhere is at the beginning.
fn offset(text: &str, part: &str) -> usize {
    let offset = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    if offset <= text.len() { offset } else { 0 }
}

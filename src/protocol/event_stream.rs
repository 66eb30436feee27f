//! Event streams (`application/vnd.amazon.eventstream`): messages in a row, each with its length in front.
//!
//! Events are counted and their frames checked; what they hold is not judged. In the protocols that have no other place
//! for them, the first message holds the members beside the stream.

use std::ops::Range;

use serde_json::{Map, Value};

use super::body::undecodable;
use super::{Half, Shaped};
use crate::model::{Direction, Member, Service};
use crate::recording::json::child;
use crate::recording::{Flaw, FlawKind, Origin, Origins};

/// Bytes before a message's headers: its length, the headers' length, and a checksum of both.
const PRELUDE: usize = 12;
/// Bytes of the checksum behind a message.
const TRAILER: usize = 4;

/// The messages of a body.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// Whole messages, but for the initial one.
    pub(super) count: usize,
    /// Bytes of the initial message's payload.
    pub(super) initial: Option<Range<usize>>,
    /// The first frame that is broken; nothing behind it is read.
    pub(super) flaw: Option<Flaw>,
}

impl Events {
    /// Reads a body message by message.
    pub(super) fn read(body: &[u8], direction: Direction) -> Self {
        let mut events = Self::default();
        let mut at = 0;
        while at < body.len() {
            match message(&body[at..]) {
                Ok(message) => {
                    match message.event_type {
                        Some(b"initial-response" | b"initial-request") if at == 0 => {
                            events.initial = Some(message.payload);
                        }
                        _ => events.count += 1,
                    }
                    at += message.length;
                }
                Err(reason) => {
                    let number = events.count + usize::from(events.initial.is_some()) + 1;
                    let reason = format!("message {number} of the event stream is broken: {reason}");
                    events.flaw = Some(undecodable(direction, reason, at));
                    break;
                }
            }
        }
        events
    }
}

/// The member that is an event stream within a body of other members, as the rpc protocols have it, with its key.
pub(super) fn member<'m>(service: &Service, shaped: &Shaped<'m>) -> Option<(&'m str, &'m Member)> {
    let is_stream = |member: &Member| service.structure(&member.target).is_some_and(|structure| structure.event_stream);
    shaped.structure.event_stream_member(is_stream)
}

/// The half whose body is an event stream. `parse` reads the initial message, whose first byte it is told.
pub(super) fn half<'h>(
    key: &str,
    text: &'h str,
    body: &[u8],
    direction: Direction,
    parse: impl FnOnce(&[u8], usize, &mut Origins) -> Result<Value, Flaw>,
) -> Half<'h> {
    let events = Events::read(body, direction);
    let mut origins = Origins::default();
    origins.partial = events.flaw.is_some();
    let mut half = Half { streams: 1, events: events.count, ..Half::default() };
    half.flaws.extend(events.flaw);
    let initial = events.initial.filter(|range| !range.is_empty());
    let mut value = match initial.map(|range| parse(&body[range.clone()], range.start, &mut origins)) {
        None => Value::Object(Map::new()),
        Some(Ok(value)) => value,
        Some(Err(flaw)) => {
            origins.partial = true;
            half.flaws.push(flaw);
            Value::Object(Map::new())
        }
    };
    if let Value::Object(members) = &mut value {
        // What is not judged must not be missing either.
        members.insert(key.to_owned(), Value::String(String::new()));
        origins.insert(child("", key), Origin::Part { name: key.to_owned(), range: 0..body.len() });
    }
    half.payload = Some(super::composed(text, value, origins));
    half
}

/// A flaw of a part of the body, told of the body.
pub(super) fn moved(mut flaw: Flaw, by: usize) -> Flaw {
    if let FlawKind::Undecodable { at, .. } = &mut flaw.kind {
        *at += by;
    }
    flaw
}

/// One message.
struct Message<'b> {
    /// Bytes of all of it.
    length: usize,
    /// Header `:event-type`.
    event_type: Option<&'b [u8]>,
    /// Bytes of the payload within the body; right for the first message, which alone is asked.
    payload: Range<usize>,
}

/// The message that `bytes` begins with, or why it is none.
fn message(bytes: &[u8]) -> Result<Message<'_>, String> {
    let word = |at: usize| {
        let word: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(word))
    };
    let (Some(length), Some(headers), Some(checksum)) = (word(0), word(4), word(8)) else {
        return Err(format!("it ends after {} bytes, within the prelude", bytes.len()));
    };
    if crc32(&bytes[..8]) != checksum {
        return Err("the checksum of its prelude is wrong".into());
    }
    let (length, headers) = (length as usize, headers as usize);
    let payload_end = length.checked_sub(TRAILER).filter(|end| PRELUDE + headers <= *end);
    let Some(payload_end) = payload_end else { return Err(format!("its length of {length} bytes cannot be")) };
    let Some(checksum) = word(payload_end) else {
        return Err(format!("it should have {length} bytes and {} are left", bytes.len()));
    };
    if crc32(&bytes[..payload_end]) != checksum {
        return Err("its checksum is wrong".into());
    }
    let payload = PRELUDE + headers..payload_end;
    let event_type = text_header(&bytes[PRELUDE..payload.start], b":event-type");
    Ok(Message { length, event_type, payload })
}

/// The text of a header. Where a header cannot be read, those behind it cannot either.
fn text_header<'b>(mut headers: &'b [u8], wanted: &[u8]) -> Option<&'b [u8]> {
    loop {
        let (name_length, rest) = headers.split_first()?;
        let (name, rest) = rest.split_at_checked(usize::from(*name_length))?;
        let (kind, rest) = rest.split_first()?;
        let (length, rest) = match kind {
            // True and false have no bytes of their own.
            0 | 1 => (0, rest),
            2 => (1, rest),
            3 => (2, rest),
            4 => (4, rest),
            5 | 8 => (8, rest),
            // Bytes and text say their length.
            6 | 7 => {
                let (length, rest) = rest.split_first_chunk::<2>()?;
                (usize::from(u16::from_be_bytes(*length)), rest)
            }
            9 => (16, rest),
            _ => return None,
        };
        let (value, rest) = rest.split_at_checked(length)?;
        if name == wanted && *kind == 7 {
            return Some(value);
        }
        headers = rest;
    }
}

/// The checksum of IEEE 802.3, bit by bit: recorded streams are short.
fn crc32(bytes: &[u8]) -> u32 {
    let of_byte = |crc: u32, byte: &u8| {
        let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        (0..8).fold(crc ^ u32::from(*byte), step)
    };
    !bytes.iter().fold(u32::MAX, of_byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(event_type: &str, payload: &[u8]) -> Vec<u8> {
        let mut headers = vec![5];
        headers.extend(b":flag\x00");
        headers.push(11);
        headers.extend(b":event-type\x07");
        headers.extend(u16::try_from(event_type.len()).expect("short").to_be_bytes());
        headers.extend(event_type.as_bytes());
        let word = |length: usize| u32::try_from(length).expect("short").to_be_bytes();
        let mut message = Vec::from(word(PRELUDE + headers.len() + payload.len() + TRAILER));
        message.extend(word(headers.len()));
        message.extend(crc32(&message).to_be_bytes());
        message.extend(headers);
        message.extend(payload);
        message.extend(crc32(&message).to_be_bytes());
        message
    }

    fn read(body: &[u8]) -> (usize, Option<Range<usize>>, Option<(String, usize)>) {
        let events = Events::read(body, Direction::Response);
        let told = events.flaw.map(|flaw| match flaw.kind {
            FlawKind::Undecodable { reason, at } => (reason, at),
            other => panic!("{other:?}"),
        });
        (events.count, events.initial, told)
    }

    #[test]
    fn headers_of_every_kind_are_passed_over() {
        for (kind, value) in [
            (0, &[][..]),
            (1, &[]),
            (2, &[9; 1]),
            (3, &[9; 2]),
            (4, &[9; 4]),
            (5, &[9; 8]),
            (6, &[0, 3, 9, 9, 9]),
            (7, &[0, 1, 9]),
            (8, &[9; 8]),
            (9, &[9; 16]),
        ] {
            let headers = [&[1, b'a', kind][..], value, &[1, b'b', 7, 0, 2], b"ok"].concat();
            assert_eq!(text_header(&headers, b"b"), Some(&b"ok"[..]), "{kind}");
        }
        assert_eq!(text_header(&[1, b'a', 10, 1, b'b', 7, 0, 0], b"b"), None, "nobody knows its length");
    }

    #[test]
    fn checksums_are_those_of_everyone() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn counts_events_and_finds_the_initial_message() {
        let first = framed("initial-response", b"{\"a\":1}");
        let second = framed("Record", b"x");
        let body = [&first[..], &second, &second].concat();
        let (count, initial, flaw) = read(&body);
        assert_eq!((count, &flaw), (2, &None));
        assert_eq!(&body[initial.expect("an initial message")], b"{\"a\":1}");
        assert_eq!(read(&[&second[..], &first].concat()), (2, None, None), "only the first message is initial");
        assert_eq!(read(b""), (0, None, None));
    }

    #[test]
    fn broken_frames_say_where() {
        let message = framed("Record", b"xyz");
        let length = message.len();
        let cut = [&message[..], &message[..length - 1]].concat();
        let reason = format!(
            "message 2 of the event stream is broken: it should have {length} bytes and {} are left",
            length - 1
        );
        assert_eq!(read(&cut), (1, None, Some((reason, length))));
        for (at, part) in
            [(0, "prelude"), (20, "its checksum"), (length - 6, "its checksum"), (length - 1, "its checksum")]
        {
            let mut changed = message.clone();
            changed[at] ^= 1;
            let (count, _, told) = read(&changed);
            assert!(count == 0 && told.as_ref().is_some_and(|(reason, _)| reason.contains(part)), "{at}: {told:?}");
        }
        assert!(read(b"<html>").2.is_some_and(|(reason, at)| reason.contains("after 6 bytes") && at == 0));
    }
}

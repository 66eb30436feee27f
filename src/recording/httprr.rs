//! Traces of httprr, which Go projects record HTTP with: a line `httprr trace v1`, then for each exchange a line with the
//! bytes of request and response, and both as they are written to a connection.

use std::ops::Range;

use httparse::{EMPTY_HEADER, Status};

use super::document::{RequestHead, numbered};
use super::http::{Headers, HttpExchange, HttpResponse};
use super::joined::{How, Joined};
use super::written::{Notation, Written};
use super::{Entry, Format, Malformed, Probe, Source};
use crate::limits::Limit;

/// What a trace begins with.
const MARK: &[u8] = b"httprr trace v1\n";
/// Most headers of a message that are read.
const HEADERS: usize = 512;
/// Most bytes of the line with the lengths of an exchange.
const LENGTHS: usize = 40;

pub(super) struct Httprr;

impl Format for Httprr {
    fn id(&self) -> &'static str {
        "httprr"
    }

    fn about(&self) -> &'static str {
        "traces of Go's httprr: httprr trace v1, then requests and responses as they travel"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        probe.start.starts_with(MARK)
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        let mut at = if source.bytes.starts_with(MARK) { MARK.len() } else { 0 };
        let mut entry = 0;
        while at < source.bytes.len() {
            let record = match Record::at(source.bytes, at) {
                Ok(record) => record,
                Err(reason) => return sink(Entry::Malformed(Malformed::new(reason, at, Some(entry)))),
            };
            let limits = &source.limits;
            if (record.response.end - at) as u64 > limits.record_bytes {
                sink(Entry::Malformed(Malformed::beyond(Limit::RecordBytes, limits, at, Some(entry))));
            } else {
                sink(exchange(source, &record, at, entry));
                if record.response.is_empty() {
                    sink(Entry::Malformed(Malformed::new("it has no response", at, Some(entry))));
                }
            }
            (at, entry) = (record.response.end, entry + 1);
        }
    }

    fn rewritten(&self, source: &[u8], edit: &mut dyn FnMut(Range<usize>) -> Vec<u8>) -> Vec<u8> {
        let mut at = if source.starts_with(MARK) { MARK.len() } else { 0 };
        let mut text = source[..at].to_vec();
        while at < source.len() {
            let Ok(record) = Record::at(source, at) else {
                text.extend(edit(at..source.len()));
                return text;
            };
            at = record.response.end;
            let [request, response] = [record.request, record.response].map(|range| rewritten(source, range, edit));
            text.extend(format!("{} {}\n", request.len(), response.len()).into_bytes());
            text.extend(request);
            text.extend(response);
        }
        text
    }
}

/// Where the messages of an exchange stand.
struct Record {
    request: Range<usize>,
    response: Range<usize>,
}

impl Record {
    /// The one whose lengths stand at that byte.
    fn at(bytes: &[u8], at: usize) -> Result<Self, &'static str> {
        let line = &bytes[at..bytes.len().min(at + LENGTHS)];
        let end = memchr::memchr(b'\n', line).ok_or("it has no line with the lengths of an exchange")?;
        let lengths = || {
            let (sent, got) = std::str::from_utf8(&line[..end]).ok()?.split_once(' ')?;
            let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = |text: &str| text.parse::<usize>().ok().filter(|_| is_number(text));
            Some((number(sent)?, number(got)?))
        };
        let (sent, got) = lengths().ok_or("what should be the lengths of an exchange is not")?;
        let start = at + end + 1;
        let middle = start.checked_add(sent);
        let end = middle.and_then(|middle| middle.checked_add(got)).filter(|end| *end <= bytes.len());
        match (middle, end) {
            (Some(middle), Some(end)) => Ok(Self { request: start..middle, response: middle..end }),
            _ => Err("it ends within an exchange"),
        }
    }
}

/// A message: its first line, its headers, and its body.
struct Message<'a> {
    first: &'a str,
    headers: Headers<'a>,
    /// Where the head ends.
    head: usize,
    body: Body,
}

/// Where a body stands.
enum Body {
    /// In one piece.
    Whole(Range<usize>),
    /// In chunks, of which each has its length before it; and what is behind the last one.
    Chunks(Vec<Range<usize>>, Range<usize>),
}

impl<'a> Message<'a> {
    fn of(bytes: &'a [u8], range: Range<usize>) -> Result<Self, &'static str> {
        let whole = &bytes[range.clone()];
        let line = memchr::memchr(b'\n', whole).ok_or("a message of it has no headers")?;
        let first = std::str::from_utf8(&whole[..line]).map_err(|_| "the first line of a message is no text")?;
        let mut parsed = vec![EMPTY_HEADER; HEADERS];
        let read = httparse::parse_headers(&whole[line + 1..], &mut parsed);
        let (length, parsed) = match read {
            Ok(Status::Complete(read)) => read,
            Ok(Status::Partial) => return Err("the headers of a message do not end"),
            Err(httparse::Error::TooManyHeaders) => return Err("a message has more headers than are read"),
            Err(_) => return Err("the headers of a message are none"),
        };
        let mut headers = Headers::default();
        for header in parsed {
            let start = header.value.as_ptr() as usize - bytes.as_ptr() as usize;
            let value = Written::new(header.value.into(), start..start + header.value.len(), Notation::Verbatim);
            headers.push(header.name.into(), value);
        }
        let head = range.start + line + 1 + length;
        let is_chunked = headers.get("transfer-encoding").is_some_and(|coding| coding.trim() == "chunked");
        let body = if is_chunked { Body::chunked(bytes, head..range.end)? } else { Body::Whole(head..range.end) };
        Ok(Self { first: first.trim_end_matches('\r'), headers, head, body })
    }
}

impl Body {
    fn chunked(bytes: &[u8], range: Range<usize>) -> Result<Self, &'static str> {
        const BROKEN: &str = "a body in chunks is broken";
        let (mut at, mut chunks) = (range.start, Vec::new());
        loop {
            let Ok(Status::Complete((line, length))) = httparse::parse_chunk_size(&bytes[at..range.end]) else {
                return Err(BROKEN);
            };
            let start = at + line;
            if length == 0 {
                return Ok(Self::Chunks(chunks, start..range.end));
            }
            let end = usize::try_from(length).ok().and_then(|length| start.checked_add(length)).ok_or(BROKEN)?;
            let rest = bytes.get(end..range.end).ok_or(BROKEN)?;
            chunks.push(start..end);
            at = end + if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) };
        }
    }

    fn written<'a>(&self, bytes: &'a [u8]) -> Written<'a> {
        let verbatim =
            |range: &Range<usize>| Written::new(bytes[range.clone()].into(), range.clone(), Notation::Verbatim);
        match self {
            Self::Whole(range) => verbatim(range),
            Self::Chunks(chunks, end) => match &chunks[..] {
                [] => verbatim(&(end.start..end.start)),
                [only] => verbatim(only),
                [first, ..] => {
                    let all: Vec<u8> = chunks.iter().flat_map(|range| &bytes[range.clone()]).copied().collect();
                    let parts = chunks.iter().map(|range| verbatim(range).frame()).collect();
                    let joined = Some(Joined::of(How::Frames, parts));
                    Written { joined, ..Written::new(all.into(), first.clone(), Notation::Pieces) }
                }
            },
        }
    }
}

fn exchange<'a>(source: &Source<'a>, record: &Record, at: usize, entry: usize) -> Entry<'a> {
    let told = |reason: &str| Malformed::new(reason, at, Some(entry));
    let sent = sent(source.bytes, record.request.clone());
    let (head, body) = match sent {
        Ok(sent) => sent,
        Err(reason) => return Entry::Malformed(told(reason)),
    };
    match answer(source.bytes, record.response.clone()) {
        Ok(response) => {
            let exchange = numbered(HttpExchange::new(head.with(Some(body)), response), entry, at);
            match exchange.unpacked(&source.limits) {
                Ok(exchange) => Entry::Http(Box::new(exchange)),
                Err(limit) => Entry::Malformed(Malformed::beyond(limit, &source.limits, at, Some(entry))),
            }
        }
        Err(reason) => Entry::of_broken(head.of_broken(Some(body)), told(reason), false),
    }
}

fn sent(bytes: &[u8], range: Range<usize>) -> Result<(RequestHead<'_>, Written<'_>), &'static str> {
    let Message { first, headers, body, .. } = Message::of(bytes, range)?;
    let mut words = first.split(' ');
    let method = words.next().filter(|word| !word.is_empty()).ok_or("its request has no method")?;
    let target = words.next().filter(|word| !word.is_empty()).ok_or("its request has no address")?;
    let start = target.as_ptr() as usize - bytes.as_ptr() as usize;
    let url = Written::verbatim(target, start);
    // A client without a proxy asks for the path alone.
    let url = match headers.get("host").filter(|_| target.starts_with('/')) {
        Some(host) => url.behind(&format!("https://{host}")),
        None => url,
    };
    Ok((RequestHead { method: method.into(), url, headers }, body.written(bytes)))
}

fn answer(bytes: &[u8], range: Range<usize>) -> Result<Option<HttpResponse<'_>>, &'static str> {
    if range.is_empty() {
        return Ok(None);
    }
    let Message { first, headers, body, .. } = Message::of(bytes, range)?;
    let status =
        first.split(' ').nth(1).and_then(|word| word.parse().ok()).filter(|status| (100..1000).contains(status));
    let status = status.ok_or("the status of its response is no HTTP status")?;
    Ok(Some(HttpResponse::new(status, headers, Some(body.written(bytes)))))
}

/// A message with its parts edited, and with the lengths of its chunks.
fn rewritten(source: &[u8], range: Range<usize>, edit: &mut dyn FnMut(Range<usize>) -> Vec<u8>) -> Vec<u8> {
    let Ok(Message { head, body, .. }) = Message::of(source, range.clone()) else { return edit(range) };
    let mut text = edit(range.start..head);
    match body {
        Body::Whole(body) => text.extend(edit(body)),
        Body::Chunks(chunks, end) => {
            for chunk in chunks {
                let data = edit(chunk);
                // An empty one would end the body.
                if !data.is_empty() {
                    text.extend(format!("{:x}\r\n", data.len()).into_bytes());
                    text.extend(data);
                    text.extend(b"\r\n");
                }
            }
            text.extend(b"0\r\n");
            text.extend(edit(end));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::document::shown;
    use super::*;

    fn trace(records: &[(&str, &str)]) -> String {
        let record = |(sent, got): &(&str, &str)| format!("{} {}\n{sent}{got}", sent.len(), got.len());
        format!("httprr trace v1\n{}", records.iter().map(record).collect::<String>())
    }

    const POST: &str = "POST https://h/a?b=c HTTP/1.1\r\nHost: h\r\nX: y \r\n\r\nsent";

    #[test]
    fn messages_are_as_they_travel() {
        let text = trace(&[
            (POST, "HTTP/1.1 200 OK\r\nA: b\r\n\r\ngot"),
            ("GET /a HTTP/1.1\nHost: h:1\n\n", "HTTP/2.0 404 Not Found\r\nDate: x\r\n\r\n"),
            (POST, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\nA;x=y\r\n two three\r\n0\r\n\r\n"),
            (POST, "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            (POST, ""),
        ]);
        let expected = [
            "POST https://h/a?b=c sent > 200 got",
            "GET https://h:1/a - > 404 -",
            "POST https://h/a?b=c sent > 200 one two three",
            "POST https://h/a?b=c sent > 204 -",
            "POST https://h/a?b=c sent > -",
            "it has no response @Some(4)",
        ];
        assert_eq!(shown(&Httprr, &text), expected);
        assert_eq!(shown(&Httprr, "httprr trace v1\n"), [""; 0]);
    }

    #[test]
    fn what_is_broken_is_told() {
        let ok = "HTTP/1.1 200 OK\r\n\r\n";
        for (sent, got, told) in [
            ("GET", ok, "a message of it has no headers @Some(0)"),
            ("GET x HTTP/1.1\r\nA: b\r\n", ok, "the headers of a message do not end @Some(0)"),
            ("GET x HTTP/1.1\r\nA b\r\n\r\n", ok, "the headers of a message are none @Some(0)"),
            ("GET\r\n\r\n", ok, "its request has no address @Some(0)"),
            (POST, "HTTP/1.1 OK\r\n\r\n", "the status of its response is no HTTP status @Some(0)"),
            (
                POST,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\none",
                "a body in chunks is broken @Some(0)",
            ),
        ] {
            assert_eq!(shown(&Httprr, &trace(&[(sent, got)])), [told], "{sent} {got}");
        }
        let many = format!("GET x HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(HEADERS + 1));
        assert_eq!(shown(&Httprr, &trace(&[(&many, ok)])), ["a message has more headers than are read @Some(0)"]);
        for (rest, told) in [
            ("x", "it has no line with the lengths of an exchange @Some(0)"),
            ("1 x\n", "what should be the lengths of an exchange is not @Some(0)"),
            ("+1 2\nabc", "what should be the lengths of an exchange is not @Some(0)"),
            ("4 18446744073709551615\nabcd", "it ends within an exchange @Some(0)"),
            ("4 4\nabcdefg", "it ends within an exchange @Some(0)"),
        ] {
            assert_eq!(shown(&Httprr, &format!("httprr trace v1\n{rest}")), [told], "{rest:?}");
        }
    }

    #[test]
    fn lengths_follow_what_is_written_anew() {
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n4\r\n two\r\n0\r\n\r\n";
        let text = trace(&[(POST, chunked), ("?", "?")]);
        let same = Httprr.rewritten(text.as_bytes(), &mut |range| text.as_bytes()[range].to_vec());
        assert_eq!(String::from_utf8(same).expect("text"), text);
        let longer = Httprr.rewritten(text.as_bytes(), &mut |range| {
            let part = String::from_utf8_lossy(&text.as_bytes()[range]).into_owned();
            part.replace("sent", "was sent").replace("one", "all of it").replace(" two", "").into_bytes()
        });
        let longer = String::from_utf8(longer).expect("text");
        let shown = shown(&Httprr, &longer);
        assert_eq!(shown[0], "POST https://h/a?b=c was sent > 200 all of it", "{longer}");
        let source = Source::whole(Path::new("x"), longer.as_bytes());
        assert!(source.bytes.ends_with(b"1 1\n??"), "{longer}");
    }
}

//! HTTP messages that a program has at hand: the text that they make, and where each part of it stands.
//!
//! What is secret in them is masked before the text is made, as it is when a recording is read.

use std::ops::Range;

use super::document::numbered;
use super::http::{Headers, HttpExchange, HttpRequest, HttpResponse};
use super::written::{Notation, Written};
use super::{Entry, Format, Malformed, Probe, Source, redact};

/// An HTTP request at hand.
///
/// ```
/// use shapegate::Request;
///
/// let request = Request::new("POST", "https://cleanrooms.us-east-1.amazonaws.com/memberships")
///     .header("content-type", "application/json")
///     .body(r#"{"queryLogStatus": "ENABLED"}"#);
/// # let _ = request;
/// ```
#[derive(Debug, Clone)]
pub struct Request {
    method: String,
    url: String,
    message: Message,
}

/// An HTTP response at hand.
#[derive(Debug, Clone)]
pub struct Response {
    status: u16,
    message: Message,
}

/// What requests and responses have in common.
#[derive(Debug, Clone, Default)]
struct Message {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    /// A request without headers and body. The URL is the whole one, with its host and query string.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self { method: method.into(), url: url.into(), message: Message::default() }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.message.headers.push((name.into(), value.into()));
        self
    }

    /// The same with these headers, too: pairs of names and values, such as a `HeaderMap` of the crate `http` or the headers
    /// of an SDK for Rust yield. Bytes of a value that are no UTF-8 are replaced.
    #[must_use]
    pub fn headers<N: AsRef<str>, V: AsRef<[u8]>>(mut self, headers: impl IntoIterator<Item = (N, V)>) -> Self {
        self.message.extend(headers);
        self
    }

    /// The same with a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.message.body = body.into();
        self
    }
}

impl Response {
    /// A response without headers and body.
    pub fn new(status: u16) -> Self {
        Self { status, message: Message::default() }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.message.headers.push((name.into(), value.into()));
        self
    }

    /// The same with these headers, too, as [`Request::headers`] takes them.
    #[must_use]
    pub fn headers<N: AsRef<str>, V: AsRef<[u8]>>(mut self, headers: impl IntoIterator<Item = (N, V)>) -> Self {
        self.message.extend(headers);
        self
    }

    /// The same with a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.message.body = body.into();
        self
    }
}

/// The text of one exchange, and its parts.
#[derive(Debug)]
pub struct Messages {
    text: Vec<u8>,
    method: String,
    url: Range<usize>,
    request: Parts,
    response: Option<(u16, Parts)>,
}

/// Where the parts of a message stand.
#[derive(Debug)]
struct Parts {
    headers: Vec<(String, Range<usize>)>,
    body: Range<usize>,
}

impl Messages {
    /// The text of a request and of what came back.
    pub fn new(request: &Request, response: Option<&Response>) -> Self {
        let Request { method, url, message } = request;
        let mut text = format!("{method} ").into_bytes();
        let url = push(&mut text, redact::url(url).unwrap_or_else(|| url.clone()).as_bytes());
        let sent = message.written(&mut text);
        let response = response.map(|Response { status, message }| {
            text.extend(format!("\n\n{status}").as_bytes());
            (*status, message.written(&mut text))
        });
        Self { text, method: method.clone(), url, request: sent, response }
    }

    /// The text that places of findings are in.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    fn exchange<'a>(&self, source: &Source<'a>) -> HttpExchange<'a> {
        let written = |range: &Range<usize>| {
            let bytes = source.bytes.get(range.clone()).unwrap_or_default();
            Written::new(bytes.into(), range.clone(), Notation::Verbatim)
        };
        let headers = |parts: &Parts| {
            let mut headers = Headers::default();
            parts.headers.iter().for_each(|(name, value)| headers.push(name.clone().into(), written(value)));
            headers
        };
        let (sent, url) = (&self.request, written(&self.url));
        let request = HttpRequest::new(&self.method, url, headers(sent), Some(written(&sent.body)));
        let response = self.response.as_ref().map(|(status, parts)| {
            // A body that is empty here was empty: nobody left it out.
            HttpResponse::new(*status, headers(parts), Some(written(&parts.body)))
        });
        HttpExchange::new(request, response).at_hand()
    }
}

impl Message {
    fn extend<N: AsRef<str>, V: AsRef<[u8]>>(&mut self, headers: impl IntoIterator<Item = (N, V)>) {
        let text =
            |(name, value): (N, V)| (name.as_ref().to_owned(), String::from_utf8_lossy(value.as_ref()).into_owned());
        self.headers.extend(headers.into_iter().map(text));
    }

    /// Writes headers and body behind the first line.
    fn written(&self, text: &mut Vec<u8>) -> Parts {
        text.push(b'\n');
        let header = |(name, value): &(String, String)| {
            text.extend(format!("{name}: ").as_bytes());
            let range = push(text, redact::header(name, value).as_ref().unwrap_or(value).as_bytes());
            text.push(b'\n');
            (name.clone(), range)
        };
        let headers = self.headers.iter().map(header).collect();
        text.push(b'\n');
        Parts { headers, body: push(text, &self.body) }
    }
}

fn push(text: &mut Vec<u8>, part: &[u8]) -> Range<usize> {
    let start = text.len();
    text.extend(part);
    start..text.len()
}

impl Format for Messages {
    fn id(&self) -> &'static str {
        "messages"
    }

    fn about(&self) -> &'static str {
        "HTTP messages at hand"
    }

    /// No file is of this form.
    fn recognises(&self, _: &Probe<'_>) -> bool {
        false
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        sink(match numbered(self.exchange(source), 0, 0).unpacked(&source.limits) {
            Ok(exchange) => Entry::Http(Box::new(exchange)),
            Err(limit) => Entry::Malformed(Malformed::beyond(limit, &source.limits, 0, Some(0))),
        });
    }
}

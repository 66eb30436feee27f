//! Recordings that are one document: finding the exchanges in its tree and handing them over one by one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::body_file;
use super::bounds::exceeded_document;
use super::http::{Headers, HttpExchange, HttpRequest, HttpResponse};
use super::lines::NOT_UTF8;
use super::node::{Document, Kind, Node};
use super::written::{Notation, Written};
use super::{Broken, Entry, Malformed, Source, json_node, moment, yaml_node};
use crate::limits::Limit;

/// What is wrong with a document of which nothing is a list of exchanges.
pub const NO_LIST: &str = "it has no list of exchanges";

/// Why an entry of a document is not read.
#[derive(Debug)]
pub(super) enum Unread {
    /// It is broken: the reason, as a clause.
    Broken(String),
    /// It exceeds a limit.
    Beyond(Limit),
    /// It is sound and no exchange: what it is, as a noun for several of them.
    PassedOver(&'static str),
}

impl From<String> for Unread {
    fn from(reason: String) -> Self {
        Self::Broken(reason)
    }
}

impl From<&str> for Unread {
    fn from(reason: &str) -> Self {
        Self::Broken(reason.to_owned())
    }
}

impl From<body_file::Unread> for Unread {
    fn from(unread: body_file::Unread) -> Self {
        match unread {
            body_file::Unread::Broken(reason) => Self::Broken(reason),
            body_file::Unread::Beyond(limit) => Self::Beyond(limit),
        }
    }
}

/// A format whose documents are lists of HTTP exchanges: where in an entry each part of one stands.
///
/// The request comes by itself, so that an exchange in which something else is broken still says for whom it was.
pub(super) trait HttpEntries {
    /// What is said of the request before its body.
    fn head<'a>(&self, entry: &Node<'a>) -> Result<RequestHead<'a>, Unread>;

    /// The body of the request.
    fn sent<'a>(&self, entry: &Node<'a>, head: &RequestHead<'a>, source: &Source<'a>) -> Body<'a>;

    /// The response; `None` where nothing came back.
    fn answer<'a>(&self, entry: &Node<'a>, source: &Source<'a>) -> Result<Option<HttpResponse<'a>>, Unread>;

    /// The exchange with what else its recorder keeps of it.
    fn complete<'a>(&self, _entry: &Node<'a>, exchange: HttpExchange<'a>) -> HttpExchange<'a> {
        exchange
    }

    /// What is secret in an entry that is no exchange, masked.
    fn asides<'a>(&self, _entry: &Node<'a>) -> Vec<Written<'a>> {
        Vec::new()
    }

    /// What is wrong with an entry that is read all the same.
    fn flaw(&self, _entry: &Node<'_>) -> Option<&'static str> {
        None
    }

    /// Whether a response is missing beside a request: the recorder was stopped, or the file was cut.
    fn is_half(&self, entry: &Node<'_>) -> bool {
        entry.get("request").is_map() && !entry.get("response").is_map()
    }
}

/// A body, where there is one.
pub(super) type Body<'a> = Result<Option<Written<'a>>, Unread>;

/// A request without its body.
pub(super) struct RequestHead<'a> {
    pub(super) method: Cow<'a, str>,
    pub(super) url: Written<'a>,
    pub(super) headers: Headers<'a>,
}

impl<'a> RequestHead<'a> {
    /// The whole request.
    pub(super) fn with(self, body: Option<Written<'a>>) -> HttpRequest<'a> {
        HttpRequest::new(&self.method, self.url, self.headers, body)
    }

    /// The request of an exchange that is broken elsewhere; `None` where it does not say for whom it is, as a form does.
    pub(super) fn of_broken(self, body: Option<Written<'a>>) -> Option<HttpRequest<'a>> {
        let may_be_anybodys = body.is_none() && self.headers.are_of_a_form();
        (!may_be_anybodys).then(|| self.with(body))
    }
}

/// The message about a key that appears twice.
pub(super) fn stands_twice(key: &str) -> String {
    format!("the key {key:?} appears twice in its object")
}

/// Reads a document of HTTP exchanges: `entries` takes the exchanges' nodes out of a tree. An entry that cannot be read does
/// not hide the others, nor does a break those before it.
pub(super) fn read_http<'a>(
    format: &impl HttpEntries,
    entries: impl Fn(Node<'a>) -> Option<Vec<Node<'a>>>,
    source: &Source<'a>,
    sink: &mut dyn FnMut(Entry<'a>),
) {
    let (text, unreadable) = match source.text() {
        Ok(text) => (text, None),
        Err(at) => (std::str::from_utf8(&source.bytes[..at]).unwrap_or_default(), Some((NOT_UTF8.to_owned(), at))),
    };
    let document = tree(source, text);
    let repeated = document.repeated(is_json(source));
    let mut found = false;
    let lists = document.roots.into_iter().filter_map(entries).inspect(|_| found = true);
    let entries: Vec<Node<'a>> = lists.flatten().collect();
    tell_twice(format, repeated, &entries, source, sink);
    for (number, entry) in entries.iter().enumerate() {
        hand_over(format, entry, number, source, sink);
    }
    let nothing = || (!found).then(|| (NO_LIST.to_owned(), 0));
    let beyond = document.beyond.map(|(limit, at)| Malformed::beyond(limit, &source.limits, at, None));
    let broken = || unreadable.or(document.wrong).or_else(nothing);
    if let Some(told) = beyond.or_else(|| broken().map(|(reason, at)| Malformed::new(reason, at, None))) {
        sink(Entry::Malformed(told));
    }
}

/// Hands over the entry of that number.
pub(super) fn hand_over<'a>(
    format: &impl HttpEntries,
    entry: &Node<'a>,
    number: usize,
    source: &Source<'a>,
    sink: &mut dyn FnMut(Entry<'a>),
) {
    let offset = entry.range.start;
    let read = exchange(format, entry, source);
    let mut wrong = read.as_ref().map(wrong_headers).unwrap_or_default();
    wrong.extend(read.as_ref().ok().and_then(|_| format.flaw(entry)));
    let read = read.and_then(|read| numbered(read, number, offset).unpacked(&source.limits).map_err(Unread::Beyond));
    let is_read = read.is_ok();
    // Of an entry that is cut within its request one thing is told.
    let is_half = format.is_half(entry) && !matches!(read, Err(Unread::Broken(_)));
    let told = |told: Malformed| {
        Entry::of_broken(request_of(format, entry, source), Malformed { entry: Some(number), ..told }, is_read)
    };
    sink(match read {
        Ok(exchange) => Entry::Http(Box::new(exchange)),
        Err(Unread::Beyond(limit)) => told(Malformed::beyond(limit, &source.limits, offset, None)),
        Err(Unread::Broken(reason)) => told(Malformed::new(reason, offset, None)),
        Err(Unread::PassedOver(what)) => Entry::PassedOver(what),
    });
    let texts = if is_read { Vec::new() } else { format.asides(entry) };
    if !texts.is_empty() {
        sink(Entry::Masked { entry: number, texts });
    }
    for wrong in wrong {
        sink(told(Malformed::new(wrong, offset, None)));
    }
    // Whoever it is with, a part of the recording is missing.
    if is_half {
        sink(Entry::Malformed(Malformed::new("it has no response", offset, Some(number))));
    }
}

/// The exchange that an entry is.
pub(super) fn exchange<'a>(
    format: &impl HttpEntries,
    entry: &Node<'a>,
    source: &Source<'a>,
) -> Result<HttpExchange<'a>, Unread> {
    let head = format.head(entry)?;
    let body = format.sent(entry, &head, source)?;
    let answer = format.answer(entry, source)?;
    Ok(format.complete(entry, HttpExchange::new(head.with(body), answer)))
}

/// The request of an entry in which something else is broken.
fn request_of<'a>(format: &impl HttpEntries, entry: &Node<'a>, source: &Source<'a>) -> Option<HttpRequest<'a>> {
    let head = format.head(entry).ok()?;
    let body = format.sent(entry, &head, source).ok().flatten();
    head.of_broken(body)
}

/// Reports keys of the envelope that stand twice, by their bytes: where one is within an exchange, and does not say for whom
/// that is, as a part of that. The request of an exchange is read once, however many keys there are.
pub(super) fn tell_twice<'a>(
    format: &impl HttpEntries,
    repeated: Vec<(String, usize)>,
    entries: &[Node<'a>],
    source: &Source<'a>,
    sink: &mut dyn FnMut(Entry<'a>),
) {
    let mut within: BTreeMap<usize, Vec<Malformed>> = BTreeMap::new();
    for (key, at) in repeated {
        let told = Malformed::new(stands_twice(&key), at, None);
        // Entries stand one after the other.
        let begun = entries.partition_point(|entry| entry.range.start <= at);
        let around = begun.checked_sub(1).filter(|number| entries[*number].range.contains(&at));
        match around {
            Some(number) if !TELLING.contains(&key.as_str()) => within.entry(number).or_default().push(told),
            _ => sink(Entry::Malformed(told)),
        }
    }
    for (number, told) in within {
        match request_of(format, &entries[number], source) {
            Some(request) => sink(Entry::Broken(Broken { request: Box::new(request), told, is_read: true })),
            None => told.into_iter().map(Entry::Malformed).for_each(&mut *sink),
        }
    }
}

/// Keys that lead to what says for whom a request is.
const TELLING: &[&str] =
    &["headers", "host", "method", "path", "request", "reqheaders", "scope", "uri", "url", "urlPath"];

/// The tree of a document, as far as it is within the limits.
fn tree<'a>(source: &Source<'a>, text: &'a str) -> Document<'a> {
    if !is_json(source) {
        return yaml_node::parse(text, &source.limits);
    }
    match exceeded_document(text, &source.limits) {
        Some((limit, at)) => Document { beyond: Some((limit, at)), ..json_node::parse(&text[..at]) },
        None => json_node::parse(text),
    }
}

/// What is wrong with headers that are no map or list of their format.
pub(super) const UNREAD_HEADERS: &str = "not all of its headers are names with values";

/// What is wrong with the headers of an exchange that is read.
fn wrong_headers(exchange: &HttpExchange<'_>) -> Vec<&'static str> {
    let both =
        || [Some(&exchange.request.headers), exchange.response.as_ref().map(|got| &got.headers)].into_iter().flatten();
    // So that it is two headers to some readers.
    let has_break = both().flat_map(Headers::iter).any(|(name, _)| name.contains(['\r', '\n']));
    let has_unread = both().any(Headers::has_unread);
    let told = [(has_break, "the name of a header holds a line break"), (has_unread, UNREAD_HEADERS)];
    told.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, told)| told).collect()
}

/// Reads a JSON document that is of no use where it breaks off: its text and tree, or an entry that says what is wrong.
pub(super) fn read_json<'a>(source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) -> Option<(&'a str, Node<'a>)> {
    let exceeded = source.text().ok().and_then(|text| exceeded_document(text, &source.limits));
    if let Some((limit, at)) = exceeded {
        sink(Entry::Malformed(Malformed::beyond(limit, &source.limits, at, None)));
        return None;
    }
    let read = source.text().map_err(|at| (NOT_UTF8.to_owned(), at)).and_then(|text| {
        let Document { mut roots, wrong, .. } = json_node::parse(text);
        let root = wrong.map_or_else(|| roots.pop().ok_or_else(|| ("it is empty".to_owned(), 0)), Err);
        Ok((text, root?))
    });
    read.map_err(|(reason, at)| sink(Entry::Malformed(Malformed::new(reason, at, None)))).ok()
}

/// The exchange with its place, and with the time of its response where the recording tells no other.
pub(super) fn numbered(exchange: HttpExchange<'_>, entry: usize, offset: usize) -> HttpExchange<'_> {
    let recorded_at = match exchange.recorded_at {
        None => moment::of_response(&exchange).map(Cow::Owned),
        told => told,
    };
    HttpExchange { recorded_at, entry, offset, ..exchange }
}

pub(super) fn is_json(source: &Source<'_>) -> bool {
    begins_json(source.bytes)
}

/// Whether a text is JSON rather than YAML, whose flow style may begin alike but need not quote keys.
pub fn begins_json(start: &[u8]) -> bool {
    match start.trim_ascii_start() {
        [b'[', ..] => true,
        [b'{', inside @ ..] => matches!(inside.trim_ascii_start().first(), None | Some(b'"' | b'}')),
        _ => false,
    }
}

/// A body that the recorder parsed: a value of the document. JSON stands there as it is.
pub(super) fn parsed_body<'a>(node: &Node<'a>, source: &Source<'a>) -> Body<'a> {
    if !matches!(node.kind, Kind::List(_) | Kind::Map(_)) {
        return Ok(node.written()?);
    }
    if is_json(source) {
        let text = source.bytes.get(node.range.clone()).and_then(|bytes| std::str::from_utf8(bytes).ok());
        return Ok(text.map(|text| Written { parsed: true, ..Written::verbatim(text, node.range.start) }));
    }
    let bytes = node.to_value().to_string().into_bytes().into();
    Ok(Some(Written { parsed: true, ..Written::new(bytes, node.range.clone(), Notation::Parsed) }))
}

/// Entries of a text as strings, for the tests of the readers: method, URL, bodies and status, or what is malformed.
#[cfg(test)]
pub(super) fn shown(format: &dyn super::Format, text: &str) -> Vec<String> {
    shown_at(format, std::path::Path::new("x"), text)
}

/// The same of a text that is in that file.
#[cfg(test)]
pub(super) fn shown_at(format: &dyn super::Format, path: &std::path::Path, text: &str) -> Vec<String> {
    let source = Source::whole(path, text.as_bytes());
    let body = |body: &Option<Written<'_>>| body.as_ref().map_or("-".into(), |body| body.text().into_owned());
    let mut seen = Vec::new();
    format.read(&source, &mut |entry| {
        let reason = |told: &Malformed| format!("{} @{:?}", told.reason, told.entry);
        seen.push(match entry {
            Entry::Http(http) => {
                let request = &http.request;
                let sent = format!("{} {} {}", request.method, request.url.text(), body(&request.body));
                let got = http.response.as_ref();
                format!("{sent} > {}", got.map_or("-".into(), |got| format!("{} {}", got.status, body(&got.body))))
            }
            Entry::Malformed(told) => reason(&told),
            Entry::Broken(broken) => return seen.extend(broken.told.iter().map(reason)),
            other => format!("{other:?}"),
        });
    });
    seen
}

#[cfg(test)]
mod tests {
    use super::super::vcrpy::Vcrpy;
    use super::*;

    /// Entries whose request is read no more often than it says.
    struct Counted(std::cell::Cell<usize>);

    impl HttpEntries for Counted {
        fn head<'a>(&self, entry: &Node<'a>) -> Result<RequestHead<'a>, Unread> {
            self.0.set(self.0.get() + 1);
            Vcrpy.head(entry)
        }

        fn sent<'a>(&self, entry: &Node<'a>, head: &RequestHead<'a>, source: &Source<'a>) -> Body<'a> {
            Vcrpy.sent(entry, head, source)
        }

        fn answer<'a>(&self, entry: &Node<'a>, source: &Source<'a>) -> Result<Option<HttpResponse<'a>>, Unread> {
            Vcrpy.answer(entry, source)
        }
    }

    #[test]
    fn the_request_is_read_once_for_all_keys_that_stand_twice() {
        let twice = "  k: 1\n".repeat(50);
        let entry = format!(
            "- request: {{method: GET, uri: x}}\n  response: {{status: {{code: 200}}}}\n{twice}  url: 1\n  url: 2\n"
        );
        let text = format!("interactions:\n{entry}{entry}");
        let source = Source::whole(std::path::Path::new("x"), text.as_bytes());
        let (format, mut told, mut alone) = (Counted(std::cell::Cell::new(0)), Vec::new(), 0);
        read_http(&format, |root| root.into_list(&["interactions"]), &source, &mut |entry| match entry {
            Entry::Broken(broken) => told.push(broken.told.len()),
            Entry::Malformed(_) => alone += 1,
            _ => {}
        });
        assert_eq!((told, alone), (vec![49, 49], 2), "`url` may say for whom an exchange is");
        assert_eq!(format.0.get(), 4, "for each entry once, and once for what is wrong with it");
    }

    #[test]
    fn what_is_not_text_ends_a_document() {
        let source = |bytes| Source::whole(std::path::Path::new("x"), bytes);
        let mut seen = Vec::new();
        let bytes = b"interactions:\n- request: {method: GET, uri: x}\n- request: {method: \xff";
        super::super::Format::read(&Vcrpy, &source(bytes), &mut |entry| seen.push(format!("{entry:?}")));
        assert_eq!(seen.len(), 3, "{seen:#?}");
        assert!(seen[0].starts_with("Http") && seen[2].contains(NOT_UTF8), "{seen:#?}");
    }

    #[test]
    fn a_document_without_a_list_is_told() {
        assert_eq!(shown(&Vcrpy, "interactions: 1\n"), ["it has no list of exchanges @None"]);
        assert_eq!(shown(&Vcrpy, "interactions: []\n"), [""; 0]);
    }
}

//! Recordings that are one document: finding the exchanges in its tree and handing them over one by one.

use std::borrow::Cow;

use super::body_file;
use super::bounds::exceeded_document;
use super::cursor::LEVELS;
use super::http::{Headers, HttpExchange, HttpRequest, HttpResponse};
use super::lines::NOT_UTF8;
use super::node::{Document, Kind, Node};
use super::written::{Notation, Written};
use super::{Broken, Entry, Malformed, Source, json_entries, json_node, moment, yaml_node};
use crate::limits::Limit;

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

/// Reads a document of HTTP exchanges that are the elements of the list which the keys of `path` lead to; `exchange` reads
/// one of them. Of a sound JSON document each is read by itself.
pub(super) fn read_list<'a, E: Into<Unread>>(
    source: &Source<'a>,
    path: &[&str],
    exchange: impl Fn(&Node<'a>) -> Result<HttpExchange<'a>, E>,
    sink: &mut dyn FnMut(Entry<'a>),
) {
    let sound = source.text().ok().filter(|_| is_json(source));
    let Some((text, entries)) = sound.and_then(|text| Some((text, json_entries::entries(text, path)?))) else {
        let whole =
            |root: Node<'a>| if path.is_empty() && root.is_map() { Some(vec![root]) } else { root.into_list(path) };
        return read_http(source, whole, exchange, sink);
    };
    for (number, range) in entries.into_iter().enumerate() {
        let own = text.get(range.clone()).unwrap_or_default();
        if let Some(told) = too_many(own, range.start, number, source) {
            sink(told);
        } else if let Some(entry) = json_node::at(text, range) {
            hand_over(&entry, number, source, &exchange, sink);
        }
    }
}

/// Reads one entry of such a document, which stands alone in its source. Whether it is sound and no key stands twice in it.
pub(super) fn read_entry<'a, E: Into<Unread>>(
    source: &Source<'a>,
    path: &[&str],
    exchange: impl Fn(&Node<'a>) -> Result<HttpExchange<'a>, E>,
    sink: &mut dyn FnMut(Entry<'a>),
) -> bool {
    let number = source.first_entry;
    let text = match source.text() {
        Ok(text) => text,
        Err(at) => {
            sink(Entry::Malformed(Malformed::new(NOT_UTF8, at, Some(number))));
            return false;
        }
    };
    // In YAML it is a list of one.
    let is_yaml = text.trim_start().starts_with("- ") || text.trim() == "-" || text.trim_start().starts_with("-\n");
    if !is_yaml && let Some(told) = too_many(text, 0, number, source) {
        sink(told);
        return true;
    }
    let sound = if is_yaml { None } else { json_node::unambiguous(text, LEVELS - path.len() - 1) };
    if let Some(entry) = sound {
        hand_over(&entry, number, source, &exchange, sink);
        return true;
    }
    let document = if is_yaml { yaml_node::parse(text, &source.limits) } else { json_node::parse(text) };
    let repeated = document.repeated(!is_yaml);
    let is_sound = repeated.is_empty() && document.wrong.is_none();
    let entries = |root: Node<'a>| if is_yaml { root.into_list(&[]).unwrap_or_default() } else { vec![root] };
    let entries: Vec<Node<'a>> = document.roots.into_iter().flat_map(entries).collect();
    for (key, at) in repeated {
        sink(twice(&key, at, &entries));
    }
    // Half an entry is none.
    let beyond = document.beyond.map(|(limit, at)| Malformed::beyond(limit, &source.limits, at, Some(number)));
    if let Some(told) = beyond.or(document.wrong.map(|(reason, at)| Malformed::new(reason, at, Some(number)))) {
        sink(Entry::Malformed(told));
        return is_sound;
    }
    for entry in &entries {
        hand_over(entry, number, source, &exchange, sink);
    }
    is_sound
}

/// What of an entry at that byte has too many values, if it has.
fn too_many<'a>(text: &str, start: usize, number: usize, source: &Source<'a>) -> Option<Entry<'a>> {
    let (limit, at) = exceeded_document(text, &source.limits)?;
    Some(Entry::Malformed(Malformed::beyond(limit, &source.limits, start + at, Some(number))))
}

/// What is wrong where a key stands twice.
pub(super) fn stands_twice(key: &str) -> String {
    format!("the key {key:?} stands twice in its object")
}

/// Reads a document of HTTP exchanges: `entries` takes the exchanges' nodes out of a tree, `exchange` reads one of
/// them. An entry that cannot be read does not hide the others, nor does a break those before it.
pub(super) fn read_http<'a, E: Into<Unread>>(
    source: &Source<'a>,
    entries: impl Fn(Node<'a>) -> Option<Vec<Node<'a>>>,
    exchange: impl Fn(&Node<'a>) -> Result<HttpExchange<'a>, E>,
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
    for (key, at) in repeated {
        sink(twice(&key, at, &entries));
    }
    for (number, entry) in entries.iter().enumerate() {
        hand_over(entry, number, source, &exchange, sink);
    }
    let nothing = || (!found).then(|| ("it has no list of exchanges".to_owned(), 0));
    let beyond = document.beyond.map(|(limit, at)| Malformed::beyond(limit, &source.limits, at, None));
    let broken = || unreadable.or(document.wrong).or_else(nothing);
    if let Some(told) = beyond.or_else(|| broken().map(|(reason, at)| Malformed::new(reason, at, None))) {
        sink(Entry::Malformed(told));
    }
}

/// Hands over the entry of that number.
fn hand_over<'a, E: Into<Unread>>(
    entry: &Node<'a>,
    number: usize,
    source: &Source<'a>,
    exchange: &impl Fn(&Node<'a>) -> Result<HttpExchange<'a>, E>,
    sink: &mut dyn FnMut(Entry<'a>),
) {
    let offset = entry.range.start;
    let read = exchange(entry).map_err(Into::into);
    let read = read.and_then(|read| numbered(read, number, offset).unpacked(&source.limits).map_err(Unread::Beyond));
    let is_read = read.is_ok();
    let told = |told: Malformed| of_exchange(entry, Malformed { entry: Some(number), ..told }, is_read);
    sink(match read {
        Ok(exchange) => Entry::Http(Box::new(exchange)),
        Err(Unread::Beyond(limit)) => told(Malformed::beyond(limit, &source.limits, offset, None)),
        Err(Unread::Broken(reason)) => told(Malformed::new(reason, offset, None)),
        Err(Unread::PassedOver(what)) => Entry::PassedOver(what),
    });
    if has_broken_header(entry) {
        sink(told(Malformed::new("the name of a header holds a line break", offset, None)));
    }
    // Whoever it is with, a part of the recording is missing.
    if is_half(entry) {
        sink(Entry::Malformed(Malformed::new("it has no response", offset, Some(number))));
    }
}

/// What is wrong with an exchange, which its request may say to be with another host.
fn of_exchange<'a>(entry: &Node<'a>, told: Malformed, is_read: bool) -> Entry<'a> {
    match request_of(entry) {
        Some(request) => Entry::Broken(Broken { request: Box::new(request), told, is_read }),
        None => Entry::Malformed(told),
    }
}

/// A key of the envelope that stands twice: where it is within one exchange, and does not say for whom that is, a part of
/// that.
fn twice<'a>(key: &str, at: usize, entries: &[Node<'a>]) -> Entry<'a> {
    let told = Malformed::new(stands_twice(key), at, None);
    // Entries stand one after the other.
    let begun = entries.partition_point(|entry| entry.range.start <= at);
    let around = entries[..begun].last().filter(|entry| entry.range.contains(&at));
    match around {
        Some(entry) if !TELLING.contains(&key) => of_exchange(entry, told, true),
        _ => Entry::Malformed(told),
    }
}

/// Keys that lead to what says for whom a request is.
const TELLING: &[&str] = &["headers", "method", "path", "request", "reqheaders", "scope", "uri", "url"];

/// The request of an entry, as far as it can be read; `None` where it does not say for whom it is.
fn request_of<'a>(entry: &Node<'a>) -> Option<HttpRequest<'a>> {
    let holder = entry.items().first().map_or(entry, |event| event.at(&["action", "Request"]));
    let request = holder.get("request");
    let url = ["url", "uri"].iter().find_map(|key| request.get(key).written().ok()?);
    let url = if let Some(url) = url {
        url
    } else {
        let path = entry.get("path").written().ok()??;
        let url = format!("{}{}", entry.get("scope").text()?.trim_end_matches('/'), path.text()).into_bytes();
        Written { bytes: url.into(), form: Notation::Path, ..path }
    };
    let holders = [request.get("headers"), entry.get("reqheaders")];
    let node = holders.into_iter().find(|node| !node.is_null());
    let mut headers = node.map_or_else(|| Ok(Headers::default()), Node::headers).ok()?;
    for item in node.map_or(&[][..], Node::items) {
        headers.push(item.get("name").text()?, item.get("value").written().ok()??);
    }
    let texts = [request.get("body"), request.at(&["body", "string"]), request.at(&["postData", "text"])];
    let body = texts.into_iter().find_map(|node| node.written().ok()?);
    // A form says for whom it is.
    if body.is_none() && headers.are_of_a_form() {
        return None;
    }
    let method = request.get("method").text().or_else(|| entry.get("method").text())?;
    Some(HttpRequest::new(&method, url, headers, body))
}

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

/// Whether the name of a header holds a line break, so that it is two headers to some readers.
fn has_broken_header(entry: &Node<'_>) -> bool {
    let is_broken = |name: &str| name.contains(['\r', '\n']);
    ["request", "response"].iter().map(|half| entry.get(half).get("headers")).any(|headers| {
        let named = headers.items().iter().filter_map(|header| header.get("name").text());
        headers.members().iter().any(|(name, _)| is_broken(name)) || named.into_iter().any(|name| is_broken(&name))
    })
}

/// Whether a response is missing beside a request: the recorder was stopped, or the file was cut.
fn is_half(entry: &Node<'_>) -> bool {
    entry.get("request").is_map() && !entry.get("response").is_map()
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

fn is_json(source: &Source<'_>) -> bool {
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
pub(super) fn parsed_body<'a>(node: &Node<'a>, source: &Source<'a>) -> Result<Option<Written<'a>>, String> {
    if !matches!(node.kind, Kind::List(_) | Kind::Map(_)) {
        return node.written();
    }
    if is_json(source) {
        let text = source.bytes.get(node.range.clone()).and_then(|bytes| std::str::from_utf8(bytes).ok());
        return Ok(text.map(|text| Written { parsed: true, ..Written::verbatim(text, node.range.start) }));
    }
    let bytes = node.to_value().to_string().into_bytes().into();
    Ok(Some(Written { parsed: true, ..Written::new(bytes, node.range.clone(), Notation::Parsed) }))
}

/// A body as VCR and those after it keep it: a text, or an object that holds one as `string` or `base64_string`.
/// Anything else is the body itself, parsed.
pub(super) fn held_body<'a>(node: &Node<'a>, source: &Source<'a>) -> Result<Option<Written<'a>>, String> {
    let has = |key: &str| node.members().iter().any(|(own, _)| own == key);
    if !node.get("base64_string").is_null() {
        return node.get("base64_string").base64().map(Some);
    }
    if has("string") || has("base64_string") || has("encoding") {
        return node.get("string").written();
    }
    parsed_body(node, source)
}

/// An exchange as VCR and those after it keep it; `body` reads the body of the request or response.
pub(super) fn vcr_exchange<'a>(
    entry: &Node<'a>,
    body: impl Fn(&Node<'a>) -> Result<Option<Written<'a>>, String>,
) -> Result<HttpExchange<'a>, String> {
    let (request, response) = (entry.get("request"), entry.get("response"));
    let method = request.get("method").text().ok_or("its request has no method")?;
    let url = request.get("uri").written()?.ok_or("its request has no uri")?;
    let answer = if response.is_map() {
        let status = vcr_status(response)?.ok_or("its response has no status")?;
        Some(HttpResponse::new(status, response.get("headers").headers()?, body(response)?))
    } else {
        None
    };
    let request = HttpRequest::new(&method, url, request.get("headers").headers()?, body(request)?);
    let recorded_at = entry.get("recorded_at").text().map(|text| moment::of_http_date(&text).map_or(text, Cow::Owned));
    Ok(HttpExchange { recorded_at, ..HttpExchange::new(request, answer) })
}

/// The status of a response: `status.code`, of R's vcr `status.status_code` or `status`, as of betamax for Java, and of vcrpy
/// with httpx `status_code`.
fn vcr_status(response: &Node<'_>) -> Result<Option<u16>, String> {
    let status = response.get("status");
    let codes = [status.get("code"), status.get("status_code"), response.get("status_code")];
    let plain = Some(status).filter(|status| !status.is_map());
    for code in plain.into_iter().chain(codes) {
        if let Some(code) = code.status()? {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

/// Entries of a text as strings, for the tests of the readers: method, URL, bodies and status, or what is malformed.
#[cfg(test)]
pub(super) fn shown(format: &dyn super::Format, text: &str) -> Vec<String> {
    let source = Source::whole(std::path::Path::new("x"), text.as_bytes());
    let body = |body: &Option<Written<'_>>| body.as_ref().map_or("-".into(), |body| body.text().into_owned());
    let mut seen = Vec::new();
    format.read(&source, &mut |entry| {
        seen.push(match entry {
            Entry::Http(http) => {
                let request = &http.request;
                let sent = format!("{} {} {}", request.method, request.url.text(), body(&request.body));
                let got = http.response.as_ref();
                format!("{sent} > {}", got.map_or("-".into(), |got| format!("{} {}", got.status, body(&got.body))))
            }
            Entry::Malformed(told) | Entry::Broken(Broken { told, .. }) => format!("{} @{:?}", told.reason, told.entry),
            other => format!("{other:?}"),
        });
    });
    seen
}

#[cfg(test)]
mod tests {
    use super::super::vcrpy::Vcrpy;
    use super::*;

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

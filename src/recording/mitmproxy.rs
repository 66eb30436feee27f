//! Flows that mitmproxy saves (`mitmdump -w`): a tagged netstring for each, with the messages as they travelled.

use std::ops::Range;

use super::document::{RequestHead, numbered};
use super::http::{Headers, HttpExchange, HttpResponse};
use super::tnetstring::{self, Item, Values, Wrong};
use super::written::{Notation, Written};
use super::{Entry, Format, Malformed, Probe, Source, credential, redact};

/// Keys of a flow, of which any may be the first.
const KEYS: &[&str] = &[
    "backup",
    "client_conn",
    "comment",
    "error",
    "id",
    "intercepted",
    "is_replay",
    "marked",
    "messages",
    "metadata",
    "mode",
    "modified",
    "request",
    "response",
    "server_conn",
    "timestamp_created",
    "type",
    "version",
    "websocket",
];

pub(super) struct Mitmproxy;

impl Format for Mitmproxy {
    fn id(&self) -> &'static str {
        "mitmproxy"
    }

    fn about(&self) -> &'static str {
        "flows that mitmproxy saves, as mitmdump -w writes them"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        // A dict, whose first key is one of a flow's: so much is there however early a file is cut.
        let behind = |start: &'_ [u8]| {
            let digits = start.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let length = std::str::from_utf8(&start[..digits]).ok()?.parse::<usize>().ok()?;
            (digits <= 9 && start.get(digits) == Some(&b':')).then_some((length, digits + 1))
        };
        let key = behind(probe.start).and_then(|(_, at)| {
            let dict = &probe.start[at..];
            let (length, at) = behind(dict)?;
            Some((dict.get(at..at.checked_add(length)?)?, dict.get(at + length)?))
        });
        key.is_some_and(|(key, tag)| matches!(tag, b';' | b',') && KEYS.iter().any(|own| own.as_bytes() == key))
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        let (mut at, mut entry) = (0, 0);
        let mut values = Values::new(source.bytes, &source.limits);
        while at < source.bytes.len() {
            match values.read(at) {
                Ok((flow, end)) => {
                    let flow = Flow { item: &flow, source };
                    let read = read(&flow, at, entry);
                    let is_http = matches!(read, Entry::Http(_));
                    let is_half = is_http && flow.is_half();
                    sink(read);
                    let texts = if is_http { Vec::new() } else { flow.asides() };
                    if !texts.is_empty() {
                        sink(Entry::Masked { entry, texts });
                    }
                    if is_half {
                        sink(Entry::Malformed(Malformed::new("it has no response", at, Some(entry))));
                    }
                    (at, entry) = (end, entry + 1);
                }
                Err(Wrong::Broken(reason, byte)) => {
                    return sink(Entry::Malformed(Malformed::new(reason, byte, Some(entry))));
                }
                Err(Wrong::Beyond(limit, byte)) => {
                    return sink(Entry::Malformed(Malformed::beyond(limit, &source.limits, byte, Some(entry))));
                }
            }
        }
    }

    fn rewritten(&self, source: &[u8], edit: &mut dyn FnMut(Range<usize>) -> Vec<u8>) -> Vec<u8> {
        let (mut at, mut text) = (0, Vec::with_capacity(source.len()));
        while at < source.len() {
            let (flow, end) = tnetstring::rewritten(source, at, edit);
            text.extend(flow);
            at = end;
        }
        text
    }
}

/// A dict of a flow's.
#[derive(Clone, Copy)]
struct Flow<'f, 'a> {
    item: &'f Item,
    source: &'f Source<'a>,
}

impl<'a> Flow<'_, 'a> {
    fn get(self, name: &str) -> Option<Self> {
        Some(Self { item: self.item.get(self.source.bytes, name)?, ..self })
    }

    /// The string of that name with its place.
    fn written(self, name: &str) -> Option<Written<'a>> {
        Some(written(self.source, self.get(name)?.item.string()?))
    }

    fn text(self, name: &str) -> Option<String> {
        self.written(name).map(|written| written.text().into_owned())
    }

    /// Whether neither a response nor an error is in it: it was not over when the proxy ended.
    fn is_half(self) -> bool {
        ["response", "error"].iter().all(|name| self.get(name).is_none_or(|half| !half.is_dict()))
    }

    fn number(self, name: &str) -> Option<u16> {
        self.get(name)?.item.word(self.source.bytes)?.parse().ok()
    }

    fn is_dict(self) -> bool {
        matches!(self.item, Item::Dict(_))
    }

    fn headers(self) -> Headers<'a> {
        let mut headers = Headers::default();
        let list = self.get("headers");
        for pair in list.iter().flat_map(|list| list.item.items()) {
            let are_texts =
                matches!(pair.items(), [name, value] if name.string().is_some() && value.string().is_some());
            headers.leaves_out(!are_texts);
            if let [name, value] = pair.items()
                && let (Some(name), Some(value)) = (name.string(), value.string())
            {
                let name = written(self.source, name).text().into_owned();
                headers.push(name.into(), written(self.source, value));
            }
        }
        headers
    }
}

/// Members whose texts are authorities, before which a user and a password may stand.
const AUTHORITIES: &[&str] =
    &["address", "authority", "host", "ip_address", "peername", "sni", "sockname", "source_address", "via", "via2"];
/// The member that holds the user and the password of a proxy.
const PROXY: &str = "proxyauth";
/// The member with the path of a URL, and its query.
const PATH: &str = "path";
/// What a person wrote about a flow.
const COMMENT: &str = "comment";

impl<'a> Flow<'_, 'a> {
    /// What is secret anywhere in the flow, masked: in trailers, in a copy of what was changed, under a key that stands twice.
    fn asides(self) -> Vec<Written<'a>> {
        let (mut open, mut asides) = (vec![("", self.item)], Vec::new());
        while let Some((key, item)) = open.pop() {
            match item {
                Item::List(items) => {
                    if let [name, value] = &items[..]
                        && let (Some(name), Some(value)) = (name.string(), value.string())
                    {
                        let (name, value) = (written(self.source, name), written(self.source, value));
                        let mask = redact::header(&name.text(), &value.text());
                        asides.extend(mask.map(|mask| value.masked(mask)));
                    }
                    let key = if is_secret(key) || AUTHORITIES.contains(&key) { key } else { "" };
                    open.extend(items.iter().map(|item| (key, item)));
                }
                Item::Dict(members) => open.extend(members.iter().map(|(key, value)| {
                    let key = key.string().and_then(|range| self.source.bytes.get(range));
                    (key.and_then(|key| std::str::from_utf8(key).ok()).unwrap_or_default(), value)
                })),
                Item::String(range) if !key.is_empty() => {
                    let text = written(self.source, range.clone());
                    let mask = masked(key, &text.text());
                    asides.extend(mask.map(|mask| text.masked(mask)));
                }
                Item::String(_) | Item::Other(_) => {}
            }
        }
        asides
    }
}

/// What a text of that key is masked to, where it is secret.
fn masked(key: &str, text: &str) -> Option<String> {
    match key {
        _ if is_secret(key) => (text != redact::MASK && !text.is_empty()).then(|| redact::MASK.to_owned()),
        PATH => redact::url(text),
        COMMENT => {
            // As a line of a program says it.
            let masked = credential::replaced(&format!("# {text}"), redact::MASK);
            masked.strip_prefix("# ").filter(|masked| *masked != text).map(str::to_owned)
        }
        _ if AUTHORITIES.contains(&key) => {
            let (_, host) = text.rsplit_once('@')?;
            Some(format!("{}@{host}", redact::MASK)).filter(|masked| masked != text)
        }
        _ => None,
    }
}

/// Whether a member of that name is a credential: add-ons keep theirs in the metadata.
fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key == PROXY
        || key.ends_with("_auth")
        || credential::is_parameter(&key)
        || credential::is_name_of_header(&key.replace('_', "-"))
}

fn written<'a>(source: &Source<'a>, range: Range<usize>) -> Written<'a> {
    let bytes = source.bytes.get(range.clone()).unwrap_or_default();
    Written::new(bytes.into(), range, Notation::Verbatim)
}

fn read<'a>(flow: &Flow<'_, 'a>, at: usize, entry: usize) -> Entry<'a> {
    if flow.text("type").is_some_and(|kind| kind != "http") {
        return Entry::PassedOver("flows that are not HTTP");
    }
    let limits = &flow.source.limits;
    let read = exchange(*flow).map_err(|reason| Malformed::new(reason, at, Some(entry)));
    let read = read.and_then(|read| {
        let unpacked = numbered(read, entry, at).unpacked(limits);
        unpacked.map_err(|limit| Malformed::beyond(limit, limits, at, Some(entry)))
    });
    match read {
        Ok(exchange) => Entry::Http(Box::new(HttpExchange { asides: flow.asides(), ..exchange })),
        Err(told) => Entry::of_broken(sent(*flow).ok().and_then(|(head, body)| head.of_broken(body)), told, false),
    }
}

/// The request, and its body by itself.
fn sent<'a>(flow: Flow<'_, 'a>) -> Result<(RequestHead<'a>, Option<Written<'a>>), &'static str> {
    let request = flow.get("request").filter(|request| request.is_dict()).ok_or("it has no request")?;
    let method = request.text("method").ok_or("its request has no method")?.into();
    let headers = request.headers();
    let url = url(request, &headers).ok_or("its request has no path")?;
    Ok((RequestHead { method, url, headers }, request.written("content")))
}

fn exchange<'a>(flow: Flow<'_, 'a>) -> Result<HttpExchange<'a>, &'static str> {
    let (head, body) = sent(flow)?;
    let response = match flow.get("response").filter(|response| response.is_dict()) {
        None => None,
        Some(response) => {
            let status = response.number("status_code").ok_or("its response has no status")?;
            Some(HttpResponse::new(status, response.headers(), response.written("content")))
        }
    };
    Ok(HttpExchange::new(head.with(body), response))
}

/// The URL that the client asked for. The path alone stands in the flow as it is.
fn url<'a>(request: Flow<'_, 'a>, headers: &Headers<'a>) -> Option<Written<'a>> {
    let path = request.written("path")?;
    let scheme = request.text("scheme").unwrap_or_default();
    let host = request.text("host").unwrap_or_default();
    // Before it may stand who asks, which is no part of an address.
    let host = host.rsplit_once('@').map_or(host.as_str(), |(_, host)| host).to_owned();
    // In a transparent mode the proxy knows an address alone.
    let is_address = host.contains(':') || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let named = headers.get("host").filter(|_| is_address).map(std::borrow::Cow::into_owned);
    let port = request.number("port").filter(|port| !matches!((scheme.as_str(), port), ("https", 443) | ("http", 80)));
    let host = named.unwrap_or_else(|| port.map_or_else(|| host.clone(), |port| format!("{host}:{port}")));
    Some(path.behind(&format!("{scheme}://{host}")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::document::shown;
    use super::*;

    fn item(payload: &str, tag: char) -> String {
        format!("{}:{payload}{tag}", payload.len())
    }

    fn dict(members: &[(&str, String)]) -> String {
        let members = members.iter().map(|(key, value)| item(key, ';') + value);
        item(&members.collect::<String>(), '}')
    }

    fn bytes(text: &str) -> String {
        item(text, ',')
    }

    fn message(more: &[(&str, String)]) -> String {
        let header = item(&(bytes("Host") + &bytes("named.example")), ']');
        dict(&[&[("headers", item(&header, ']'))], more].concat())
    }

    fn flow(host: &str, response: String) -> String {
        flow_with(host, response, item("", '~'))
    }

    fn flow_with(host: &str, response: String, error: String) -> String {
        let request = message(&[
            ("method", bytes("get")),
            ("scheme", bytes("https")),
            ("host", item(host, ';')),
            ("port", item("8443", '#')),
            ("path", bytes("/a?b=c")),
            ("content", bytes("sent")),
        ]);
        let members = [
            ("request", request),
            ("response", response),
            ("error", error),
            ("type", item("http", ';')),
            ("client_conn", item("", '~')),
        ];
        dict(&members)
    }

    fn answer() -> String {
        message(&[("status_code", item("200", '#')), ("content", bytes("got"))])
    }

    #[test]
    fn flows_are_exchanges() {
        let text = flow("h", answer()) + &flow("192.0.2.1", item("", '~'));
        let expected = [
            "GET https://h:8443/a?b=c sent > 200 got",
            "GET https://named.example/a?b=c sent > -",
            "it has no response @Some(1)",
        ];
        assert_eq!(shown(&Mitmproxy, &text), expected);
        let failed = flow_with("h", item("", '~'), dict(&[("msg", item("refused", ';'))]));
        assert_eq!(shown(&Mitmproxy, &failed), ["GET https://h:8443/a?b=c sent > -"]);
        let tcp = dict(&[("type", item("tcp", ';'))]);
        assert!(shown(&Mitmproxy, &tcp)[0].contains("PassedOver"));
    }

    #[test]
    fn what_is_broken_does_not_hide_what_is_before_it() {
        let whole = flow("h", answer());
        let told = shown(&Mitmproxy, &(whole.clone() + &whole[..whole.len() / 2]));
        assert_eq!(told, ["GET https://h:8443/a?b=c sent > 200 got", "it ends too early @Some(1)"]);
        assert_eq!(shown(&Mitmproxy, &dict(&[("request", item("", '~'))])), ["it has no request @Some(0)"]);
        let none = message(&[("content", bytes("got"))]);
        assert_eq!(shown(&Mitmproxy, &flow("h", none.clone())), ["its response has no status @Some(0)"]);
        // Its request says for whom it is.
        let mut read = Vec::new();
        let text = flow("h", none);
        let source = Source::whole(Path::new("x"), text.as_bytes());
        Mitmproxy.read(&source, &mut |entry| read.push(entry));
        assert!(
            matches!(&read[..], [Entry::Broken(broken)] if broken.request.parts().host == "h" && !broken.is_read),
            "{read:?}"
        );
    }

    #[test]
    fn a_flow_is_known_by_its_beginning() {
        let known = |text: &str| {
            let path = Path::new("x");
            Mitmproxy.recognises(&Probe { path, start: text.as_bytes(), keys: &[], first_line_is_object: false })
        };
        let version = dict(&[("client_conn", item("", '~')), ("version", item("21", '#'))]);
        assert!(known(&version) && !known("12:00 a log of 11:client_conn") && !known(""));
        assert!(known(&version[..=version.find(';').expect("a key")]), "the first key is enough");
        for other in
            ["12:00", "12:7:request", "12:8:request;", "12:5:other;x", "12:4:type:x", "type;", "99999999999:4:type;"]
        {
            assert!(!known(other), "{other}");
        }
    }
}

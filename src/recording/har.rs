//! HAR 1.2: `log.entries[]`, as browsers, mitmproxy, Playwright and Polly.js write it. Polly.js keeps a compressed body in chunks,
//! and Playwright bodies in files beside the archive.

use std::borrow::Cow;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::body_file;
use super::digits::{Digits, Within, hexadecimal};
use super::document::{Body, HttpEntries, RequestHead, Unread};
use super::http::{Headers, HttpExchange, HttpResponse, form_encoded};
use super::http_list::HttpList;
use super::joined::{How, Joined};
use super::node::{Kind, Node};
use super::notation::Inline;
use super::written::{Notation, Written};
use super::{Marks, Probe, Source, redact};

/// The header of a body that is compressed.
const ENCODED: &str = "content-encoding";

/// The member with which Playwright names the file of a body.
const FILE: &str = "_file";

/// Digits of the hash that such a file is called by.
const HASH: usize = 40;

pub(super) struct Har;

impl HttpList for Har {
    const PATH: &[&str] = &["log", "entries"];

    fn id(&self) -> &'static str {
        "har"
    }

    fn about(&self) -> &'static str {
        "HTTP archives (HAR 1.2): log.entries[] of request and response"
    }

    fn marks(&self) -> Marks {
        Marks { within: &["entries", "version"], ..Marks::of(&["log"]) }
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        probe.has(&["log"]) && probe.mentions(&["\"entries\"", "\"version\""])
    }
}

impl HttpEntries for Har {
    fn head<'a>(&self, entry: &Node<'a>) -> Result<RequestHead<'a>, Unread> {
        let request = entry.get("request");
        let method = request.get("method").text().ok_or("its request has no method")?;
        let url = request.get("url").written()?.ok_or("its request has no url")?;
        Ok(RequestHead { method, url, headers: headers(request)? })
    }

    fn sent<'a>(&self, entry: &Node<'a>, _head: &RequestHead<'a>, source: &Source<'a>) -> Body<'a> {
        posted(entry.get("request"), source)
    }

    fn answer<'a>(&self, entry: &Node<'a>, source: &Source<'a>) -> Result<Option<HttpResponse<'a>>, Unread> {
        let response = entry.get("response");
        // Browsers write status 0 where nothing came back.
        match response.get("status").status()? {
            None if response.is_map() => Err("its response has no status".into()),
            None | Some(0) => Ok(None),
            Some(status) => {
                let body = content(response, response.get("content"), source)?;
                Ok(Some(HttpResponse::new(status, headers(response)?, body)))
            }
        }
    }

    fn complete<'a>(&self, entry: &Node<'a>, exchange: HttpExchange<'a>) -> HttpExchange<'a> {
        // Browsers keep the size of a body that they have let go of.
        let size = |node: &Node<'a>| node.text().and_then(|text| text.parse().ok()).unwrap_or_default();
        let response = exchange.response.map(|got| got.of_size(size(entry.at(&["response", "content", "size"]))));
        let request = exchange.request.of_size(size(entry.at(&["request", "bodySize"])));
        let asides = cookies(entry);
        let pairs = parameters(entry);
        HttpExchange { recorded_at: entry.get("startedDateTime").text(), request, response, asides, pairs, ..exchange }
    }
}

/// Parameters of the URL and of a form, which stand beside both once more.
fn parameters<'a>(entry: &Node<'a>) -> Vec<(Cow<'a, str>, Written<'a>)> {
    let lists = [&["request", "queryString"][..], &["request", "postData", "params"]];
    let pairs = lists.iter().flat_map(|path| entry.at(path).items());
    pairs.filter_map(|pair| Some((pair.get("name").text()?, pair.get("value").written().ok()??))).collect()
}

/// Cookies, which stand beside their headers once more, masked.
fn cookies<'a>(entry: &Node<'a>) -> Vec<Written<'a>> {
    let halves = ["request", "response"].iter().flat_map(|half| entry.at(&[half, "cookies"]).items());
    let values = halves.filter_map(|cookie| cookie.get("value").written().ok()?);
    values
        .filter(|value| !value.bytes.is_empty() && value.text() != redact::MASK)
        .map(|value| value.masked(redact::MASK.into()))
        .collect()
}

fn headers<'a>(half: &Node<'a>) -> Result<Headers<'a>, String> {
    let mut headers = Headers::default();
    let list = half.get("headers");
    headers.leaves_out(list.items().is_empty() && !list.is_empty());
    for header in list.items() {
        headers.leaves_out(header.get("name").text().is_none() || !matches!(header.get("value").kind, Kind::Scalar(_)));
        if let (Some(name), Some(value)) = (header.get("name").text(), header.get("value").written()?) {
            headers.push(name, value);
        }
    }
    Ok(headers)
}

fn posted<'a>(request: &Node<'a>, source: &Source<'a>) -> Body<'a> {
    let posted = request.get("postData");
    if let Some(body) = content(request, posted, source)? {
        return Ok(Some(body));
    }
    // Parameters of a form may stand alone.
    let params = posted.get("params").items();
    let Some(first) = params.first() else { return Ok(None) };
    let pairs: Vec<String> = params
        .iter()
        .map(|pair| {
            let part = |key: &str| form_encoded(&pair.get(key).text().unwrap_or_default());
            format!("{}={}", part("name"), part("value"))
        })
        .collect();
    let bytes = pairs.join("&").into_bytes().into();
    // A value that is not there stays so.
    let part = |pair: &Node<'a>| {
        let value = pair.get("value").written()?;
        Ok(value.map(|value| value.encoded_part(form_encoded)).unwrap_or_default())
    };
    let parts = params.iter().map(part).collect::<Result<Vec<_>, String>>()?;
    let joined = Some(Joined::of(How::Pairs, parts));
    Ok(Some(Written { joined, ..Written::new(bytes, first.range.clone(), Notation::Pieces) }))
}

/// The body of a message, whose `holder` keeps its text or names its file.
fn content<'a>(message: &Node<'a>, holder: &Node<'a>, source: &Source<'a>) -> Body<'a> {
    let file = holder.get(FILE);
    let Some(name) = file.text().filter(|_| holder.get("text").is_null()) else {
        return Ok(encoded(message, holder)?);
    };
    // Other files beside the archive are not read, for a report would show them.
    if !is_hashed(&name) {
        return Err(format!("its body is in the file {name:?}, which is not called by a hash and is not read").into());
    }
    let folder = source.path.parent().unwrap_or(Path::new(""));
    let bytes = body_file::read(folder, &name, &source.limits)?.into();
    Ok(Some(Written::new(bytes, body_file::member(FILE, file, source), Notation::Beside(Inline::Archive))))
}

/// Whether a file is called by the hash of what is in it, and an ending.
fn is_hashed(name: &str) -> bool {
    let (hash, ending) = name.split_once('.').unwrap_or((name, ""));
    hash.len() == HASH
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The same where it keeps the text.
fn encoded<'a>(message: &Node<'a>, holder: &Node<'a>) -> Result<Option<Written<'a>>, String> {
    let text = holder.get("text");
    let encoding = holder.get("encoding").text().or_else(|| holder.get("_encoding").text());
    let is_base64 = encoding.as_deref() == Some("base64");
    if let Some(body) = is_compressed(message).then(|| chunks(text, is_base64)).flatten() {
        return Ok(Some(body));
    }
    if is_base64 && !text.is_null() {
        return text.base64().map(Some);
    }
    text.written()
}

/// Whether a message says that its body was compressed.
fn is_compressed(message: &Node<'_>) -> bool {
    let named = |header: &Node<'_>| header.get("name").text().is_some_and(|own| own.eq_ignore_ascii_case(ENCODED));
    message.get("headers").items().iter().any(named)
}

/// A compressed body as Polly.js keeps it: a JSON array of the chunks in which it came, in base64 since version 5 and in
/// hexadecimal digits before. `None` of anything else.
fn chunks<'a>(text: &Node<'a>, is_base64: bool) -> Option<Written<'a>> {
    let chunks: Vec<String> = serde_json::from_str(&text.text()?).ok()?;
    let decode = |chunk: &String| if is_base64 { STANDARD.decode(chunk).ok() } else { hexadecimal(chunk) };
    let bytes: Vec<Vec<u8>> = chunks.iter().map(decode).collect::<Option<_>>()?;
    let (bytes, range) = (bytes.concat().into(), text.range.clone());
    let digits = if is_base64 { Digits::Base64 } else { Digits::Hexadecimal };
    Some(Written::new(bytes, range, Notation::Encoded(digits, Within::ListInText)))
}

#[cfg(test)]
mod tests {
    use super::super::document::{shown, shown_at};
    use super::super::packed::Packing;
    use super::super::{Entry, Format as _};
    use super::*;

    fn with_status(status: &str) -> Vec<String> {
        let response = format!(r#"{{"status": {status}, "headers": [], "content": {{"text": "a"}}}}"#);
        let request = r#"{"method": "GET", "url": "x", "headers": []}"#;
        shown(&Har, &format!(r#"{{"log": {{"entries": [{{"request": {request}, "response": {response}}}]}}}}"#))
    }

    #[test]
    fn a_status_is_a_number_of_http() {
        assert_eq!(with_status("200"), ["GET x - > 200 a"]);
        assert_eq!(with_status("200.0"), ["GET x - > 200 a"]);
        assert_eq!(with_status("0"), ["GET x - > -"], "nothing came back");
        assert_eq!(with_status("null"), ["its response has no status @Some(0)"]);
        for status in ["\"x\"", "200.5", "-1", "70000", "[200]", "true", "99"] {
            assert_eq!(with_status(status), ["the status of its response is no HTTP status @Some(0)"], "{status}");
        }
    }

    #[test]
    fn bodies_may_be_in_files_that_are_called_by_their_hash() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (hash, other) = ("0a".repeat(20), "1b".repeat(20));
        std::fs::write(folder.path().join(format!("{hash}.json")), r#"{"a": 1}"#).expect("writable");
        std::fs::write(folder.path().join("secret.json"), "x").expect("writable");
        let heard = |sent: &str, got: &str| {
            let request = format!(r#"{{"method": "PUT", "url": "x", "headers": [], "postData": {{{sent}}}}}"#);
            let response = format!(r#"{{"status": 200, "headers": [], "content": {{{got}}}}}"#);
            let text = format!(r#"{{"log": {{"entries": [{{"request": {request}, "response": {response}}}]}}}}"#);
            shown_at(&Har, &folder.path().join("a.har"), &text)
        };
        let file = |name: &str| format!(r#""_file": "{name}""#);
        let there = file(&format!("{hash}.json"));
        assert_eq!(heard(&there, &there), [r#"PUT x {"a": 1} > 200 {"a": 1}"#]);
        assert_eq!(heard(r#""text": "b""#, r#""text": "c""#), ["PUT x b > 200 c"]);
        assert_eq!(heard("", &format!(r#"{}, "text": "d""#, file("secret.json"))), ["PUT x - > 200 d"]);
        let gone = heard("", &file(&format!("{other}.json")));
        assert_eq!(gone, [format!("its body is in the file \"{other}.json\", which is not there @Some(0)")]);
        for foreign in ["secret.json", "../secret.json", "", "/etc/hostname"] {
            let told = heard("", &file(foreign));
            assert!(told[0].ends_with("which is not called by a hash and is not read @Some(0)"), "{told:?}");
        }
    }

    #[test]
    fn an_entry_without_a_response_is_told() {
        let text = r#"{"log": {"entries": [{"request": {"method": "GET", "url": "x"}}]}}"#;
        assert_eq!(shown(&Har, text), ["GET x - > -", "it has no response @Some(0)"]);
    }

    #[test]
    fn keys_that_stand_twice_are_told() {
        let twice = |text: &str| shown(&Har, text).into_iter().filter(|told| told.contains("appears twice")).count();
        assert_eq!(twice(r#"{"log": {"entries": [], "entries": []}}"#), 1);
        assert_eq!(twice(r#"{"log": {"entries": [{"response": {"status": 200, "status": 404}}]}}"#), 1);
        assert_eq!(twice(r#"{"log": {"entries": []}, "log": {"entries": []}}"#), 1);
        assert_eq!(twice(r#"{"log": {"entries": [{"a": 1}, {"a": 1}]}}"#), 0);
        // Among many keys, too: the first again, and one of the last.
        let many: Vec<String> = (0..40).map(|at| format!("\"k{at}\": 1")).collect();
        let of = |more: &str| format!(r#"{{"log": {{{}, {more}, "entries": []}}}}"#, many.join(", "));
        assert_eq!([r#""k0": 2"#, r#""k39": 2"#, r#""k40": 2"#].map(|more| twice(&of(more))), [1, 1, 0]);
    }

    #[test]
    fn a_body_may_be_there_by_its_size_alone() {
        let told = |request: &str, content: &str| {
            let text = format!(
                r#"{{"log": {{"entries": [{{"request": {{"method": "POST", "url": "x"{request}}},
                "response": {{"status": 200, "headers": [], "content": {{{content}}}}}}}]}}}}"#
            );
            let source = Source::whole(std::path::Path::new("x"), text.as_bytes());
            let mut told = None;
            Har.read(&source, &mut |entry| match entry {
                Entry::Http(http) => {
                    let response = http.response.as_ref().expect("a response");
                    told = Some((http.request.lacks_content(), response.lacks_content(), response.is_empty()));
                }
                other => panic!("{other:?}"),
            });
            told.expect("an exchange")
        };
        assert_eq!(told(r#", "bodySize": 20"#, r#""size": 152"#), (true, true, false));
        assert_eq!(told(r#", "bodySize": 0"#, r#""size": 0"#), (false, false, false));
        assert_eq!(told(r#", "bodySize": -1"#, r#""size": -1, "text": """#), (false, false, true));
        let posted = r#", "bodySize": 3, "postData": {"text": "a=b"}"#;
        assert_eq!(told(posted, r#""size": 2, "text": "{}""#), (false, false, false));
    }

    fn archive(headers: &str, text: &str, encoding: &str) -> Vec<String> {
        let archive = format!(
            r#"{{"log": {{"version": "1.2", "entries": [{{"request": {{"method": "GET", "url": "http://h/"}}, "response":
            {{"status": 200, "headers": [{headers}], "content": {{"text": {}{encoding}}}}}}}]}}}}"#,
            serde_json::Value::from(text)
        );
        shown(&Har, &archive)
    }

    #[test]
    fn the_chunks_of_a_compressed_body_are_joined() {
        let packed = Packing::Gzip.pack(br#"{"a": 1}"#.to_vec()).expect("a Vec takes it");
        let (first, second) = packed.split_at(7);
        let compressed = r#"{"name": "Content-Encoding", "value": "gzip"}"#;
        let base64 = serde_json::json!([STANDARD.encode(first), STANDARD.encode(second)]).to_string();
        let digits = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        let hexadecimal = serde_json::json!([digits(first), digits(second)]).to_string();
        let whole = [r#"GET http://h/ - > 200 {"a": 1}"#];
        assert_eq!(archive(compressed, &base64, r#", "encoding": "base64""#), whole);
        assert_eq!(archive(compressed, &hexadecimal, ""), whole);
        // Without the header the text is the body, and an archive of another recorder unpacks what it keeps.
        assert_eq!(archive("", &hexadecimal, ""), [format!("GET http://h/ - > 200 {hexadecimal}")]);
        for text in [r#"["abc"]"#, r#"["zz"]"#, "[1]", r#"{"a": 1}"#] {
            assert_eq!(archive(compressed, text, ""), [format!("GET http://h/ - > 200 {text}")]);
        }
    }
}

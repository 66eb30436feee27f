//! Stubs of WireMock (`mappings/*.json`): the request that each matches and the response that it gives, with bodies that may
//! be in files of their own below `__files`.
//!
//! A stub keeps the parts of a request that it matches, and no host. One that matches by patterns is no request.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::body_file;
use super::document::{Unread, parsed_body, read_http};
use super::http::{Headers, HttpExchange, HttpRequest, HttpResponse};
use super::node::Node;
use super::written::{Notation, Written};
use super::{Entry, Format, Probe, Source};

/// Keys of which a stub's request has one.
const ADDRESSES: &[&str] = &["url", "urlPath", "urlPattern", "urlPathPattern", "urlPathTemplate"];
/// Keys of which a stub's response has one.
const ANSWERS: &[&str] = &["status", "body", "jsonBody", "base64Body", "bodyFileName", "proxyBaseUrl", "fault"];
/// The member that names the file of a body.
const FILE: &str = "bodyFileName";
/// What matches a text that is known.
const EQUALS: &[&str] = &["equalTo", "equalToJson", "equalToXml"];

pub(super) struct WireMock;

impl Format for WireMock {
    fn id(&self) -> &'static str {
        "wiremock"
    }

    fn about(&self) -> &'static str {
        "stubs of WireMock: {request: {url, method}, response: {status, body or bodyFileName}}, or mappings[] of such"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        let within = |name: &str, any: &[&str]| probe.keys_within(name).iter().any(|key| any.contains(&key.as_str()));
        // A line of another document may look like a stub.
        let is_stub = !probe.first_line_is_object && (probe.has(&["request", "response"]) || probe.has(&["mappings"]));
        is_stub && within("request", ADDRESSES) && within("response", ANSWERS)
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        let stubs = |root: Node<'a>| match root.get("mappings").items() {
            [] if root.get("request").is_map() => Some(vec![root]),
            _ => root.into_list(&["mappings"]),
        };
        read_http(source, stubs, |stub| exchange(stub, source), sink);
    }
}

fn exchange<'a>(stub: &Node<'a>, source: &Source<'a>) -> Result<HttpExchange<'a>, Unread> {
    let (request, response) = (stub.get("request"), stub.get("response"));
    let url = url(request)?.ok_or(Unread::PassedOver("stubs whose requests are patterns"))?;
    let method = request.get("method").text().filter(|method| method != "ANY");
    let method = method.ok_or(Unread::PassedOver("stubs whose requests are patterns"))?;
    let is_other = ["proxyBaseUrl", "fault"].iter().any(|key| !response.get(key).is_null());
    if is_other {
        return Err(Unread::PassedOver("stubs that answer nothing of their own"));
    }
    let answer = if response.is_map() {
        let status = response.get("status").status()?.unwrap_or(200);
        Some(HttpResponse::new(status, response.get("headers").headers()?, answered(response, source)?))
    } else {
        None
    };
    let request = HttpRequest::new(&method, url, headers(request)?, sent(request)?);
    Ok(HttpExchange { is_stub: true, ..HttpExchange::new(request, answer) })
}

/// Path and query string, where they are known.
fn url<'a>(request: &Node<'a>) -> Result<Option<Written<'a>>, String> {
    let path = request.get("url").written()?.or(request.get("urlPath").written()?);
    let parameters = request.get("queryParameters").members();
    let Some(path) = path else { return Ok(None) };
    if parameters.is_empty() {
        return Ok(Some(path));
    }
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pair = |(name, matcher): &(Cow<'a, str>, Node<'a>)| {
        let value = matcher.get("equalTo").text()?;
        Some(format!("{}={}", encoded(name), encoded(&value)))
    };
    let pairs: Vec<String> = parameters.iter().filter_map(pair).collect();
    let bytes = format!("{}?{}", path.text(), pairs.join("&")).into_bytes().into();
    Ok(Some(Written { bytes, form: Notation::Pieces, ..path }))
}

/// Headers that are matched by all of their text.
fn headers<'a>(request: &Node<'a>) -> Result<Headers<'a>, String> {
    let mut headers = Headers::default();
    for (name, matcher) in request.get("headers").members() {
        if let Some(value) = matcher.get("equalTo").written()? {
            headers.push(name.clone(), value);
        }
    }
    Ok(headers)
}

/// The body of the request, where a matcher holds all of it.
fn sent<'a>(request: &Node<'a>) -> Result<Option<Written<'a>>, String> {
    for matcher in request.get("bodyPatterns").items() {
        if !matcher.get("binaryEqualTo").is_null() {
            return matcher.get("binaryEqualTo").base64().map(Some);
        }
        if let Some(body) = EQUALS.iter().map(|key| matcher.get(key)).find(|body| !body.is_null()) {
            return body.written();
        }
    }
    Ok(None)
}

fn answered<'a>(response: &Node<'a>, source: &Source<'a>) -> Result<Option<Written<'a>>, Unread> {
    let file = response.get(FILE);
    if let Some(name) = file.text() {
        let bytes = body_file::read(&bodies(source.path), &name, &source.limits)?.into();
        // The name of the member stands before its value.
        let before = &source.bytes[..file.range.start];
        let start = memchr::memmem::rfind(before, format!("\"{FILE}\"").as_bytes()).unwrap_or(file.range.start);
        return Ok(Some(Written { bytes, range: start..file.range.end, form: Notation::Beside, masked: false }));
    }
    if !response.get("base64Body").is_null() {
        return Ok(Some(response.get("base64Body").base64()?));
    }
    let parsed = response.get("jsonBody");
    Ok(parsed_body(if parsed.is_null() { response.get("body") } else { parsed }, source)?)
}

/// The folder of bodies: beside the one of the stubs.
fn bodies(path: &Path) -> PathBuf {
    let stubs = path.ancestors().skip(1).find(|folder| folder.file_name().is_some_and(|name| name == "mappings"));
    stubs.or(path.parent()).and_then(Path::parent).unwrap_or(Path::new("")).join("__files")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::document::shown;
    use super::*;

    fn stub(request: &Value, response: &Value) -> Vec<String> {
        shown(&WireMock, &json!({"id": "x", "request": request, "response": response}).to_string())
    }

    #[test]
    fn what_a_stub_matches_is_its_request() {
        let body = |pattern: &Value| json!({"method": "POST", "url": "/a?b=c", "bodyPatterns": [pattern]});
        let empty = json!({"status": 200});
        assert_eq!(stub(&body(&json!({"equalToJson": "{\"a\": 1}"})), &empty), ["POST /a?b=c {\"a\": 1} > 200 -"]);
        assert_eq!(stub(&body(&json!({"binaryEqualTo": "aGk="})), &json!({})), ["POST /a?b=c hi > 200 -"]);
        assert_eq!(stub(&body(&json!({"matches": ".*"})), &empty), ["POST /a?b=c - > 200 -"]);
        let path = json!({"method": "GET", "urlPath": "/a", "queryParameters": {"b": {"equalTo": "c d"}, "e": {"matches": "."}}});
        assert_eq!(stub(&path, &empty), ["GET /a?b=c%20d - > 200 -"]);
        for request in [json!({"method": "GET", "urlPattern": "/.*"}), json!({"method": "ANY", "url": "/"})] {
            assert!(stub(&request, &empty)[0].contains("PassedOver"), "{request}");
        }
    }

    #[test]
    fn bodies_of_responses_come_in_many_forms() {
        let answered = |response: &Value| stub(&json!({"method": "GET", "url": "/"}), response);
        assert_eq!(answered(&json!({"status": 404, "body": "x"})), ["GET / - > 404 x"]);
        assert_eq!(answered(&json!({"jsonBody": {"a": [1]}})), ["GET / - > 200 {\"a\":[1]}"]);
        assert_eq!(answered(&json!({"base64Body": "aGk="})), ["GET / - > 200 hi"]);
        let told = answered(&json!({"bodyFileName": "none.json"}));
        assert_eq!(told, ["its body is in the file \"none.json\", which is not there @Some(0)"]);
        let told = answered(&json!({"bodyFileName": "../x"}));
        assert!(told[0].contains("outside of the folder for bodies"), "{told:?}");
        assert!(answered(&json!({"fault": "EMPTY_RESPONSE"}))[0].contains("PassedOver"));
    }

    #[test]
    fn bodies_are_beside_the_folder_of_stubs() {
        for (stub, folder) in [
            ("a/mappings/x.json", "a/__files"),
            ("a/mappings/b/x.json", "a/__files"),
            ("a/b/x.json", "a/__files"),
            ("mappings/x.json", "__files"),
            ("x.json", "__files"),
        ] {
            assert_eq!(bodies(Path::new(stub)), Path::new(folder), "{stub}");
        }
    }

    #[test]
    fn several_stubs_may_be_one_file() {
        let one = json!({"request": {"method": "GET", "url": "/a"}, "response": {"status": 200, "body": "b"}});
        let text = json!({"mappings": [one, one], "meta": {"total": 2}}).to_string();
        assert_eq!(shown(&WireMock, &text), ["GET /a - > 200 b"; 2]);
    }
}

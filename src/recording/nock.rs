//! What nock's recorder writes: a list of `{scope, method, path, body, status, response, rawHeaders, reqheaders}`, or
//! one such object.
//!
//! Bodies that are JSON stand as the values they are. Others are strings; those that are no text are written in hex,
//! and those of responses with a content encoding as a list of such pieces.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::digits::{Digits, Within, hexadecimal};
use super::document::{Body, HttpEntries, RequestHead, Unread, parsed_body};
use super::http::{Headers, HttpExchange, HttpResponse};
use super::http_list::HttpList;
use super::node::{Kind, Node};
use super::written::{Notation, Written};
use super::{Marks, Probe, Source};

pub(super) struct Nock;

impl HttpList for Nock {
    const PATH: &[&str] = &[];

    fn id(&self) -> &'static str {
        "nock"
    }

    fn about(&self) -> &'static str {
        "nock recordings: [{scope, method, path, body, status, response, rawHeaders}]"
    }

    fn marks(&self) -> Marks {
        Marks { any: &["status", "response", "body"], ..Marks::of(&["scope", "method", "path"]) }
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        let ends = ["status", "response", "body"];
        probe.has(&["scope", "method", "path"]) && ends.iter().any(|key| probe.has(&[key]))
    }
}

impl HttpEntries for Nock {
    fn head<'a>(&self, entry: &Node<'a>) -> Result<RequestHead<'a>, Unread> {
        let method = entry.get("method").text().ok_or("it has no method")?;
        let scope = entry.get("scope").text().ok_or("it has no scope")?;
        let path = entry.get("path").written()?.ok_or("it has no path")?;
        let url = format!("{}{}", scope.trim_end_matches('/'), path.text()).into_bytes();
        let url = Written { bytes: url.into(), form: Notation::Path, ..path };
        Ok(RequestHead { method, url, headers: headers(entry.get("reqheaders"))? })
    }

    fn sent<'a>(&self, entry: &Node<'a>, _head: &RequestHead<'a>, source: &Source<'a>) -> Body<'a> {
        parsed_body(entry.get("body"), source)
    }

    fn answer<'a>(&self, entry: &Node<'a>, source: &Source<'a>) -> Result<Option<HttpResponse<'a>>, Unread> {
        let Some(status) = status(entry)? else { return Ok(None) };
        let mut headers = headers(entry.get("rawHeaders"))?;
        if headers.iter().next().is_none() && !headers.has_unread() {
            headers = self::headers(entry.get("headers"))?;
        }
        let body = answered(entry, &headers, source)?;
        Ok(Some(HttpResponse::new(status, headers, body)))
    }

    fn is_half(&self, entry: &Node<'_>) -> bool {
        matches!(status(entry), Ok(None))
    }

    fn complete<'a>(&self, entry: &Node<'a>, exchange: HttpExchange<'a>) -> HttpExchange<'a> {
        HttpExchange { recorded_at: entry.get("recordedAt").text(), ..exchange }
    }
}

/// The status of an answer, which its first versions wrote as `reply`. One that has none is 200, as nock answers; without
/// anything of an answer there is none.
fn status(entry: &Node<'_>) -> Result<Option<u16>, String> {
    for key in ["reply", "status"] {
        if let Some(status) = entry.get(key).status()? {
            return Ok(Some(status));
        }
    }
    let answers = ["response", "rawHeaders", "headers"].iter().any(|key| !entry.get(key).is_null());
    Ok(answers.then_some(200))
}

/// Headers as a map, or as a list of names and values by turns.
fn headers<'a>(node: &Node<'a>) -> Result<Headers<'a>, String> {
    let Kind::List(items) = &node.kind else { return node.headers() };
    let mut headers = Headers::default();
    for pair in items.chunks(2) {
        match (pair[0].text(), pair.get(1).map(Node::written).transpose()?.flatten()) {
            (Some(name), Some(value)) => headers.push(name, value),
            _ => headers.leaves_out(true),
        }
    }
    Ok(headers)
}

fn answered<'a>(entry: &Node<'a>, headers: &Headers<'a>, source: &Source<'a>) -> Body<'a> {
    let response = entry.get("response");
    let is_encoded = headers.get("content-encoding").is_some_and(|encoding| encoding != "identity");
    let (pieces, within): (Vec<&Node<'a>>, _) = match &response.kind {
        Kind::List(items) if is_encoded => (items.iter().collect(), Within::List),
        Kind::Scalar(_) if entry.get("responseIsBinary").text().as_deref() == Some("true") => {
            (vec![response], Within::Text)
        }
        _ => return parsed_body(response, source),
    };
    let (mut bytes, mut digits) = (Vec::new(), Digits::Hexadecimal);
    for piece in pieces {
        // Compressed content that a later version unpacked is a list like any other.
        let Some(piece) = piece.text().and_then(|text| binary(&text)) else { return parsed_body(response, source) };
        digits = piece.1;
        bytes.extend(piece.0);
    }
    let (bytes, range, form) = (bytes.into(), response.range.clone(), Notation::Encoded(digits, within));
    Ok(Some(Written::new(bytes, range, form)))
}

/// Bytes written in hex, or in base64 as the first versions did.
fn binary(text: &str) -> Option<(Vec<u8>, Digits)> {
    match hexadecimal(text) {
        Some(bytes) => Some((bytes, Digits::Hexadecimal)),
        None => Some((STANDARD.decode(text).ok()?, Digits::Base64)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::document::{UNREAD_HEADERS, shown};
    use super::*;

    fn entry(more: &Value) -> String {
        let mut entry =
            json!({"scope": "https://h:443", "method": "POST", "path": "/p?q=1", "body": "", "status": 200});
        let members = more.as_object().expect("an object").clone();
        entry.as_object_mut().expect("an object").extend(members);
        let shown = shown(&Nock, &entry.to_string());
        shown[0].strip_prefix("POST https://h:443/p?q=1 ").unwrap_or(&shown[0]).to_owned()
    }

    #[test]
    fn bodies_are_values_texts_or_hex() {
        assert_eq!(entry(&json!({"body": {"a": 1}, "response": ["x"]})), r#"{"a":1} > 200 ["x"]"#);
        assert_eq!(entry(&json!({"body": "a=b", "response": "<x/>"})), "a=b > 200 <x/>");
        assert_eq!(entry(&json!({"response": "6869", "responseIsBinary": true})), "- > 200 hi");
        assert_eq!(entry(&json!({"response": "6869", "responseIsBinary": false})), "- > 200 6869");
        let encoded = |pieces: Value| json!({"rawHeaders": ["Content-Encoding", "br"], "response": pieces});
        assert_eq!(entry(&encoded(json!(["68", "69"]))), "- > 200 hi");
        assert_eq!(entry(&encoded(json!(["aGk="]))), "- > 200 hi");
        assert_eq!(entry(&encoded(json!([{"a": 1}]))), r#"- > 200 [{"a":1}]"#);
    }

    #[test]
    fn headers_are_a_list_or_a_map() {
        let text = r#"[{"scope": "http://h", "method": "GET", "path": "/", "status": 200, "headers": {"a": "b"},
            "reqheaders": {"X-A": ["c"]}}, {"scope": "http://h", "method": "GET"}]"#;
        let list =
            super::super::json_node::parse(text).roots.pop().and_then(|root| root.into_list(&[])).expect("a list");
        let source = Source::whole(std::path::Path::new("x"), text.as_bytes());
        let head = Nock.head(&list[0]).unwrap_or_else(|unread| panic!("{unread:?}"));
        assert_eq!(head.headers.get("x-a").as_deref(), Some("c"));
        let answer = Nock.answer(&list[0], &source).expect("an answer");
        assert_eq!(answer.expect("a response").headers.get("A").as_deref(), Some("b"));
        assert_eq!(shown(&Nock, text)[1], "it has no path @Some(1)");
        for odd in [json!(["a"]), json!([["a", "b"]]), json!(["a", "b", "c"]), json!("a: b"), json!({"a": {"b": "c"}})]
        {
            let text = json!([{"scope": "http://h", "method": "GET", "path": "/", "status": 200, "rawHeaders": odd}]);
            assert_eq!(shown(&Nock, &text.to_string())[1..], [format!("{UNREAD_HEADERS} @Some(0)")], "{odd}");
        }
    }

    #[test]
    fn an_answer_without_a_status_is_one_of_success() {
        let of = |more: &str| shown(&Nock, &format!(r#"{{"scope": "http://h", "method": "GET", "path": "/"{more}}}"#));
        assert_eq!(of(r#", "body": "", "response": "a""#), ["GET http://h/ - > 200 a"]);
        assert_eq!(of(r#", "reply": "404", "response": "a""#), ["GET http://h/ - > 404 a"]);
        assert_eq!(of(r#", "body": """#), ["GET http://h/ - > -", "it has no response @Some(0)"]);
    }
}

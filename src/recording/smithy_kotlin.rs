//! Test connections of the AWS SDK for Kotlin (`TestConnection.fromJson` of smithy-kotlin): a list of `{request: {method, uri,
//! headers, body}, response: {status, headers, body}}`. Of a request it keeps the headers that a test expects, so that one
//! which is not there proves nothing. Bodies that are no text are base64, as `bodyContentType` says.

use super::document::{Body, HttpEntries, RequestHead, Unread, parsed_body};
use super::http::HttpResponse;
use super::http_list::HttpList;
use super::node::Node;
use super::vcr;
use super::{Probe, Source};

pub(super) struct SmithyKotlin;

impl HttpList for SmithyKotlin {
    const PATH: &[&str] = &[];

    fn id(&self) -> &'static str {
        "smithy-kotlin"
    }

    fn about(&self) -> &'static str {
        "test connections of the AWS SDK for Kotlin: [{request: {method, uri, body}, response: {status, body}}]"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        // Other lists of pairs call the address by another name, or hold the status in an object.
        let is_list = probe.start.trim_ascii_start().starts_with(b"[") && probe.has(&["request", "response"]);
        is_list
            && probe.has_within("request", &["method", "uri"])
            && probe.has_within("response", &["status"])
            && !probe.opens("status")
    }
}

impl HttpEntries for SmithyKotlin {
    fn head<'a>(&self, entry: &Node<'a>) -> Result<RequestHead<'a>, Unread> {
        let head = vcr::head(entry.get("request"), "uri")?;
        Ok(RequestHead { headers: head.headers.some(), ..head })
    }

    fn sent<'a>(&self, entry: &Node<'a>, _head: &RequestHead<'a>, source: &Source<'a>) -> Body<'a> {
        body(entry.get("request"), source)
    }

    fn answer<'a>(&self, entry: &Node<'a>, source: &Source<'a>) -> Result<Option<HttpResponse<'a>>, Unread> {
        vcr::answer(entry, |half| body(half, source))
    }
}

fn body<'a>(half: &Node<'a>, source: &Source<'a>) -> Body<'a> {
    let body = half.get("body");
    if half.get("bodyContentType").text().as_deref() == Some("binary") && !body.is_null() {
        return Ok(Some(body.base64()?));
    }
    parsed_body(body, source)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::super::document::shown;
    use super::super::{Entry, Fidelity, Format as _, json};
    use super::*;

    #[test]
    fn bodies_are_texts_or_base64() {
        let text = json!([
            {"request": {"method": "POST", "uri": "https://h/a", "headers": {"A": "b", "C": ["d", "e"]}, "body": "x"},
                "response": {"status": 200, "version": "HTTP/1.1", "headers": {}, "body": "y"}},
            {"request": {"method": "PUT", "uri": "https://h/b", "body": "aGk=", "bodyContentType": "binary"},
                "response": {"status": 404, "body": null}},
            {"request": {"method": "PUT", "uri": "https://h/c", "body": "?", "bodyContentType": "binary"},
                "response": {"status": 200}},
            {"request": {"method": "GET", "uri": "https://h/d"}},
        ]);
        let expected = [
            "POST https://h/a x > 200 y",
            "PUT https://h/b hi > 404 -",
            "a body that should be base64 is not @Some(2)",
            "GET https://h/d - > -",
            "it has no response @Some(3)",
        ];
        assert_eq!(shown(&SmithyKotlin, &text.to_string()), expected);
    }

    #[test]
    fn headers_of_a_request_are_those_that_are_expected() {
        let text = json!([{"request": {"method": "GET", "uri": "https://h/", "headers": {"Accept": "a"}},
            "response": {"status": 200, "headers": {"Date": "x"}}}])
        .to_string();
        let mut seen = Vec::new();
        SmithyKotlin.read(&Source::whole(Path::new("x"), text.as_bytes()), &mut |entry| {
            if let Entry::Http(http) = entry {
                seen.push(http.fidelity());
            }
        });
        assert_eq!(seen, [Fidelity::HeadlessRequest]);
    }

    #[test]
    fn a_list_of_pairs_is_one_of_its_own_kind_alone() {
        let is_one = |text: &str| {
            let (keys, _) = json::peek_keys(text.trim_start().strip_prefix('[').unwrap_or(text).as_bytes());
            let probe =
                Probe { path: Path::new("x"), start: text.as_bytes(), keys: &keys, first_line_is_object: false };
            HttpList::recognises(&SmithyKotlin, &probe)
        };
        let pair = r#"{"request": {"method": "GET", "uri": "x"}, "response": {"status": 200}}"#;
        assert!(is_one(&format!("[{pair}]")) && is_one(&format!(" [ {pair}, {pair}]")));
        for other in [
            pair.to_owned(),
            format!("[{}]", pair.replace("uri", "url")),
            format!("[{}]", pair.replace("200", r#"{"code": 200}"#)),
            format!("[{}]", pair.replace("response", "reply")),
            "[]".to_owned(),
        ] {
            assert!(!is_one(&other), "{other}");
        }
    }
}

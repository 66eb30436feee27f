//! Cassettes of dd-apm-test-agent: a file for each exchange, `{request: {method, url, headers, body}, response: {status:
//! {code}, headers, body}}`. Bodies that are no text stand behind the word `base64:`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::digits::{Digits, Within};
use super::document::{Body, HttpEntries, RequestHead, Unread, parsed_body, read_http};
use super::http::HttpResponse;
use super::node::Node;
use super::vcr;
use super::written::{Notation, Written};
use super::{Entry, Format, Probe, Source};

/// What a body begins with that is no text.
const BINARY: &str = "base64:";

pub(super) struct DdApmTestAgent;

impl Format for DdApmTestAgent {
    fn id(&self) -> &'static str {
        "dd-apm-test-agent"
    }

    fn about(&self) -> &'static str {
        "dd-apm-test-agent cassettes: {request: {method, url, body}, response: {status: {code}, body}}"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        // A line of another document may look like a cassette.
        let is_pair = !probe.first_line_is_object && probe.has(&["request", "response"]);
        is_pair && probe.has_within("request", &["method", "url"]) && probe.has_within("status", &["code"])
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        let one = |root: Node<'a>| root.is_map().then(|| vec![root]);
        read_http(self, one, source, sink);
    }
}

impl HttpEntries for DdApmTestAgent {
    fn head<'a>(&self, entry: &Node<'a>) -> Result<RequestHead<'a>, Unread> {
        vcr::head(entry.get("request"), "url")
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
    let Some(packed) = body.text().and_then(|text| text.strip_prefix(BINARY).map(str::to_owned)) else {
        return parsed_body(body, source);
    };
    let bytes = STANDARD.decode(packed).map_err(|_| "a body that should be base64 is not")?;
    Ok(Some(Written::new(bytes.into(), body.range.clone(), Notation::Encoded(Digits::Base64, Within::Marked(BINARY)))))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::document::shown;
    use super::*;

    fn cassette(sent: &Value, got: &Value) -> Vec<String> {
        let text = json!({
            "request": {"method": "POST", "url": "https://h/a", "headers": {"A": "b"}, "body": sent},
            "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": got},
        });
        shown(&DdApmTestAgent, &text.to_string())
    }

    #[test]
    fn bodies_are_texts_or_base64() {
        assert_eq!(cassette(&json!("{\"a\": 1}"), &json!("")), ["POST https://h/a {\"a\": 1} > 200 -"]);
        assert_eq!(cassette(&json!("x"), &json!("base64:aGk=")), ["POST https://h/a x > 200 hi"]);
        let broken = ["a body that should be base64 is not @Some(0)"];
        assert_eq!(cassette(&json!(""), &json!("base64:?")), broken);
    }

    #[test]
    fn half_a_cassette_is_told() {
        let text = r#"{"request": {"method": "GET", "url": "x"}, "response": null}"#;
        assert_eq!(shown(&DdApmTestAgent, text), ["GET x - > -", "it has no response @Some(0)"]);
        assert_eq!(
            shown(&DdApmTestAgent, r#"{"request": {}, "response": {}}"#),
            ["its request has no method @Some(0)"]
        );
    }
}

//! Logs of httpreplay, of Google's go-replayers (`*.replay`), as Go CDK keeps them: `Entries[]` of `{ID, Request: {Method, URL,
//! Header, MediaType, BodyParts}, Response: {StatusCode, Header, Body}}`, bodies in base64.
//!
//! Its proxy removes headers and parameters, and replaces others, and what patterns find in bodies of requests, by a word. The
//! type of a body stands beside the headers, without its parameters.

use serde::de::IgnoredAny;

use super::document::{Body, HttpEntries, RequestHead, Unread};
use super::http::{HttpExchange, HttpResponse};
use super::http_list::HttpList;
use super::node::Node;
use super::written::Written;
use super::{Marks, Probe, Source, redact};

/// The word that the recorder writes in the place of what it hides.
pub const CLEARED: &str = "CLEARED";

pub(super) struct HttpReplay;

impl HttpList for HttpReplay {
    const PATH: &[&str] = &["Entries"];

    fn id(&self) -> &'static str {
        "httpreplay"
    }

    fn about(&self) -> &'static str {
        "logs of Google's httpreplay (*.replay of Go CDK): Entries[] of Request and Response beside Converter"
    }

    fn marks(&self) -> Marks {
        Marks::of(&["Initial", "Version", "Converter", "Entries"])
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        // The list may begin behind what is looked at.
        probe.has(&["Converter", "Entries"]) || probe.has(&["Initial", "Version", "Converter"])
    }

    fn is_empty(&self, source: &Source<'_>) -> bool {
        // Of a test that made no call the list is null.
        source.bytes.len() < SHORT && serde_json::from_slice::<Log>(source.bytes).is_ok()
    }
}

/// Bytes of a log that is looked through for whether it is empty.
const SHORT: usize = 64 << 10;

/// A log without calls.
#[derive(serde::Deserialize)]
struct Log {
    #[serde(rename = "Entries")]
    _entries: (),
}

impl HttpEntries for HttpReplay {
    fn head<'a>(&self, entry: &Node<'a>) -> Result<RequestHead<'a>, Unread> {
        let request = entry.get("Request");
        let method = request.get("Method").text().ok_or("its request has no Method")?;
        let url = request.get("URL").written()?.ok_or("its request has no URL")?;
        let mut headers = request.get("Header").headers()?;
        let media = request.get("MediaType").written()?.filter(|media| !media.bytes.is_empty());
        if let Some(media) = media.filter(|_| headers.get("content-type").is_none()) {
            headers.push("Content-Type".into(), media);
        }
        Ok(RequestHead { method, url, headers })
    }

    fn sent<'a>(&self, entry: &Node<'a>, _head: &RequestHead<'a>, _source: &Source<'a>) -> Body<'a> {
        let parts = entry.at(&["Request", "BodyParts"]);
        // Of several parts nobody knows what stood between them.
        let [part] = parts.items() else { return Ok(None) };
        Ok(if part.is_null() { None } else { Some(part.base64()?).filter(|body| !is_torn(&body.bytes)) })
    }

    fn answer<'a>(&self, entry: &Node<'a>, _source: &Source<'a>) -> Result<Option<HttpResponse<'a>>, Unread> {
        let response = entry.get("Response");
        if !response.is_map() {
            return Ok(None);
        }
        let status = response.get("StatusCode").status()?.ok_or("its response has no StatusCode")?;
        let body = response.get("Body");
        let body = if body.is_null() { None } else { Some(body.base64()?) };
        Ok(Some(HttpResponse::new(status, response.get("Header").headers()?, body)))
    }

    fn complete<'a>(&self, entry: &Node<'a>, exchange: HttpExchange<'a>) -> HttpExchange<'a> {
        let parts = entry.at(&["Request", "BodyParts"]).items();
        let size: usize = parts.iter().filter_map(Node::text).map(|part| part.len()).sum();
        let request = exchange.request.of_size(size as u64);
        HttpExchange { request, is_scrubbed: true, asides: self.asides(entry), ..exchange }
    }

    fn asides<'a>(&self, entry: &Node<'a>) -> Vec<Written<'a>> {
        let trailers = ["Request", "Response"].map(|half| entry.at(&[half, "Trailer"]));
        let values = trailers.into_iter().flat_map(Node::members).flat_map(|(name, values)| {
            let texts = values.items().iter().filter_map(|value| value.written().ok()?);
            texts.filter_map(|text| redact::header(name, &text.text()).map(|masked| text.masked(masked)))
        });
        values.collect()
    }

    fn is_half(&self, entry: &Node<'_>) -> bool {
        entry.get("Request").is_map() && !entry.get("Response").is_map()
    }
}

/// Whether the word stands in the place of more than values in a body, so that nobody knows what was sent.
fn is_torn(body: &[u8]) -> bool {
    let Some(text) = std::str::from_utf8(body).ok().filter(|text| text.contains(CLEARED)) else { return false };
    if text.trim_start().starts_with(['{', '[']) {
        return serde_json::from_str::<IgnoredAny>(text).is_err();
    }
    // Each pair of a form has a name of its own.
    text.trim_start().starts_with('<')
        || text.split('&').any(|pair| pair.split_once('=').is_none_or(|(name, _)| name.contains(CLEARED)))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::{Value, json};

    use super::super::document::shown;
    use super::super::{Entry, Fidelity, Format as _};
    use super::*;

    fn log(entries: &Value) -> String {
        json!({"Initial": "AQ==", "Version": "0.2", "Converter": {"ScrubBody": null}, "Entries": entries}).to_string()
    }

    fn entry(media: &str, parts: &[&str], got: &Value) -> Value {
        let parts: Vec<String> = parts.iter().map(|part| STANDARD.encode(part)).collect();
        json!({"ID": "1", "Request": {"Method": "POST", "URL": "https://h/a", "Header": {"A": ["b"]}, "MediaType": media,
            "BodyParts": parts}, "Response": got})
    }

    fn answer(body: &Value) -> Value {
        json!({"StatusCode": 200, "Proto": "HTTP/1.1", "Header": {"Date": ["x"]}, "Body": body})
    }

    fn read(text: &str) -> Vec<HttpExchange<'_>> {
        let mut seen = Vec::new();
        HttpReplay.read(&Source::whole(std::path::Path::new("x"), text.as_bytes()), &mut |entry| match entry {
            Entry::Http(http) => seen.push(*http),
            other => panic!("{other:?}"),
        });
        seen
    }

    #[test]
    fn bodies_are_base64() {
        let json = "application/json";
        let text = log(&json!([
            entry(json, &["{\"a\": 1}"], &answer(&"aGk=".into())),
            entry("", &[""], &answer(&"".into())),
            entry("", &[], &answer(&Value::Null)),
            entry(json, &["{}"], &answer(&"?".into())),
            entry(json, &["{}"], &Value::Null),
            {"ID": "2", "Request": {"Method": "GET"}, "Response": answer(&Value::Null)},
        ]));
        let expected = [
            "POST https://h/a {\"a\": 1} > 200 hi",
            "POST https://h/a - > 200 -",
            "POST https://h/a - > 200 -",
            "a body that should be base64 is not @Some(3)",
            "POST https://h/a {} > -",
            "it has no response @Some(4)",
            "its request has no URL @Some(5)",
        ];
        assert_eq!(shown(&HttpReplay, &text), expected);
        assert_eq!(shown(&HttpReplay, &log(&Value::Null)), [""; 0], "a test without calls");
        assert_eq!(shown(&HttpReplay, &log(&json!({}))), ["it has no list of exchanges @None"]);
    }

    #[test]
    fn the_type_of_a_body_is_a_header() {
        let text =
            log(&json!([entry("application/json", &["{}"], &answer(&Value::Null)), entry("", &["{}"], &Value::Null)]));
        let types: Vec<_> = read_types(&text);
        assert_eq!(types, [Some("application/json".to_owned()), None]);
    }

    fn read_types(text: &str) -> Vec<Option<String>> {
        let mut seen = Vec::new();
        HttpReplay.read(&Source::whole(std::path::Path::new("x"), text.as_bytes()), &mut |entry| {
            if let Entry::Http(http) = entry {
                seen.push(http.request.headers.media_type());
            }
        });
        seen
    }

    #[test]
    fn what_patterns_replaced_is_no_body() {
        let told = |parts: &[&str]| {
            let text = log(&json!([entry("x/y", parts, &answer(&Value::Null))]));
            let http = &read(&text)[0];
            (http.request.body.is_some(), http.request.lacks_content(), http.fidelity())
        };
        let (whole, torn) = ((true, false, Fidelity::Scrubbed), (false, true, Fidelity::Scrubbed));
        for kept in ["{\"a\": \"CLEARED\"}", "Action=A&Version=1&B=CLEARED", "Action=A", "{\"a\""] {
            assert_eq!(told(&[kept]), whole, "{kept}");
        }
        for lost in
            ["CLEARED", "{\"a\": CLEARED", "Action=A&B.1.CLEARED", "Action=A&CLEARED=b", "<A b=\"c\">CLEARED</A>"]
        {
            assert_eq!(told(&[lost]), torn, "{lost}");
        }
        assert_eq!(told(&["a", "b"]), torn, "two parts");
        assert_eq!(told(&[""]), (false, false, Fidelity::Scrubbed), "there was none");
    }
}

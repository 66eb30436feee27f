//! HAR 1.2: `log.entries[]`, as browsers, mitmproxy and Polly.js write it.

use super::document::read_http;
use super::http::{Headers, HttpExchange, HttpRequest, HttpResponse, form_encoded};
use super::node::Node;
use super::written::{Notation, Written};
use super::{Entry, Format, Probe, Source};

pub(super) struct Har;

impl Format for Har {
    fn id(&self) -> &'static str {
        "har"
    }

    fn about(&self) -> &'static str {
        "HTTP archives (HAR 1.2): log.entries[] of request and response"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        probe.has(&["log"]) && probe.mentions(&["\"entries\"", "\"version\""])
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        read_http(source, |root| root.into_list(&["log", "entries"]), exchange, sink);
    }
}

fn exchange<'a>(entry: &Node<'a>) -> Result<HttpExchange<'a>, String> {
    let (request, response) = (entry.get("request"), entry.get("response"));
    let method = request.get("method").text().ok_or("its request has no method")?;
    let url = request.get("url").written()?.ok_or("its request has no url")?;
    let status = response.get("status").status()?;
    let content = response.get("content");
    let request = HttpRequest::new(&method, url, headers(request)?, posted(request.get("postData"))?);
    // Browsers write status 0 where nothing came back.
    let answer = match status {
        None if response.is_map() => return Err("its response has no status".to_owned()),
        None | Some(0) => None,
        Some(status) => Some(HttpResponse::new(status, headers(response)?, encoded(content, content.get("text"))?)),
    };
    Ok(HttpExchange { recorded_at: entry.get("startedDateTime").text(), ..HttpExchange::new(request, answer) })
}

fn headers<'a>(half: &Node<'a>) -> Result<Headers<'a>, String> {
    let mut headers = Headers::default();
    for header in half.get("headers").items() {
        if let (Some(name), Some(value)) = (header.get("name").text(), header.get("value").written()?) {
            headers.push(name, value);
        }
    }
    Ok(headers)
}

fn posted<'a>(posted: &Node<'a>) -> Result<Option<Written<'a>>, String> {
    if let Some(body) = encoded(posted, posted.get("text"))? {
        return Ok(Some(body));
    }
    // Notation parameters may stand alone.
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
    Ok(Some(Written { bytes, range: first.range.clone(), form: Notation::Pieces, masked: false }))
}

fn encoded<'a>(holder: &Node<'a>, text: &Node<'a>) -> Result<Option<Written<'a>>, String> {
    let encoding = holder.get("encoding").text().or_else(|| holder.get("_encoding").text());
    if encoding.as_deref() == Some("base64") && !text.is_null() {
        return text.base64().map(Some);
    }
    text.written()
}

#[cfg(test)]
mod tests {
    use super::super::document::shown;
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
    fn an_entry_without_a_response_is_told() {
        let text = r#"{"log": {"entries": [{"request": {"method": "GET", "url": "x"}}]}}"#;
        assert_eq!(shown(&Har, text), ["GET x - > -", "it has no response @Some(0)"]);
    }

    #[test]
    fn keys_that_stand_twice_are_told() {
        let twice = |text: &str| shown(&Har, text).into_iter().filter(|told| told.contains("stands twice")).count();
        assert_eq!(twice(r#"{"log": {"entries": [], "entries": []}}"#), 1);
        assert_eq!(twice(r#"{"log": {"entries": [{"response": {"status": 200, "status": 404}}]}}"#), 1);
        assert_eq!(twice(r#"{"log": {"entries": []}, "log": {"entries": []}}"#), 1);
        assert_eq!(twice(r#"{"log": {"entries": [{"a": 1}, {"a": 1}]}}"#), 0);
    }
}

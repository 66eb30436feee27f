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
    let status = response.get("status").status().unwrap_or(0);
    let content = response.get("content");
    let request = HttpRequest::new(&method, url, headers(request)?, posted(request.get("postData"))?);
    // Browsers write status 0 where nothing came back.
    let answer = match status {
        0 => None,
        _ => Some(HttpResponse::new(status, headers(response)?, encoded(content, content.get("text"))?)),
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

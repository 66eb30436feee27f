//! Exchanges as VCR and those after it keep them: `request.{method, uri, headers, body}`, `response.{status, headers, body}`
//! and `recorded_at`.

use std::borrow::Cow;

use super::Source;
use super::document::{Body, HttpEntries, RequestHead, Unread, parsed_body};
use super::http::{HttpExchange, HttpResponse};
use super::moment;
use super::node::Node;

/// A format that keeps exchanges so.
pub(super) trait Vcr {
    /// The body of a request or response.
    fn body<'a>(&self, half: &Node<'a>, source: &Source<'a>) -> Body<'a> {
        held(half.get("body"), source)
    }

    /// Whether its recorder writes placeholders in the place of what it was told to hide.
    fn has_placeholders(&self) -> bool {
        false
    }
}

impl<F: Vcr> HttpEntries for F {
    fn head<'a>(&self, entry: &Node<'a>) -> Result<RequestHead<'a>, Unread> {
        head(entry.get("request"), "uri")
    }

    fn sent<'a>(&self, entry: &Node<'a>, _head: &RequestHead<'a>, source: &Source<'a>) -> Body<'a> {
        self.body(entry.get("request"), source)
    }

    fn answer<'a>(&self, entry: &Node<'a>, source: &Source<'a>) -> Result<Option<HttpResponse<'a>>, Unread> {
        answer(entry, |half| self.body(half, source))
    }

    fn complete<'a>(&self, entry: &Node<'a>, exchange: HttpExchange<'a>) -> HttpExchange<'a> {
        let told = entry.get("recorded_at").text();
        let recorded_at = told.map(|text| moment::of_http_date(&text).map_or(text, Cow::Owned));
        HttpExchange { recorded_at, has_placeholders: self.has_placeholders(), ..exchange }
    }
}

/// A request without its body, as VCR and others keep one; the URL stands at that key.
pub(super) fn head<'a>(request: &Node<'a>, url: &str) -> Result<RequestHead<'a>, Unread> {
    let method = request.get("method").text().ok_or("its request has no method")?;
    let address = request.get(url).written()?.ok_or_else(|| format!("its request has no {url}"))?;
    Ok(RequestHead { method, url: address, headers: request.get("headers").headers()? })
}

/// A response as VCR and those after it keep it, which has that body.
pub(super) fn answer<'a>(
    entry: &Node<'a>,
    body: impl Fn(&Node<'a>) -> Body<'a>,
) -> Result<Option<HttpResponse<'a>>, Unread> {
    let response = entry.get("response");
    if !response.is_map() {
        return Ok(None);
    }
    let status = status(response)?.ok_or("its response has no status")?;
    Ok(Some(HttpResponse::new(status, response.get("headers").headers()?, body(response)?)))
}

/// A body as VCR and those after it keep it: a text, or an object that holds one as `string` or `base64_string`.
/// Anything else is the body itself, parsed.
pub(super) fn held<'a>(node: &Node<'a>, source: &Source<'a>) -> Body<'a> {
    let has = |key: &str| node.members().iter().any(|(own, _)| own == key);
    if !node.get("base64_string").is_null() {
        return Ok(Some(node.get("base64_string").base64()?));
    }
    if has("string") || has("base64_string") || has("encoding") {
        return Ok(node.get("string").written()?);
    }
    parsed_body(node, source)
}

/// The status of a response: `status.code`, of R's vcr `status.status_code` or `status`, as of betamax for Java, and of vcrpy
/// with httpx `status_code`.
fn status(response: &Node<'_>) -> Result<Option<u16>, String> {
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

//! go-vcr's cassettes of every version, YAML and JSON: `interactions[]` of `request.{url, method, body, form, headers}`
//! and `response.{body, headers, status, code}`.

use super::document::{Body, HttpEntries, RequestHead, Unread, parsed_body};
use super::http::{Headers, HttpExchange, HttpResponse, form_encoded};
use super::http_list::HttpList;
use super::joined::{How, Joined, Part};
use super::node::Node;
use super::vcr;
use super::written::{Notation, Written};
use super::{Probe, Source};

pub(super) struct GoVcr;

impl HttpList for GoVcr {
    const PATH: &[&str] = &["interactions"];

    fn id(&self) -> &'static str {
        "go-vcr"
    }

    fn about(&self) -> &'static str {
        "go-vcr cassettes, YAML or JSON: interactions[] with request.url"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        probe.lists("interactions", "url")
    }
}

impl HttpEntries for GoVcr {
    fn head<'a>(&self, entry: &Node<'a>) -> Result<RequestHead<'a>, Unread> {
        vcr::head(entry.get("request"), "url")
    }

    fn sent<'a>(&self, entry: &Node<'a>, head: &RequestHead<'a>, source: &Source<'a>) -> Body<'a> {
        let request = entry.get("request");
        match parsed_body(request.get("body"), source)? {
            Some(body) if !body.bytes.is_empty() => Ok(Some(body)),
            _ => Ok(form(request.get("form"), &head.headers)),
        }
    }

    fn answer<'a>(&self, entry: &Node<'a>, source: &Source<'a>) -> Result<Option<HttpResponse<'a>>, Unread> {
        let response = entry.get("response");
        // The first version wrote the status line alone where a test gave no code; 0 stands for no response.
        let status = match response.get("code").status()? {
            None => response.get("status").status()?,
            code => code,
        };
        match status {
            None if response.is_map() => Err("its response has no status".into()),
            None | Some(0) => Ok(None),
            Some(status) => {
                let body = parsed_body(response.get("body"), source)?;
                Ok(Some(HttpResponse::new(status, response.get("headers").headers()?, body)))
            }
        }
    }

    fn complete<'a>(&self, entry: &Node<'a>, exchange: HttpExchange<'a>) -> HttpExchange<'a> {
        let form = entry.at(&["request", "form"]).members().iter();
        let pairs = form.flat_map(|(name, values)| {
            let values = values.items().iter().filter_map(|value| value.written().ok()?);
            values.map(|value| (name.clone(), value)).collect::<Vec<_>>()
        });
        HttpExchange { pairs: pairs.collect(), ..exchange }
    }
}

/// A form that stands parsed, where its text does not.
fn form<'a>(form: &Node<'a>, headers: &Headers<'a>) -> Option<Written<'a>> {
    let first = form.members().first().map(|(_, values)| values.range.clone())?;
    if !headers.are_of_a_form() {
        return None;
    }
    let pairs = form.members().iter().flat_map(|(name, values)| {
        let values = values.items().iter().filter_map(Node::text);
        values.map(move |value| format!("{}={}", form_encoded(name), form_encoded(&value)))
    });
    let bytes = pairs.collect::<Vec<_>>().join("&").into_bytes().into();
    let values = form.members().iter().flat_map(|(_, values)| values.items());
    let parts: Option<Vec<Part>> =
        values.map(|value| Some(value.written().ok()??.encoded_part(form_encoded))).collect();
    let joined = parts.map(|parts| Joined::of(How::Pairs, parts));
    Some(Written { joined, ..Written::new(bytes, first, Notation::Pieces) })
}

#[cfg(test)]
mod tests {
    use super::super::document::shown;
    use super::*;

    #[test]
    fn statuses_are_numbers_or_lines() {
        let text = "---\nversion: 1\ninteractions:\n- request: {method: GET, url: x, body: ''}\n  \
                    response: {status: 404 Not Found, body: a}\n- request: {method: GET, url: y}\n  \
                    response: {status: 200 OK, code: 201, body: !!binary Yg==}\n- request: {method: GET, url: z}\n  \
                    response: {status: '', code: 0}\n";
        assert_eq!(shown(&GoVcr, text), ["GET x - > 404 a", "GET y - > 201 b", "GET z - > -"]);
        let odd = text.replace("code: 201", "code: OK").replace("404 Not Found", "~");
        let expected = [
            "its response has no status @Some(0)",
            "the status of its response is no HTTP status @Some(1)",
            "GET z - > -",
        ];
        assert_eq!(shown(&GoVcr, &odd), expected);
    }

    #[test]
    fn a_form_stands_in_for_a_body_that_is_not_there() {
        let text = "interactions:\n- request:\n    method: POST\n    url: x\n    body: ''\n    form: {Action: [A b], \
                    V: ['1', '2']}\n    headers: {Content-Type: [application/x-www-form-urlencoded; charset=utf-8]}\n  \
                    response: {code: 0}\n";
        assert_eq!(shown(&GoVcr, text), ["POST x Action=A%20b&V=1&V=2 > -"]);
        assert_eq!(shown(&GoVcr, &text.replace("body: ''", "body: a=b")), ["POST x a=b > -"]);
        assert_eq!(shown(&GoVcr, &text.replace("x-www", "y-www")), ["POST x - > -"]);
    }
}

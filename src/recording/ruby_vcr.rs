//! Ruby VCR's cassettes, YAML and JSON, and betamax's, which follow them: `http_interactions[]` of
//! `request.{method, uri, body, headers}`, `response.{status.code, headers, body}` and `recorded_at`.

use std::borrow::Cow;

use super::document::{held_body, read_http};
use super::http::{HttpExchange, HttpRequest, HttpResponse};
use super::node::Node;
use super::{Entry, Format, Probe, Source, moment};

pub(super) struct RubyVcr;

impl Format for RubyVcr {
    fn id(&self) -> &'static str {
        "ruby-vcr"
    }

    fn about(&self) -> &'static str {
        "Ruby VCR and betamax cassettes, YAML or JSON: http_interactions[]"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        probe.lists("http_interactions", "uri")
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        read_http(source, |root| root.into_list(&["http_interactions"]), |entry| exchange(entry, source), sink);
    }
}

fn exchange<'a>(entry: &Node<'a>, source: &Source<'a>) -> Result<HttpExchange<'a>, String> {
    let (request, response) = (entry.get("request"), entry.get("response"));
    let method = request.get("method").text().ok_or("its request has no method")?;
    let url = request.get("uri").written()?.ok_or("its request has no uri")?;
    let body = held_body(request.get("body"), source)?;
    let answer = if response.is_map() {
        let status = response.at(&["status", "code"]).status().ok_or("its response has no status")?;
        let body = held_body(response.get("body"), source)?;
        Some(HttpResponse::new(status, response.get("headers").headers()?, body))
    } else {
        None
    };
    Ok(HttpExchange {
        request: HttpRequest::new(&method, url, request.get("headers").headers()?, body),
        response: answer,
        recorded_at: entry.get("recorded_at").text().map(|text| moment::of_http_date(&text).map_or(text, Cow::Owned)),
        entry: 0,
        offset: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::super::document::shown;
    use super::*;

    #[test]
    fn bodies_are_texts_or_base64() {
        let text = "http_interactions:\n- request:\n    method: post\n    uri: http://h/\n    body:\n      encoding: UTF-8\n      \
                    string: a\n  response:\n    status: {code: 200, message: OK}\n    body:\n      encoding: ASCII-8BIT\n      \
                    base64_string: |\n        YmIK\n        Yg==\n";
        assert_eq!(shown(&RubyVcr, text), ["POST http://h/ a > 200 bb\nb"]);
        let tagged = text.replace("base64_string: |", "string: !binary |-").replace("string: a", "string: ''");
        assert_eq!(shown(&RubyVcr, &tagged), ["POST http://h/ - > 200 bb\nb"]);
    }
}

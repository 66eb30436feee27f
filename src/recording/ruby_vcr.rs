//! Ruby VCR's cassettes, YAML and JSON, and betamax's, which follow them: `http_interactions[]` of
//! `request.{method, uri, body, headers}`, `response.{status.code, headers, body}` and `recorded_at`.

use super::http_list::HttpList;
use super::vcr::Vcr;
use super::{Marks, Probe};

pub(super) struct RubyVcr;

impl HttpList for RubyVcr {
    const PATH: &[&str] = &["http_interactions"];

    fn id(&self) -> &'static str {
        "ruby-vcr"
    }

    fn about(&self) -> &'static str {
        "Ruby VCR and betamax cassettes, YAML or JSON: http_interactions[]"
    }

    fn marks(&self) -> Marks {
        Marks::of(&["http_interactions"])
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        probe.lists("http_interactions", "uri")
    }
}

impl Vcr for RubyVcr {
    fn has_placeholders(&self) -> bool {
        true
    }
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

    #[test]
    fn statuses_are_those_of_all_that_follow_it() {
        let of = |status: &str| {
            let text = format!(
                "http_interactions:\n- request: {{method: get, uri: 'http://h/'}}\n  response:\n    status: {status}\n    \
                 body: {{string: b}}\n"
            );
            shown(&RubyVcr, &text).pop().expect("one entry")
        };
        for status in ["{code: 404}", "404", "{status_code: 404, category: Success}", "'404 Not Found'"] {
            assert_eq!(of(status), "GET http://h/ - > 404 b", "{status}");
        }
        for none in ["null", "{}", "{message: OK}", "[404]", "ok"] {
            assert!(of(none).contains("status"), "{none}: {}", of(none));
            assert!(!of(none).contains('>'), "{none}: {}", of(none));
        }
    }

    #[test]
    fn flow_style_is_read_as_any_other() {
        let text = "{http_interactions: [{request: {method: get, uri: 'http://h/', body: {string: a}}, \
                    response: {status: {code: 200}, body: {string: b}}}]}\n";
        assert_eq!(shown(&RubyVcr, text), ["GET http://h/ a > 200 b"]);
    }
}

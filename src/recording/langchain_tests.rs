//! Cassettes of langchain-tests, gzipped YAML: what vcrpy records, as two lists side by side, `requests` and `responses`.

use std::borrow::Cow;
use std::iter;

use super::document::read_http;
use super::node::{Kind, Node};
use super::vcr::Vcr;
use super::{Entry, Format, Marks, Probe, Source};

pub(super) struct LangchainTests;

impl Format for LangchainTests {
    fn id(&self) -> &'static str {
        "langchain-tests"
    }

    fn about(&self) -> &'static str {
        "langchain-tests cassettes, YAML: requests[] with uri beside responses[]"
    }

    fn marks(&self) -> Marks {
        Marks::of(&["requests", "responses"])
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        let has = |key: &str| probe.yaml_has(&[Some("requests"), None], key);
        // Responses stand behind all requests, and are missing where a file is cut.
        probe.keys.is_empty() && has("uri") && (probe.mentions(&["responses"]) || has("method") && has("headers"))
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        read_http(self, pairs, source, sink);
    }
}

impl Vcr for LangchainTests {}

/// Each request with the response at its place. One that has none stays alone.
fn pairs(root: Node<'_>) -> Option<Vec<Node<'_>>> {
    let (mut requests, mut responses) = (None, Vec::new());
    for (key, member) in root.into_members() {
        match &*key {
            "requests" => requests = member.into_list(&[]),
            "responses" => responses = member.into_list(&[]).unwrap_or_default(),
            _ => {}
        }
    }
    let requests = requests?;
    let most = requests.len().max(responses.len());
    let (requests, responses) = (padded(requests), padded(responses));
    Some(requests.zip(responses).take(most).map(|(request, response)| pair(request, response)).collect())
}

fn padded(items: Vec<Node<'_>>) -> impl Iterator<Item = Option<Node<'_>>> {
    items.into_iter().map(Some).chain(iter::repeat_with(|| None))
}

fn pair<'a>(request: Option<Node<'a>>, response: Option<Node<'a>>) -> Node<'a> {
    let range = request.as_ref().or(response.as_ref()).map_or(0..0, |half| half.range.clone());
    let halves = [("request", request), ("response", response)].into_iter();
    let members = halves.filter_map(|(name, half)| Some((Cow::Borrowed(name), half?))).collect();
    Node { kind: Kind::Map(members), range }
}

#[cfg(test)]
mod tests {
    use super::super::document::shown;
    use super::*;

    #[test]
    fn each_request_has_the_response_at_its_place() {
        let text = "requests:\n- {method: post, uri: 'http://h/a', body: !!binary YQ==, headers: {A: [b]}}\n\
                    - {method: get, uri: 'http://h/b', body: null}\nresponses:\n\
                    - {status: {code: 200, message: OK}, body: {string: x}, headers: {}}\n\
                    - {status: {code: 404}, body: {string: !!binary eQ==}}\n";
        assert_eq!(shown(&LangchainTests, text), ["POST http://h/a a > 200 x", "GET http://h/b - > 404 y"]);
    }

    #[test]
    fn a_half_that_stands_alone_is_told() {
        let text = |requests: &str, responses: &str| format!("requests: [{requests}]\nresponses: [{responses}]\n");
        let (request, response) = ("{method: get, uri: x}", "{status: {code: 200}, body: {string: ''}}");
        let missing = ["GET x - > -", "it has no response @Some(0)"];
        assert_eq!(shown(&LangchainTests, &text(request, "")), missing);
        assert_eq!(shown(&LangchainTests, &text("", response)), ["its request has no method @Some(0)"]);
        assert_eq!(shown(&LangchainTests, "requests: 1\nresponses: []\n"), ["it has no list of exchanges @None"]);
    }
}

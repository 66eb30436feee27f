//! vcrpy's cassettes, YAML and JSON: `interactions[]` of `request.{method, uri, body, headers}` and
//! `response.{status.code, headers, body.string}`.

use super::document::{Body, parsed_body};
use super::http_list::HttpList;
use super::node::Node;
use super::vcr::{Vcr, held};
use super::{Marks, Probe, Source};

pub(super) struct Vcrpy;

impl HttpList for Vcrpy {
    const PATH: &[&str] = &["interactions"];

    fn id(&self) -> &'static str {
        "vcrpy"
    }

    fn about(&self) -> &'static str {
        "vcrpy cassettes, YAML or JSON: interactions[] with request.uri"
    }

    fn marks(&self) -> Marks {
        Marks::of(&["interactions"])
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        probe.lists("interactions", "uri")
    }
}

impl Vcr for Vcrpy {
    fn body<'a>(&self, half: &Node<'a>, source: &Source<'a>) -> Body<'a> {
        let body = half.get("body");
        match body.members() {
            // An in-memory file of Python's: its state is its content, and more.
            [(key, state)] if key == "state" => Ok(state.items().first().map_or(Ok(None), Node::written)?),
            // With httpx it had another name for a while. Some projects keep a body parsed, under a name of their own.
            _ if body.is_null() => match half.get("content").written()? {
                Some(content) => Ok(Some(content)),
                None => parsed_body(half.get("parsed_body"), source),
            },
            _ => held(body, source),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::{UNREAD_HEADERS, shown};
    use super::*;

    #[test]
    fn bodies_come_in_many_forms() {
        let entry = |request: &str, response: &str| {
            let text = format!(
                "interactions:\n- request: {{method: post, uri: 'http://h/', body: {request}}}\n  \
                 response: {{status: {{code: 200}}, body: {response}}}\n"
            );
            shown(&Vcrpy, &text).pop().expect("one entry")
        };
        assert_eq!(entry("null", "{string: ''}"), "POST http://h/ - > 200 -");
        let httpx = "interactions:\n- request: {method: post, uri: 'http://h/', body: a}\n  \
                     response: {status_code: 201, content: b}\n";
        assert_eq!(shown(&Vcrpy, httpx), ["POST http://h/ a > 201 b"]);
        assert_eq!(entry("'a'", "{string: !!binary Yg==}"), "POST http://h/ a > 200 b");
        assert_eq!(entry("{string: a}", "{base64_string: Yg==}"), "POST http://h/ a > 200 b");
        assert_eq!(
            entry("{a: 1, b: [x, '1', true, ~]}", "null, parsed_body: {c: 0.5}"),
            r#"POST http://h/ {"a":1,"b":["x","1",true,null]} > 200 {"c":0.5}"#
        );
        assert_eq!(
            entry("!!python/object/new:_io.BytesIO {state: [!!binary YQ==, 0, null]}", "b"),
            "POST http://h/ a > 200 b"
        );
        assert!(entry("a", "{string: !!binary '?'}").contains("should be base64"));
    }

    #[test]
    fn an_entry_that_cannot_be_read_does_not_hide_the_others() {
        let text = "interactions:\n- request: {method: GET}\n- request: {method: GET, uri: x}\n  response: {body: 1}\n\
                    - request: {method: GET, uri: x}\n";
        let expected = [
            "its request has no uri @Some(0)",
            "its response has no status @Some(1)",
            "GET x - > -",
            "it has no response @Some(2)",
        ];
        assert_eq!(shown(&Vcrpy, text), expected);
    }

    #[test]
    fn keys_that_stand_twice_are_told() {
        let twice = |text: &str| shown(&Vcrpy, text).into_iter().filter(|told| told.contains("appears twice")).count();
        assert_eq!(twice("interactions: []\ninteractions: []\n"), 1);
        assert_eq!(twice("interactions:\n- a: 1\n  a: 2\n  a: 3\n"), 2);
        assert_eq!(twice("interactions:\n- headers: {a: [1], a: [2]}\n"), 0, "each header is read");
        assert_eq!(twice("interactions:\n- request: {body: {a: 1, a: 2}}\n"), 1, "a body that is rebuilt");
        assert_eq!(
            twice("{\"interactions\": [{\"body\": {\"a\": 1, \"a\": 2}}]}"),
            0,
            "a body that is judged as it is"
        );
        assert_eq!(twice("interactions:\n- &x {a: 1, a: 2}\n- *x\n- {<<: *x}\n"), 1, "aliases tell it once");
    }

    #[test]
    fn headers_that_are_none_are_told() {
        let told = |headers: &str, got: &str| {
            let text = format!(
                "interactions:\n- request: {{method: GET, uri: x, headers: {headers}}}\n  \
                 response: {{status: {{code: 200}}, headers: {got}}}\n"
            );
            shown(&Vcrpy, &text)[1..].to_vec()
        };
        for odd in ["'Cookie: a'", "[[Cookie, a]]", "[{a: b}]", "7", "{a: {b: c}}", "{a: [[b]]}"] {
            assert_eq!(told(odd, "{}"), [format!("{UNREAD_HEADERS} @Some(0)")], "{odd}");
            assert_eq!(told("{}", odd), [format!("{UNREAD_HEADERS} @Some(0)")], "{odd}");
        }
        for sound in ["{}", "[]", "~", "''", "{a: b, c: [d, 7], e: ~}"] {
            assert_eq!(told(sound, sound), [""; 0], "{sound}");
        }
    }
}

//! Stubs of `WireMock` (`mappings/*.json`, or YAML, of which a file may hold several documents): the request that each matches
//! and the response that it gives, with bodies that may be in files of their own below `__files`.
//!
//! A stub keeps the parts of a request that it matches, seldom the host. One whose address is a pattern is no request. Which
//! service it stands for is in what it matches: the host, the target, the credential scope, `Action` and `Version`.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use memchr::memmem;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::body_file;
use super::document::{Body, HttpEntries, RequestHead, Unread, parsed_body, read_http};
use super::http::{Headers, HttpExchange, HttpResponse, Pattern};
use super::joined::{How, Joined, Part};
use super::node::{NO_STATUS, Node};
use super::notation::Inline;
use super::wiremock_secrets::{EQUAL, asides, of_no_exchange, texts};
use super::written::{Notation, Written};
use super::{Entry, Format, Probe, Source, redact};

/// Keys of which a stub's request has one.
const ADDRESSES: &[&str] = &["url", "urlPath", "urlPattern", "urlPathPattern", "urlPathTemplate"];
/// Keys of which a stub's response has one.
const ANSWERS: &[&str] = &["status", "body", "jsonBody", "base64Body", "bodyFileName", "proxyBaseUrl", "fault"];
/// The member that names the file of a body.
const FILE: &str = "bodyFileName";
/// What matches a text that is known.
const EQUALS: &[&str] = &["binaryEqualTo", "equalTo", "equalToJson", "equalToXml"];
/// Parameters that say for which operation a form is.
const NAMING: &[&str] = &["Action", "Version"];

/// Headers that say for whom a request is, and are no member of it: a part of one is enough.
const TELLING: &[&str] = &["authorization", "host", "x-amz-target"];
/// What matches a part of a text.
const PARTS: &[&str] = &["contains", "matches"];

pub(super) struct WireMock;

impl Format for WireMock {
    fn id(&self) -> &'static str {
        "wiremock"
    }

    fn about(&self) -> &'static str {
        "stubs of WireMock, JSON or YAML: {request: {url, method}, response: {status, body or bodyFileName}}, or mappings[] of such"
    }

    fn recognises(&self, probe: &Probe<'_>) -> bool {
        let within = |name: &str, any: &[&str]| probe.keys_within(name).iter().any(|key| any.contains(&key.as_str()));
        // A line of another document may look like a stub, and so may the entries of a list, which others write.
        let is_list = probe.start.trim_ascii_start().starts_with(b"[");
        let is_stub = !probe.first_line_is_object
            && !is_list
            && (probe.has(&["request", "response"]) || probe.has(&["mappings"]));
        is_stub && within("request", ADDRESSES) && within("response", ANSWERS) || is_yaml(probe)
    }

    fn read<'a>(&self, source: &Source<'a>, sink: &mut dyn FnMut(Entry<'a>)) {
        let stubs = |root: Node<'a>| match root.get("mappings").items() {
            [] if root.get("request").is_map() => Some(vec![root]),
            _ => root.into_list(&["mappings"]),
        };
        read_http(self, stubs, source, sink);
    }
}

/// Whether a file is YAML that begins with a stub. Its keys begin lines, and most YAML has none of them.
fn is_yaml(probe: &Probe<'_>) -> bool {
    if !probe.keys.is_empty() {
        return false;
    }
    let begins = |key: &str| {
        let is_there = |line: &str| {
            probe.start.starts_with(&line.as_bytes()[1..]) || memmem::find(probe.start, line.as_bytes()).is_some()
        };
        is_there(&format!("\n{key}:")) || is_there(&format!("\n\"{key}\":"))
    };
    let is_stub = |above: &[Option<&str>]| {
        let has = |half, keys: &[&str]| keys.iter().any(|key| probe.yaml_has(&[above, &[Some(half)]].concat(), key));
        has("request", ADDRESSES) && has("response", ANSWERS)
    };
    begins("request") && begins("response") && is_stub(&[]) || begins("mappings") && is_stub(&[Some("mappings"), None])
}

impl HttpEntries for WireMock {
    fn head<'a>(&self, stub: &Node<'a>) -> Result<RequestHead<'a>, Unread> {
        let request = stub.get("request");
        if !request.is_map() {
            return Err("it has no request".into());
        }
        let url = url(request)?.ok_or(Unread::PassedOver("stubs whose requests are patterns"))?;
        // Without a method a stub matches any.
        let method = request.get("method");
        let is_any = method.is_null() || method.text().is_some_and(|method| method == "ANY");
        if is_any {
            return Err(Unread::PassedOver("stubs whose requests are patterns"));
        }
        let method = method.text().ok_or("the method of its request is no text")?;
        Ok(RequestHead { method, url, headers: headers(request)? })
    }

    fn sent<'a>(&self, stub: &Node<'a>, _head: &RequestHead<'a>, source: &Source<'a>) -> Body<'a> {
        Matched::of(stub.get("request")).body(source)
    }

    fn answer<'a>(&self, stub: &Node<'a>, source: &Source<'a>) -> Result<Option<HttpResponse<'a>>, Unread> {
        let response = stub.get("response");
        if ["proxyBaseUrl", "fault"].iter().any(|key| !response.get(key).is_null()) {
            return Err(Unread::PassedOver("stubs that answer nothing of their own"));
        }
        if !response.is_map() {
            return Ok(None);
        }
        let body = answered(response, source)?;
        Ok(Some(HttpResponse::new(status(response)?, response.get("headers").headers()?, body)))
    }

    fn asides<'a>(&self, stub: &Node<'a>) -> Vec<Written<'a>> {
        let (request, response) = (stub.get("request"), stub.get("response"));
        let mut asides = asides(request, false);
        asides.extend(of_no_exchange(request, response));
        asides
    }

    fn complete<'a>(&self, stub: &Node<'a>, exchange: HttpExchange<'a>) -> HttpExchange<'a> {
        let request = stub.get("request");
        let mut patterns = if Matched::of(request).is_loose() { vec![Pattern::Body] } else { Vec::new() };
        patterns.extend(named_patterns(request));
        HttpExchange { is_stub: true, asides: asides(request, true), patterns, ..exchange }
    }
}

/// The status of an answer, which a stub may leave out.
fn status(response: &Node<'_>) -> Result<u16, String> {
    match response.get("status").status()? {
        Some(status) => Ok(status),
        None if response.members().iter().any(|(name, _)| name == "status") => Err(NO_STATUS.to_owned()),
        None => Ok(200),
    }
}

/// Path and query string, where they are known, and the host, where it is matched.
fn url<'a>(request: &Node<'a>) -> Result<Option<Written<'a>>, String> {
    let path = request.get("url").written()?.or(request.get("urlPath").written()?);
    let Some(path) = path else { return Ok(None) };
    let host = request.at(&["host", "equalTo"]).text().map(|host| format!("https://{host}"));
    let (pairs, values) = pairs(request.get("queryParameters"));
    if pairs.is_empty() && host.is_none() {
        return Ok(Some(path));
    }
    let mark = if pairs.is_empty() { "" } else { "?" };
    let bytes = format!("{}{}{mark}{}", host.unwrap_or_default(), path.text(), pairs.join("&")).into_bytes().into();
    let joined = Some(Joined::of(How::Address, std::iter::once(path.verbatim_part()).chain(values).collect()));
    Ok(Some(Written { bytes, joined, form: Notation::Pieces, ..path }))
}

/// What is encoded in names.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Parameters that are matched by all of their text, encoded, and their values where they stand.
fn pairs(parameters: &Node<'_>) -> (Vec<String>, Vec<Part>) {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pair = |(name, matcher): &(Cow<'_, str>, Node<'_>)| {
        let value = matcher.get(EQUAL).written().ok()??;
        // Who looks for the name has to know it.
        let name = utf8_percent_encode(name, NAME);
        Some((format!("{name}={}", encoded(&value.text())), value.encoded_part(encoded)))
    };
    parameters.members().iter().filter_map(pair).unzip()
}

/// Whether a matcher says something of what it matches, beside its member `read`: a letter or digit that stands for itself.
/// Options (`ignoreExtraElements`) and a path to a member alone say nothing.
fn tells(matcher: &Node<'_>, read: Option<&str>) -> bool {
    let is_said = |text: &str| text.contains(char::is_alphanumeric) && !matches!(text, "true" | "false");
    let says = |key: &str, node: &Node<'_>| {
        let is_path = |text: &str| matches!(key, "matchesJsonPath" | "expression") && is_plain_path(text);
        texts(node).iter().any(|text| is_said(&text.text()) && !is_path(&text.text()))
    };
    matcher.members().iter().filter(|(key, _)| Some(&**key) != read).any(|(key, node)| match node.members() {
        [] => says(key, node),
        within => within.iter().any(|(key, node)| says(key, node)),
    })
}

/// Whether a path of JSON names members and compares nothing.
fn is_plain_path(path: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '*');
    path.strip_prefix('$').is_some_and(|names| names.chars().all(is_plain))
}

/// Query parameters and headers that are not matched by all of their text.
fn named_patterns(request: &Node<'_>) -> Vec<Pattern> {
    let of = |part: &str, pattern: fn(String) -> Pattern| {
        let matchers = request.get(part).members().iter().filter(|(_, matcher)| tells(matcher, Some(EQUAL)));
        matchers.map(move |(name, _)| pattern(name.to_string())).collect::<Vec<_>>()
    };
    [of("queryParameters", Pattern::Query), of("headers", Pattern::Header)].concat()
}

/// Headers that are matched by all of their text, and those of which a part says enough.
fn headers<'a>(request: &Node<'a>) -> Result<Headers<'a>, String> {
    let mut headers = Headers::default();
    let matchers = request.get("headers");
    headers.leaves_out(!matchers.is_map() && !matchers.is_empty());
    for (name, matcher) in matchers.members() {
        headers.leaves_out(!matcher.is_map() && !matcher.is_null());
        if let Some(value) = matcher.get(EQUAL).written()? {
            headers.push(name.clone(), value);
        } else if TELLING.iter().any(|own| name.eq_ignore_ascii_case(own))
            && let Some((text, part)) = part(matcher)
        {
            // What is secret in a part is masked where it stands.
            let text = if name.eq_ignore_ascii_case("authorization") { signed(&text) } else { text };
            let text = redact::header(name, &text).unwrap_or(text);
            let (bytes, range) = (text.into_bytes().into(), part.range.clone());
            headers.push(name.clone(), Written::new(bytes, range, Notation::Pieces));
        }
    }
    Ok(headers)
}

/// A part of a signature as the header that has it: from the credential on, or the end of its scope alone.
fn signed(part: &str) -> String {
    let credential = part.find("Credential=").map_or("", |at| &part[at..]);
    match credential {
        "" => format!("AWS4-HMAC-SHA256 Credential=/{}", part.trim_start_matches('/')),
        credential => format!("AWS4-HMAC-SHA256 {credential}"),
    }
}

/// The part of a text that a matcher knows, and where it stands; `None` where it is a pattern that says more than one.
fn part<'n, 'a>(matcher: &'n Node<'a>) -> Option<(String, &'n Node<'a>)> {
    let node = PARTS.iter().map(|key| matcher.get(key)).find(|node| !node.is_null())?;
    let text = node.text()?;
    if !matcher.get(PARTS[0]).is_null() {
        return Some((text.into_owned(), node));
    }
    let inner = text.trim_start_matches('^').trim_end_matches('$');
    let inner = inner.trim_start_matches(".*").trim_end_matches(".*").replace("\\.", ".").replace("\\/", "/");
    // A dot that is not escaped is meant for itself in a name.
    (!inner.contains(['\\', '[', '(', '{', '|', '*', '+', '?'])).then_some((inner, node))
}

/// What a stub matches of the body: all of it by one matcher, or the pairs of a query protocol's form one by one. Another body
/// that is known in parts is unknown.
struct Matched<'n, 'a> {
    request: &'n Node<'a>,
    /// The matcher that holds all: its number, how it matches, and what.
    whole: Option<(usize, &'static str, &'n Node<'a>)>,
    /// The form, where none does.
    form: Option<Form<'a>>,
}

/// A form that several matchers hold.
struct Form<'a> {
    body: Written<'a>,
    /// Those of `bodyPatterns`, by their numbers.
    matchers: Vec<usize>,
}

impl<'n, 'a> Matched<'n, 'a> {
    fn of(request: &'n Node<'a>) -> Self {
        let whole = request.get("bodyPatterns").items().iter().enumerate().find_map(|(at, matcher)| {
            let key = EQUALS.iter().find(|key| !matcher.get(key).is_null())?;
            Some((at, *key, matcher.get(key)))
        });
        let form = if whole.is_none() { Form::of(request) } else { None };
        Self { request, whole, form }
    }

    fn body(self, source: &Source<'a>) -> Body<'a> {
        Ok(match self.whole {
            Some((_, "binaryEqualTo", body)) => Some(body.base64()?),
            // As a text or as what it means.
            Some((_, "equalToJson", body)) => parsed_body(body, source)?,
            Some((_, _, body)) => body.written()?,
            None => self.form.map(|form| form.body),
        })
    }

    /// Whether more is matched of the body than is read of it.
    fn is_loose(&self) -> bool {
        let matchers = self.request.get("bodyPatterns");
        let is_in_form = |at: &usize| self.form.as_ref().is_some_and(|form| form.matchers.contains(at));
        let is_loose = |(at, matcher): (usize, &Node<'a>)| {
            let read = self.whole.filter(|(own, ..)| *own == at).map(|(_, key, _)| key);
            !is_in_form(&at) && tells(matcher, read)
        };
        let is_loose_parameter = |(name, matcher): &(Cow<'_, str>, Node<'a>)| {
            let is_read = self.form.is_some() && !matcher.get(EQUAL).is_null();
            !NAMING.contains(&&**name) && tells(matcher, is_read.then_some(EQUAL))
        };
        let others = [&["multipartPatterns"][..], &["customMatcher", "parameters"]];
        matchers.items().iter().enumerate().any(is_loose)
            // What is no list is not read.
            || matchers.is_map() && !texts(matchers).is_empty()
            || self.request.get("formParameters").members().iter().any(is_loose_parameter)
            || others.iter().any(|path| !texts(self.request.at(path)).is_empty())
    }
}

impl<'a> Form<'a> {
    /// The pairs of a form that says for which operation it is, as they are matched one by one.
    fn of(request: &Node<'a>) -> Option<Self> {
        let parameters = request.get("formParameters");
        let (mut form, parts) = pairs(parameters);
        let mut at = (!form.is_empty()).then_some(parameters);
        let mut matchers = Vec::new();
        for (number, matcher) in request.get("bodyPatterns").items().iter().enumerate() {
            let is_pair =
                |text: &str| text.split('&').all(|pair| pair.split_once('=').is_some_and(|(name, _)| !name.is_empty()));
            let part = part(matcher).filter(|(text, _)| is_pair(text) && !text.contains([' ', '"', '<']));
            if let Some((text, node)) = part {
                form.push(text);
                matchers.push(number);
                at.get_or_insert(node);
            }
        }
        let at = at.filter(|_| form.iter().any(|pair| pair.starts_with("Action=")))?;
        // A pattern may hold several pairs, or a part of one.
        let joined = matchers.is_empty().then(|| Joined::of(How::Pairs, parts));
        let (bytes, range) = (form.join("&").into_bytes().into(), at.range.clone());
        Some(Self { body: Written { joined, ..Written::new(bytes, range, Notation::Pieces) }, matchers })
    }
}

fn answered<'a>(response: &Node<'a>, source: &Source<'a>) -> Body<'a> {
    let file = response.get(FILE);
    if let Some(name) = file.text() {
        let bytes = body_file::read(&bodies(source.path), &name, &source.limits)?.into();
        let member = body_file::member(FILE, file, source);
        return Ok(Some(Written::new(bytes, member, Notation::Beside(Inline::Stub))));
    }
    if !response.get("base64Body").is_null() {
        return Ok(Some(response.get("base64Body").base64()?));
    }
    let parsed = response.get("jsonBody");
    parsed_body(if parsed.is_null() { response.get("body") } else { parsed }, source)
}

/// The folder of bodies: beside the one of the stubs.
fn bodies(path: &Path) -> PathBuf {
    // Seen from its own folder, a path says nothing of those around it.
    let whole = path.canonicalize().ok().filter(|_| path.is_relative());
    let path = whole.as_deref().unwrap_or(path);
    let stubs = path.ancestors().skip(1).find(|folder| folder.file_name().is_some_and(|name| name == "mappings"));
    stubs.or(path.parent()).and_then(Path::parent).unwrap_or(Path::new("")).join("__files")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::document::{self, shown};
    use super::*;

    fn stub(request: &Value, response: &Value) -> Vec<String> {
        shown(&WireMock, &json!({"id": "x", "request": request, "response": response}).to_string())
    }

    #[test]
    fn what_a_stub_matches_is_its_request() {
        let body = |pattern: &Value| json!({"method": "POST", "url": "/a?b=c", "bodyPatterns": [pattern]});
        let empty = json!({"status": 200});
        assert_eq!(stub(&body(&json!({"equalToJson": "{\"a\": 1}"})), &empty), ["POST /a?b=c {\"a\": 1} > 200 -"]);
        assert_eq!(stub(&body(&json!({"binaryEqualTo": "aGk="})), &json!({})), ["POST /a?b=c hi > 200 -"]);
        assert_eq!(stub(&body(&json!({"matches": ".*"})), &empty), ["POST /a?b=c - > 200 -"]);
        let path = json!({"method": "GET", "urlPath": "/a", "queryParameters": {"b": {"equalTo": "c d"}, "e": {"matches": "."}}});
        assert_eq!(stub(&path, &empty), ["GET /a?b=c%20d - > 200 -"]);
        for request in
            [json!({"method": "GET", "urlPattern": "/.*"}), json!({"method": "ANY", "url": "/"}), json!({"url": "/"})]
        {
            assert!(stub(&request, &empty)[0].contains("PassedOver"), "{request}");
        }
    }

    #[test]
    fn stubs_may_be_yaml_and_a_file_may_hold_several() {
        let one = "request:\n  url: /a\n  method: POST\n  bodyPatterns:\n  - equalToJson: |-\n      {\"a\": 1}\n    ignoreArrayOrder: \
                   false\nresponse:\n  status: 200\n  body: \"{\\\"b\\\": \\\n    2}\"\n";
        let two = "id: x\nresponse: {body: c}\nrequest: {urlPath: /b, method: GET, host: {equalTo: h}}\n";
        let (first, second) = ("POST /a {\"a\": 1} > 200 {\"b\": 2}", "GET https://h/b - > 200 c");
        let indented = |text: &str| text.replace('\n', "\n  ").trim_end().to_owned();
        for (text, expected) in [
            (one.to_owned(), &[first][..]),
            (format!("---\n{one}---\n{two}"), &[first, second]),
            (format!("mappings:\n- {}\n- {}\n", indented(one), indented(two)), &[first, second]),
        ] {
            let probe =
                Probe { path: Path::new("a.yaml"), start: text.as_bytes(), keys: &[], first_line_is_object: false };
            assert!(WireMock.recognises(&probe), "{text}");
            assert_eq!(shown(&WireMock, &text), expected, "{text}");
        }
        for other in [
            "stages:\n- request:\n    url: /a\n  response:\n    status: 200\n",
            "request:\n  path: /a\nresponse:\n  status: 200\n",
            "request:\n  url: /a\nresponse:\n  code: 200\n",
            "requests:\n- uri: http://h\nresponses:\n- body: x\n",
            "text: |\n  a\nrequest: url\nresponse: body\n",
        ] {
            let probe =
                Probe { path: Path::new("a.yaml"), start: other.as_bytes(), keys: &[], first_line_is_object: false };
            assert!(!WireMock.recognises(&probe), "{other}");
        }
    }

    #[test]
    fn what_is_no_stub_is_told() {
        for (request, reason) in [
            (json!(null), "it has no request"),
            (json!(["a"]), "it has no request"),
            (json!({"url": "/a", "method": ["GET"]}), "the method of its request is no text"),
        ] {
            let sound = json!({"request": {"method": "GET", "url": "/"}, "response": {"status": 200}});
            let stubs = json!({"mappings": [{"request": request, "response": {"status": 200}}, sound]});
            let told = shown(&WireMock, &stubs.to_string());
            assert_eq!(told, [format!("{reason} @Some(0)"), "GET / - > 200 -".to_owned()], "{request}");
        }
        for odd in [json!(null), json!("x"), json!(7), json!([])] {
            assert_eq!(shown(&WireMock, &json!({"mappings": [odd]}).to_string()), ["it has no request @Some(0)"]);
        }
        for headers in [json!("Cookie: a"), json!([["a", "b"]]), json!({"a": "b"}), json!({"a": [1]})] {
            let told = stub(&json!({"method": "GET", "url": "/a", "headers": headers}), &json!({}));
            assert_eq!(told[1..], [format!("{} @Some(0)", document::UNREAD_HEADERS)], "{headers}");
        }
    }

    #[test]
    fn a_status_may_be_left_out_and_is_one_where_it_is_there() {
        let request = json!({"method": "GET", "url": "/a"});
        assert_eq!(stub(&request, &json!({})), ["GET /a - > 200 -"]);
        for status in [json!(null), json!(""), json!("x")] {
            let told = stub(&request, &json!({"status": status}));
            assert!(told[0].contains("no HTTP status"), "{status}: {told:?}");
        }
    }

    #[test]
    fn a_stub_may_say_for_whom_it_is() {
        let heard = |more: &Value| {
            let mut stub = json!({"request": {"method": "POST", "url": "/"}, "response": {"status": 200}});
            stub["request"].as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            let text = stub.to_string();
            let source = Source::whole(Path::new("x"), text.as_bytes());
            let root = super::super::json_node::parse(&text).roots.pop().expect("a document");
            let Ok(exchange) = document::exchange(&WireMock, &root, &source) else { panic!("{text}") };
            let headers = exchange.request.headers.iter();
            let headers = headers.map(|(name, value)| format!("{name}: {}", value.text()));
            let sent = exchange.request.body.as_ref().map(|body| body.text().into_owned());
            let url = exchange.request.url.text().into_owned();
            [url].into_iter().chain(headers).chain(sent).collect::<Vec<_>>()
        };
        let host = json!({"host": {"equalTo": "sts.amazonaws.com"}, "queryParameters": {"a": {"equalTo": "b"}}});
        assert_eq!(heard(&host), ["https://sts.amazonaws.com/?a=b"]);
        let target = json!({"headers": {"X-Amz-Target": {"contains": "DynamoDB_20120810.GetItem"}}});
        assert_eq!(heard(&target), ["/", "X-Amz-Target: DynamoDB_20120810.GetItem"]);
        let target = json!({"headers": {"x-amz-target": {"matches": ".*\\.GetItem$"}}});
        assert_eq!(heard(&target), ["/", "x-amz-target: .GetItem"]);
        let scope = json!({"headers": {"Authorization": {"matches": "^.*/us-east-1/s3/aws4_request.*$"}}});
        assert!(heard(&scope)[1].contains("/s3/aws4_request"), "{:?}", heard(&scope));
        for other in [
            json!({"headers": {"X-Amz-Target": {"matches": "DynamoDB_\\d+\\.(Get|Put)Item"}}}),
            json!({"headers": {"X-Amz-Meta-A": {"contains": "b"}, "Accept": {"matches": ".*"}}}),
            json!({"host": {"matches": ".*"}, "bodyPatterns": [{"contains": "\"a\": 1"}, {"matches": "a.*b=.*"}]}),
            json!({"bodyPatterns": [{"contains": "a=b"}]}),
        ] {
            assert_eq!(heard(&other), ["/"], "{other}");
        }
        let form =
            json!({"bodyPatterns": [{"contains": "Action=GetCallerIdentity"}, {"contains": "Version=2011-06-15"}]});
        assert_eq!(heard(&form), ["/", "Action=GetCallerIdentity&Version=2011-06-15"]);
        let form =
            json!({"formParameters": {"Action": {"equalTo": "ListUsers"}, "Version": {"equalTo": "2010-05-08"}}});
        assert_eq!(heard(&form), ["/", "Action=ListUsers&Version=2010%2D05%2D08"]);
    }

    #[test]
    fn bodies_of_responses_come_in_many_forms() {
        let answered = |response: &Value| stub(&json!({"method": "GET", "url": "/"}), response);
        assert_eq!(answered(&json!({"status": 404, "body": "x"})), ["GET / - > 404 x"]);
        assert_eq!(answered(&json!({"jsonBody": {"a": [1]}})), ["GET / - > 200 {\"a\":[1]}"]);
        assert_eq!(answered(&json!({"base64Body": "aGk="})), ["GET / - > 200 hi"]);
        let told = answered(&json!({"bodyFileName": "none.json"}));
        assert_eq!(told, ["its body is in the file \"none.json\", which is not there @Some(0)"]);
        let told = answered(&json!({"bodyFileName": "../x"}));
        assert!(told[0].contains("outside of the folder for bodies"), "{told:?}");
        assert!(answered(&json!({"fault": "EMPTY_RESPONSE"}))[0].contains("PassedOver"));
    }

    #[test]
    fn bodies_are_beside_the_folder_of_stubs() {
        for (stub, folder) in [
            ("a/mappings/x.json", "a/__files"),
            ("a/mappings/b/x.json", "a/__files"),
            ("a/b/x.json", "a/__files"),
            ("mappings/x.json", "__files"),
            ("x.json", "__files"),
        ] {
            assert_eq!(bodies(Path::new(stub)), Path::new(folder), "{stub}");
        }
    }

    #[test]
    fn several_stubs_may_be_one_file() {
        let one = json!({"request": {"method": "GET", "url": "/a"}, "response": {"status": 200, "body": "b"}});
        let text = json!({"mappings": [one, one], "meta": {"total": 2}}).to_string();
        assert_eq!(shown(&WireMock, &text), ["GET /a - > 200 b"; 2]);
    }
}

//! The same exchanges of HTTP, written in every format there is.

use std::fmt::Write as _;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::root;

pub(crate) const TYPE: &str = "application/json";
pub(crate) const PATH: &str = "/memberships/3e3be000-5c1d-4e2a-9b3f-000000000002";

/// The exchanges that every format is given: one at fault, one without a body of the request.
pub(crate) struct Traffic {
    /// Parts of secrets, none of which may come out again.
    pub(crate) secrets: Vec<String>,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) sent: Value,
    pub(crate) got: Value,
}

impl Traffic {
    pub(crate) fn new() -> Self {
        let key = format!("AKIA{}", "ABCDEFGHIJKLMNOP");
        let secrets: Vec<String> = ["signed", "token", "crumb", "inurl"].map(|part| part.repeat(5)).into();
        let signed = format!(
            "AWS4-HMAC-SHA256 Credential={key}/20230901/us-east-1/cleanrooms/aws4_request, SignedHeaders=host, Signature={}",
            secrets[0]
        );
        let record = fs::read_to_string(root().join("fixtures/recordings/cleanrooms/exchanges.ndjson")).expect("there");
        let records = record.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let mut record = records.into_iter().find(|record| record["operation"] == "UpdateMembership").expect("one");
        let mut got = record["response"].take();
        got["membership"]["status"] = "DONE".into();
        got["membership"]["collaborationName"] = "It's ü".into();
        Self {
            url: format!("https://cleanrooms.us-east-1.amazonaws.com{PATH}?X-Amz-Signature={}", secrets[3]),
            headers: vec![
                ("Authorization", signed),
                ("Content-Type", TYPE.into()),
                ("X-Amz-Security-Token", secrets[1].clone()),
                ("Cookie", secrets[2].clone()),
            ],
            secrets: [vec![key], secrets].concat(),
            sent: json!({"queryLogStatus": "SOMETIMES"}),
            got,
        }
    }

    fn answered(&self) -> Vec<(&'static str, String)> {
        vec![("content-type", TYPE.into()), ("Set-Cookie", self.secrets[3].clone())]
    }

    fn path(&self) -> &str {
        self.url.split_once(".com").expect("a host").1
    }
}

/// A recording: what it is, the id of its format, and its text.
pub(crate) type Sample = (&'static str, &'static str, String);

fn lists(headers: &[(&str, String)]) -> Value {
    headers.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect::<serde_json::Map<_, _>>().into()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON")
}

pub(crate) fn samples(traffic: &Traffic) -> Vec<Sample> {
    let mut samples = Vec::new();
    for body in [literal, folded, single, double, binary] {
        samples.push(("vcrpy YAML", "vcrpy", vcrpy_yaml(traffic, body)));
        samples.push((
            "Ruby VCR YAML",
            "ruby-vcr",
            vcrpy_yaml(traffic, body).replace("interactions:", "http_interactions:"),
        ));
        let go = vcrpy_yaml(traffic, body).replace("      string: ", "    body: ").replace("    body:\n", "");
        let go = go.replace("    status:\n      code: 200\n", "    status: 200 OK\n    code: 200\n");
        let go = go.replace("    uri: ", "    url: ");
        samples.push(("go-vcr YAML", "go-vcr", format!("---\nversion: 2\n{go}")));
    }
    samples.push(("HAR", "har", pretty(&har(traffic))));
    samples.push(("HAR in one line", "har", har(traffic).to_string()));
    let vcr = |text: fn(&str) -> Value, url: &str, list: &str, code: bool| vcr_json(traffic, text, url, list, code);
    let plain = |text: &str| json!({"string": text, "encoding": "UTF-8"});
    let packed = |text: &str| json!({"base64_string": STANDARD.encode(text)});
    let bare = |text: &str| json!(text);
    samples.push(("vcrpy JSON", "vcrpy", vcr(plain, "uri", "interactions", false)));
    samples.push(("vcrpy JSON, base64", "vcrpy", vcr(packed, "uri", "interactions", false)));
    samples.push((
        "vcrpy JSON, parsed",
        "vcrpy",
        vcr(|text| serde_json::from_str(text).expect("JSON"), "uri", "interactions", false),
    ));
    samples.push(("Ruby VCR JSON", "ruby-vcr", vcr(plain, "uri", "http_interactions", false)));
    samples.push(("Ruby VCR JSON, base64", "ruby-vcr", vcr(packed, "uri", "http_interactions", false)));
    samples.push(("go-vcr JSON", "go-vcr", vcr(bare, "url", "interactions", true)));
    samples.push(("DVR", "smithy-dvr", pretty(&json!({"events": dvr(traffic, 1), "docs": "", "version": "V0"}))));
    samples.push(("DVR as a list", "smithy-dvr", dvr(traffic, 1).to_string()));
    samples.push(("DVR in frames", "smithy-dvr", pretty(&dvr(traffic, 3))));
    for body in [literal, folded, single, double, binary] {
        samples.push(("langchain-tests", "langchain-tests", langchain_yaml(traffic, body)));
    }
    samples.push(("mitmproxy", "mitmproxy", flows(traffic)));
    samples.push(("httprr", "httprr", trace(traffic, false)));
    samples.push(("httprr, in chunks", "httprr", trace(traffic, true)));
    samples.push(("log of botocore", "botocore-log", debug_log(traffic)));
    samples.push(("httpreplay", "httpreplay", pretty(&replay(traffic))));
    samples.push(("httpreplay in one line", "httpreplay", replay(traffic).to_string()));
    samples.push(("SDK for Kotlin", "smithy-kotlin", pretty(&kotlin(traffic, false))));
    samples.push(("SDK for Kotlin, base64", "smithy-kotlin", kotlin(traffic, true).to_string()));
    samples.push(("nock", "nock", pretty(&nock(traffic))));
    samples.push(("nock in one line", "nock", nock(traffic).to_string()));
    samples
}

/// How a body stands in a YAML file: with its key's line before it, and lines at this indentation.
pub(crate) type Body = fn(&str) -> String;

fn literal(text: &str) -> String {
    format!("|-\n        {}", pretty(&serde_json::from_str(text).expect("JSON")).replace('\n', "\n        "))
}

fn folded(text: &str) -> String {
    format!(">-\n        {}", text.replace(", ", ",\n        "))
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''").replace(", ", ",\n        "))
}

fn double(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\"").replace(", ", ",\\\n        \\ ").replace('ü', "\\xFC"))
}

fn binary(text: &str) -> String {
    let lines: Vec<String> =
        STANDARD.encode(text).as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    format!("!!binary |\n        {}", lines.join("\n        "))
}

/// JSON as Python writes it, in one line with spaces.
fn spaced(value: &Value) -> String {
    value.to_string().replace("\",\"", "\", \"").replace("\":", "\": ").replace("],\"", "], \"")
}

fn vcrpy_yaml(traffic: &Traffic, body: Body) -> String {
    let mut yaml = "interactions:\n".to_owned();
    let headers = |headers: &[(&str, String)]| {
        let lines = headers.iter().map(|(name, value)| format!("      {name}:\n      - {value}\n"));
        format!("    headers:\n{}", lines.collect::<String>())
    };
    for (method, sent) in [("PATCH", Some(&traffic.sent)), ("GET", None)] {
        let sent = sent.map_or("    body: null\n".to_owned(), |sent| format!("    body: {}\n", body(&spaced(sent))));
        let got = body(&spaced(&traffic.got));
        write!(
            yaml,
            "- request:\n{sent}{}    method: {method}\n    uri: {}\n  response:\n    body:\n      string: {got}\n{}    status:\n      code: 200\n",
            headers(&traffic.headers),
            traffic.url,
            headers(&traffic.answered()),
        )
        .expect("a String takes it");
    }
    yaml
}

/// The cassette of vcrpy as two lists side by side.
fn langchain_yaml(traffic: &Traffic, body: Body) -> String {
    let (mut requests, mut responses) = ("requests:\n".to_owned(), "responses:\n".to_owned());
    for entry in vcrpy_yaml(traffic, body).split("- request:\n").skip(1) {
        let (request, response) = entry.split_once("  response:\n").expect("both");
        requests.extend(["-   ", request.trim_start()]);
        responses.extend(["-   ", response.trim_start()]);
    }
    requests + &responses
}

/// A value of mitmproxy's: a payload with its length and type.
fn tagged(payload: &str, tag: char) -> String {
    format!("{}:{payload}{tag}", payload.len())
}

fn flows(traffic: &Traffic) -> String {
    let dict = |members: &[(&str, String)]| {
        let members = members.iter().map(|(key, value)| tagged(key, ';') + value);
        tagged(&members.collect::<String>(), '}')
    };
    let headers = |headers: &[(&str, String)]| {
        let pair = |(name, value): &(&str, String)| tagged(&(tagged(name, ',') + &tagged(value, ',')), ']');
        tagged(&headers.iter().map(pair).collect::<String>(), ']')
    };
    let one = |method: &str, sent: &str| {
        let request = dict(&[
            ("method", tagged(method, ',')),
            ("scheme", tagged("https", ',')),
            ("host", tagged("cleanrooms.us-east-1.amazonaws.com", ';')),
            ("port", tagged("443", '#')),
            ("path", tagged(traffic.path(), ',')),
            ("headers", headers(&traffic.headers)),
            ("content", tagged(sent, ',')),
        ]);
        let got = tagged(&pretty(&traffic.got), ',');
        let response =
            dict(&[("status_code", tagged("200", '#')), ("headers", headers(&traffic.answered())), ("content", got)]);
        dict(&[
            ("client_conn", tagged("", '~')),
            ("version", tagged("21", '#')),
            ("type", tagged("http", ';')),
            ("request", request),
            ("response", response),
        ])
    };
    one("PATCH", &pretty(&traffic.sent)) + &one("GET", "")
}

/// A trace of httprr's; `in_chunks` says that bodies of responses are.
fn trace(traffic: &Traffic, in_chunks: bool) -> String {
    let lines = |headers: &[(&str, String)]| {
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect::<Vec<_>>().concat()
    };
    let got = pretty(&traffic.got);
    let one = |method: &str, sent: &str| {
        let request = format!("{method} {} HTTP/1.1\r\n{}\r\n{sent}", traffic.url, lines(&traffic.headers));
        let (more, body) = if in_chunks {
            ("Transfer-Encoding: chunked\r\n", format!("{:x}\r\n{got}\r\n0\r\n\r\n", got.len()))
        } else {
            ("", got.clone())
        };
        let response = format!("HTTP/1.1 200 OK\r\n{}{more}\r\n{body}", lines(&traffic.answered()));
        format!("{} {}\n{request}{response}", request.len(), response.len())
    };
    format!("httprr trace v1\n{}{}", one("PATCH", &pretty(&traffic.sent)), one("GET", ""))
}

fn debug_log(traffic: &Traffic) -> String {
    let bytes = |text: &str| {
        let text = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
        let ascii = |c: char| {
            let bytes: Vec<String> = c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("\\x{byte:02x}")).collect();
            bytes.concat()
        };
        text.chars().map(|c| if c.is_ascii() { c.to_string() } else { ascii(c) }).collect::<String>()
    };
    let dict = |headers: &[(&str, String)], mark: &str| {
        let pairs: Vec<String> =
            headers.iter().map(|(name, value)| format!("'{name}': {mark}'{}'", bytes(value))).collect();
        format!("{{{}}}", pairs.join(", "))
    };
    let one = |method: &str, sent: &str| {
        format!(
            "10:00 botocore.endpoint [DEBUG] Making request for OperationModel(name=UpdateMembership) with params: \
             {{'url_path': '/', 'body': b'{}', 'context': {{'a': <b.C object at 0x1>}}}}\n\
             10:00 botocore.endpoint [DEBUG] Sending http request: <AWSPreparedRequest stream_output=False, \
             method={method}, url={}, headers={}>\n\
             10:00 urllib3.connectionpool [DEBUG] https://h:443 \"{method} / HTTP/1.1\" 200 9\n\
             10:00 botocore.parsers [DEBUG] Response headers: {}\n\
             10:00 botocore.parsers [DEBUG] Response body:\nb'{}'\n",
            bytes(sent),
            traffic.url,
            dict(&traffic.headers, "b"),
            dict(&traffic.answered(), ""),
            bytes(&pretty(&traffic.got)),
        )
    };
    one("PATCH", &pretty(&traffic.sent)) + &one("GET", "")
}

fn vcr_json(traffic: &Traffic, text: fn(&str) -> Value, url: &str, list: &str, code: bool) -> String {
    let one = |method: &str, body: Value| {
        let mut entry = json!({
            "request": {"method": method, "body": body, "headers": lists(&traffic.headers)},
            "response": {"headers": lists(&traffic.answered()), "body": text(&pretty(&traffic.got))},
        });
        entry["request"][url] = traffic.url.clone().into();
        entry["response"]["status"] = json!({"code": 200, "message": "OK"});
        if code {
            entry["response"]["status"] = "200 OK".into();
            entry["response"]["code"] = 200.into();
        }
        entry
    };
    let entries = [one("PATCH", text(&pretty(&traffic.sent))), one("GET", Value::Null)];
    let mut cassette = json!({});
    cassette[list] = entries.into_iter().collect();
    cassette["version"] = 1.into();
    pretty(&cassette)
}

fn har(traffic: &Traffic) -> Value {
    let pairs = |headers: &[(&str, String)]| -> Value {
        headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
    };
    let one = |method: &str, body: Option<String>| {
        json!({
            "request": {"method": method, "url": traffic.url, "headers": pairs(&traffic.headers),
                "postData": body.map(|text| json!({"text": text}))},
            "response": {"status": 200, "headers": pairs(&traffic.answered()), "content": {"text": pretty(&traffic.got)}},
        })
    };
    json!({"log": {"version": "1.2", "entries": [one("PATCH", Some(pretty(&traffic.sent))), one("GET", None)]}})
}

/// Both calls at once, their events by turns, and all bodies in `frames` pieces.
fn dvr(traffic: &Traffic, frames: usize) -> Value {
    let data = |direction: &str, text: &str| -> Vec<Value> {
        let size = text.len().div_ceil(frames);
        let pieces = text.as_bytes().chunks(size.max(1)).enumerate().map(|(number, piece)| {
            let text = std::str::from_utf8(piece).ok().filter(|_| number % 2 == 0);
            let data = text.map_or_else(|| json!({"Base64": STANDARD.encode(piece)}), |text| json!({"Utf8": text}));
            json!({"Data": {"data": data, "direction": direction}})
        });
        pieces.chain([json!({"Eof": {"ok": true, "direction": direction}})]).collect()
    };
    let call = |connection: usize, method: &str, sent: &str| -> Vec<Value> {
        let request = json!({"uri": traffic.url, "headers": lists(&traffic.headers), "method": method});
        let answer = json!({"status": 200, "headers": lists(&traffic.answered())});
        let mut actions = vec![json!({"Request": {"request": request}})];
        actions.extend(data("Request", sent));
        actions.push(json!({"Response": {"response": {"Ok": answer}}}));
        actions.extend(data("Response", &pretty(&traffic.got)));
        actions.into_iter().map(|action| json!({"connection_id": connection, "action": action})).collect()
    };
    let (first, second) = (call(0, "PATCH", &pretty(&traffic.sent)), call(1, "GET", ""));
    let mut events = Vec::new();
    for at in 0..first.len().max(second.len()) {
        events.extend([&first, &second].into_iter().filter_map(|call| call.get(at).cloned()));
    }
    Value::Array(events)
}

fn replay(traffic: &Traffic) -> Value {
    // The type stands beside the headers.
    let sent: Vec<_> = traffic.headers.iter().filter(|(name, _)| *name != "Content-Type").cloned().collect();
    let one = |number: usize, method: &str, body: &str| {
        json!({"ID": number.to_string(),
            "Request": {"Method": method, "URL": traffic.url, "Header": lists(&sent), "MediaType": TYPE,
                "BodyParts": [STANDARD.encode(body)]},
            "Response": {"StatusCode": 200, "Proto": "HTTP/1.1", "Header": lists(&traffic.answered()),
                "Body": STANDARD.encode(pretty(&traffic.got))}})
    };
    json!({"Initial": "", "Version": "0.2", "Converter": {"ScrubBody": null},
        "Entries": [one(1, "PATCH", &pretty(&traffic.sent)), one(2, "GET", "")]})
}

fn kotlin(traffic: &Traffic, is_binary: bool) -> Value {
    let half = |mut half: Value, body: Option<&Value>| {
        let text = body.map(pretty);
        half["body"] = text.map(|text| if is_binary { STANDARD.encode(text) } else { text }).into();
        if is_binary {
            half["bodyContentType"] = "binary".into();
        }
        half
    };
    let one = |method: &str, sent: Option<&Value>| {
        json!({
            "request": half(json!({"method": method, "uri": traffic.url, "headers": lists(&traffic.headers)}), sent),
            "response": half(json!({"status": 200, "headers": lists(&traffic.answered())}), Some(&traffic.got)),
        })
    };
    json!([one("PATCH", Some(&traffic.sent)), one("GET", None)])
}

fn nock(traffic: &Traffic) -> Value {
    let raw: Value = traffic.answered().iter().flat_map(|(name, value)| [json!(name), json!(value)]).collect();
    let sent: Value = traffic
        .headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let one = |method: &str, body: Value| {
        json!({"scope": "https://cleanrooms.us-east-1.amazonaws.com:443", "method": method, "path": traffic.path(),
            "body": body, "status": 200, "response": traffic.got, "rawHeaders": raw, "reqheaders": sent,
            "responseIsBinary": false})
    };
    json!([one("PATCH", traffic.sent.clone()), one("GET", json!(""))])
}

//! Bodies that a recorder kept as they travelled: gzip, zstd, br and deflate, in every format of HTTP messages.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::json;
use shapegate::recording::FORMATS;
#[cfg(feature = "cli")]
use shapegate::recording::{Coding, Entry, Source};

use crate::support::check_paths;
#[cfg(feature = "cli")]
use crate::support::folder::run_in;
use crate::support::traffic::{PATH, Traffic, samples};

const HOST: &str = "cleanrooms.us-east-1.amazonaws.com";

/// A way to pack bytes.
type Pack = fn(&[u8]) -> Vec<u8>;

/// The codings, by the value of the header.
const CODINGS: [(&str, Pack); 6] = [
    ("gzip", gzip),
    ("zstd", |bytes| compress_to_vec(bytes, CompressionLevel::Fastest)),
    ("br", brotli),
    ("deflate", zlib),
    ("deflate", bare),
    ("br, gzip", |bytes| gzip(&brotli(bytes))),
];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("a Vec takes it")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("a Vec takes it")
}

fn bare(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("a Vec takes it")
}

/// A brotli stream that holds up to 64 KiB as they are (RFC 7932, 9.2): a window of 16 bits, a block that is not the last,
/// its length in four digits, not compressed, then an empty one that is the last.
fn brotli(bytes: &[u8]) -> Vec<u8> {
    let header = u32::from(u16::try_from(bytes.len() - 1).expect("little")) << 4 | 1 << 20;
    [&header.to_le_bytes()[..3], bytes, &[3]].concat()
}

/// A recording of one call whose response has this body and coding: the format's id, the file's name and its content.
fn recordings(coding: &str, body: &[u8]) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let url = format!("https://{HOST}{PATH}");
    let packed = STANDARD.encode(body);
    let many = json!({"Content-Type": ["application/json"], "Content-Encoding": [coding]});
    let one = json!({"Content-Type": "application/json", "Content-Encoding": coding});
    let pairs: Vec<_> = [("Content-Type", "application/json"), ("Content-Encoding", coding)]
        .map(|(name, value)| json!({"name": name, "value": value}))
        .into();
    let har = |text: &str| {
        json!({"log": {"version": "1.2", "entries": [{"request": {"method": "GET", "url": url, "headers": []},
            "response": {"status": 200, "headers": pairs, "content": {"text": text, "encoding": "base64"}}}]}})
    };
    let (first, second) = body.split_at(body.len() / 2);
    let chunks = json!([STANDARD.encode(first), STANDARD.encode(second)]).to_string();
    let vcr = |list: &str, uri: &str| {
        json!({list: [{"request": {"method": "GET", uri: url, "body": null, "headers": {}},
            "response": {"status": {"code": 200, "message": "OK"}, "headers": many, "body": {"base64_string": packed}}}],
            "version": 1})
    };
    let yaml = |start: &str, body: &str| {
        format!(
            "{start}- request:\n    body: null\n    headers: {{}}\n    method: GET\n    uri: {url}\n  response:\n    {body} \
             !!binary |\n        {packed}\n    headers:\n      Content-Encoding:\n      - {coding:?}\n    status:\n      code: 200\n"
        )
    };
    let go = yaml("---\nversion: 2\ninteractions:\n", "body:").replace("uri:", "url:");
    let go = go.replace("    status:\n      code: 200\n", "    status: 200 OK\n    code: 200\n");
    let call = yaml("", "body:\n      string:");
    let (request, response) = call.trim_start_matches("- request:\n").split_once("  response:\n").expect("both");
    let langchain = format!("requests:\n-   {}responses:\n-   {}", request.trim_start(), response.trim_start());
    let data = |text: &str| json!({"Data": {"data": {"Base64": text}, "direction": "Response"}});
    let actions = [
        json!({"Request": {"request": {"uri": url, "headers": {}, "method": "GET"}}}),
        json!({"Response": {"response": {"Ok": {"status": 200, "headers": many}}}}),
        data(&packed),
        json!({"Eof": {"ok": true, "direction": "Response"}}),
    ];
    let events: Vec<_> = actions.iter().map(|action| json!({"connection_id": 0, "action": action})).collect();
    let digits = body.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let nock = json!([{"scope": format!("https://{HOST}:443"), "method": "GET", "path": PATH, "body": "", "status": 200,
        "response": [digits], "rawHeaders": ["Content-Encoding", coding], "responseIsBinary": false}]);
    let datadog = json!({"request": {"method": "GET", "url": url, "headers": {}, "body": ""},
        "response": {"status": {"code": 200, "message": "OK"}, "headers": one, "body": format!("base64:{packed}")}});
    let scope = "AWS4-HMAC-SHA256 Credential=testing/20230901/us-east-1/cleanrooms/aws4_request, SignedHeaders=host";
    let stub = json!({"request": {"method": "GET", "url": PATH, "headers": {"Authorization": {"equalTo": scope}}},
        "response": {"status": 200, "headers": one, "base64Body": packed}});
    let replay = json!({"Initial": "", "Version": "0.2", "Converter": {}, "Entries": [{"ID": "1",
        "Request": {"Method": "GET", "URL": url, "Header": {}, "MediaType": "", "BodyParts": [""]},
        "Response": {"StatusCode": 200, "Header": many, "Body": packed}}]});
    let kotlin = json!([{"request": {"method": "GET", "uri": url, "headers": {}, "body": null},
        "response": {"status": 200, "headers": one, "body": packed, "bodyContentType": "binary"}}]);
    let text = |value: serde_json::Value| value.to_string().into_bytes();
    vec![
        ("har", "a.har", text(har(&packed))),
        ("har", "polly.har", text(har(&chunks))),
        ("vcrpy", "a.yaml", yaml("interactions:\n", "body:\n      string:").into_bytes()),
        ("vcrpy", "b.json", text(vcr("interactions", "uri"))),
        ("ruby-vcr", "c.json", text(vcr("http_interactions", "uri"))),
        (
            "ruby-vcr",
            "c.yaml",
            yaml("http_interactions:\n", "body:\n      base64_string:").replace("!!binary ", "").into_bytes(),
        ),
        ("go-vcr", "d.yaml", go.into_bytes()),
        ("langchain-tests", "e.yaml", langchain.into_bytes()),
        ("smithy-dvr", "f.json", text(json!({"events": events, "docs": "", "version": "V0"}))),
        ("nock", "g.json", text(nock)),
        ("dd-apm-test-agent", "h.json", text(datadog)),
        ("wiremock", "mappings/i.json", text(stub)),
        ("httpreplay", "l.replay", text(replay)),
        ("httprr", "n.httprr", trace(coding, body)),
        ("smithy-kotlin", "m.json", text(kotlin)),
        ("mitmproxy", "j.flow", flow(coding, body)),
        ("botocore-log", "k.log", log(coding, body)),
    ]
}

/// A trace of httprr's.
fn trace(coding: &str, body: &[u8]) -> Vec<u8> {
    let request = format!("GET https://{HOST}{PATH} HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    let head = format!("HTTP/2.0 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: {coding}\r\n\r\n");
    let lengths = format!("httprr trace v1\n{} {}\n", request.len(), head.len() + body.len());
    [lengths.as_bytes(), request.as_bytes(), head.as_bytes(), body].concat()
}

/// A flow of mitmproxy's: each value with its length and type.
fn flow(coding: &str, body: &[u8]) -> Vec<u8> {
    fn tagged(payload: &[u8], tag: u8) -> Vec<u8> {
        [format!("{}:", payload.len()).as_bytes(), payload, &[tag]].concat()
    }
    fn dict(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let members: Vec<_> =
            members.iter().flat_map(|(key, value)| [tagged(key.as_bytes(), b';'), value.clone()]).collect();
        tagged(&members.concat(), b'}')
    }
    let text = |text: &str| tagged(text.as_bytes(), b',');
    let header = tagged(&[text("content-encoding"), text(coding)].concat(), b']');
    let request = dict(&[
        ("method", text("GET")),
        ("scheme", text("https")),
        ("host", tagged(HOST.as_bytes(), b';')),
        ("port", tagged(b"443", b'#')),
        ("path", text(PATH)),
        ("headers", tagged(b"", b']')),
        ("content", text("")),
    ]);
    let response = dict(&[
        ("status_code", tagged(b"200", b'#')),
        ("headers", tagged(&header, b']')),
        ("content", tagged(body, b',')),
    ]);
    dict(&[
        ("client_conn", tagged(b"", b'~')),
        ("version", tagged(b"21", b'#')),
        ("type", tagged(b"http", b';')),
        ("request", request),
        ("response", response),
    ])
}

/// What `botocore` prints of a call.
fn log(coding: &str, body: &[u8]) -> Vec<u8> {
    let bytes = body.iter().map(|byte| format!("\\x{byte:02x}")).collect::<Vec<_>>().concat();
    format!(
        "10:00 botocore.endpoint [DEBUG] Making request for OperationModel(name=GetMembership) with params: \
         {{'url_path': '/', 'body': b'', 'context': {{'a': <b.C object at 0x1>}}}}\n\
         10:00 botocore.endpoint [DEBUG] Sending http request: <AWSPreparedRequest stream_output=False, method=GET, \
         url=https://{HOST}{PATH}, headers={{}}>\n\
         10:00 urllib3.connectionpool [DEBUG] https://h:443 \"GET / HTTP/1.1\" 200 9\n\
         10:00 botocore.parsers [DEBUG] Response headers: {{'content-encoding': '{coding}'}}\n\
         10:00 botocore.parsers [DEBUG] Response body:\nb'{bytes}'\n"
    )
    .into_bytes()
}

/// What is found in a response, by the recording of it.
fn found(coding: &str, body: &[u8]) -> Vec<(&'static str, Vec<String>)> {
    let one = |(id, name, content): (&'static str, &str, Vec<u8>)| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(&path, content).expect("writable");
        let checked = check_paths("cleanrooms@2023-08-30", &[path]);
        assert_eq!(checked.tally.exchanges, 1, "{id} {name}, {coding}: {checked:#?}");
        (id, checked.findings.iter().map(|finding| format!("{} {}", finding.rule, finding.pointer)).collect())
    };
    recordings(coding, body).into_iter().map(one).collect()
}

#[test]
fn bodies_are_read_whatever_their_coding() {
    let got = Traffic::new().got.to_string();
    for (coding, pack) in CODINGS {
        for (id, found) in found(coding, &pack(got.as_bytes())) {
            assert_eq!(found, ["unknown-enum-value /membership/status"], "{id}, {coding}");
        }
        // The recorder undid it and kept the header. Such a list would be nock's own of bodies that are encoded.
        for (id, found) in found(coding, got.as_bytes()) {
            assert_eq!(found, ["unknown-enum-value /membership/status"], "{id}, {coding}, undone");
        }
    }
}

/// The bodies of a recording, and how they were packed.
#[cfg(feature = "cli")]
fn bodies(id: &str, path: &std::path::Path, content: &[u8]) -> Vec<(Vec<Coding>, String)> {
    let mut bodies = Vec::new();
    shapegate::recording::format(id).expect("a format").read(&Source::whole(path, content), &mut |entry| {
        let Entry::Http(http) = entry else { panic!("{id}: no exchange") };
        let body = http.response.and_then(|response| response.body).expect("a body");
        bodies.push((body.codings.clone(), body.text().into_owned()));
    });
    bodies
}

#[cfg(feature = "cli")]
#[test]
fn a_secret_in_a_packed_body_is_cleaned_in_every_format_and_comes_out_of_nothing() {
    let secret = format!("s3cr{}", "EtQWERTYuiop4567890");
    let mut got = Traffic::new().got;
    got["membership"]["secretAccessKey"] = secret.clone().into();
    let got = got.to_string();
    for (coding, pack) in CODINGS {
        for (id, name, content) in recordings(coding, &pack(got.as_bytes())) {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            fs::write(&path, &content).expect("writable");
            let reports = ["json", "sarif", "html"];
            let asked = reports.iter().flat_map(|form| ["--report".to_owned(), format!("{form}=report.{form}")]);
            let contract = ["check", "--contract", "cleanrooms@2023-08-30", "--verbose", name].map(str::to_owned);
            let check: Vec<String> = contract.into_iter().chain(asked).collect();
            let ran = run_in(folder.path(), &check.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
            assert_eq!(ran.code, Some(1), "{id}, {coding}: {}", ran.stderr);
            assert!(!(ran.stdout + &ran.stderr).contains(&secret), "{id}, {coding}");
            for form in reports {
                let report = fs::read_to_string(folder.path().join(format!("report.{form}"))).expect("a report");
                assert!(report.contains("secretAccessKey") && !report.contains(&secret), "{id}, {coding}, {form}");
            }
            let copy = path.with_file_name(format!("copy.{}", name.rsplit('/').next().expect("a name")));
            let redact = ["redact", name, copy.to_str().expect("UTF-8"), "--recording-format", id];
            let ran = run_in(folder.path(), &redact, &[]);
            assert_eq!(ran.code, Some(0), "{id}, {coding}: {}{}", ran.stdout, ran.stderr);
            let copied = fs::read(&copy).expect("a copy");
            let (before, after) = (bodies(id, &path, &content), bodies(id, &copy, &copied));
            assert_eq!(before.len(), after.len(), "{id}, {coding}");
            for (old, new) in before.into_iter().zip(after) {
                assert!(old.1.contains(&secret) && !new.1.contains(&secret), "{id}, {coding}: {}", new.1);
                assert_eq!(old.0, new.0, "{id}, {coding}");
            }
        }
    }
}

#[test]
fn a_coding_that_the_header_does_not_name_is_not_guessed() {
    let got = Traffic::new().got.to_string();
    for (coding, pack) in [("identity", brotli as Pack), ("identity", zlib), ("br", zlib), ("deflate", brotli)] {
        for (id, found) in found(coding, &pack(got.as_bytes())) {
            // nock's list of pieces stands for a body that is encoded, and for itself else.
            let found = if id == "nock" && coding == "identity" { vec!["undecodable-body".to_owned()] } else { found };
            assert!(found.iter().any(|found| found.starts_with("undecodable-body")), "{id}, {coding}: {found:?}");
        }
    }
}

#[test]
fn a_body_that_unpacks_to_too_much_is_told() {
    // 8 MiB of zeros, as Node's zlib packs them with brotli.
    let zeros = STANDARD.decode("m///f/gnAOKxQCD3/g8=").expect("base64");
    for (coding, body) in [("br", zeros), ("deflate", zlib(&vec![0; 8 << 20])), ("deflate", bare(&vec![0; 8 << 20]))] {
        for (id, name, content) in recordings(coding, &body) {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            fs::write(&path, content).expect("writable");
            let checked = check_paths("cleanrooms@2023-08-30", &[path]);
            let rules: BTreeSet<&str> = checked.findings.iter().map(|finding| finding.rule.id).collect();
            assert_eq!(rules, BTreeSet::from(["limit-reached"]), "{id}, {coding}: {checked:#?}");
        }
    }
}

#[test]
fn every_format_of_messages_is_tried() {
    let tried: BTreeSet<&str> = recordings("br", b"x").into_iter().map(|(id, ..)| id).collect();
    let samples = samples(&Traffic::new());
    let of_messages: BTreeSet<&str> =
        samples.iter().map(|(_, id, _)| *id).chain(["dd-apm-test-agent", "wiremock"]).collect();
    assert_eq!(tried, of_messages);
    assert!(tried.iter().all(|id| FORMATS.iter().any(|format| format.id() == *id)));
}

//! Nothing that is secret comes out: credentials of every form, planted in every format, looked for in what every command
//! prints and writes. And nothing comes out that a terminal or a CI system would obey.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shapegate::recording::packed::{self, Packing};
use shapegate::recording::{Coding, Notation, Written};

use crate::support::folder::{Folder, model};
use crate::support::traffic::{Traffic, samples};

/// The text reports and every other form.
const FORMS: &[&str] = &["text", "json", "ndjson", "sarif", "github", "gitlab", "junit", "markdown"];

/// A secret of its own for each place. Put together here, so that no file holds anything like one.
struct Planted(Vec<String>);

impl Planted {
    fn secret(&mut self) -> String {
        let secret = format!("pl4nt{}{:03}", "QzWvXk".repeat(3), self.0.len());
        self.0.push(secret.clone());
        secret
    }

    /// The secrets in a text. Hardly any text has the beginning of one, and there are thousands of them.
    fn within<'p>(&'p self, text: &str) -> Vec<&'p str> {
        let secrets = || self.0.iter().map(String::as_str);
        let begins = |secret: &'p str| &secret[..secret.len().min(5)];
        let begun: BTreeSet<&str> = secrets().map(begins).collect();
        let begun: BTreeSet<&str> = begun.into_iter().filter(|beginning| text.contains(beginning)).collect();
        secrets().filter(|secret| begun.contains(begins(secret)) && text.contains(secret)).collect()
    }
}

/// The traffic of all formats with credentials in its URL, headers, request and response.
fn traffic(planted: &mut Planted) -> Traffic {
    let mut traffic = Traffic::new();
    let parameters = ["X-Amz-Security-Token", "access_token", "api_key", "password", "sig", "x-amz-s3session-token"];
    for (mark, name) in parameters.map(|name| ('&', name)).into_iter().chain([('#', "access_token")]) {
        traffic.url.extend([mark.to_string(), name.to_owned(), "=".to_owned(), planted.secret()]);
    }
    for name in [
        "Api-Key",
        "Proxy-Authorization",
        "X-Auth-Token",
        "X-CSRF-Token",
        "X-Vault-Token",
        "X-Api-Key",
        "X-aws-ec2-metadata-token",
        "x-amz-s3session-token",
        "x-amz-server-side-encryption-customer-key",
    ] {
        traffic.headers.push((name, planted.secret()));
    }
    for name in ["secretAccessKey", "sessionToken", "password", "clientSecret", "refreshToken", "apiKey"] {
        traffic.sent[name] = planted.secret().into();
        traffic.got["membership"][name] = planted.secret().into();
    }
    traffic.sent["note"] = format!("Bearer {}", planted.secret()).into();
    // In place of a text, so that reports show the value.
    traffic.got["membership"]["name"] = json!({"password": planted.secret()});
    planted.0.extend(traffic.secrets.iter().cloned());
    traffic
}

/// A recording: what it is, the id of its format, its file's name and its text.
struct Recording {
    what: &'static str,
    format: &'static str,
    name: String,
    text: String,
    /// Files that it names, with their texts.
    beside: Vec<(&'static str, String)>,
}

impl Recording {
    fn new(what: &'static str, format: &'static str, name: &str, text: String) -> Self {
        Self { what, format, name: name.to_owned(), text, beside: Vec::new() }
    }

    /// A folder with the recording and what it names.
    fn folder(&self) -> Folder {
        let folder = Folder::new().with(&self.name, &self.text);
        self.beside.iter().fold(folder, |folder, (name, text)| folder.with(name, text))
    }
}

/// Recordings in every format, with the same secrets.
fn recordings(planted: &mut Planted) -> Vec<Recording> {
    let traffic = traffic(planted);
    let mut all = plain(&traffic, planted);
    all.extend(samples(&traffic).into_iter().map(|(what, format, text)| {
        let name = if text.starts_with(['{', '[']) { "in.json" } else { "in.yaml" };
        Recording::new(what, format, name, text)
    }));
    for (what, encoding, coding) in [
        ("HAR, gzip", "gzip", Some(Coding::Packed(Packing::Gzip))),
        ("HAR, zstd", "zstd", Some(Coding::Packed(Packing::Zstd))),
        ("HAR, brotli", "br", Some(Coding::Brotli)),
        ("HAR, deflate", "deflate", Some(Coding::Zlib)),
        ("HAR, bare deflate", "deflate", Some(Coding::Deflate)),
        ("HAR, base64", "identity", None),
    ] {
        all.push(Recording::new(what, "har", "in.har", packed_har(&traffic, encoding, coding)));
    }
    all
}

/// Recordings in the formats that hold no HTTP messages.
fn plain(traffic: &Traffic, planted: &mut Planted) -> Vec<Recording> {
    let (sent, got) = (&traffic.sent, &traffic.got);
    let named = json!({"service": "cleanrooms", "operation": "UpdateMembership"});
    let with = |more: Value| {
        let mut record = named.clone();
        record.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        record
    };
    let halves = [("request", sent), ("response", got)]
        .map(|(half, payload)| with(json!({"direction": half, "payload": payload})).to_string());
    let headers = json!({"set-cookie": planted.secret(), "x-amz-security-token": planted.secret()});
    let mut data = got.clone();
    data["ResponseMetadata"] = json!({"HTTPStatusCode": 200, "HTTPHeaders": headers});
    let error =
        json!({"code": "ValidationException", "message": format!("the token Bearer {} has expired", planted.secret())});
    let mut fields = ["status", "encoding", "recordedAt", "serviceName"]
        .map(|field| with(json!({"request": sent, field: format!("Bearer {}", planted.secret())})).to_string())
        .to_vec();
    fields.push(with(json!({"request": sent})).to_string());
    let headers = json!({"X-Amz-Security-Token": planted.secret(), "Content-Type": "application/json"});
    let path = "/memberships/3e3be000-5c1d-4e2a-9b3f-000000000002";
    let url = format!("https://cleanrooms.us-east-1.amazonaws.com{path}?X-Amz-Signature={}", planted.secret());
    let cassette = json!({"request": {"method": "PATCH", "url": url, "headers": headers, "body": sent.to_string()},
        "response": {"status": {"code": 200, "message": "OK"}, "headers": headers, "body": got.to_string()}});
    let scope = "AWS4-HMAC-SHA256 Credential=testing/20230901/us-east-1/cleanrooms/aws4_request, SignedHeaders=host";
    let stub = json!({"request": {"method": "PATCH", "url": path, "headers": {"Authorization": {"equalTo": scope}}, "bodyPatterns": [{"equalToJson": sent.to_string()}]},
        "response": {"status": 200, "jsonBody": got, "headers": {"Set-Cookie": planted.secret()}}});
    let mut filed = stub.clone();
    filed["response"] = json!({"status": 200, "bodyFileName": "got.json", "headers": {"Set-Cookie": planted.secret()}});
    let digits = |value: &Value| format!("base64:{}", STANDARD.encode(value.to_string()));
    let mut encoded = cassette.clone();
    (encoded["request"]["body"], encoded["response"]["body"]) = (digits(sent).into(), digits(got).into());
    let event = json!({"eventVersion": "1.08", "eventID": "1", "eventTime": "2023-09-01T10:00:00Z", "eventType": "AwsApiCall",
        "eventSource": "cleanrooms.amazonaws.com", "eventName": "UpdateMembership", "awsRegion": "us-east-1",
        "userIdentity": {"type": "IAMUser", "accessKeyId": traffic.secrets[0]},
        "requestParameters": sent, "responseElements": got, "additionalEventData": {"sessionToken": planted.secret()}});
    let kind = "AWS API Call via CloudTrail";
    let delivered = json!({"version": "0", "detail-type": kind, "source": "aws.cleanrooms", "detail": event});
    let topic = "arn:aws:sns:us-east-1:123456789012:t";
    let noted = json!({"Type": "Notification", "TopicArn": topic, "Message": delivered.to_string()});
    let queued = json!({"messageId": "1", "body": noted.to_string(), "eventSource": "aws:sqs"});
    let filed_in = json!({"TopicArn": topic, "Message": json!({"Records": [event.clone()]}).to_string()});
    let lines = json!({"messageType": "DATA_MESSAGE", "logGroup": "g", "logEvents": [{"id": "1", "message": event.to_string()}]});
    let test = "tests/aws/services/cleanrooms/test_memberships.py::TestMemberships::test_update";
    let snapshot =
        json!({test: {"recorded-date": "01-09-2023, 10:00:00", "recorded-content": {"update-membership": got}}});
    let examples = json!({"version": "1.0", "examples": {"UpdateMembership": [{"input": sent, "output": got}]}});
    let mut all: Vec<Recording> = [
        ("payload records", "payload-records", "in.ndjson", halves.join("\n")),
        (
            "exchange records",
            "exchange-records",
            "in.ndjson",
            with(json!({"request": sent, "response": got})).to_string(),
        ),
        (
            "errors",
            "exchange-records",
            "in.ndjson",
            with(json!({"request": sent, "error": error, "status": 400})).to_string(),
        ),
        ("fields of records", "exchange-records", "in.ndjson", fields.join("\n")),
        (
            "placebo",
            "placebo",
            "cleanrooms.UpdateMembership_1.json",
            json!({"status_code": 200, "data": data}).to_string(),
        ),
        ("botocore's examples", "botocore-examples", "cleanrooms/2022-02-17/examples-1.json", examples.to_string()),
        ("dd-apm-test-agent", "dd-apm-test-agent", "in.json", cassette.to_string()),
        ("dd-apm-test-agent, base64", "dd-apm-test-agent", "in.json", encoded.to_string()),
        ("WireMock", "wiremock", "mappings/a.json", stub.to_string()),
        ("WireMock with a file", "wiremock", "mappings/a.json", filed.to_string()),
        ("WireMock, YAML", "wiremock", "mappings/a.yaml", format!("---{0}\n---{0}\n", block_yaml(&stub, 0))),
        ("WireMock, YAML with a file", "wiremock", "mappings/a.yaml", block_yaml(&filed, 0).trim_start().to_owned()),
        ("CloudTrail", "cloudtrail", "in.json", json!({"Records": [event]}).to_string()),
        ("EventBridge", "cloudtrail", "in.json", delivered.to_string()),
        ("EventBridge by SNS", "cloudtrail", "in.json", json!([noted]).to_string()),
        ("EventBridge by SNS and SQS", "cloudtrail", "in.json", json!({"Records": [queued]}).to_string()),
        ("log file by SNS", "cloudtrail", "in.json", filed_in.to_string()),
        ("CloudWatch Logs", "cloudtrail", "in.json", lines.to_string()),
        ("LocalStack", "localstack", "in.snapshot.json", snapshot.to_string()),
        ("payload file", "payload-file", "cleanrooms/UpdateMembership/response/a.json", got.to_string()),
        ("AWS CLI", "cli-output", "cleanrooms.update-membership.json", got.to_string()),
        (
            "AWS CLI, YAML",
            "cli-output",
            "cleanrooms.update-membership.yaml",
            block_yaml(got, 0).trim_start().to_owned(),
        ),
    ]
    .map(|(what, format, name, text)| Recording::new(what, format, name, text))
    .into();
    for filed in all.iter_mut().filter(|one| one.what.ends_with("with a file")) {
        filed.beside.push(("__files/got.json", got.to_string()));
    }
    all
}

/// A value in YAML, one member a line, as the AWS CLI prints it.
fn block_yaml(value: &Value, level: usize) -> String {
    let indent = "  ".repeat(level);
    match value {
        Value::Object(members) if !members.is_empty() => members
            .iter()
            .map(|(key, value)| format!("\n{indent}{}: {}", Value::from(key.as_str()), block_yaml(value, level + 1)))
            .collect::<Vec<_>>()
            .concat(),
        Value::Array(items) if !items.is_empty() => items
            .iter()
            .map(|item| format!("\n{indent}- {}", block_yaml(item, level + 1).trim_start()))
            .collect::<Vec<_>>()
            .concat(),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) => text.clone(),
        scalar => scalar.to_string(),
    }
}

/// Bytes in a coding.
fn in_coding(bytes: &[u8], coding: Coding) -> Vec<u8> {
    let written = Written { codings: vec![coding], ..Written::new(bytes.into(), 0..0, Notation::Verbatim) };
    written.rewritten(b"", bytes).expect("a coding that is written").remove(0).1
}

/// A HAR whose response body is packed and in base64.
fn packed_har(traffic: &Traffic, encoding: &str, coding: Option<Coding>) -> String {
    let (_, _, text) = samples(traffic).into_iter().find(|(what, ..)| *what == "HAR").expect("a HAR");
    let mut har: Value = serde_json::from_str(&text).expect("JSON");
    for entry in har["log"]["entries"].as_array_mut().expect("a list") {
        let response = &mut entry["response"];
        let mut body = response["content"]["text"].as_str().expect("a body").as_bytes().to_vec();
        if let Some(coding) = coding {
            body = in_coding(&body, coding);
        }
        response["content"] = json!({"text": STANDARD.encode(body), "encoding": "base64"});
        let headers = response["headers"].as_array_mut().expect("a list");
        headers.push(json!({"name": "Content-Encoding", "value": encoding}));
    }
    har.to_string()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("a Vec takes it");
    encoder.finish().expect("a Vec takes it")
}

fn gunzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).ok()?;
    Some(plain)
}

/// A text with what is in base64 in it behind it, unpacked where it is packed.
fn unfolded(text: &str) -> String {
    let runs =
        text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '/' | '=')).filter(|run| run.len() > 24);
    let decoded = runs.filter_map(|run| STANDARD.decode(run).ok());
    let hexadecimal = text.split(|c: char| !c.is_ascii_hexdigit()).filter(|run| run.len() > 24 && run.len() % 2 == 0);
    let of_digits = hexadecimal.map(|run| {
        run.as_bytes()
            .chunks(2)
            .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect()
    });
    decoded.chain(of_digits).fold(text.to_owned(), |all: String, bytes: Vec<u8>| {
        all + "\n" + &String::from_utf8_lossy(&unpacked(&bytes).unwrap_or(bytes))
    })
}

/// What bytes hold in any coding.
fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let all = |mut stream: Box<dyn std::io::Read + '_>| {
        let mut plain = Vec::new();
        stream.read_to_end(&mut plain).ok().filter(|_| !plain.is_empty()).map(|_| plain.clone())
    };
    let zstd = || {
        let stream = packed::unpacking(bytes, Box::new(std::io::Cursor::new(bytes.to_vec())), u64::MAX);
        bytes.starts_with(b"\x28\xb5\x2f\xfd").then(|| all(stream)).flatten()
    };
    gunzip(bytes)
        .or_else(zstd)
        .or_else(|| all(Box::new(flate2::read::ZlibDecoder::new(bytes))))
        .or_else(|| all(Box::new(flate2::read::DeflateDecoder::new(bytes))))
        .or_else(|| all(Box::new(brotli_decompressor::Decompressor::new(bytes, 4096))))
}

/// Fails where a planted secret is in a text.
#[track_caller]
fn assert_kept(planted: &Planted, text: &str, what: &str) {
    let text = unfolded(text);
    let leaked = planted.within(&text);
    let line = leaked.first().and_then(|leaked| text.lines().find(|line| line.contains(*leaked)));
    assert_eq!((leaked.len(), line), (0, None), "{what}");
}

/// What is in a file that was written, unpacked; nothing where there is none.
fn written(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_default();
    String::from_utf8_lossy(&gunzip(&bytes).unwrap_or(bytes)).into_owned()
}

#[test]
fn every_format_is_planted_in() {
    let planted: BTreeSet<&str> = recordings(&mut Planted(Vec::new())).iter().map(|one| one.format).collect();
    assert_eq!(planted, shapegate::recording::FORMATS.iter().map(|format| format.id()).collect());
}

#[test]
fn nothing_planted_in_any_format_comes_out_of_any_command() {
    let mut planted = Planted(Vec::new());
    for (number, one) in recordings(&mut planted).into_iter().enumerate() {
        let folder = one.folder();
        let Recording { what, format, name, text, beside } = one;
        assert!(!planted.within(&unfolded(&text)).is_empty(), "{what}");
        let packed = if beside.is_empty() { format!("packed/{name}.gz") } else { format!("{name}.gz") };
        folder.write(&packed, "");
        fs::write(folder.path().join(&packed), gzip(text.as_bytes())).expect("writable");
        let reads = [&["check", "--verbose"][..], &["snapshot"], &["redact"]];
        let reports: Vec<String> = FORMS.iter().map(|form| format!("{form}=report.{form}")).collect();
        let mut in_all_forms = reads[0].to_vec();
        in_all_forms.extend(reports.iter().flat_map(|report| ["--report", report]));
        let mut runs: Vec<(Vec<&str>, &str)> = reads[1..].iter().map(|run| (run.to_vec(), &*name)).collect();
        runs.push((in_all_forms, &*name));
        // One file of each kind is enough for what sees nothing of the format.
        if number < 15 || number % 16 == 0 {
            let others = [
                &["list", "--why"][..],
                &["list", "--format", "json"],
                &["mutate", "--verbose"],
                &["history", "--verbose", "--severity", "note"],
                &["approve", "--reason", "reason", "--fail-on", "note"],
                &["redact", "--redact", "strict"],
                &["redact", "--check"],
            ];
            runs.extend(others.iter().map(|run| (run.to_vec(), &*name)));
            runs.extend(reads.iter().map(|run| (run.to_vec(), &*packed)));
        }
        for (mut run, name) in runs {
            run.extend(["--recording-format", format, name]);
            if run[0] == "redact" && !run.contains(&"--check") {
                run.push("out");
            }
            let ran = folder.run(&run);
            let may_fail = ["mutate", "snapshot", "history"].contains(&run[0]);
            assert!(ran.code.is_some_and(|code| code < 2 || may_fail), "{what} {run:?}: {}", ran.stderr);
            let reports = FORMS.iter().map(|form| format!("report.{form}"));
            let names = ["out", "shapegate-approvals.toml"].map(str::to_owned).into_iter().chain(reports);
            let files: Vec<_> = names.map(|file| folder.path().join(file)).collect();
            let is_in_all_forms = run.contains(&"--report");
            assert!(!is_in_all_forms || files[2..].iter().all(|file| !written(file).is_empty()), "{what} {run:?}");
            for text in [ran.stdout, ran.stderr].into_iter().chain(files.iter().map(|file| written(file))) {
                assert_kept(&planted, &text, &format!("{what} {run:?}"));
            }
            for file in &files {
                let _ = fs::remove_file(file);
            }
        }
    }
}

#[test]
fn nothing_planted_comes_out_of_what_is_cut_off() {
    let mut planted = Planted(Vec::new());
    // What a text is written in matters more than which of the exchanges it holds.
    let recordings = recordings(&mut planted).into_iter().enumerate();
    for (_, one) in recordings.filter(|(number, _)| *number < 15 || number % 8 == 0) {
        let Recording { what, format, name, text, beside } = one;
        let places = (1..5).map(|part| text.len() * part / 5).filter(|at| text.is_char_boundary(*at));
        let cut = places.map(|at| text[..at].to_owned());
        // Errors about a value often show it.
        let wrong = ["\"queryLogStatus\":", "\"status\":"].map(|key| text.replacen(key, &format!("{key}!"), 1));
        for text in cut.chain(wrong) {
            let folder = beside.iter().fold(Folder::new().with(&name, &text), |all, (name, text)| all.with(name, text));
            for run in [&["check", "--verbose"][..], &["redact"]] {
                let out: &[&str] = if run[0] == "redact" { &["out"] } else { &[] };
                let ran = folder.run(&[run, &["--recording-format", format, &name], out].concat());
                for text in [ran.stdout, ran.stderr, written(&folder.path().join("out"))] {
                    assert_kept(&planted, &text, &format!("{what} {run:?}, broken"));
                }
                let _ = fs::remove_file(folder.path().join("out"));
            }
        }
    }
}

/// The witnesses of an upgrade show what was recorded, and snapshots show values of enumerations.
#[test]
fn nothing_planted_comes_out_of_a_comparison() {
    let mut planted = Planted(Vec::new());
    let members = ["note", "password", "secretAccessKey"].map(str::to_owned);
    let old = model(&members);
    let new = old.replace("{\"type\":\"string\"}", "{\"type\":\"string\",\"max\":3}");
    assert_ne!(old, new);
    let closed = old.replace("{\"type\":\"string\"}", "{\"type\":\"string\",\"enum\":[\"one\",\"two\"]}");
    let key = format!("AKIA{}", "QRSTUVWXYZABCDEF");
    planted.0.push(key.clone());
    let values = [
        json!({"note": format!("Bearer {}", planted.secret()), "password": planted.secret(), "secretAccessKey": planted.secret()}),
        json!({"note": key}),
        json!({"note": format!("https://u:{}@example.com/?X-Amz-Signature={}", planted.secret(), planted.secret())}),
    ];
    let record =
        |request: &Value| json!({"service": "thing", "operation": "MakeThing", "request": request, "response": {}});
    let traffic = values.iter().map(|value| record(value).to_string()).collect::<Vec<_>>().join("\n");
    let folder = Folder::new().with("old.json", &old).with("new.json", &new).with("closed.json", &closed);
    folder.write("thing.ndjson", &traffic);
    folder.write("wire.toml", &folder.run(&["snapshot", "--model", "closed.json", "thing.ndjson"]).stdout);
    assert_kept(&planted, &folder.read("wire.toml"), "snapshot");
    for form in FORMS {
        for (from, to) in [("old.json", "new.json"), ("old.json", "closed.json")] {
            let gate = ["gate", "--from", from, "--to", to, "--traffic", "thing.ndjson", "--format", form];
            let ran = folder.run(&gate);
            assert_eq!(ran.code, Some(1), "{gate:?}: {}{}", ran.stdout, ran.stderr);
            assert_kept(&planted, &(ran.stdout + &ran.stderr), &format!("{gate:?}"));
        }
        let compared =
            ["snapshot", "--model", "closed.json", "--compare", "wire.toml", "thing.ndjson", "--format", form];
        let ran = folder.run(&compared);
        assert!(ran.code.is_some_and(|code| code < 2), "{compared:?}: {}", ran.stderr);
        assert_kept(&planted, &(ran.stdout + &ran.stderr), &format!("{compared:?}"));
    }
}

/// Everything that terminals, logs, CI systems, Markdown and HTML obey.
const HARMFUL: &str = "\n::error::x\r\u{1b}]0;t\u{7}\u{9b}2J\u{202e}\t##[group]y<script>`|[a](https://example.com)=1+1";

#[test]
fn nothing_in_traffic_is_obeyed_in_any_form() {
    let plain = json!({"service": "cleanrooms", "operation": "GetMembership", "direction": "request",
        "payload": {"membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001"}});
    let at = |pointer: &str| {
        let mut record = plain.clone();
        *record.pointer_mut(pointer).expect("there") = HARMFUL.into();
        record
    };
    let mut member = plain.clone();
    member["payload"][HARMFUL] = json!(1);
    let mut key = plain.clone();
    key["payload"]["membershipIdentifier"] = json!({HARMFUL: HARMFUL});
    let records = [member, key, at("/operation"), at("/service"), at("/payload/membershipIdentifier")];
    let text = records.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let folder = Folder::new().with("in.ndjson", &text);
    let commands: [&[&str]; 4] = [&["list"], &["mutate"], &["snapshot"], &["history"]];
    let checks = FORMS.iter().map(|form| vec!["check", "--verbose", "--format", form]);
    for run in checks.chain(commands.map(<[&str]>::to_vec)) {
        let ran = folder.run(&[&run[..], &["in.ndjson"]].concat());
        for text in [&ran.stdout, &ran.stderr] {
            let obeyed = text.chars().find(|c| {
                c.is_control() && !matches!(c, '\n' | '\t')
                    || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            });
            assert_eq!(obeyed, None, "{run:?}: {text}");
            let is_command = |line: &str| line.starts_with("::error::x") || line.starts_with("##[group]");
            assert!(!text.lines().any(|line| is_command(line.trim_start())), "{run:?}: {text}");
            let is_markup = run.contains(&"junit") || run.contains(&"markdown");
            assert!(!(is_markup && text.contains("<script>")), "{run:?}: {text}");
        }
    }
}

/// Fails where a text holds what a terminal, a log or a CI system would obey.
#[track_caller]
fn assert_inert(text: &str, what: &str) {
    let is_obeyed = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert_eq!(text.chars().find(|c| is_obeyed(*c)), None, "{what}: {text}");
    let is_command = |line: &str| line.starts_with("::error::x") || line.starts_with("##[group]");
    assert!(!text.lines().any(|line| is_command(line.trim_start())), "{what}: {text}");
}

/// Recordings of the formats that keep more than messages, with what is obeyed wherever they hold a text.
fn harmful_recordings() -> Vec<(&'static str, String)> {
    let url = "https://cleanrooms.us-east-1.amazonaws.com/memberships/a";
    let quoted = Value::from(HARMFUL).to_string();
    let headers = json!({HARMFUL: HARMFUL, "Content-Encoding": HARMFUL, "Content-Type": HARMFUL});
    let cassette = |body: &str| {
        json!({"request": {"method": HARMFUL, "url": url, "headers": headers, "body": body},
            "response": {"status": {"code": HARMFUL, "message": HARMFUL}, "headers": headers, "body": body}})
    };
    let stub = |response: Value| json!({"name": HARMFUL, "request": {"method": "GET", "url": url, "headers": {HARMFUL: {"equalTo": HARMFUL}}}, "response": response});
    let list =
        format!("- body: {quoted}\n  headers: {{{quoted}: [{quoted}]}}\n  method: GET\n  uri: {}\n", Value::from(url));
    let langchain = format!(
        "requests:\n{list}responses:\n- body: {{string: {quoted}}}\n  headers: {{}}\n  status: {{code: {quoted}, message: {quoted}}}\n"
    );
    let tagged = |payload: &str, tag: char| format!("{}:{payload}{tag}", payload.len());
    let flow = |names: [&str; 2]| {
        let dict = names.map(|text| tagged(text, ';') + &tagged(HARMFUL, ',')).concat();
        tagged(&(tagged("request", ';') + &tagged(&dict, '}') + &tagged("type", ';') + &tagged("http", ';')), '}')
    };
    let literal = HARMFUL.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
    let log = format!(
        "10:00 botocore.endpoint [DEBUG] Making request for OperationModel(name={literal}) with params: {{'body': b'{literal}'}}\n\
         10:00 botocore.endpoint [DEBUG] Sending http request: <AWSPreparedRequest stream_output=False, method=GET, url={url}?{literal}, headers={{'{literal}': b'{literal}'}}>\n\
         10:00 botocore.parsers [DEBUG] Response headers: {{'{literal}': '{literal}'}}\n\
         10:00 botocore.parsers [DEBUG] Response body:\nb'{literal}'\n"
    );
    vec![
        ("dd_apm.json", cassette(HARMFUL).to_string()),
        ("dd_apm_base64.json", cassette(&format!("base64:{HARMFUL}")).to_string()),
        (
            "mappings/file.json",
            stub(json!({"status": 200, "bodyFileName": HARMFUL, "headers": {HARMFUL: HARMFUL}})).to_string(),
        ),
        ("mappings/up.json", stub(json!({"bodyFileName": format!("../../{HARMFUL}")})).to_string()),
        ("mappings/body.json", stub(json!({"status": HARMFUL, "jsonBody": {HARMFUL: HARMFUL}})).to_string()),
        ("langchain.yaml", langchain),
        ("cleanrooms.get-membership.yaml", format!("membership:\n  {quoted}: {quoted}\n  status: {quoted}\n")),
        ("flow.mitm", flow(["method", "path"])),
        ("other.mitm", flow([HARMFUL, "host"])),
        ("debug.log", log),
    ]
}

#[test]
fn nothing_in_names_of_files_and_models_and_in_errors_is_obeyed_in_any_form() {
    let harmful = HARMFUL.replace('/', "%");
    let name = format!("{harmful}.ndjson");
    let members = ["one".to_owned(), "two".to_owned()];
    let old = model(&members[..1]);
    let named = |text: &str| {
        let mut model: Value = serde_json::from_str(text).expect("JSON");
        for key in ["serviceFullName", "serviceId"] {
            model["metadata"][key] = HARMFUL.into();
        }
        model["operations"] = json!({HARMFUL: {"name": HARMFUL, "http": {"method": "POST", "requestUri": HARMFUL}, "input": {"shape": "MakeInput"}}});
        model["shapes"]["MakeInput"]["members"][HARMFUL] = json!({"shape": "Text"});
        model.to_string()
    };
    let (before, after) = (format!("{harmful}.old.json"), format!("{harmful}.new.json"));
    let shapes = named(&old);
    let record = |more: Value| {
        let mut record =
            json!({"service": "cleanrooms", "operation": "GetMembership", "request": {"membershipIdentifier": 1}});
        record.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        record.to_string()
    };
    let traffic = [
        record(json!({})),
        record(json!({"status": HARMFUL})),
        record(json!({"error": {"code": HARMFUL, "message": HARMFUL}, "status": 400})),
        record(json!({"recordedAt": HARMFUL, "encoding": HARMFUL})),
        format!("{{\"service\": {HARMFUL}"),
    ];
    let har = json!({"log": {"version": "1.2", "entries": [{"request": {"method": HARMFUL,
        "url": "https://cleanrooms.us-east-1.amazonaws.com/memberships/a", "headers": [{"name": HARMFUL, "value": HARMFUL}]},
        "response": {"status": HARMFUL, "statusText": HARMFUL, "headers": [], "content": {"text": HARMFUL, "mimeType": HARMFUL}}}]}});
    let folder = Folder::new().with(&name, &traffic.join("\n")).with(&before, &old).with(&after, &shapes);
    folder.write(&format!("{harmful}/{harmful}.har"), &har.to_string());
    for (file, text) in harmful_recordings() {
        folder.write(&format!("{harmful}/{file}"), &text);
    }
    folder.write("good.ndjson", &record(json!({})));
    folder.write("wire.toml", &folder.run(&["snapshot", "good.ndjson"]).stdout);
    folder.write(&format!("{harmful}.toml"), &folder.read("wire.toml"));
    let wire = format!("{harmful}.toml");
    let mut runs: Vec<Vec<&str>> = Vec::new();
    for form in FORMS {
        runs.push(vec!["check", "--verbose", ".", "--format", form]);
        runs.push(vec!["check", "--model", &after, ".", "--format", form]);
        runs.push(vec!["gate", "--from", &before, "--to", &after, "--format", form]);
        runs.push(vec!["gate", "--from", &after, "--to", &before, "--traffic", ".", "--format", form]);
        runs.push(vec!["diff", "--from", &before, "--to", &after, "--format", form]);
        runs.push(vec!["snapshot", "--compare", &wire, "good.ndjson", "--format", form]);
        runs.push(vec!["history", ".", "--format", form]);
    }
    for more in [
        &["list", "--why", "."][..],
        &["mutate", "."],
        &["redact", ".", "../copies"],
        &["approve", ".", "--reason", HARMFUL],
        &["generate", "--model", &after, "--request"],
        &["schema", "--model", &after, "--out", "schemas"],
        &["init"],
        &["explain", HARMFUL],
        &["check", "--config", &wire, "."],
        &["check", "--approvals", &wire, "."],
        &["check", "--errata", &wire, "."],
        &["check", "--report", HARMFUL, "."],
        &["check", HARMFUL],
        &["check", "--only-rule", HARMFUL, "."],
    ] {
        runs.push(more.to_vec());
    }
    let mut shown = 0;
    for run in runs {
        let ran = folder.run(&run);
        assert!(ran.code.is_some_and(|code| code <= 2), "{run:?}: {}", ran.stderr);
        for text in [&ran.stdout, &ran.stderr] {
            assert_inert(text, &format!("{run:?}"));
            shown += usize::from(text.contains("error::x"));
        }
        let markup: &[&str] = match run.last() {
            Some(&"junit") => &["<script>"],
            Some(&"markdown") => &["<script>", "[a](https:"],
            _ => &[],
        };
        assert!(!markup.iter().any(|markup| ran.stdout.contains(markup)), "{run:?}: {}", ran.stdout);
    }
    assert!(shown > 30, "names are shown in {shown} texts");
}

//! Input that is broken or meant to harm, as the command meets it: nothing is lost, silent or obeyed.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Map, Value, json};

const RECORD: &str = r#"{"service":"cleanrooms","operation":"GetMembership","direction":"request","payload":{"membershipIdentifier":"3e3be000-5c1d-4e2a-9b3f-000000000001"}}"#;
const HAR: &str = r#"{"log": {"version": "1.2", "entries": [{"request": {"method": "GET", "url": "https://cleanrooms.us-east-1.amazonaws.com/memberships/3e3be000-5c1d-4e2a-9b3f-000000000001", "headers": []}, "response": {"status": 0}}]}}"#;

fn shapegate(arguments: &[&str], folder: &Path) -> Output {
    let run = Command::new(env!("CARGO_BIN_EXE_shapegate")).args(arguments).current_dir(folder).output();
    run.expect("the binary runs")
}

fn both(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn a_copy_never_replaces_its_recording() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(dir.path().join("in")).expect("writable");
    fs::write(dir.path().join("a.har"), HAR).expect("writable");
    fs::write(dir.path().join("in/a.har"), HAR).expect("writable");
    fs::hard_link(dir.path().join("a.har"), dir.path().join("hard.har")).expect("a link");
    for (from, to) in [("a.har", "./a.har"), ("a.har", "in/../a.har"), ("a.har", "hard.har"), ("in", "./in/../in")] {
        let run = shapegate(&["redact", from, to], dir.path());
        assert_eq!(run.status.code(), Some(2), "{from} to {to}: {}", both(&run));
    }
    for kept in ["a.har", "in/a.har"] {
        assert_eq!(fs::read_to_string(dir.path().join(kept)).expect("there"), HAR);
    }
    let run = shapegate(&["redact", "in", "out/../out"], dir.path());
    assert!(dir.path().join("out/a.har").is_file(), "{}", both(&run));
}

#[cfg(unix)]
#[test]
fn a_copy_is_never_copied_by_a_link_to_its_folder() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().expect("a temporary folder");
    for folder in ["in", "out"] {
        fs::create_dir(dir.path().join(folder)).expect("writable");
    }
    fs::write(dir.path().join("in/a.har"), HAR).expect("writable");
    fs::write(dir.path().join("out/z.har"), HAR).expect("writable");
    symlink("..", dir.path().join("in/up")).expect("a link");
    symlink("../out/z.har", dir.path().join("in/z.har")).expect("a link");
    let run = shapegate(&["redact", "in", "out"], dir.path());
    assert!(both(&run).contains("1 recording written, 0 places masked, 3 other files not copied"), "{}", both(&run));
    assert!(dir.path().join("out/a.har").is_file() && !dir.path().join("out/up").exists());
    let run = shapegate(&["check", "--list", "in"], dir.path());
    assert!(!both(&run).contains("up/in/a.har"), "{}", both(&run));
    let run = shapegate(&["redact", "in", "."], dir.path());
    assert!(both(&run).contains("what is copied lies within the folder of the copies"), "{}", both(&run));
}

#[cfg(unix)]
#[test]
fn a_copy_is_read_by_those_who_may_read_its_recording() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(dir.path().join("in")).expect("writable");
    let mode = |name: &str| fs::metadata(dir.path().join(name)).expect(name).permissions().mode() & 0o777;
    for (name, mode) in [("a.har", 0o600), ("b.har", 0o640), ("c.har", 0o644)] {
        let path = dir.path().join("in").join(name);
        fs::write(&path, HAR).expect("writable");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("ours");
    }
    for _ in 0..2 {
        shapegate(&["redact", "in", "out"], dir.path());
        assert_eq!(["out/a.har", "out/b.har", "out/c.har"].map(mode), [0o600, 0o640, 0o644]);
    }
    shapegate(&["redact", "in/a.har", "out/c.har"], dir.path());
    assert_eq!(mode("out/c.har"), 0o600, "whatever was there before");
    let run = shapegate(&["redact", "in", "-"], dir.path());
    assert!(run.status.code() == Some(2) && both(&run).contains("standard output cannot hold"), "{}", both(&run));
    assert!(!dir.path().join("-").exists());
}

#[test]
fn parts_that_are_unread_are_told_by_every_command() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("a.ndjson"), format!("{RECORD}\n{{\"service\":\n{RECORD}\n")).expect("writable");
    fs::write(dir.path().join("b.json.gz"), [0x1f, 0x8b, 8]).expect("writable");
    fs::write(dir.path().join("whole.ndjson"), RECORD).expect("writable");
    let taken = shapegate(&["snapshot", "whole.ndjson", "--out", "wire.toml"], dir.path());
    assert_eq!(taken.status.code(), Some(0), "{}", both(&taken));
    for command in [
        &["check"][..],
        &["list"],
        &["mutate"],
        &["history"],
        &["snapshot"],
        &["snapshot", "--out", "new.toml"],
        &["snapshot", "--compare", "wire.toml"],
        &["snapshot", "--compare", "wire.toml", "--accept"],
    ] {
        let run = shapegate(&[command, &["a.ndjson", "b.json.gz"]].concat(), dir.path());
        assert_eq!(run.status.code(), Some(1), "{command:?}: {}", both(&run));
        assert!(
            ["a.ndjson:2", "b.json.gz"].iter().all(|part| both(&run).contains(part)),
            "{command:?}: {}",
            both(&run)
        );
        let run = shapegate(&[command, &["b.json.gz"]].concat(), dir.path());
        assert_eq!(run.status.code(), Some(1), "{command:?}: {}", both(&run));
        assert!(both(&run).contains("b.json.gz"), "{command:?}: {}", both(&run));
        let run = shapegate(&[command, &["whole.ndjson"]].concat(), dir.path());
        assert_eq!(run.status.code(), Some(0), "{command:?}: {}", both(&run));
    }
    let wire = fs::read_to_string(dir.path().join("wire.toml")).expect("there");
    let new = fs::read_to_string(dir.path().join("new.toml")).expect("written of what is whole");
    assert_eq!(wire, new);
    let run = shapegate(&["list", "--format", "json", "a.ndjson"], dir.path());
    assert!(String::from_utf8_lossy(&run.stdout).contains("malformed-recording"), "{}", both(&run));
}

#[test]
fn names_are_shown_and_not_obeyed() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let harmful = r"\n::error::x\u001b]0;t\u0007\u202e\t\u009b2J\n##[group]y";
    let member = RECORD.replace("\"payload\":{", &format!("\"payload\":{{\"{harmful}\":1,"));
    let operation = RECORD.replace("GetMembership", harmful);
    let service = RECORD.replace("\"cleanrooms\"", &format!("\"{harmful}\""));
    fs::write(dir.path().join("a.ndjson"), [member, operation, service].join("\n")).expect("writable");
    for command in ["check", "list", "mutate", "history", "snapshot"] {
        let run = shapegate(&[command, "a.ndjson"], dir.path());
        for line in both(&run).lines() {
            let is_obeyed = |c: char| c.is_control() && c != '\t' || c == '\u{202e}';
            assert!(!line.contains(is_obeyed), "{command}: {line:?}");
            assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{command}: {line:?}");
        }
    }
    let listed = shapegate(&["list", "a.ndjson"], dir.path());
    assert!(String::from_utf8_lossy(&listed.stdout).lines().all(|line| line.split('\t').count() == 7));
}

#[test]
fn models_of_thousands_of_values_and_ways_take_no_minutes() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let values = |release: &str| -> Vec<String> { (0..8_000).map(|at| format!("value-{at:05}-{release}")).collect() };
    for release in ["old", "new"] {
        let text = json!({"S0": {"type": "string", "enum": values(release)}});
        fs::write(dir.path().join(format!("{release}.json")), model(&text)).expect("writable");
    }
    // Each value against each other one, and a look at all of them for each that is gone, took minutes.
    let run = shapegate(&["gate", "--from", "old.json", "--to", "new.json", "--format", "ndjson"], dir.path());
    let text = String::from_utf8_lossy(&run.stdout).into_owned();
    assert_eq!(text.matches("\"rule\":\"enum-value-removed\"").count(), 16_000, "of each half");
    assert!(text.contains("\"generated\""), "the first have their witnesses");
    // A finding lists no more of them than any API has, and knows all.
    let record = r#"{"service":"x","operation":"Op","direction":"request","payload":{"a":"value-07999-nwe"}}"#;
    fs::write(dir.path().join("a.ndjson"), record).expect("writable");
    let run = shapegate(&["check", "--model", "new.json", "--format", "json", "a.ndjson"], dir.path());
    let report: Value = serde_json::from_slice(&run.stdout).expect("a report");
    let values = &report["findings"][0]["values"];
    assert_eq!(values["allowed"].as_array().map(Vec::len), Some(2_000), "{values:.300}");
    // Each of many unknown values would be held against all of them.
    assert_eq!(values["nearest"], Value::Null, "{values:.300}");
    let way = |level: usize| {
        let below = json!({"shape": format!("S{}", level + 1)});
        json!({"type": "structure", "union": true, "members": {"left": below, "right": below}})
    };
    let mut shapes: Map<_, _> = (0..40).map(|level| (format!("S{level}"), way(level))).collect();
    shapes.insert("S40".to_owned(), json!({"type": "string"}));
    fs::write(dir.path().join("service-2.json"), model(&Value::Object(shapes))).expect("writable");
    let run = shapegate(&["generate", "--model", "service-2.json", "--request", "--cover", "Op"], dir.path());
    assert_eq!(run.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&run.stderr).contains("beyond 4000 places"), "{:?}", run.stderr);
}

/// Each of them has its own place, told from one pass over the line: a look at the whole line for each took 30 s.
#[test]
fn thousands_of_findings_on_one_line_have_each_their_place() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let strangers: Vec<_> = (0..16_000).map(|number| format!("\"x{number:05}\":1,")).collect();
    let record = RECORD.replace("\"payload\":{", &format!("\"payload\":{{{}", strangers.concat()));
    fs::write(dir.path().join("a.ndjson"), record).expect("writable");
    let run = shapegate(&["check", "--format", "ndjson", "a.ndjson"], dir.path());
    assert_eq!(run.status.code(), Some(1));
    let lines = String::from_utf8(run.stdout).expect("UTF-8");
    let findings = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let places: BTreeSet<u64> = findings.filter_map(|finding| finding["location"]["column"].as_u64()).collect();
    assert!(places.len() >= 16_000, "{} places", places.len());
}

/// A model of one operation, whose input has the member `a` of the shape `S0`.
fn model(shapes: &Value) -> String {
    let http = json!({"method": "POST", "requestUri": "/"});
    let mut model = json!({
        "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "x", "protocol": "rest-json", "serviceId": "X"},
        "operations": {"Op": {"name": "Op", "http": http, "input": {"shape": "In"}, "output": {"shape": "In"}}},
        "shapes": {"In": {"type": "structure", "members": {"a": {"shape": "S0"}}}}});
    let all = model["shapes"].as_object_mut().expect("an object");
    all.extend(shapes.as_object().expect("shapes by name").clone());
    model.to_string()
}

/// So many structures within each other, each with these members of the next; the last is followed by a string.
fn nested(levels: usize, members: &[&str]) -> Value {
    let below = |level: usize| {
        let members: Map<_, _> =
            members.iter().map(|name| ((*name).to_owned(), json!({"shape": format!("S{}", level + 1)}))).collect();
        json!({"type": "structure", "members": members, "required": members.keys().collect::<Vec<_>>()})
    };
    let mut shapes: Map<_, _> = (0..levels).map(|level| (format!("S{level}"), below(level))).collect();
    shapes.insert(format!("S{levels}"), json!({"type": "string"}));
    Value::Object(shapes)
}

#[test]
fn nesting_of_models_is_bounded_and_told() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let payload = |levels: usize| {
        let deep = (0..levels).fold(json!("text"), |value, _| json!({"a": value}));
        json!({"service": "x", "operation": "Op", "direction": "request", "payload": deep}).to_string()
    };
    for (levels, told) in [(1_000, Some("nest 1002 levels deep")), (127, Some("the limit")), (120, None)] {
        fs::write(dir.path().join("service-2.json"), model(&nested(levels, &["a"]))).expect("writable");
        fs::write(dir.path().join("a.ndjson"), payload(121)).expect("writable");
        for arguments in [
            &["check", "--model", "service-2.json", "a.ndjson"][..],
            &["snapshot", "--model", "service-2.json", "a.ndjson"],
            &["gate", "--from", "service-2.json", "--to", "service-2.json"],
            &["generate", "--model", "service-2.json", "--request", "--count", "1", "Op"],
            &["mutate", "--model", "service-2.json", "a.ndjson"],
        ] {
            let run = shapegate(arguments, dir.path());
            let code = run.status.code();
            match told {
                Some(told) => assert!(code == Some(2) && both(&run).contains(told), "{arguments:?}: {}", both(&run)),
                None => assert_eq!(code, Some(0), "{arguments:?}: {}", both(&run)),
            }
        }
    }
}

#[test]
fn payloads_whose_least_is_too_large_are_not_made() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let list = |least: u64| json!({"type": "list", "min": least, "member": {"shape": "S1"}});
    let cases = [
        (nested(40, &["a", "b"]), "its least value has more than"),
        (json!({"S0": list(1_000_000_000), "S1": {"type": "string"}}), "lists of 1000000000 or more"),
        (json!({"S0": list(10_000), "S1": {"type": "string", "min": 10_000}}), "its least value has more than"),
        (json!({"S0": {"type": "string", "min": 1_000_000}}), "texts of 1000000 or more"),
    ];
    for (shapes, told) in cases {
        fs::write(dir.path().join("service-2.json"), model(&shapes)).expect("writable");
        for what in [&["--count", "1"][..], &["--cover"], &["--faults"]] {
            let start = ["generate", "--model", "service-2.json", "--request", "Op"];
            let run = shapegate(&[&start[..], what].concat(), dir.path());
            assert_eq!(run.status.code(), Some(0), "{what:?}: {}", both(&run));
            assert!(both(&run).contains(told), "{what:?}: {}", both(&run));
        }
    }
}

/// Rules and files of the findings that `check` prints.
fn found(run: &Output) -> Vec<(String, String)> {
    let lines = String::from_utf8(run.stdout.clone()).expect("UTF-8");
    let findings = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    findings.map(|finding| (text(&finding["rule"]), text(&finding["location"]["file"]))).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("a Vec takes it");
    encoder.finish().expect("a Vec takes it")
}

#[test]
fn what_exceeds_a_limit_is_told_and_the_rest_is_read() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let put = |name: &str, bytes: &[u8]| fs::write(dir.path().join(name), bytes).expect("writable");
    let long = RECORD.replace("3e3be000", &"0".repeat(300_000));
    let many = RECORD.replace("\"payload\":{", &format!("\"payload\":{{\"x\":[{}1],", "1,".repeat(3_000)));
    let deep = RECORD.replace("\"payload\":{", &format!("\"payload\":{{\"x\":{}{},", "[".repeat(90), "]".repeat(90)));
    let wrong = RECORD.replace("GetMembership", "GetNothing");
    put("first.ndjson", [&long, &wrong, RECORD].join("\n").as_bytes());
    put("later.ndjson", [RECORD, &long, &wrong].join("\n").as_bytes());
    put("many.ndjson", [many.as_str(), &wrong].join("\n").as_bytes());
    put("deep.ndjson", [deep.as_str(), &wrong].join("\n").as_bytes());
    put("ratio.ndjson.gz", &gzip(&vec![b'\n'; 16 << 20]));
    put("whole.har", HAR.replace("\"headers\": []", &format!("\"comment\": \"{}\"", "x".repeat(300_000))).as_bytes());
    let entry = &HAR[HAR.find("[{").expect("entries") + 1..HAR.rfind(']').expect("entries")];
    let mut strangers = vec![entry.replace("/memberships/", "/nothings/"); 400];
    strangers[200] = strangers[200].replacen('{', &format!("{{\"x\": [{}1],", "1,".repeat(4_000)), 1);
    let strangers = strangers.join(",");
    put("entries.har", HAR.replace(entry, &strangers).as_bytes());
    let unfolded: Vec<String> =
        (1..9).map(|n| format!("a{n}: &a{n} [{}]", vec![format!("*a{}", n - 1); 9].join(","))).collect();
    let unfolded = unfolded.join("\n");
    put("alias.yaml", format!("interactions:\n- request: {{method: GET, uri: x}}\na0: &a0 [x]\n{unfolded}").as_bytes());
    let limits = [
        "record-bytes=200000",
        "values=2000",
        "depth=80",
        "document-bytes=200000",
        "document-values=3000",
        "alias-bytes=100000",
        "ratio=100",
    ];
    let mut arguments = vec!["check", "--contract", "cleanrooms", "--format", "ndjson", "."];
    arguments.extend(limits.iter().flat_map(|limit| ["--limit", limit]));
    let run = shapegate(&arguments, dir.path());
    assert_eq!(run.status.code(), Some(1), "{}", both(&run));
    let found = found(&run);
    let rules = |file: &str| -> Vec<&str> {
        found.iter().filter(|(_, own)| own.ends_with(file)).map(|(rule, _)| rule.as_str()).collect()
    };
    for file in ["first.ndjson", "later.ndjson", "many.ndjson", "deep.ndjson"] {
        assert!(rules(file).starts_with(&["limit-reached", "unknown-operation"]), "{file}: {:?}", rules(file));
    }
    for file in ["ratio.ndjson.gz", "whole.har"] {
        assert_eq!(rules(file), ["limit-reached"], "{file}");
    }
    for file in ["entries.har", "alias.yaml"] {
        assert_eq!(rules(file).iter().filter(|rule| **rule == "limit-reached").count(), 1, "{file}: {:?}", rules(file));
    }
    assert_eq!(rules("entries.har").len(), 400, "the other entries are read");
    let run = shapegate(&["check", "--limit", "size=3", "."], dir.path());
    assert!(run.status.code() == Some(2) && both(&run).contains("document-values"), "{}", both(&run));
}

#[test]
fn an_expectation_without_end_is_undecided() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(dir.path().join("all")).expect("writable");
    for keyword in ["oneOf", "allOf"] {
        let next = |level: usize| json!({"$ref": format!("#/$defs/a{level}")});
        let mut parts: Map<_, _> =
            (0..40).map(|level| (format!("a{level}"), json!({keyword: [next(level + 1), next(level + 1)]}))).collect();
        parts.insert("a40".into(), json!({"required": ["nothing"]}));
        let schema = json!({"description": "It ends.", "$ref": "#/$defs/a0", "$defs": parts, "x-shapegate":
            {"expectation": keyword, "service": "cleanrooms", "operations": [], "source": "stated", "evidence": "-"}});
        fs::write(dir.path().join(format!("all/{keyword}.schema.json")), schema.to_string()).expect("writable");
    }
    let record =
        r#"{"service":"cleanrooms","operation":"ListMemberships","request":{},"response":{"membershipSummaries":[]}}"#;
    fs::write(dir.path().join("a.ndjson"), record).expect("writable");
    let run = shapegate(&["check", "--expectations", "all", "--format", "ndjson", "a.ndjson"], dir.path());
    let rules: Vec<String> = found(&run).into_iter().map(|(rule, _)| rule).collect();
    assert!(rules.contains(&"undecided".to_owned()) && !rules.contains(&"unmet-expectation".to_owned()), "{rules:?}");
}

#[test]
fn what_has_no_end_is_not_read_to_it() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("a.ndjson"), RECORD).expect("writable");
    for arguments in [
        &["check", "--model", "/dev/zero", "a.ndjson"][..],
        &["check", "--approvals", "/dev/zero", "a.ndjson"],
        &["snapshot", "a.ndjson", "--compare", "/dev/zero"],
        &["approve", "--report", "/dev/zero", "--reason", "x"],
    ] {
        let run = shapegate(arguments, dir.path());
        assert!(run.status.code() == Some(2) && both(&run).contains("MiB"), "{arguments:?}: {}", both(&run));
    }
}

/// A secret that stands in no file: it is put together here.
fn secret() -> String {
    format!("s3cr{}{}", "Et0001", "QzWv".repeat(3))
}

/// A HAR of one exchange, with more members in its request, in its response and in its log.
fn har(url: &str, headers: &Value, request: &Value, log: &Value) -> String {
    let mut har: Value = serde_json::from_str(HAR).expect("JSON");
    let extend = |to: &mut Value, from: &Value| {
        let members = from.as_object().expect("an object").clone();
        to.as_object_mut().expect("an object").extend(members);
    };
    let sent = &mut har["log"]["entries"][0]["request"];
    sent["url"] = format!("{}{url}", sent["url"].as_str().expect("a URL")).into();
    sent["headers"] = headers.clone();
    extend(sent, request);
    extend(&mut har["log"], log);
    har.to_string()
}

#[test]
fn what_is_masked_somewhere_is_masked_everywhere() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let secret = secret();
    let header = |name: &str, value: String| json!([{"name": name, "value": value}]);
    let (none, nothing) = (json!([]), json!({}));
    let pem = format!("-----BEGIN RSA {k}-----\n{secret}\n-----END RSA {k}-----", k = ["PRIVATE", "KEY"].join(" "));
    let texts = json!({"_x": json!({"secretAccessKey": secret}).to_string()});
    let cases = [
        har(&format!("?X-Amz-Signature={secret}"), &none, &json!({"queryString": [{"value": secret}]}), &nothing),
        har(
            "",
            &header("Cookie", format!("sid={secret}")),
            &json!({"cookies": [{"name": "sid", "value": secret}]}),
            &nothing,
        ),
        har(
            "",
            &header("X-Auth-Token", secret.clone()),
            &nothing,
            &json!({"pages": [{"title": format!("got {secret}")}]}),
        ),
        har("", &header("x-amz-s3session-token", secret.clone()), &json!({"_details": {"t": secret}}), &nothing),
        har(&format!("#access_token={secret}"), &none, &nothing, &nothing),
        har(&format!("?sig%3D{secret}"), &none, &nothing, &nothing),
        har("", &none, &json!({"comment": pem}), &nothing),
        har("", &none, &json!({"_x": {"password": secret}}), &nothing),
        har("", &none, &texts, &nothing),
    ];
    for case in cases {
        let case = case.as_str();
        fs::write(dir.path().join("in.har"), case).expect("writable");
        let run = shapegate(&["redact", "in.har", "out.har"], dir.path());
        assert_eq!(run.status.code(), Some(0), "{case}: {}", both(&run));
        let copy = fs::read_to_string(dir.path().join("out.har")).expect("a copy");
        assert!(!copy.contains(&secret), "{case}: {copy}");
    }
}

#[test]
fn no_copy_is_left_where_a_secret_may_be_in_it_and_other_files_are_cleaned() {
    use base64::Engine as _;
    let dir = tempfile::tempdir().expect("a temporary folder");
    let secret = secret();
    let packed = base64::engine::general_purpose::STANDARD.encode(format!("the token {secret}"));
    let headers = json!([{"name": "X-Vault-Token", "value": secret}]);
    fs::create_dir(dir.path().join("in")).expect("writable");
    fs::write(dir.path().join("in/a.har"), har("", &headers, &json!({"_x": packed}), &json!({}))).expect("writable");
    fs::write(dir.path().join("in/b.json.gz"), b"\x1f\x8b\x08broken").expect("writable");
    fs::write(dir.path().join("in/c.har"), HAR).expect("writable");
    let run = shapegate(&["redact", "in", "out"], dir.path());
    assert_eq!(run.status.code(), Some(1), "{}", both(&run));
    assert!(both(&run).contains("a secret in base64"), "{}", both(&run));
    assert!(!dir.path().join("out/a.har").exists() && dir.path().join("out/c.har").exists());
}

#[test]
fn headers_that_are_no_map_are_told_and_never_copied_with_a_secret() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let secret = secret();
    for headers in [json!([["Cookie", secret]]), json!(format!("Cookie: {secret}")), json!({"X-A": {"Cookie": secret}})]
    {
        let cassette = |headers: &Value| {
            let entry = json!({
                "request": {"method": "GET", "uri": "https://example.org/", "body": null, "headers": headers},
                "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": "{}"}},
            });
            json!({"version": 1, "interactions": [entry]}).to_string()
        };
        fs::write(dir.path().join("a.json"), cassette(&headers)).expect("writable");
        let run = shapegate(&["redact", "a.json", "copy.json"], dir.path());
        let copy = fs::read_to_string(dir.path().join("copy.json")).unwrap_or_default();
        assert!(run.status.code() == Some(1) && !copy.contains(&secret), "{headers}: {}{copy}", both(&run));
        fs::write(dir.path().join("a.json"), cassette(&json!({"Cookie": [secret]}))).expect("writable");
        let run = shapegate(&["redact", "a.json", "copy.json"], dir.path());
        assert_eq!(run.status.code(), Some(0), "{}", both(&run));
        fs::remove_file(dir.path().join("copy.json")).expect("a copy");
    }
}

#[test]
fn a_header_of_two_lines_is_told() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let headers = json!([{"name": "a\r\nx-other", "value": "b"}]);
    fs::write(dir.path().join("a.har"), har("", &headers, &json!({}), &json!({}))).expect("writable");
    let run = shapegate(&["check", "--contract", "cleanrooms", "a.har"], dir.path());
    assert!(run.status.code() == Some(1) && both(&run).contains("holds a line break"), "{}", both(&run));
}

#[test]
fn a_file_that_many_stubs_name_is_copied_within_the_limit_on_documents() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let stub = |number: usize| {
        json!({
            "request": {"method": "GET", "url": format!("https://example.org/{number}")},
            "response": {"status": 200, "bodyFileName": "body.txt"},
        })
    };
    let stubs: Vec<Value> = (0..10).map(stub).collect();
    for folder in ["mappings", "__files"] {
        fs::create_dir(dir.path().join(folder)).expect("writable");
    }
    fs::write(dir.path().join("mappings/a.json"), json!({"mappings": stubs}).to_string()).expect("writable");
    fs::write(dir.path().join("__files/body.txt"), "word ".repeat(10_000)).expect("writable");
    let run = shapegate(&["redact", "--limit", "document-bytes=400000", "mappings/a.json", "copy.json"], dir.path());
    assert_eq!(run.status.code(), Some(2), "{}", both(&run));
    assert!(both(&run).contains("more than 400000 bytes of bodies that are in files of their own"), "{}", both(&run));
    assert!(!dir.path().join("copy.json").exists());
    let run = shapegate(&["redact", "mappings/a.json", "copy.json"], dir.path());
    assert_eq!(run.status.code(), Some(0), "{}", both(&run));
    assert!(fs::metadata(dir.path().join("copy.json")).expect("a copy").len() > 500_000);
}

//! `shapegate snapshot`: what it tells of upgrades that were recorded, what it keeps to itself, and its exit codes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use shapegate::check::{Catalog, Input, Options};
use shapegate::expectation::Expectations;
use shapegate::snapshot::{Taken, take};
use shapegate::wire::file;

use crate::support::folder::Folder;
use crate::support::wheels::{NEWEST, release};
use crate::support::{catalog, root};

const HTTP: &str = "fixtures/recordings/cleanrooms-http";
const CONTRACT: &str = "cleanrooms@2023-08-30";

fn shapegate(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shapegate"))
        .arg("snapshot")
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the binary starts")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// Exit code and stdout.
fn told(arguments: &[&str]) -> (Option<i32>, String) {
    let output = shapegate(arguments);
    (output.status.code(), text(&output.stdout).to_owned())
}

fn options<'a>(catalog: &'a Catalog, expectations: &'a Expectations, threads: usize) -> Options<'a> {
    Options { threads, ..Options::new(catalog, expectations) }
}

fn taken(catalog: &Catalog, paths: &[PathBuf], threads: usize) -> Taken {
    let inputs = paths.iter().cloned().map(Input::Path).collect();
    take(inputs, &options(catalog, &Expectations::default(), threads)).expect("there is traffic")
}

/// What the snapshot's schema has to say against a file.
fn complaints(written: &str) -> Vec<String> {
    let schema = fs::read(root().join("schemas/formats/snapshot.v1.schema.json")).expect("part of the project");
    let schema: Value = serde_json::from_slice(&schema).expect("JSON");
    assert!(jsonschema::meta::is_valid(&schema));
    let table: toml::Table = toml::from_str(written).expect("TOML");
    let value = serde_json::to_value(table).expect("no dates in it");
    let validator = jsonschema::draft202012::new(&schema).expect("it compiles");
    validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn boto3_1_36_0_sends_checksums_to_s3() {
    let folder = "fixtures/upgrades/s3";
    let model = format!("{folder}/service-2.json");
    let before = format!("{folder}/before.toml");
    let (code, stdout) = told(&["--model", &model, "--compare", &before, &format!("{folder}/after")]);
    assert_eq!(code, Some(1));
    insta::assert_snapshot!("boto3_1_36_0_sends_checksums_to_s3", stdout);
    let (code, stdout) = told(&["--model", &model, "--compare", &before, &format!("{folder}/before")]);
    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.starts_with("no differences: 0 errors"), "{stdout}");
}

#[test]
fn the_file_in_the_project_is_what_the_recordings_say() {
    let folder = "fixtures/upgrades/s3";
    let (code, stdout) = told(&["--model", &format!("{folder}/service-2.json"), &format!("{folder}/before")]);
    assert_eq!(code, Some(0));
    assert_eq!(stdout, fs::read_to_string(root().join(folder).join("before.toml")).expect("part of the project"));
}

#[test]
fn another_sdk_is_told_from_boto3() {
    // boto3 says at its first attempt nothing of how many there may be.
    const AT_MOST: &str = "request-header-value-changed amz-sdk-request";
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("wire.toml");
    let file = file.to_str().expect("text");
    let at = |folder: &str| format!("{HTTP}/{folder}");
    assert_eq!(told(&["--contract", CONTRACT, "--out", file, &at("vcrpy")]), (Some(0), String::new()));
    let against = |folder: &str| {
        let (code, stdout) = told(&["--contract", CONTRACT, "--compare", file, "--format", "ndjson", &at(folder)]);
        let rows = stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let mut found: Vec<String> = rows
            .filter(|row| row["operation"] == "GetMembership")
            .map(|row| {
                format!("{} {}", row["rule"].as_str().unwrap_or("-"), row["values"]["name"].as_str().unwrap_or("-"))
            })
            .collect();
        found.sort();
        (code, found)
    };
    // The same client, written down by other recorders.
    assert_eq!(against("vcrpy-json"), (Some(0), vec![]));
    assert_eq!(against("go-vcr/v3.yaml"), (Some(0), vec![]));
    let of_js = [
        "request-header-appeared x-amz-content-sha256",
        "request-header-appeared x-amz-user-agent",
        "request-header-signing-changed amz-sdk-invocation-id",
        "request-header-signing-changed amz-sdk-request",
        AT_MOST,
    ];
    assert_eq!(against("polly"), (Some(1), of_js.map(str::to_owned).to_vec()));
    let of_rust = ["request-header-appeared x-amz-user-agent", AT_MOST];
    assert_eq!(against("smithy-dvr"), (Some(1), of_rust.map(str::to_owned).to_vec()));
}

#[test]
fn accept_writes_the_file_anew() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("wire.toml");
    fs::copy(root().join("fixtures/upgrades/s3/before.toml"), &file).expect("writable");
    let path = file.to_str().expect("text");
    let common = ["--model", "fixtures/upgrades/s3/service-2.json", "--compare", path, "fixtures/upgrades/s3/after"];
    assert_eq!(told(&common).0, Some(1));
    assert_eq!(told(&[&common[..], &["--fail-on", "error"]].concat()).0, Some(0), "headers are warnings");
    assert_eq!(told(&[&common[..], &["--fail-on", "never"]].concat()).0, Some(0));
    let (code, stdout) = told(&[&common[..], &["--accept"]].concat());
    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.contains("\naccepted: 0 errors, 23 warnings"), "{stdout}");
    assert_eq!(told(&common).0, Some(0));
    let after = fs::read_to_string(&file).expect("written");
    assert!(after.contains("x-amz-trailer") && complaints(&after).is_empty(), "{after}");
}

#[test]
fn a_file_that_loses_operations_is_told() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("wire.toml");
    let path = file.to_str().expect("text");
    let (all, one) = (format!("{HTTP}/nock"), format!("{HTTP}/nock/GetMembership.json"));
    let accept = |traffic: &str| text(&shapegate(&["--compare", path, "--accept", traffic]).stderr).to_owned();
    assert_eq!(told(&["--out", path, &one]).0, Some(0));
    assert!(!accept(&all).contains("no longer has"), "what is added is in the report");
    assert!(accept(&one).contains("which this traffic does not call"));
    assert!(!accept(&one).contains("no longer has"), "nothing is left to lose");
}

#[test]
fn what_cannot_be_done_is_told_and_no_pass() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| dir.path().join(name).to_str().expect("text").to_owned();
    let failed = |arguments: &[&str]| {
        let output = shapegate(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        text(&output.stderr).to_owned()
    };
    assert!(failed(&["--compare", &at("none.toml"), HTTP]).contains("--out FILE"));
    fs::write(at("other.toml"), "a = 1\n").expect("writable");
    assert!(failed(&["--compare", &at("other.toml"), HTTP]).contains("snapshot = 1"));
    assert!(failed(&["src"]).contains("nothing to take a snapshot of"));
    let unknown = failed(&["--no-installed-models", "fixtures/upgrades/s3/before"]);
    assert!(unknown.contains("s3 (8, without a contract)"), "{unknown}");
    // What cannot be read would be missing from the file without a word.
    let folder = dir.path().join("traffic");
    fs::create_dir(&folder).expect("writable");
    fs::copy(root().join(HTTP).join("nock/GetMembership.json"), folder.join("a.json")).expect("writable");
    assert_eq!(told(&["--out", &at("wire.toml"), &at("traffic")]).0, Some(0));
    fs::write(folder.join("b.json"), "{\"log\": ").expect("writable");
    for arguments in [vec!["--out", "again.toml"], vec!["--compare", "wire.toml", "--accept"]] {
        let output = shapegate(&[&arguments[..1], &[&at(arguments[1])], &arguments[2..], &[&at("traffic")]].concat());
        let stderr = text(&output.stderr);
        assert!(output.status.code() == Some(1) && stderr.contains("b.json"), "{arguments:?}: {stderr}");
    }
    assert!(!dir.path().join("again.toml").exists());
    let (code, stdout) = told(&["--compare", &at("wire.toml"), &at("traffic")]);
    assert_eq!(code, Some(1), "{stdout}");
    assert!(stdout.contains("[malformed-recording]"), "{stdout}");
}

#[test]
fn neither_threads_nor_the_order_of_files_matter() {
    let catalog = catalog(CONTRACT);
    let folder = root().join("fixtures/recordings");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(&folder).expect("fixtures").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let one = file::write(&taken(&catalog, &paths, 1).snapshot);
    paths.reverse();
    assert_eq!(file::write(&taken(&catalog, &paths, 4).snapshot), one);
    assert_eq!(complaints(&one), Vec::<String>::new());
    assert!(!complaints(&one.replace("\"always\"", "\"never\"")).is_empty(), "the schema can refuse");
}

#[test]
fn recordings_without_messages_contribute_what_they_have() {
    let catalog = catalog(CONTRACT);
    let placebo = taken(&catalog, &[root().join("fixtures/recordings/cleanrooms/placebo")], 1).snapshot;
    let get = placebo.operation("cleanrooms", "GetMembership").expect("recorded");
    assert_eq!(get.request, None);
    let response = get.response.as_ref().expect("placebo has responses");
    assert_eq!(response.status, [200].into());
    let member = |path: &str| response.member.get(path).expect(path);
    assert!(member("membership.createTime").form.is_empty(), "how it travelled is not recorded");
    assert!(member("membership.status").value.contains("ACTIVE"));
}

/// A model with all that a snapshot must keep to itself, and an exchange full of it.
#[test]
fn secrets_stay_out_of_file_and_diff() {
    let model = r#"{"version": "2.0", "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "thing", "protocol": "rest-json",
        "serviceId": "Thing", "serviceFullName": "Thing", "signatureVersion": "v4"},
        "operations": {"PutThing": {"name": "PutThing", "http": {"method": "POST", "requestUri": "/things/{id}"},
            "input": {"shape": "In"}, "output": {"shape": "Out"}}},
        "shapes": {
            "In": {"type": "structure", "members": {
                "id": {"shape": "Text", "location": "uri", "locationName": "id"},
                "filter": {"shape": "Text", "location": "querystring", "locationName": "filter"},
                "meta": {"shape": "Map", "location": "headers", "locationName": "x-meta-"},
                "free": {"shape": "Text"}, "pin": {"shape": "Pin"}, "mode": {"shape": "Mode"}, "hidden": {"shape": "Hidden"},
                "map": {"shape": "Map"}, "secretMode": {"shape": "SecretMode"}}},
            "Out": {"type": "structure", "members": {"free": {"shape": "Text"}, "pin": {"shape": "Pin"}}},
            "Hidden": {"type": "structure", "sensitive": true, "members": {"mode": {"shape": "Mode"}, "free": {"shape": "Text"}}},
            "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
            "Mode": {"type": "string", "enum": ["ON", "OFF"]},
            "SecretMode": {"type": "string", "enum": ["secretvalue"], "sensitive": true},
            "Pin": {"type": "string", "sensitive": true}, "Text": {"type": "string"}}}"#;
    let cassette = r#"{"version": 1, "interactions": [{"request": {"method": "POST",
        "uri": "https://secretuser:secretword@secretlabel.thing.us-east-1.amazonaws.com/things/secretid%3A1?filter=secretfilter&Secret%20key=1&X-Amz-Security-Token=secrettoken",
        "headers": {"Authorization": ["AWS4-HMAC-SHA256 Credential=testing/20230901/us-east-1/thing/aws4_request, SignedHeaders=host, Signature=secretsignature"],
            "Cookie": ["a=secretcookie"], "X-Api-Key": ["secretkey"], "x-meta-secretname": ["secretmeta"],
            "X-Amz-Content-SHA256": ["secrethash"], "Content-Type": ["application/json; x=\"secret type\""],
            "Accept": ["secret<accept>"], "User-Agent": ["secretagent"], "X-Secret 1": ["a"], "X-Other": ["secretother"]},
        "body": "{\"free\": \"secretfree\", \"pin\": \"secretpin\", \"mode\": \"secret mode\", \"hidden\": {\"mode\": \"ON\", \"free\": \"secretfree\"}, \"map\": {\"secretmapkey\": \"secretmapvalue\"}, \"secretMode\": \"secretvalue\", \"secret unknown\": \"secretunknown\"}"},
        "response": {"status": {"code": 400, "message": ""}, "headers": {"Content-Type": ["application/json"], "x-amzn-errortype": ["secret code"]},
            "body": {"string": "{\"message\": \"secretmessage\"}"}}}]}"#;
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("service-2.json"), model).expect("writable");
    fs::create_dir(dir.path().join("traffic")).expect("writable");
    fs::write(dir.path().join("traffic/a.json"), cassette).expect("writable");
    let at = |name: &str| dir.path().join(name).to_str().expect("text").to_owned();
    fs::write(at("empty.toml"), "snapshot = 1\n[thing.PutThing]\nrequest.method = [\"GET\"]\nresponse = {}\n")
        .expect("writable");
    let (code, written) = told(&["--model", &at("service-2.json"), &at("traffic")]);
    assert_eq!(code, Some(0));
    for known in [
        "member.pin",
        "member.\"hidden.mode\"",
        "member.secretMode",
        "member.\"map{}\"",
        "header.x-other",
        "header.cookie",
        "(other)",
    ] {
        assert!(written.contains(known), "{known}: {written}");
    }
    for format in ["text", "json", "ndjson"] {
        let (code, told) = told(&[
            "--model",
            &at("service-2.json"),
            "--compare",
            &at("empty.toml"),
            "--format",
            format,
            &at("traffic"),
        ]);
        assert_eq!(code, Some(1));
        for text in [&told, &written] {
            let text = text.replace("secretMode", "").replace("secret\\ ", "");
            assert!(!text.to_lowercase().contains("secret"), "{text}");
            assert!(!text.contains("\"ON\""), "a value within what is sensitive: {text}");
        }
    }
}

#[test]
#[ignore = "needs botocore's wheels (SHAPEGATE_WHEELS)"]
fn all_of_moto_is_told_without_what_differs_from_run_to_run() {
    let catalog = catalog_of(NEWEST);
    let taken = taken(&catalog, &[root().join("fixtures/moto")], 0);
    let written = file::write(&taken.snapshot);
    assert_eq!(complaints(&written), Vec::<String>::new());
    assert_eq!(file::read(&written, Path::new("a")).expect("sound"), taken.snapshot);
    for found in ["111122223333", "us-east-1", "things-of-ours", "testing", "XXXX"] {
        assert!(!written.contains(found), "{found}");
    }
    let digits = regex::Regex::new(r"[0-9]{9}|[0-9a-f]{8}-[0-9a-f]{4}").expect("a pattern of ours");
    assert_eq!(digits.find(&written).map(|found| found.as_str()), None);
    // Each call that the recorder noted is there.
    let calls = fs::read_to_string(root().join("fixtures/moto/calls.tsv")).expect("part of the project");
    let mut counted = 0;
    for call in calls.lines() {
        let columns: Vec<&str> = call.split('\t').collect();
        let operation = taken.snapshot.operation(columns[2], columns[3]);
        let request = operation.and_then(|operation| operation.request.as_ref()).unwrap_or_else(|| panic!("{call}"));
        assert!(!request.protocol.is_empty() && !request.host.contains("{address}"), "{call}");
        counted += 1;
    }
    assert!(counted > 500, "{counted}");
    let metrics = taken.snapshot.operation("cloudwatch", "PutMetricData").and_then(|one| one.request.as_ref());
    let protocols = metrics.expect("recorded").protocol.iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(protocols, ["awsJson", "awsQuery", "rpcv2Cbor"]);
}

/// The model of each side is the one that its client had.
#[test]
#[ignore = "needs botocore's wheels (SHAPEGATE_WHEELS)"]
fn sqs_changes_its_protocol_with_botocore_1_31_81() {
    let side =
        |version, side| taken(&catalog_of(version), &[root().join("fixtures/upgrades/sqs").join(side)], 1).snapshot;
    let (before, after) = (side("1.31.38", "before"), side("1.44.5", "after"));
    let found = shapegate::wire::compare(&before, &after);
    let found = found.iter().filter(|one| one.operation == "CreateQueue").map(|one| {
        let finding = shapegate::rules::wire::judge(one, shapegate::finding::Location::default());
        format!("{} {}", finding.weight, finding.fingerprint())
    });
    insta::assert_snapshot!("sqs_changes_its_protocol", found.collect::<Vec<_>>().join("\n"));
}

fn catalog_of(version: &str) -> Catalog {
    let mut catalog = Catalog::default();
    catalog.add_source(release(version));
    catalog
}

/// What only follows from another protocol comes with it: one finding, one approval.
#[test]
fn a_protocol_that_gives_way_is_one_finding() {
    let case = root().join("fixtures/rules/wire-protocol-changed/fires-json");
    let (model, folder) = (case.join("service-2.json").display().to_string(), tempfile::tempdir().expect("a folder"));
    let (old, approvals) = (folder.path().join("wire.toml"), folder.path().join("approvals.toml"));
    let (old, lines) = (old.display().to_string(), approvals.display().to_string());
    let side = |side: &str| case.join(side).display().to_string();
    assert_eq!(shapegate(&["--model", &model, "--out", &old, &side("before")]).status.code(), Some(0));
    let compared = |more: &[&str]| {
        let (code, text) =
            told(&[&["--model", &model, "--compare", &old, "--report", "json"], more, &[&side("after")]].concat());
        (code, serde_json::from_str::<Value>(&text).expect("JSON"))
    };
    let (code, report) = compared(&[]);
    let found: Vec<&str> =
        report["findings"].as_array().expect("a list").iter().filter_map(|one| one["fingerprint"].as_str()).collect();
    assert_eq!((code, &*found), (Some(1), &["wire-protocol-changed:thing:GetThing:request::instead:awsJson"][..]));
    let with_it = &report["findings"][0]["values"]["fallout"];
    assert_eq!((&with_it["wire-version-changed"], &with_it["request-header-appeared"]), (&1.into(), &1.into()));
    // A line for two operations counts what comes with it in both.
    let (code, text) = told(&["--model", &model, "--compare", &old, &side("after")]);
    let (_, alone) = text.split_once("with it: ").unwrap_or_else(|| panic!("{code:?} {text}"));
    let alone: Vec<&str> = alone.lines().next().unwrap_or_default().split(", ").collect();
    assert!(alone.iter().all(|one| one.starts_with("1 ")), "{alone:?}");
    let both = of_two_operations(&case);
    let ran = both.run(&["snapshot", "--model", "service-2.json", "--out", "wire.toml", "before"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let ran = both.run(&["snapshot", "--model", "service-2.json", "--compare", "wire.toml", "after"]);
    let twice: Vec<String> = alone.iter().map(|one| one.replacen('1', "2", 1)).collect();
    let said = format!("thing GetOther, thing GetThing\n      with it: {}\n", twice.join(", "));
    assert!(ran.stdout.contains(&said), "{said}{}", ran.stdout);
    // Who accepts it accepts the rest, and what accepted the rest before is not stale.
    let accept = |print: &str| format!("\"{print}\" = {{ reason = \"meant\" }}\n");
    let text = accept(found[0]) + &accept("request-header-appeared:thing:GetThing:request::x-amz-target");
    fs::write(&approvals, format!("[approvals]\n{text}")).expect("writable");
    let (code, report) = compared(&["--approvals", &lines, "--fail-on-stale"]);
    assert_eq!((code, report["wire"]["diff"].as_str()), (Some(0), Some("")), "{report:#}");
}

/// A case with its operation and another one like it.
fn of_two_operations(case: &Path) -> Folder {
    let folder = Folder::new();
    let read = |name: &str| fs::read_to_string(case.join(name)).expect("a fixture");
    let mut model: Value = serde_json::from_str(&read("service-2.json")).expect("JSON");
    let mut other = model["operations"]["GetThing"].clone();
    other["name"] = "GetOther".into();
    other["output"]["resultWrapper"] = "GetOtherResult".into();
    model["operations"]["GetOther"] = other;
    folder.write("service-2.json", &model.to_string());
    for side in ["before", "after"] {
        let cassette = read(&format!("{side}/cassette.json"));
        folder.write(&format!("{side}/a.json"), &cassette);
        folder.write(&format!("{side}/b.json"), &cassette.replace("GetThing", "GetOther"));
    }
    folder
}

//! What was not asked for, not read, or not judged is never taken for what passes.

use std::fs;

use serde_json::{Value, json};
use shapegate::check::Catalog;
use shapegate::outcome::MoreModels;

use crate::support::folder::{Folder, Ran, request, run_in};
use crate::support::root;

/// Exit code and standard output, with errors behind it, of a run in the project's folder.
fn run(arguments: &[&str]) -> (i32, String) {
    let Ran { code, stdout, stderr } = run_in(root(), arguments, &[]);
    (code.expect("no signal"), stdout + &stderr)
}

fn har(url: &str) -> String {
    let request = json!({"method": "GET", "url": url, "headers": []});
    let response = json!({"status": 200, "headers": [], "content": {"text": "{}"}});
    json!({"log": {"version": "1.2", "entries": [{"request": request, "response": response}]}}).to_string()
}

#[test]
fn a_byte_order_mark_is_no_reason_to_pass() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("a.har");
    let path = file.to_str().expect("text");
    for mark in ["", "\u{feff}"] {
        fs::write(&file, format!("{mark}{}", har("https://example.com/"))).expect("writable");
        let (code, text) = run(&["check", "--no-installed-models", path]);
        assert!(code == 2 && text.contains("nothing was checked"), "{mark:?}: {text}");
    }
}

#[test]
fn what_breaks_and_was_not_asked_for_fails_no_gate() {
    let gate = ["gate", "--from", "fixtures/upgrades/orders/old.json", "--to", "fixtures/upgrades/orders/new.json"];
    let traffic = ["--traffic", "fixtures/upgrades/orders/traffic"];
    let (code, _) = run(&[&gate[..], &traffic].concat());
    assert_eq!(code, 1);
    let (code, text) = run(&[&gate[..], &traffic, &["--only-rule", "documentation-changed"]].concat());
    assert!(code == 0 && text.contains("not asked for") && !text.contains("no differences"), "{text}");
}

#[test]
fn a_comparison_of_a_part_does_not_say_that_nothing_differs() {
    let case = "fixtures/rules/request-header-value-changed/fires-content-type";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let before = folder.path().join("wire.toml");
    let (before, after) = (before.to_str().expect("text"), format!("{case}/after"));
    let (code, text) = run(&["snapshot", &format!("{case}/before"), "--out", before]);
    assert_eq!(code, 0, "{text}");
    let (code, text) = run(&["snapshot", "--compare", before, &after, "--only-rule", "wire-host-changed"]);
    assert!(code == 0 && text.contains("passed: ") && text.contains("not asked for"), "{text}");
    let (_, text) = run(&["snapshot", "--compare", before, &after, "--only-rule", "wire-*", "--format", "json"]);
    let report: Value = serde_json::from_str(&text).expect("JSON");
    crate::formats::assert_report(&report);
    assert!(report["summary"]["notAskedFor"].as_u64().is_some_and(|count| count > 0), "{report}");
}

#[test]
fn a_note_is_no_failure_for_an_error_of_the_same_fingerprint() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let record = json!({"service": "cleanrooms", "operation": "GetMembership", "direction": "request",
        "payload": {"membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001", "other": 1}});
    for name in ["a.ndjson", "b.ndjson"] {
        fs::write(folder.path().join(name), record.to_string()).expect("writable");
    }
    let config = folder.path().join("shapegate.toml");
    let lines = "[[overrides]]\nlevel = \"note\"\nrules = [\"unknown-member\"]\npaths = [\"a.ndjson\"]\n";
    fs::write(&config, lines).expect("writable");
    let [config, path] = [&config, folder.path()].map(|path| path.to_str().expect("text"));
    let (code, text) = run(&["check", "--config", config, path, "--report", "junit"]);
    assert_eq!(code, 1, "{text}");
    // One of the finding, one of the run.
    assert_eq!(text.matches("<failure ").count(), 2, "{text}");
    assert!(text.contains("<skipped message=\"note: "), "{text}");
}

#[test]
fn an_endpoint_whose_name_has_a_dot_is_no_server_below_another() {
    let model = json!({
        "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "runtime.thing", "protocol": "rest-json",
            "protocols": ["rest-json"], "serviceFullName": "Thing Runtime", "serviceId": "Thing Runtime",
            "signatureVersion": "v4", "signingName": "thing"},
        "operations": {"GetThing": {"name": "GetThing", "http": {"method": "GET", "requestUri": "/things"}}},
        "shapes": {}
    });
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (file, source) = (folder.path().join("a.har"), folder.path().join("service-2.json"));
    fs::write(&source, model.to_string()).expect("writable");
    let [path, source] = [&file, &source].map(|path| path.to_str().expect("text"));
    for (called, code) in [("things", 0), ("thinks", 1)] {
        fs::write(&file, har(&format!("https://runtime.thing.us-east-1.amazonaws.com/{called}"))).expect("writable");
        let (found, text) = run(&["check", "--no-config", "--model", source, path]);
        assert_eq!(found, code, "{called}: {text}");
    }
}

#[test]
fn a_recording_that_names_its_service_is_not_another_s() {
    let placebo = "fixtures/recordings/cleanrooms/placebo";
    let (code, text) =
        run(&["check", "--no-config", "--contract", "cleanrooms@2023-08-30", "--service", "s3", placebo]);
    assert!(code == 0 && text.contains("clean: "), "{text}");
}

#[test]
fn what_is_named_and_no_recording_is_not_passed_over() {
    let clean = request("GetMembership", &[]);
    let folder = Folder::new().with("clean.ndjson", &clean).with("folder/notes.md", "x");
    folder.write("near.ndjson", r#"{"service":"cleanrooms","operation":"GetMembership","reqest":{}}"#);
    let check = |paths: &[&str]| {
        let ran = folder.run(&[&["check", "--no-installed-models"], paths].concat());
        (ran.code, ran.stdout + &ran.stderr)
    };
    let (code, text) = check(&["clean.ndjson", "near.ndjson"]);
    let told = "it was named and not read: no recording of a known format: nearly exchange-records, but it has `reqest` \
                for `request`";
    assert!(code == Some(0) && text.contains(told), "{text}");
    assert!(text.contains("\npassed: 0 errors, 1 warning, "), "{text}");
    assert_eq!(check(&["clean.ndjson", "near.ndjson", "--fail-on", "warning"]).0, Some(1));
    let (code, text) = check(&["clean.ndjson", "folder"]);
    assert!(code == Some(0) && text.contains("it was named and holds no recording"), "{text}");
    // Alone it is no work that was done, and below a folder nobody asked for it.
    let (code, text) = check(&["near.ndjson"]);
    assert!(code == Some(2) && text.contains("nearly exchange-records, but it has `reqest`"), "{text}");
    let (code, text) = check(&["."]);
    assert!(code == Some(0) && text.contains("clean: 0 errors"), "{text}");
}

#[test]
fn a_near_route_and_a_broken_datetime_are_told_by_their_cause() {
    let folder = Folder::new();
    for (url, meant) in [
        ("memberships/3e3be000-5c1d-4e2a-9b3f-000000000001/protectedQuerys", "did you mean ListProtectedQueries?"),
        ("membershps/3e3be000-5c1d-4e2a-9b3f-000000000001", "did you mean GetMembership?"),
        ("nothing/like/it", ""),
    ] {
        folder.write("a.har", &har(&format!("https://cleanrooms.us-east-1.amazonaws.com/{url}")));
        let Ran { stdout, .. } = folder.run(&["check", "--no-installed-models", "a.har"]);
        assert!(stdout.contains("[unknown-operation]"), "{stdout}");
        assert_eq!(stdout.contains("did you mean"), !meant.is_empty(), "{url}: {stdout}");
        assert!(stdout.contains(meant), "{url}: {stdout}");
    }
    let time = |more: &str| format!(r#"{{"__class__": "datetime", "year": 2023, "day": 1{more}}}"#);
    for (object, told) in [
        (time(""), "is a datetime of Python without month, hour, minute, second"),
        (time(r#", "month": 13, "hour": 0, "minute": 0, "second": 0"#), "is a datetime of Python whose month is 13"),
        (r#"{"__class__": "date", "year": 2023}"#.to_owned(), "is a date of Python, and should be a datetime"),
    ] {
        let text = format!(r#"{{"status_code": 200, "data": {{"membership": {{"createTime": {object}}}}}}}"#);
        folder.write("p/cleanrooms.GetMembership_1.json", &text);
        let Ran { stdout, .. } = folder.run(&["check", "--no-installed-models", "p", "--only-rule", "timestamp-form"]);
        assert!(stdout.contains(&format!("`createTime` of Membership {told}")), "{stdout}");
    }
}

#[test]
fn the_advice_on_unchecked_services_names_what_would_bring_a_contract() {
    // None of AWS's, so that no botocore that may be installed has it.
    let glue = r#"{"service": "gluepot", "operation": "GetJob", "direction": "request", "payload": {}}"#;
    let folder = Folder::new().with("t/a.ndjson", &request("GetMembership", &[])).with("u/b.ndjson", glue);
    let orders = fs::read_to_string(root().join("fixtures/upgrades/orders/new.json")).expect("a fixture");
    folder.write("orders.json", &orders);
    folder.write(".venv/lib/python3.12/site-packages/botocore/data/orders/2024-01-01/service-2.json", &orders);
    let named = ["--contract", "cleanrooms", "--model", "orders.json"];
    let not_sought = ["--no-installed-models"];
    for (arguments, clause, remedy) in [
        (&not_sought[..], "(--model brings one)", "--model SOURCE brings one: "),
        (&named, "(none of the named models has it; ", "None of the named models has it; "),
        (&[], "(the installed botocore does not have it; ", "The installed botocore does not have it; "),
    ] {
        let Ran { stdout, stderr, .. } = folder.run(&[&["check", "t", "u"], arguments].concat());
        assert!(stdout.contains(clause), "{arguments:?}: {clause}: {stdout}{stderr}");
        let Ran { code, stderr, .. } = folder.run(&[&["check", "u"], arguments].concat());
        assert!(code == Some(2) && stderr.contains(remedy), "{arguments:?}: {remedy}: {stderr}");
    }
    let Ran { stderr, .. } = folder.run(&["check", "t", "--only-service", "zzz"]);
    assert!(stderr.contains("the installed botocore does not have it"), "{stderr}");
    let mut catalog = Catalog::default();
    catalog.set_fallback(|| None);
    assert_eq!(catalog.more_models(), MoreModels::NotInstalled);
    assert_eq!(catalog.all_services().count(), 0);
    assert_eq!(catalog.more_models(), MoreModels::NotInstalled, "none was found");
}

#[test]
fn the_advice_on_what_is_left_out_names_what_would_read_it() {
    let folder = Folder::new().with("t/a.ndjson", &request("GetMembership", &[])).with(".git/HEAD", "");
    folder.write("shapegate.toml", "exclude = [\"t/*.ndjson\"]");
    let Ran { code, stderr, .. } = folder.run(&["check", "t"]);
    assert!(code == Some(2) && stderr.contains("excluded (1)") && stderr.contains("`exclude`"), "{stderr}");
    assert!(!stderr.contains("--no-ignore"), "it reads no more: {stderr}");
    assert_eq!(folder.run(&["check", "t/a.ndjson"]).code, Some(0), "what is named itself is read");
    folder.write("shapegate.toml", "");
    folder.write(".gitignore", "*.ndjson");
    let Ran { stderr, .. } = folder.run(&["check", "t"]);
    assert!(stderr.contains("--no-ignore") && !stderr.contains("`exclude`"), "{stderr}");
    assert_eq!(folder.run(&["check", "--no-ignore", "t"]).code, Some(0));
}

#[test]
fn verbose_lists_where_streams_are_and_what_is_passed_over() {
    let recordings = "fixtures/recordings/cleanrooms";
    let (_, text) = run(&["check", "-v", recordings]);
    for what in ["events that are no API call", "values that are no response"] {
        let listed = text.lines().filter(|line| line.starts_with("not judged fixtures/") && line.ends_with(what));
        assert_eq!(listed.count(), 1, "{what}: {text}");
    }
    let (_, text) = run(&["check", recordings]);
    assert!(text.contains("passed over: ") && !text.contains("not judged"), "{text}");
    let model = ["--model", "fixtures/upgrades/s3/service-2.json"];
    let (_, text) = run(&[&["check", "-v", "fixtures/upgrades/s3/after"], &model[..]].concat());
    let listed = text.lines().filter(|line| line.contains("1 stream of s3 GetObject"));
    assert!(listed.clone().count() > 0, "{text}");
    assert!(listed.clone().all(|line| line.starts_with("not judged fixtures/") && line.contains("/after/")), "{text}");
}

/// Each command that reads recordings, on folders without a file.
#[test]
fn a_folder_without_files_is_named() {
    let folder = Folder::new().with("notes/a.md", "x").with("wire.toml", "");
    for name in ["empty", "void", "void/deep", "hollow", "bare"] {
        fs::create_dir_all(folder.path().join(name)).expect("writable");
    }
    for (command, told) in [
        (&["check"][..], "no recordings: "),
        (&["check", "--coverage"], "no recordings: "),
        (&["coverage"], "no recordings: "),
        (&["scorecard"], "no recordings: "),
        (&["history"], "no recordings: "),
        (&["approve", "--reason", "x"], "no recordings: "),
        (&["list"], "no exchanges: "),
        (&["snapshot"], "nothing to take a snapshot of: "),
        (&["mutate"], "there is nothing to break: "),
    ] {
        let run = |paths: &[&str]| folder.run(&[command, &["--no-installed-models"][..], paths].concat());
        let run =
            |paths: &[&str]| if command == ["history"] { folder.run(&[command, paths].concat()) } else { run(paths) };
        for (paths, named) in [
            (&["empty"][..], "empty"),
            (&["empty", "void"], "empty, void"),
            (&["empty", "void", "hollow", "bare"], "empty, void, hollow, …"),
        ] {
            let Ran { code, stdout, stderr } = run(paths);
            let said = format!(
                "error: {told}there are no files in {named}\n  Name the file or folder that the recorder writes.\n"
            );
            assert!(code == Some(2) && stderr == said, "{command:?}: {stdout}{stderr}");
        }
        // Where there is something, it is what is told.
        let Ran { code, stderr, .. } = run(&["empty", "notes"]);
        assert!(code == Some(2) && !stderr.contains("there are no files"), "{command:?}: {stderr}");
        assert!(!stderr.contains("1 other files") && !stderr.contains("1 recordings"), "{command:?}: {stderr}");
    }
}

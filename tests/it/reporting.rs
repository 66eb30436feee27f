//! `--report` on the command: what is refused before any work, and what is written though something else fails.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::json;

use crate::support::folder::{DATA, Folder, model, request, run_in, thing};
use crate::support::root;

const FAULTY: &str = "fixtures/faulty/cleanrooms/payloads/response-enum-unknown-value.ndjson";

fn shapegate(arguments: &[&str], summary: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shapegate"));
    command.args(arguments).current_dir(root()).env_remove("GITHUB_STEP_SUMMARY");
    command.envs(summary.map(|path| ("GITHUB_STEP_SUMMARY", path)));
    command.output().expect("the binary starts")
}

/// Exit code and standard error of a run that must print nothing else.
fn refused(arguments: &[&str]) -> String {
    let output = shapegate(arguments, None);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {output:?}");
    String::from_utf8(output.stderr).expect("UTF-8")
}

#[test]
fn what_cannot_be_reported_is_refused_before_any_work() {
    let missing = refused(&["check", "no-such-traffic", "--report", "json=no/such/folder/r.json"]);
    assert!(missing.contains("no/such/folder: there is no such folder"), "{missing}");
    let both = refused(&["check", "no-such-traffic", "--report", "json", "--report", "sarif"]);
    assert!(both.contains("several reports for standard output"), "{both}");
    for (job, form) in [("list", "api-changes"), ("mutate", "api-changes"), ("check", "api-changes")] {
        let other = refused(&[job, "no-such-traffic", "--report", form]);
        assert!(other.contains("cannot show") && other.contains("There are text, json"), "{other}");
    }
    let twice = refused(&["check", "no-such-traffic", "--report", "json=r.json", "--report", "sarif=./r.json"]);
    assert!(twice.contains("two reports for one file"), "{twice}");
    // What is no form at all is refused with those of the command.
    let none = refused(&["check", "no-such-traffic", "--report", "xml"]);
    assert!(none.contains("no report format \"xml\"; there are text, json"), "{none}");
    assert!(!none.contains("badge") && !none.contains("api-changes") && none.contains("part"), "{none}");
    assert!(refused(&["scorecard", "no-such-traffic", "--report", "xml"]).contains("badge"));
    let sum = refused(&["merge", "no-such-part", "--report", "xml"]);
    assert!(sum.contains("badge") && !sum.contains("api-changes"), "{sum}");
    let alone = refused(&["snapshot", FAULTY, "--report", "json"]);
    assert!(alone.contains("--compare FILE"), "{alone}");
}

#[test]
fn traffic_for_the_gate_that_goes_without_its_option_is_said_so() {
    let said = refused(&["gate", "--from", "a", "--to", "b", "traffic"]);
    assert!(said.contains("unexpected argument 'traffic' found") && said.contains("use '--traffic PATH'"), "{said}");
    // Of options and of other commands nothing is known.
    for arguments in
        [&["gate", "--from", "a", "--to", "b", "--traffics"][..], &["diff", "--from", "a", "--to", "b", "t"]]
    {
        let said = refused(arguments);
        assert!(!said.contains("'--traffic PATH'"), "{said}");
    }
}

#[test]
fn a_value_that_goes_for_an_option_is_said_so() {
    let said = refused(&["redact", "a", "b", "--strict"]);
    assert!(said.contains("use '--redact strict'") && !said.contains("--service"), "{said}");
    let said = refused(&["check", "a", "--strict"]);
    assert!(!said.contains("--redact"), "{said}");
}

#[test]
fn a_report_that_cannot_be_written_does_not_keep_the_others_from_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let json = folder.path().join("r.json");
    let taken = folder.path().join("taken");
    fs::create_dir(&taken).expect("writable");
    let arguments = [format!("json={}", taken.display()), format!("json={}", json.display())];
    let output =
        shapegate(&["check", FAULTY, "--report", &arguments[0], "--report", &arguments[1], "--report", "text"], None);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(json.exists() && !output.stdout.is_empty());
}

#[test]
fn two_targets_of_one_form_have_one_page() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (page, file) = (folder.path().join("page.md"), folder.path().join("a.txt"));
    let target = format!("github={}", file.display());
    let output = shapegate(&["check", FAULTY, "--report", "github", "--report", &target], Some(&page));
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let page = fs::read_to_string(page).expect("the page was written");
    assert_eq!(page.matches("### shapegate check").count(), 1, "{page}");
}

/// Names in models come from anywhere, and a CI system obeys what begins a line.
#[test]
fn names_of_models_are_shown_rather_than_obeyed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let model = |operation: &str| {
        json!({
            "metadata": {"apiVersion": "2020-01-01", "protocol": "json", "serviceId": "Thing"},
            "operations": {operation: {"name": operation, "http": {"method": "POST", "requestUri": "/"}}},
            "shapes": {},
        })
    };
    for (side, operation) in [("old.json", "Get\n::error ::x\nno differences: 0"), ("new.json", "Put")] {
        fs::write(folder.path().join(side), model(operation).to_string()).expect("writable");
    }
    let [old, new] = ["old.json", "new.json"].map(|side| folder.path().join(side).display().to_string());
    for arguments in [&["gate"][..], &["diff"], &["diff", "--format", "api-changes"]] {
        let output = shapegate(&[arguments, &["--from", &old, "--to", &new]].concat(), None);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.contains("<U+000A>"), "{arguments:?}: {text}");
        assert!(
            !text.lines().any(|line| line.starts_with("::") || line.starts_with("no diff")),
            "{arguments:?}: {text}"
        );
    }
}

/// Results depend on the models, and the date of an API says little of them.
#[test]
fn the_release_of_models_is_in_reports_where_it_is_known() {
    let folder = Folder::new().with("t/a.ndjson", &thing(&["name".to_owned()]));
    folder.wheel("1.11.0", [2024, 2, 1], &["name"]);
    folder.write("model.json", &model(&["name".to_owned()]));
    let said =
        |source: &str, arguments: &[&str]| folder.run(&[&["check", "--model", source, "t"], arguments].concat()).stdout;
    let wheel = "wheels/botocore-1.11.0-py3-none-any.whl";
    for (source, release) in [(wheel, Some("botocore 1.11.0")), ("model.json", None)] {
        let (_, report) = folder.report(&["check", "--model", source, "t"]);
        crate::formats::assert_report(&report);
        let contract = &report["contracts"][0];
        assert_eq!((contract["release"].as_str(), &contract["version"]), (release, &json!("2024-01-01")), "{contract}");
        let version = env!("CARGO_PKG_VERSION");
        let (in_parentheses, judged) = match release {
            Some(release) => (format!(" ({release})"), format!("\njudged by {release}\n")),
            None => (String::new(), "\njudged by a model of thing 2024-01-01\n".to_owned()),
        };
        let told = format!("checked by shapegate {version}: thing 2024-01-01{in_parentheses}, {source}\n");
        let verbose = said(source, &["--verbose"]);
        assert!(verbose.contains(&told), "{told}: {verbose}");
        let page = said(source, &["--report", "markdown"]);
        assert!(page.contains(&judged), "{judged}: {page}");
        let html = said(source, &["--report", "html"]);
        assert_eq!(html.contains("\"release\":\"botocore 1.11.0\""), release.is_some());
    }
}

/// Models of other services are sought in an installed botocore, and it is not said that they judged what they do not have.
#[test]
fn a_model_that_judged_nothing_is_not_said_to_have_judged() {
    let folder = Folder::new().with("t/a.ndjson", "{\"service\": \"other\", \"operation\": \"Do\", \"request\": {}}\n");
    folder.write(&format!("env/lib/python3.12/site-packages/{DATA}"), &model(&["name".to_owned()]));
    let environment = [("VIRTUAL_ENV", "env")];
    let ran = run_in(folder.path(), &["check", "t"], &environment);
    assert!(ran.stderr.contains("models of other services are sought in botocore"), "{}{}", ran.stdout, ran.stderr);
    folder.write("t/b.ndjson", &request("GetMembership", &[]));
    let page = run_in(folder.path(), &["check", "t", "--report", "markdown"], &environment);
    assert!(page.stdout.contains("\njudged by botocore 1.") && !page.stdout.contains("env/lib"), "{}", page.stdout);
}

#[test]
fn the_exit_code_of_diff_is_what_its_report_says() {
    let models = ["--from", "fixtures/upgrades/orders/old.json", "--to", "fixtures/upgrades/orders/new.json"];
    for (more, code) in [(&[][..], 0), (&["--exit-code"], 1)] {
        let output = shapegate(&[&["diff", "--report", "json"], &models[..], more].concat(), None);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!((output.status.code(), &report["summary"]["passed"]), (Some(code), &json!(code == 0)));
    }
}

/// What is read and kept is never the place of an output; an older output, or an empty file, is.
#[test]
fn no_output_takes_the_place_of_what_a_run_reads() {
    let record = r#"{"service":"cleanrooms","operation":"GetMembership","direction":"request","payload":{"membershipIdentifier":"3e3be000-5c1d-4e2a-9b3f-000000000001"}}"#;
    let har =
        std::fs::read_to_string(crate::support::root().join("fixtures/moto/cleanrooms.har")).expect("a recording");
    let approvals = "[approvals]\n";
    let folder = || {
        let folder = Folder::new().with("t/a.ndjson", record).with("t/a.har", &har).with("t/b.json", "");
        folder.with("shapegate-approvals.toml", approvals).with("shapegate.toml", "").with("other.toml", approvals)
    };
    let named = ["t/a.ndjson", "t/a.har", "t/../t/a.har", "shapegate-approvals.toml", "shapegate.toml", "other.toml"];
    let gate = ["gate", "--from", "cleanrooms@2023-07-31", "--to", "cleanrooms@2023-08-30", "--traffic", "t"];
    for place in named {
        for form in ["text", "json", "html", "part"] {
            let report = format!("{form}={place}");
            for command in [&["check", "t"][..], &gate, &["list", "t"], &["coverage", "t"], &["scorecard", "t"]] {
                let folder = folder();
                let ran = folder.run(&[command, &["--report", &report]].concat());
                assert_eq!(ran.code, Some(2), "{command:?} {report}: {}", ran.stderr);
                assert!(
                    ran.stderr.contains("would replace a") && ran.stderr.contains("Name another file"),
                    "{}",
                    ran.stderr
                );
                assert_eq!((folder.read("t/a.har"), folder.read("other.toml")), (har.clone(), approvals.into()));
            }
        }
        let folder = folder();
        let ran = folder.run(&["snapshot", "--out", place, "t/a.har"]);
        assert!(ran.code == Some(2) && ran.stderr.contains("the snapshot would replace a"), "{}", ran.stderr);
        assert_eq!(folder.read("t/a.har"), har);
    }
    let folder = folder();
    for form in ["text", "json", "ndjson", "html", "markdown", "sarif", "junit", "github", "gitlab", "part"] {
        // The second time it replaces the first one, and within the traffic it is no recording.
        for _ in 0..2 {
            let ran = folder.run(&[
                "check",
                "-q",
                "t",
                "--report",
                &format!("{form}=t/report-{form}"),
                "--report",
                &format!("{form}=t/b.json"),
            ]);
            assert_ne!(ran.code, Some(2), "{form}: {}", ran.stderr);
        }
    }
    assert_eq!(folder.run(&["snapshot", "--out", "wire.toml", "t/a.har"]).code, Some(0));
    assert_eq!(folder.run(&["snapshot", "--out", "wire.toml", "t/a.har"]).code, Some(0));
    assert_ne!(folder.run(&["check", "t/a.har", "--report", "part=p.json"]).code, Some(2));
    let before = folder.read("p.json");
    let merged = folder.run(&["merge", "p.json", "--report", "html=./p.json"]);
    assert!(merged.code == Some(2) && merged.stderr.contains("would replace what it is made of"), "{}", merged.stderr);
    assert_eq!(folder.read("p.json"), before);
}

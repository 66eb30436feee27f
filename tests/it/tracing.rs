//! `shapegate history`: since which release recorded traffic fails.

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};
use shapegate::check::{Input, Options, run};
use shapegate::expectation::Expectations;
use shapegate::finding::Severity;
use shapegate::gate::Settings;
use shapegate::history::{Releases, trace};
use shapegate::ingest::embedded;
use shapegate::outcome::{History, Particulars};

use crate::formats::assert_report;
use crate::support::judged;

/// Reading forty contracts takes a while; the tests share them.
static RELEASES: LazyLock<Releases> = LazyLock::new(|| Releases::of("cleanrooms").expect("they are embedded"));

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn with_options<T>(threads: usize, act: impl FnOnce(&Options<'_>) -> T) -> T {
    act(&Options { threads, ..Options::new(RELEASES.newest(), &Expectations::shipped().expect("they compile")) })
}

fn traced(inputs: Vec<Input>, threads: usize) -> History {
    let outcome = with_options(threads, |options| trace(inputs, &RELEASES, options, Severity::Error));
    let settings = Settings::default();
    let Particulars::History(history) = judged(outcome.expect("traffic of the service"), &settings).particulars else {
        panic!("a history")
    };
    history
}

fn recordings(path: &str) -> Vec<Input> {
    vec![Input::Path(PathBuf::from(root()).join("fixtures/recordings/cleanrooms").join(path))]
}

fn spans(history: &History) -> Vec<(bool, &str, &str)> {
    history.spans().iter().map(|span| (span.fails, &*span.first.day, &*span.last.day)).collect()
}

#[test]
fn traffic_of_the_pages_release_holds_under_it_alone() {
    let history = traced(recordings("exchanges.ndjson"), 2);
    let newest = embedded::find("cleanrooms").expect("embedded").release;
    let expected =
        [(true, "2023-01-12", "2023-07-31"), (false, "2023-08-30", "2023-08-30"), (true, "2023-11-14", newest)];
    assert_eq!((spans(&history), history.always), (expected.to_vec(), 0));
    let of = |day: &str| history.releases.iter().find(|one| one.release.day == day).expect("a release");
    let (seed, next) = (of("2023-08-30"), of("2023-11-14"));
    assert_eq!((seed.failing, seed.come.len(), seed.gone.len()), (0, 0, 18));
    let rules: BTreeSet<_> =
        next.come.iter().map(|(finding, _)| (finding.rule.id, finding.member.as_deref())).collect();
    assert_eq!(rules, BTreeSet::from([("missing-member", Some("paymentConfiguration"))]));
    assert!(next.gone.is_empty() && next.come.len() == 11);
    assert!(of("2023-11-29").come.is_empty(), "what came before is no news");
    assert!(history.releases[0].come.is_empty() && history.releases[0].gone.is_empty());
}

#[test]
fn each_release_says_what_a_check_against_it_says() {
    let history = traced(recordings("placebo"), 1);
    assert_eq!(history, traced(recordings("placebo"), 4), "threads change nothing");
    assert_as_checked(&history, || recordings("placebo"));
}

/// What is read a second time, for other exchanges decide it, is so for each release, and is told once by each.
#[test]
fn what_other_exchanges_decide_is_told_once_by_each_release() {
    let entry = |signed: bool| {
        let scope = "AWS4-HMAC-SHA256 Credential=x/20230901/us-east-1/cleanrooms/aws4_request, SignedHeaders=host";
        let headers = if signed { json!([{"name": "Authorization", "value": scope}]) } else { json!([]) };
        let url = "http://localhost:3000/memberships/3e3be000-5c1d-4e2a-9b3f-000000000001";
        json!({"request": {"method": "GET", "url": url, "headers": headers},
            "response": {"status": 200, "headers": [], "content": {"text": "{\"membership\": {\"x\": 1}}"}}})
    };
    let har = json!({"log": {"version": "1.2", "entries": [entry(false), entry(true)]}}).to_string();
    let stream = || vec![Input::Stream(Box::new(Cursor::new(har.clone())))];
    let history = traced(stream(), 1);
    assert!(history.releases.iter().all(|standing| standing.failing == 2), "both are judged");
    assert_as_checked(&history, stream);
}

/// Each release tells of recordings what a check against it tells.
fn assert_as_checked(history: &History, inputs: impl Fn() -> Vec<Input>) {
    for standing in history.releases.iter().step_by(9) {
        let mut catalog = shapegate::check::Catalog::default();
        catalog.add_embedded(embedded::on("cleanrooms", &standing.release.day).expect("its release"));
        let checked = with_options(1, |options| {
            run(inputs(), &Options { catalog: &catalog, expectations: options.expectations, ..*options })
        });
        let findings = checked.expect("sound").findings;
        let count = |severity| findings.iter().filter(|finding| finding.weight == severity).count();
        for severity in [Severity::Error, Severity::Warning, Severity::Note] {
            let told = standing.counts.get(&severity).copied().unwrap_or(0);
            assert_eq!(told, count(severity), "{} {severity:?}", standing.release.day);
        }
    }
}

/// A request that every release takes, and one that none does.
const SOUND: &str = r#"{"service":"cleanrooms","operation":"GetMembership","request":{"membershipIdentifier":"3e3be000-5c1d-4e2a-9b3f-000000000001"}}"#;
const FAULTY: &str = r#"{"service":"cleanrooms","operation":"GetMembership","request":{}}"#;
/// One that is of an operation that came later.
const LATER: &str = r#"{"service":"cleanrooms","operation":"GetPrivacyBudgetTemplate","request":{"membershipIdentifier":"3e3be000-5c1d-4e2a-9b3f-000000000001","privacyBudgetTemplateIdentifier":"3e3be000-5c1d-4e2a-9b3f-000000000001"}}"#;

#[test]
fn what_fails_everywhere_says_nothing_of_when() {
    let stream = |lines: &[&str]| vec![Input::Stream(Box::new(Cursor::new(lines.join("\n"))))];
    let history = traced(stream(&[SOUND, FAULTY]), 1);
    let newest = embedded::find("cleanrooms").expect("embedded").release;
    assert_eq!((spans(&history), history.always), (vec![(false, "2023-01-12", newest)], 1));
    assert!(history.releases.iter().all(|standing| standing.failing == 1));
    let history = traced(stream(&[SOUND, FAULTY, LATER]), 1);
    assert_eq!(spans(&history), [(true, "2023-01-12", "2023-11-14"), (false, "2023-11-29", newest)]);
    let gone: Vec<&str> =
        history.releases.iter().flat_map(|one| &one.gone).map(|(finding, _)| finding.rule.id).collect();
    assert_eq!((gone, history.always), (vec!["unknown-operation"], 1));
}

fn shapegate(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_shapegate"))
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // A command that fails at once does not read its input.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

#[test]
fn the_command_tells_and_fails_only_where_it_cannot() {
    let traffic = "fixtures/recordings/cleanrooms/exchanges.ndjson";
    let told = shapegate(&["history", traffic], "");
    let text = String::from_utf8(told.stdout).expect("UTF-8");
    assert_eq!(told.status.code(), Some(0), "{text}");
    let last = "fails until 2023-07-31, holds under 2023-08-30, fails from 2023-11-14 on: 40 exchanges with 80 payloads of 1 recording";
    assert_eq!(text.lines().last(), Some(last));
    let mut rows = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    assert!(rows.any(|row| row == ["2023-08-30", "1.31.38", "0", "0", "0"]), "{text}");
    let run = |arguments: &[&str], input: &str| {
        let done = shapegate(&[&["history"], arguments].concat(), input);
        (done.status.code(), String::from_utf8(done.stderr).expect("UTF-8"))
    };
    for (arguments, input, told) in [
        (&["--contract", "s3", "-"][..], SOUND, "no contract \"s3\""),
        (&["--contract", "cleanrooms@2023-08-30", "-"], SOUND, "is one release"),
        (&["nowhere"], "", "nowhere"),
        (&["ARCHITECTURE.md"], "", "no recordings"),
        (&["-"], &SOUND.replace("cleanrooms", "s3"), "nothing of cleanrooms was read, but of s3 (1)"),
    ] {
        let (code, stderr) = run(arguments, input);
        assert!(code == Some(2) && stderr.contains(told), "{arguments:?}: {code:?} {stderr}");
    }
}

#[test]
fn json_and_ndjson_are_what_the_schema_says() {
    let traffic = "fixtures/recordings/cleanrooms/query-story.json";
    let of = |format: &str| {
        String::from_utf8(shapegate(&["history", "--format", format, traffic], "").stdout).expect("UTF-8")
    };
    let whole: Value = serde_json::from_str(&of("json")).expect("one JSON object");
    assert_report(&whole);
    assert_eq!(whole["history"]["releases"].as_array().map(Vec::len), Some(embedded::of_service("cleanrooms").len()));
    let mut lines: Vec<Value> =
        of("ndjson").lines().map(|line| serde_json::from_str(line).expect("JSON a line")).collect();
    let last = lines.pop().expect("a summary");
    assert_eq!(last["history"]["spans"], whole["history"]["spans"]);
    let releases: Vec<Value> = lines.into_iter().filter(|line| line.get("release").is_some()).collect();
    assert_eq!(Value::Array(releases), whole["history"]["releases"]);
}

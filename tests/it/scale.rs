//! Text at scale: many findings stay readable, and what is left out is counted.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::folder::{Ran, run_in};
use crate::support::root;

/// Deviations, files that have one, and all files.
const DEVIATIONS: usize = 448;
const FILES: usize = 342;
const ALL: usize = 9852;
/// Lines that a report of them may have.
const LINES: usize = 600;

/// Exit code, standard output and standard error of a run in the project's folder.
fn run(arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String, String) {
    let Ran { code, stdout, stderr } = run_in(root(), arguments, environment);
    (code.expect("no signal"), stdout, stderr)
}

fn record(members: &[String]) -> String {
    let mut payload = serde_json::Map::from_iter([(
        "membershipIdentifier".to_owned(),
        json!("3e3be000-5c1d-4e2a-9b3f-000000000001"),
    )]);
    payload.extend(members.iter().map(|name| (name.clone(), json!(1))));
    json!({"service": "cleanrooms", "operation": "GetMembership", "direction": "request", "payload": payload})
        .to_string()
}

#[test]
fn many_deviations_in_many_files_are_a_few_screens() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in 0..ALL {
        // Each of them is of a member of its own, so nothing is alike.
        let own: Vec<String> = (file..DEVIATIONS).step_by(FILES).map(|number| format!("other{number}")).collect();
        let members = if file < FILES { &own[..] } else { &[] };
        fs::write(folder.path().join(format!("{file:05}.ndjson")), record(members)).expect("writable");
    }
    let path = folder.path().to_str().expect("text");
    let (code, text, _) = run(&["check", "--no-installed-models", path], &[]);
    let last = text.lines().last().unwrap_or_default();
    assert_eq!(code, 1);
    assert!(
        last.starts_with(&format!("failed: {DEVIATIONS} errors")) && last.contains(&format!("{ALL} recordings")),
        "{last}"
    );
    assert!(text.lines().count() <= LINES, "{} lines", text.lines().count());
    let shown: BTreeSet<&str> = text.lines().filter(|line| line.starts_with("error[")).collect();
    let more = text.lines().find_map(|line| line.strip_prefix("and ")?.split(' ').next()?.parse::<usize>().ok());
    assert_eq!(shown.len() + more.expect("a number of what is left out"), DEVIATIONS);
    let (_, text, _) = run(&["check", "--no-installed-models", "--verbose", path], &[]);
    assert_eq!(text.lines().filter(|line| line.starts_with("error[")).count(), DEVIATIONS);
}

/// Two services, levels and operations: a note or warning first, so that their order is not that of the input.
fn mixed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let response = |status: u16, code: &str| {
        json!({"service": "cleanrooms", "operation": "GetMembership", "status": status,
            "error": {"code": code, "message": "m"}, "request": {"membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001"}})
    };
    fs::write(folder.path().join("0.ndjson"), response(400, "ConflictException").to_string()).expect("writable");
    let mut text = String::new();
    for name in ["a", "b", "a", "a", "a", "a"] {
        writeln!(text, "{}", record(&[name.to_owned()])).expect("a String");
    }
    fs::write(folder.path().join("a.ndjson"), text).expect("writable");
    folder
}

#[test]
fn the_most_severe_comes_first_and_the_verdict_last() {
    let folder = mixed();
    let (_, text, _) = run(&["check", folder.path().to_str().expect("text")], &[]);
    let levels: Vec<&str> = text.lines().filter_map(|line| line.split_once('[').map(|(level, _)| level)).collect();
    assert_eq!(&levels[..2], ["error", "error"], "{text}");
    assert!(levels[2..].contains(&"warning"), "{text}");
    assert_eq!(text.matches("= also: ").count(), 3, "{text}");
    assert!(text.contains("= and 1 more (--verbose lists all)"), "{text}");
    assert!(text.lines().last().is_some_and(|line| line.starts_with("failed: ")), "{text}");
}

#[test]
fn quiet_is_the_verdict_alone() {
    let folder = mixed();
    let (code, text, told) = run(&["check", "--quiet", folder.path().to_str().expect("text")], &[]);
    assert_eq!((code, text.lines().count(), told.as_str()), (1, 1, ""), "{text}{told}");
    assert!(text.starts_with("failed: "), "{text}");
}

#[test]
fn statistics_count_by_rule() {
    let folder = mixed();
    let path = folder.path().to_str().expect("text");
    let (_, text, _) = run(&["check", "--statistics", path], &[]);
    let line = text.lines().find(|line| line.starts_with("unknown-member ")).expect(&text);
    assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["unknown-member", "6", "0", "0"]);
    let (_, text, _) = run(&["check", path], &[]);
    assert!(!text.lines().any(|line| line.starts_with("unknown-member ")), "{text}");
}

#[test]
fn what_is_not_asked_for_is_counted_and_does_not_fail() {
    let folder = mixed();
    let path = folder.path().to_str().expect("text");
    for (filter, passes, left) in [
        (["--only-rule", "undeclared-*"], true, "7 not asked for"),
        (["--only-rule", "unknown-member"], false, "not asked for"),
        (["--only-service", "orders"], true, "not asked for"),
        (["--only-service", "clean*"], false, "in 1 exchange"),
        (["--only-operation", "GetMembership"], false, "in 1 exchange"),
        (["--only-operation", "ListMemberships"], true, "not asked for"),
    ] {
        let contracts = ["--contract", "cleanrooms", "--model", "fixtures/upgrades/orders/new.json"];
        let (code, text, _) = run(&[&["check", path][..], &contracts, &filter].concat(), &[]);
        assert_eq!(code == 0, passes, "{filter:?}: {text}");
        assert!(text.contains(left), "{filter:?}: {text}");
        assert!(!text.contains("clean:"), "a part is not asked for: {text}");
    }
    let (code, _, told) = run(&["check", path, "--only-rule", "unknown-membre"], &[]);
    assert!(code == 2 && told.contains("no rule is called"), "{told}");
}

#[test]
fn what_is_beyond_the_most_findings_is_judged_and_counted() {
    let folder = mixed();
    let path = folder.path().to_str().expect("text");
    let form = |form: &str, most: &str| run(&["check", path, "--max-findings", most, "--format", form], &[]);
    let json = |most: &str| {
        let (code, text, _) = form("json", most);
        assert_eq!(code, 1);
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")
    };
    let (all, few, none) = (json("100"), json("2"), json("0"));
    assert_eq!(all["findings"].as_array().map(Vec::len), Some(8));
    for (report, count) in [(&few, 2), (&none, 0)] {
        assert_eq!(report["findings"].as_array().map(Vec::len), Some(count));
        assert_eq!(report["summary"]["notListed"], json!(8 - count));
        assert_eq!(report["summary"]["findings"], all["summary"]["findings"]);
        assert_eq!(report["approvals"], all["approvals"], "all are offered for approval");
    }
    assert!(few["findings"].as_array().is_some_and(|all| all.iter().all(|one| one["severity"] == "error")), "{few}");
    for (id, mark) in [
        ("text", "error["),
        ("ndjson", "{\"rule\""),
        ("sarif", "\"ruleId\""),
        ("github", "::error"),
        ("gitlab", "\"check_name\""),
        ("junit", "classname=\"cleanrooms"),
    ] {
        let (code, text, _) = form(id, "1");
        assert_eq!((code, text.matches(mark).count()), (1, 1), "{id}: {text}");
    }
    for id in ["text", "markdown", "github", "junit"] {
        assert!(form(id, "1").1.contains("7 not listed"), "{id}: {}", form(id, "1").1);
    }
    let (_, text, _) = run(&["check", path, "--max-findings", "1", "--statistics"], &[]);
    let line = text.lines().find(|line| line.starts_with("unknown-member ")).expect(&text);
    assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["unknown-member", "6", "0", "0"]);
    let (code, text, _) = run(&["check", path, "--max-findings", "0", "--fail-on", "never"], &[]);
    assert!(code == 0 && text.contains("passed: 6 errors") && text.contains("8 not listed"), "{text}");
}

#[test]
fn what_cannot_be_read_is_always_asked_for() {
    let folder = mixed();
    fs::write(folder.path().join("b.ndjson"), "{\"service\": ").expect("writable");
    let (code, text, _) = run(&["check", folder.path().to_str().expect("text"), "--only-rule", "wrong-type"], &[]);
    assert!(code == 1 && text.contains("error[malformed-recording]"), "{text}");
}

#[test]
fn colours_are_where_they_are_asked_for() {
    let folder = mixed();
    let path = folder.path().to_str().expect("text");
    for (arguments, env, colours) in [
        (&["--color", "always"][..], &[][..], true),
        (&["--color", "always"], &[("NO_COLOR", "1")], true),
        (&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
        (&[], &[("CLICOLOR_FORCE", "1")], true),
        (&[], &[("FORCE_COLOR", "1")], true),
        (&[], &[("FORCE_COLOR", "0")], false),
        (&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], false),
        (&[], &[], false),
    ] {
        let (_, text, _) = run(&[&["check", path], arguments].concat(), env);
        assert_eq!(text.contains('\u{1b}'), colours, "{arguments:?} {env:?}");
    }
}

#[test]
fn tens_of_thousands_of_findings_in_one_body_have_their_places() {
    const MEMBERS: usize = 40_000;
    let names: Vec<String> = (0..MEMBERS).map(|number| format!("other{number:05}")).collect();
    let members: serde_json::Map<String, serde_json::Value> =
        names.iter().map(|name| (name.clone(), json!(1))).collect();
    let url = "https://cleanrooms.us-east-1.amazonaws.com/memberships/3e3be000-5c1d-4e2a-9b3f-000000000001";
    let har = json!({"log": {"version": "1.2", "entries": [{
        "request": {"method": "GET", "url": url, "headers": []},
        "response": {"status": 200, "headers": [{"name": "content-type", "value": "application/json"}],
                     "content": {"text": json!({"membership": members}).to_string()}},
    }]}})
    .to_string();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.har");
    fs::write(&path, &har).expect("writable");
    // Looking for each place from the beginning of its text would take minutes.
    let (_, report, _) = run(&["check", path.to_str().expect("text"), "--format", "ndjson"], &[]);
    let unknown = report.lines().filter(|line| line.contains("\"unknown-member\""));
    let (mut count, mut at) = (0, 0);
    for (line, name) in unknown.zip(&names) {
        let finding: serde_json::Value = serde_json::from_str(line).expect("JSON");
        // They stand in order, so that none is looked for from the beginning.
        at += har[at..].find(name.as_str()).expect("in the recording");
        assert_eq!(finding["location"]["column"], json!(at - 1), "{line}");
        count += 1;
    }
    assert_eq!(count, MEMBERS);
}

/// The longest that what follows may take where other tests run beside it. What is counted anew for each finding takes minutes.
const LONGEST: Duration = Duration::from_secs(60);

#[test]
fn what_stands_tens_of_thousands_of_times_is_read_once() {
    let url = "https://cleanrooms.us-east-1.amazonaws.com/memberships";
    let entry = json!({
        "request": {"method": "GET", "url": url, "headers": []},
        "response": {"status": 200, "headers": [], "content": {"text": "{}", "mimeType": "application/json"}},
    });
    let har = json!({"log": {"version": "1.2", "entries": [entry]}}).to_string();
    let query: Vec<String> = (0..50_000).map(|number| format!("a{number}=b")).collect();
    let keys = "k: 1, ".repeat(50_000);
    let cassette = format!(
        "interactions:\n- {{request: {{uri: \"{url}\", method: GET}}, {keys}response: {{status: {{code: 200}}}}}}\n"
    );
    let cases = [
        ("query.har", har.replace(url, &format!("{url}?{}", query.join("&"))), "\"rule\":\"unknown-member\"", 50_000),
        (
            "keys.har",
            har.replace("\"response\"", &format!("{}\"response\"", "\"x\":1,".repeat(40_000))),
            "appears twice",
            39_999,
        ),
        ("keys.yaml", cassette, "appears twice", 49_999),
    ];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let in_folder = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    for (name, text, told, count) in cases {
        fs::write(in_folder(name), text).expect("writable");
        let began = Instant::now();
        let (_, report, _) = run(&["check", &in_folder(name), "--format", "ndjson"], &[]);
        assert_eq!(report.lines().filter(|line| line.contains(told)).count(), count, "{name}: {report:.300}");
        let (_, _, told) = run(&["redact", &in_folder(name), &in_folder("copy")], &[]);
        assert!(told.contains("1 recording written"), "{name}: {told:.300}");
        assert!(began.elapsed() < LONGEST, "{name} took {:?}", began.elapsed());
    }
}

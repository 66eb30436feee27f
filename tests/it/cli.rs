//! The command as its users meet it: exit codes, streams, and input that is bad in every way there is.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const CLEAN: &str = r#"{"service":"cleanrooms","operation":"GetMembership","direction":"request","payload":{"membershipIdentifier":"3e3be000-5c1d-4e2a-9b3f-000000000001"}}"#;

fn shapegate(arguments: &[&str], folder: &Path, input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_shapegate"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // A command that fails at once does not read its input.
    let _ = child.stdin.take().expect("piped").write_all(input);
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

/// Checks a folder that holds one clean record and `files`; returns exit code, report and stderr.
fn check_beside_a_clean_one(files: &[(&str, &[u8])]) -> (Option<i32>, Value, String) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("clean.ndjson"), CLEAN).expect("writable");
    for (name, bytes) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
        fs::write(path, bytes).expect("writable");
    }
    report_of(dir.path())
}

fn report_of(folder: &Path) -> (Option<i32>, Value, String) {
    let output = shapegate(&["check", "--format", "json", "."], folder, b"");
    let report = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (code(&output), report, text(&output.stderr))
}

/// Asserts that one file is told with that message, and that the clean record beside it was checked all the same.
fn assert_told(name: &str, bytes: &[u8], message: &str, exit: i32, severity: &str) {
    let (code, report, stderr) = check_beside_a_clean_one(&[(name, bytes)]);
    assert_eq!(code, Some(exit), "{name}: {report:#} {stderr}");
    let findings = report["findings"].as_array().expect("a report");
    let told = findings.iter().find(|finding| finding["message"].as_str().is_some_and(|text| text.contains(message)));
    let told = told.unwrap_or_else(|| panic!("{name}: no finding says {message:?}: {report:#}"));
    let rule = if message.contains("limit") { "limit-reached" } else { "malformed-recording" };
    assert_eq!(told["rule"], rule);
    assert_eq!(told["severity"], severity);
    assert!(told["location"]["file"].as_str().is_some_and(|file| file.ends_with(name)), "{told:#}");
    assert!(report["summary"]["payloads"].as_u64() >= Some(1), "the rest was checked: {report:#}");
}

#[test]
fn exit_codes_tell_clean_found_and_failed() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let run =
        |input: &str, more: &[&str]| code(&shapegate(&[&["check", "-"], more].concat(), dir.path(), input.as_bytes()));
    assert_eq!(run(CLEAN, &[]), Some(0));
    let faulty = CLEAN.replace("membershipIdentifier", "identifier");
    assert_eq!(run(&faulty, &[]), Some(1));
    assert_eq!(run(&faulty, &["--fail-on", "never"]), Some(0));
    assert_eq!(run(CLEAN, &["--contract", "cleanrooms@1999-01-01"]), Some(2));
    assert_eq!(run(CLEAN, &["--model", "nowhere"]), Some(2));
    assert_eq!(run(CLEAN, &["--no-such-flag"]), Some(2));
    assert_eq!(run("hello", &[]), Some(1), "a stream that is no recording");
    assert_eq!(run("", &[]), Some(1), "an empty stream");
    let other = CLEAN.replace("\"cleanrooms\"", "\"s3\"");
    // What is installed here must not matter.
    let alone = "--no-installed-models";
    assert_eq!(run(&other, &[alone]), Some(2), "nothing could be checked");
    let both = format!("{CLEAN}\n{other}");
    assert_eq!(run(&both, &[alone]), Some(0));
    assert_eq!(run(&both, &[alone, "--fail-on-unchecked"]), Some(1));
    assert_eq!(run(CLEAN, &["--fail-on-unchecked"]), Some(0));
    assert_eq!(code(&shapegate(&["check", "nowhere"], dir.path(), b"")), Some(2));
    assert_eq!(code(&shapegate(&["explain", "no-such-rule"], dir.path(), b"")), Some(2));
}

#[test]
fn broken_files_are_told_and_the_rest_is_checked() {
    let file = "cleanrooms/GetMembership/request/x.json";
    assert_told(file, b"", "the file is empty", 1, "error");
    assert_told("empty.har", b" \n", "the file is empty", 1, "error");
    // Repositories have files of every kind without anything in them.
    assert_told("empty.json", b" \n", "the file is empty", 0, "note");
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
    assert_told("traffic.har", pointer, "it is a pointer of Git LFS; `git lfs pull` brings the file", 1, "error");
    assert_told(file, br#"{"membershipIdentifier": "3e3b"#, "the JSON ends too early", 1, "error");
    assert_told("cut.ndjson", &CLEAN.as_bytes()[..60], "the JSON ends too early", 1, "error");
    assert_told(file, b"{\"membershipIdentifier\": \"\xff\"}", "not UTF-8", 1, "error");
    assert_told("bytes.ndjson", &[CLEAN.as_bytes(), b"\n{\"service\": \"\xff\"}\n"].concat(), "not UTF-8", 1, "error");
    assert_told("utf16.json", b"\xff\xfe{\0}\0", "UTF-16", 1, "error");
    assert_told(file, "[".repeat(100_000).as_bytes(), "the JSON ends too early", 1, "error");
    let closed = "[".repeat(100_000) + &"]".repeat(100_000);
    assert_told(file, closed.as_bytes(), "levels within each other: it is not read (limit `depth`)", 1, "error");
    assert_told("deep.json", closed.as_bytes(), "nested deeper", 1, "error");
    assert_told("mark.ndjson", &[b"\xef\xbb\xbf", CLEAN.as_bytes()].concat(), "byte order mark", 0, "note");
}

#[test]
fn other_files_are_counted_and_listed_on_demand() {
    let (code_, report, _) = check_beside_a_clean_one(&[("README.md", b"# hello"), ("package.json", b"{\"name\": 1}")]);
    assert_eq!(code_, Some(0));
    assert_eq!(report["summary"]["skipped"], 2);
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("clean.ndjson"), CLEAN).expect("writable");
    fs::write(dir.path().join("notes.txt"), "x").expect("writable");
    fs::write(dir.path().join("api-2.json"), r#"{"metadata": {}, "operations": {}, "shapes": {}}"#).expect("writable");
    let output = shapegate(&["check", "-v", "."], dir.path(), b"");
    let told = text(&output.stdout);
    assert!(told.contains("skipped ./notes.txt: no recording"), "{told}");
    assert!(
        told.contains("skipped ./api-2.json: no recording of a known format: a model of a service, for --model"),
        "{told}"
    );
}

#[test]
fn nothing_read_is_not_a_pass() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let output = shapegate(&["check", "."], dir.path(), b"");
    assert_eq!(code(&output), Some(2));
    assert!(text(&output.stderr).contains("no recordings: there are no files"), "{}", text(&output.stderr));
    fs::write(dir.path().join("notes.txt"), "x").expect("writable");
    let output = shapegate(&["check", "."], dir.path(), b"");
    assert_eq!(code(&output), Some(2));
    assert!(text(&output.stderr).contains("the only file is not one"), "{}", text(&output.stderr));
}

#[cfg(unix)]
#[test]
fn links_pipes_and_locked_files_do_not_stop_the_work() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("clean.ndjson"), CLEAN).expect("writable");
    fs::create_dir(dir.path().join("below")).expect("writable");
    symlink(dir.path(), dir.path().join("below/up")).expect("writable");
    assert!(Command::new("mkfifo").arg(dir.path().join("pipe")).status().expect("mkfifo runs").success());
    let (code_, report, _) = report_of(dir.path());
    assert_eq!(code_, Some(0), "{report:#}");
    assert_eq!(report["summary"]["payloads"], 1, "through the circle nothing is read twice");
    assert_eq!(report["summary"]["skipped"], 1, "the pipe");
    let told = &report["findings"][0];
    assert_eq!((&told["rule"], &told["severity"]), (&"malformed-recording".into(), &"note".into()));
    assert!(told["message"].as_str().is_some_and(|text| text.contains("a link back to")), "{told:#}");

    // A link that leads nowhere cannot be read by anyone, whatever the rights of the one who runs the test.
    symlink("nowhere", dir.path().join("gone.json")).expect("writable");
    let (code_, report, _) = report_of(dir.path());
    assert_eq!(code_, Some(1), "{report:#}");
    assert!(report.to_string().contains("it cannot be read"), "{report:#}");
    assert_eq!(report["summary"]["payloads"], 1);
}

#[test]
fn a_reader_that_goes_away_is_no_failure_and_changes_no_verdict() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let faulty = format!("{}\n", CLEAN.replace("membershipIdentifier", "identifier")).repeat(5_000);
    fs::write(dir.path().join("faulty.ndjson"), faulty).expect("writable");
    let mut child = Command::new(env!("CARGO_BIN_EXE_shapegate"))
        .args(["check", "--format", "ndjson", "faulty.ndjson"])
        .current_dir(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut first = [0; 16];
    child.stdout.take().expect("piped").read_exact(&mut first).expect("a finding");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((code(&output), text(&output.stderr)), (Some(1), String::new()));
}

#[test]
fn a_stream_may_be_of_any_format_with_records() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let exchange = r#"[{"service":"cleanrooms","operation":"GetMembership","request":{"membershipIdentifier":1}}]"#;
    let output = shapegate(&["check", "--format", "ndjson", "-"], dir.path(), exchange.as_bytes());
    assert_eq!(code(&output), Some(1));
    let first: Value = serde_json::from_slice(output.stdout.split(|b| *b == b'\n').next().unwrap_or_default())
        .expect("a finding a line");
    assert_eq!((&first["rule"], &first["location"]["file"]), (&"wrong-type".into(), &"-".into()));
}

#[test]
fn schemas_are_written_for_the_documented_operations() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages/cleanrooms-2023-08-30.txt");
    let page = page.display().to_string();
    let output = shapegate(&["schema", "--model", &page, "--out", "schemas"], dir.path(), b"");
    assert_eq!(code(&output), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "12 schemas of cleanrooms in schemas\n");
    assert_eq!(fs::read_dir(dir.path().join("schemas")).expect("written").count(), 12);
}

#[test]
fn rules_explain_themselves() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let rules = text(&shapegate(&["rules"], dir.path(), b"").stdout);
    assert!(rules.lines().count() > 20 && rules.contains("misplaced-member"), "{rules}");
    let explained = text(&shapegate(&["explain", "misplaced-member"], dir.path(), b"").stdout);
    assert!(explained.contains("What to do:"), "{explained}");
    let explained = text(&shapegate(&["explain", "enum-value-added"], dir.path(), b"").stdout);
    assert!(
        explained.contains("in responses, risky for dynamic, risky for typed, compatible for replay"),
        "{explained}"
    );
    let of = |kind| text(&shapegate(&["rules", "--of", kind], dir.path(), b"").stdout);
    let (traffic, changes) = (of("traffic"), of("changes"));
    assert!(traffic.contains("misplaced-member") && !traffic.contains("wire-name-changed"), "{traffic}");
    assert!(changes.contains("wire-name-changed") && !changes.contains("misplaced-member"), "{changes}");
    assert!(changes.contains("C/R     C/R     C        an enumeration has a new value"), "{changes}");
    let wire = of("wire");
    assert!(wire.contains("request-header-appeared") && !wire.contains("misplaced-member"), "{wire}");
    assert_eq!(rules, format!("{traffic}\n{changes}\n{wire}"));
    let explained = text(&shapegate(&["explain", "request-header-appeared"], dir.path(), b"").stdout);
    assert!(explained.contains("What to do:"), "{explained}");
    let completions = text(&shapegate(&["completions", "bash"], dir.path(), b"").stdout);
    assert!(completions.contains("shapegate"), "{completions}");
}

#[test]
fn secrets_stay_out_of_every_report() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let record = r#"{"service":"cleanrooms","operation":"StartProtectedQuery","direction":"request","payload":{"type":"SQL","membershipIdentifier":7,"sqlParameters":{"queryString":["SELECT hush"],"parameters":{"a":{"hush":1}},"hush":"hush-value"}}}"#;
    for format in ["text", "json", "ndjson"] {
        let output = shapegate(&["check", "--format", format, "-"], dir.path(), record.as_bytes());
        let report = text(&output.stdout);
        assert!(report.contains("queryString"), "the places are told: {report}");
        assert!(!report.contains("SELECT") && !report.contains("hush-value"), "{format}: {report}");
    }
}

/// The help of a subcommand shows nothing that it would always refuse.
#[test]
fn what_always_fails_is_not_offered() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let help = |job: &str| text(&shapegate(&[job, "--help"], folder.path(), b"").stdout);
    // (job, what its help has, what it has not)
    for (job, offered, refused) in [
        ("check", &["--fail-on <", "--only-rule <", "--statistics", "sarif"][..], &["badge", "api-changes"][..]),
        (
            "coverage",
            &["badge", "--fail-on-unchecked", "--only-rule <"],
            &["--fail-on <", "api-changes", "--statistics"],
        ),
        ("scorecard", &["badge", "--only-service <"], &["--fail-on <", "--only-rule <", "api-changes", "--statistics"]),
        ("diff", &["api-changes"], &["badge", "--statistics"]),
        ("gate", &["--fail-on <", "--statistics", "sarif"], &["badge", "api-changes"]),
        ("list", &["ndjson"], &["badge", "--statistics", "api-changes"]),
        ("merge", &["badge", "part", "sarif"], &["api-changes", "--counts"]),
    ] {
        let help = help(job);
        let missing: Vec<&&str> = offered.iter().filter(|part| !help.contains(**part)).collect();
        let beyond: Vec<&&str> = refused.iter().filter(|part| help.contains(**part)).collect();
        assert!(missing.is_empty() && beyond.is_empty(), "{job}: lacks {missing:?}, has {beyond:?}: {help}");
    }
    let badge = shapegate(&["check", "--format", "badge", "-"], folder.path(), CLEAN.as_bytes());
    assert_eq!(code(&badge), Some(2));
    let told = text(&badge.stderr);
    assert!(told.contains("invalid value 'badge'") && !told.contains("api-changes"), "{told}");
    // Completions offer the same.
    let fish = text(&shapegate(&["completions", "fish"], folder.path(), b"").stdout);
    let is_meant = |one: &&str| one.contains("subcommand check\"") && one.contains("-l format ");
    let of_check = fish.split("complete -c").find(is_meant).expect("an option");
    assert!(of_check.contains("sarif") && !of_check.contains("badge"), "{of_check}");
    // What is for tests alone is offered by nothing.
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = text(&shapegate(&["completions", shell], folder.path(), b"").stdout);
        assert!(script.contains("contract") && !script.contains("counts"), "{shell}");
    }
    let tip = text(&shapegate(&["merge", "--contract", "a"], folder.path(), b"").stderr);
    assert!(tip.contains("unexpected argument '--contract'") && !tip.contains("--counts"), "{tip}");
}

/// `--quiet` leaves out what a run goes by, and nothing that is wrong.
#[test]
fn a_quiet_run_says_what_is_wrong() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("writable");
    write("shapegate.toml", "exclude = [\"gone/**\"]\n");
    write("shapegate-approvals.toml", "[approvals]\n");
    write("clean.ndjson", CLEAN);
    let stderr = |arguments: &[&str]| {
        text(&shapegate(&[&["check", "clean.ndjson"], arguments].concat(), folder.path(), b"").stderr)
    };
    let usual = stderr(&[]);
    for told in ["configuration from shapegate.toml\n", "approvals from shapegate-approvals.toml\n"] {
        assert!(usual.contains(told), "{usual}");
    }
    let wrong = "shapegate.toml:1: nothing is excluded by \"gone/**\": there is no gone\n";
    assert!(usual.ends_with(wrong), "{usual}");
    assert_eq!(stderr(&["--quiet"]), wrong);
    stderr(&["--quiet", "--report", "part=part.json"]);
    let merged = shapegate(&["merge", "--quiet", "part.json"], folder.path(), b"");
    assert_eq!((code(&merged), text(&merged.stderr)), (Some(0), String::new()));
}

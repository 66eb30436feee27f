//! The nasty corpus (`fixtures/nasty/`): inputs that are broken, hostile or merely odd, and what becomes of each.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::Value;

use crate::support::folder::{Ran, run_in};
use crate::support::root;

/// Fewer would not be the corpus.
const LEAST: usize = 500;

const RECORD: &str = r#"{"service":"cleanrooms","operation":"GetMembership","direction":"request","payload":{"membershipIdentifier":"3e3be000-5c1d-4e2a-9b3f-000000000001"}}"#;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: String,
    file: String,
    #[serde(flatten)]
    content: Content,
    /// What of `support.json` it needs, and the arguments.
    #[serde(default)]
    command: Vec<String>,
    class: Class,
    rule: Option<String>,
    why: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Content {
    Text(String),
    Base64(String),
    Gzip(String),
    Repeat { head: String, unit: String, times: usize, tail: String },
}

#[derive(Deserialize, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Class {
    Accept,
    Finding,
    Reject,
    Bounded,
    Inert,
    Skip,
}

impl Content {
    fn bytes(&self) -> Vec<u8> {
        let decoded = |text: &String| STANDARD.decode(text).expect("base64");
        match self {
            Self::Text(text) => text.clone().into_bytes(),
            Self::Base64(text) => decoded(text),
            Self::Gzip(text) => {
                let mut bytes = Vec::new();
                GzDecoder::new(&decoded(text)[..]).read_to_end(&mut bytes).expect("gzip");
                bytes
            }
            Self::Repeat { head, unit, times, tail } => format!("{head}{}{tail}", unit.repeat(*times)).into_bytes(),
        }
    }
}

impl Case {
    fn run(&self, folder: &Path, support: &HashMap<String, String>, user: User) -> Ran {
        fs::write(folder.join(OsStr::new(&self.file)), self.content.bytes()).expect("writable");
        let checks = ["check", "--contract", "cleanrooms@2023-08-30", "--no-installed-models"];
        let mut arguments: Vec<&str> = match self.command.split_first() {
            Some((needed, arguments)) => {
                let file = if needed == "good" { "good.ndjson" } else { "model.json" };
                fs::write(folder.join(file), &support[needed]).expect("writable");
                arguments.iter().map(String::as_str).collect()
            }
            None if self.class == Class::Skip => {
                fs::write(folder.join("good.ndjson"), RECORD).expect("writable");
                [&checks[..], &["."]].concat()
            }
            None => [&checks[..], &["--", &self.file]].concat(),
        };
        arguments.splice(1..1, ["--format", "json"]);
        run_by(user, folder, &arguments)
    }

    /// What is wrong with a run, as a sentence.
    fn fault(&self, ran: &Ran, folder: &Path) -> Option<String> {
        let Ran { code, stdout, stderr } = ran;
        let Some(code @ 0..=2) = *code else { return Some(format!("it ended with {code:?}")) };
        let report: Value = match serde_json::from_str(stdout) {
            Ok(report) => report,
            Err(_) if stdout.is_empty() && code == 2 => Value::Null,
            Err(error) => return Some(format!("its report is no JSON: {error}")),
        };
        if stderr.chars().any(|c| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}')) {
            return Some("what it says is obeyed by a terminal".to_owned());
        }
        if folder.join("obeyed").exists() {
            return Some("it was obeyed".to_owned());
        }
        let found: Vec<(&str, &str)> = report["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|finding| (finding["rule"].as_str().unwrap_or(""), finding["severity"].as_str().unwrap_or("")))
            .collect();
        let is_error = |rules: &[&str]| found.iter().any(|(rule, level)| *level == "error" && rules.contains(rule));
        let summary = &report["summary"];
        let is_right = match self.class {
            Class::Accept => {
                code == 0 && summary["payloads"].as_u64() > Some(0) && !found.iter().any(|f| f.1 == "error")
            }
            Class::Finding => found.iter().any(|(rule, _)| Some(*rule) == self.rule.as_deref()),
            Class::Reject if self.command.first().is_some_and(|needed| needed == "good") => code == 2,
            Class::Reject => code == 1 && is_error(&["malformed-recording", "undecodable-body", "limit-reached"]),
            Class::Skip => code == 0 && summary["skipped"].as_u64() == Some(1),
            Class::Bounded | Class::Inert => true,
        };
        (!is_right).then(|| format!("exit code {code}, {found:?}, {summary}, {stderr}"))
    }
}

/// Who runs the command.
#[derive(Clone, Copy, PartialEq, Eq)]
enum User {
    /// The one who runs the test.
    Own,
    /// Nobody, who may read and write what everybody may.
    Nobody,
}

fn run_by(user: User, folder: &Path, arguments: &[&str]) -> Ran {
    if user == User::Own {
        return run_in(folder, arguments, &[]);
    }
    let opened = Command::new("chmod").args(["-R", "a+rwX"]).arg(folder).status();
    assert!(opened.expect("chmod").success());
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", env!("CARGO_BIN_EXE_shapegate")])
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output();
    let output = output.expect("setpriv");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn manifest() -> Vec<Case> {
    let text = fs::read_to_string(root().join("fixtures/nasty/manifest.ndjson")).expect("the manifest");
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line:.200}"))).collect()
}

/// The cases, each in a folder of its own, by as many threads as there are processors.
fn faults(cases: &[Case], user: User) -> Vec<String> {
    let support = fs::read_to_string(root().join("fixtures/nasty/support.json")).expect("the models");
    let support = serde_json::from_str(&support).expect("texts by name");
    let (next, faults) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let ran = case.run(folder.path(), &support, user);
            if let Some(fault) = case.fault(&ran, folder.path()) {
                let told = format!("{} ({:?}: {}): {fault}", case.id, case.class, case.why);
                faults.lock().expect("nobody panics").push(told);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, Into::into) {
            scope.spawn(work);
        }
    });
    faults.into_inner().expect("nobody panics")
}

#[test]
fn each_case_ends_as_its_class_says() {
    let cases = manifest();
    assert!(cases.len() >= LEAST, "{} cases", cases.len());
    let mut classes: BTreeMap<Class, usize> = BTreeMap::new();
    for case in &cases {
        *classes.entry(case.class).or_default() += 1;
        assert_eq!(case.rule.is_some(), case.class == Class::Finding, "{}", case.id);
    }
    assert_eq!(classes.len(), 6, "{classes:?}");
    let faults = faults(&cases, User::Own);
    assert!(faults.is_empty(), "{} of {} cases:\n{}", faults.len(), cases.len(), faults.join("\n"));
}

#[test]
#[ignore = "needs root and setpriv, run by .ci/run"]
fn each_case_ends_so_for_a_user_without_rights() {
    let faults = faults(&manifest(), User::Nobody);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_case_that_ends_otherwise_is_told() {
    let case = |class: &str, text: &str| {
        let case = format!(
            r#"{{"id": "x", "file": "a.ndjson", "text": {}, "class": "{class}", "why": ""}}"#,
            Value::from(text)
        );
        serde_json::from_str::<Case>(&case).expect("a case")
    };
    let cases = [case("accept", "{"), case("reject", RECORD), case("skip", RECORD), case("finding", RECORD)];
    assert_eq!(faults(&cases, User::Own).len(), cases.len());
}

#[test]
#[ignore = "needs python3, run by .ci/run"]
fn the_manifest_is_what_the_script_writes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let script = folder.path().join("make.py");
    fs::copy(root().join("fixtures/nasty/make.py"), &script).expect("writable");
    assert!(Command::new("python3").arg(&script).status().expect("python3").success());
    for file in ["manifest.ndjson", "support.json"] {
        let read = |folder: &Path| fs::read(folder.join(file)).expect("there");
        assert!(read(folder.path()) == read(&root().join("fixtures/nasty")), "{file} is not what make.py writes");
    }
}

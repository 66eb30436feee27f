//! SARIF and GitHub's annotations, as the command writes them: where paths start, what is appended to a step's summary, and
//! that what a team approved stays out of the way.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{folders, root};

/// Jobs that have findings, each with arguments that make some.
const JOBS: &[&str] = &[
    "check --contract cleanrooms@2023-08-30 fixtures/faulty/cleanrooms",
    "gate --no-witnesses --from fixtures/upgrades/orders/old.json --to fixtures/upgrades/orders/new.json \
     --traffic fixtures/upgrades/orders/traffic",
    "gate --no-witnesses --from cleanrooms@2023-07-31 --to cleanrooms@2023-08-30",
    "history fixtures/faulty/cleanrooms/exchanges",
    "snapshot --compare fixtures/upgrades/s3/before.toml --model fixtures/upgrades/s3/service-2.json \
     fixtures/upgrades/s3/after",
];

/// A repository of its own, with a folder in which the command runs.
struct Repository(TempDir);

/// What the command said.
struct Said {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Repository {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(folder.path().join(".git")).expect("writable");
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    /// Runs the command in a folder of the repository.
    fn run(&self, folder: &str, arguments: &str) -> Said {
        let command = Command::new(env!("CARGO_BIN_EXE_shapegate"))
            .args(arguments.split_whitespace())
            .current_dir(self.path(folder))
            .env_clear()
            .env("GITHUB_STEP_SUMMARY", self.path("summary.md"))
            .output();
        said(command.expect("the binary starts"))
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.path(name)).expect("it was written")).expect("JSON")
    }
}

fn said(output: Output) -> Said {
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Said { code: output.status.code().expect("no signal"), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Runs the command in the package's folder.
fn run(arguments: &str) -> Said {
    let command = Command::new(env!("CARGO_BIN_EXE_shapegate"))
        .args(arguments.split_whitespace())
        .current_dir(root())
        .env_clear()
        .output();
    said(command.expect("the binary starts"))
}

/// A request with a member that the operation does not have.
fn request(member: &str) -> String {
    let record = serde_json::json!({
        "service": "cleanrooms", "operation": "GetMembership", "direction": "request",
        "payload": {"membershipIdentifier": "3e3be000-5c1d-4e2a-9b3f-000000000001", member: 1},
    });
    format!("{record}\n")
}

fn results(report: &Value) -> &Vec<Value> {
    report["runs"][0]["results"].as_array().expect("results")
}

fn uris(report: &Value) -> Vec<&str> {
    let locations = results(report).iter().map(|result| &result["locations"][0]["physicalLocation"]);
    locations.map(|place| place["artifactLocation"]["uri"].as_str().expect("every result has a file")).collect()
}

#[test]
fn every_job_with_findings_is_written_as_sarif() {
    for job in JOBS {
        let said = run(&format!("{job} --report sarif"));
        assert!(said.code < 2, "{job}: {}", said.stderr);
        let report: Value = serde_json::from_str(&said.stdout).expect(job);
        assert!(!results(&report).is_empty(), "{job}");
        assert_eq!(report["runs"][0]["invocations"][0]["exitCode"], said.code, "{job}");
        for uri in uris(&report) {
            assert!(uri == "shapegate-approvals.toml" || root().join(uri).is_file(), "{job}: {uri}");
        }
    }
}

#[test]
fn every_job_with_findings_is_annotated() {
    for job in JOBS {
        let said = run(&format!("{job} --report github"));
        assert!(said.code < 2, "{job}: {}", said.stderr);
        for command in ["::error ", "::warning ", "::notice "] {
            assert!(
                said.stdout.lines().filter(|line| line.starts_with(command)).count() <= 10,
                "{job}: {}",
                said.stdout
            );
        }
        for line in said.stdout.lines().filter(|line| line.contains("file=")) {
            let file = line.split(['=', ',']).nth(1).expect("a value");
            assert!(root().join(file).is_file(), "{job}: {line}");
        }
    }
}

#[test]
fn a_job_without_findings_has_its_headline_in_every_form() {
    for (job, headline) in [
        ("list fixtures/recordings/cleanrooms", " exchanges listed of "),
        ("diff --from cleanrooms@2023-07-31 --to cleanrooms@2023-08-30", "15 differences in 1 service"),
        ("mutate fixtures/recordings/cleanrooms/named-payload-files", "passed: 52 of 52 faults detected"),
    ] {
        for form in ["sarif", "github", "junit", "markdown"] {
            let said = run(&format!("{job} --report {form}"));
            assert_eq!((said.code, said.stderr.as_str()), (0, ""), "{job}");
            let text = said.stdout.replace('\\', "");
            assert!(text.contains(headline), "{job}: {form}: {text}");
        }
        assert_eq!(run(&format!("{job} --report gitlab")).stdout, "[]\n", "{job}");
    }
}

/// The verdict and its counts are one sentence, whatever the form.
#[test]
fn every_form_has_the_same_verdict() {
    let repository = Repository::new();
    let of_another = r#"{"service":"thing","operation":"GetThing","direction":"request","payload":{}}"#;
    repository.write("clean.ndjson", &crate::support::folder::request("GetMembership", &[]));
    repository.write("faulty.ndjson", &request("mistake"));
    repository.write("other.ndjson", of_another);
    repository.write(
        "stale.toml",
        "[approvals]\n\"unknown-member:cleanrooms:GetMembership:request:A.b\" = { reason = \"x\" }\n",
    );
    let har = r#"{"log":{"version":"1.2","entries":[{"request":{"method":"GET","url":"https://example.com/","headers":[]},
        "response":{"status":200,"headers":[],"content":{"text":"{}"}}}]}}"#;
    repository.write("elsewhere.har", har);
    repository.write("empty.har", r#"{"log":{"version":"1.2","entries":[]}}"#);
    repository.run("", "snapshot clean.ndjson --out wire.toml");
    let releases = "--from cleanrooms@2023-07-31 --to cleanrooms@2023-08-30";
    for (job, verdict) in [
        ("check clean.ndjson".to_owned(), "clean: 0 errors"),
        ("check faulty.ndjson".to_owned(), "failed: 1 error"),
        ("check faulty.ndjson --fail-on never".to_owned(), "passed: 1 error"),
        ("check clean.ndjson other.ndjson".to_owned(), "1 of 2 not checked: 0 errors"),
        ("check clean.ndjson other.ndjson --fail-on-unchecked".to_owned(), "failed (--fail-on-unchecked): 0 errors"),
        ("check clean.ndjson --approvals stale.toml --fail-on-stale".to_owned(), "failed (--fail-on-stale): 0 errors"),
        ("check clean.ndjson elsewhere.har".to_owned(), "; 1 exchange that calls no modelled AWS API"),
        ("check clean.ndjson empty.har".to_owned(), "passed: 0 errors"),
        (
            "list clean.ndjson faulty.ndjson elsewhere.har".to_owned(),
            "3 exchanges listed of 3 recordings, with 1 finding; ",
        ),
        ("history faulty.ndjson".to_owned(), "fails under every release"),
        ("mutate clean.ndjson".to_owned(), "passed: "),
        ("snapshot --compare wire.toml clean.ndjson".to_owned(), "no differences: 0 errors"),
        ("snapshot --compare wire.toml faulty.ndjson".to_owned(), "failed (--fail-on warning): 0 errors"),
        (format!("diff {releases}"), "15 differences in 1 service"),
        (format!("diff {releases} --exit-code"), "failed: 15 differences in 1 service"),
        (format!("gate {releases} --no-witnesses"), " breaking, "),
        (
            "gate --from cleanrooms --to cleanrooms".to_owned(),
            "no differences: 0 breaking, 0 risky, 0 compatible in 1 service",
        ),
    ] {
        let job = format!("{job} --no-config").replace("check ", "check --no-installed-models ");
        let quiet = repository.run("", &format!("{job} -q")).stdout;
        let sentence = quiet.trim_end();
        assert!(sentence.contains(verdict) && !sentence.contains('\n'), "{job}: {quiet}");
        let text = repository.run("", &job).stdout;
        let is_list = job.starts_with("list");
        assert!(is_list || text.lines().any(|line| line.starts_with(sentence)), "{job}: {sentence}\n{text}");
        for form in ["github", "junit", "markdown"] {
            let said = repository.run("", &format!("{job} --report {form}")).stdout;
            let said = said.replace('\\', "").replace("&gt;", ">").replace("&apos;", "'");
            assert!(said.contains(sentence), "{job}: {form}: {sentence}\n{said}");
        }
    }
}

#[test]
fn every_form_shows_why_a_run_without_findings_fails() {
    let repository = Repository::new();
    repository.write("clean.ndjson", &crate::support::folder::request("GetMembership", &[]));
    repository
        .write("other.ndjson", r#"{"service":"thing","operation":"GetThing","direction":"request","payload":{}}"#);
    let print = "unknown-member:cleanrooms:GetMembership:request:A.b";
    repository.write("stale.toml", &format!("[approvals]\n\"{print}\" = {{ reason = \"x\" }}\n"));
    for (job, flag, id, told) in [
        ("clean.ndjson other.ndjson", "--fail-on-unchecked", "unchecked", "thing (1)"),
        ("clean.ndjson --approvals stale.toml", "--fail-on-stale", "stale-approval", print),
    ] {
        let job = format!("check --no-installed-models --no-config {job}");
        for (flag, is_failing) in [(flag, true), ("", false)] {
            let report = |form: &str| repository.run("", &format!("{job} {flag} --report {form}"));
            let gitlab: Value = serde_json::from_str(&report("gitlab").stdout).expect("JSON");
            let issues = gitlab.as_array().expect("issues");
            assert_eq!(issues.len(), usize::from(is_failing), "{gitlab}");
            for issue in issues {
                let text = issue["description"].as_str().expect("a text");
                assert!(text.contains(flag) && text.contains(told), "{text}");
                assert!(issue["severity"] == "major" && issue["check_name"] == id, "{issue}");
            }
            let github = report("github").stdout;
            let errors: Vec<&str> = github.lines().filter(|line| line.starts_with("::error ")).collect();
            assert_eq!(errors.len(), usize::from(is_failing), "{github}");
            assert!(errors.iter().all(|line| line.starts_with(&format!("::error title={id}::{flag}: "))), "{github}");
            let sarif: Value = serde_json::from_str(&report("sarif").stdout).expect("JSON");
            let told = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().expect("a list");
            assert_eq!(told.iter().any(|one| one["level"] == "error"), is_failing, "{told:?}");
        }
        let text = repository.run("", &format!("{job} {flag}"));
        assert_eq!(text.code, 1);
        assert!(!text.stdout.contains("shapegate explain"), "{}", text.stdout);
        assert_eq!(text.stdout.contains("approve --prune"), flag == "--fail-on-stale", "{}", text.stdout);
    }
    // A finding that does not fail is nothing to approve.
    repository.write("faulty.ndjson", &request("mistake"));
    let job = "check --no-installed-models --no-config --fail-on never --fail-on-unchecked faulty.ndjson other.ndjson";
    let text = repository.run("", job);
    assert!(text.code == 1 && !text.stdout.contains("shapegate approve"), "{}", text.stdout);
}

#[test]
fn what_has_no_rules_takes_no_statistics() {
    for job in ["list fixtures/recordings/cleanrooms", "history fixtures/recordings/cleanrooms"] {
        let said = run(&format!("{job} --statistics"));
        assert!(said.code == 2 && said.stderr.contains("--statistics counts findings by rule"), "{}", said.stderr);
    }
    let said = run("gate --from cleanrooms@2023-07-31 --to cleanrooms@2023-08-30 --no-witnesses --statistics");
    assert!(said.stdout.contains("\nrule "), "{}", said.stdout);
}

#[test]
fn paths_start_at_the_root_of_the_repository() {
    let repository = Repository::new();
    repository.write("crates/a/tests/über us.ndjson", &request("mistake"));
    let outside = tempfile::tempdir().expect("a temporary folder");
    fs::write(outside.path().join("b.ndjson"), request("mistake")).expect("writable");
    let folder = outside.path().to_str().expect("text");
    let said = repository.run("crates/a", &format!("check tests {folder} --report sarif=a.sarif --report github"));
    assert_eq!(said.code, 1, "{}", said.stderr);
    let report = repository.json("crates/a/a.sarif");
    let outside = format!("file://{folder}/b.ndjson");
    assert_eq!(uris(&report), ["crates/a/tests/%C3%BCber%20us.ndjson", &outside]);
    assert!(said.stdout.contains("file=crates/a/tests/über us.ndjson,line=1,col="), "{}", said.stdout);
}

#[test]
fn a_summary_is_appended_by_one_form_alone() {
    let repository = Repository::new();
    repository.write("a.ndjson", &request("mistake"));
    let summary = || fs::read_to_string(repository.path("summary.md")).unwrap_or_default();
    for quiet in ["text", "json", "ndjson", "sarif"] {
        repository.run("", &format!("check a.ndjson --report {quiet}"));
        assert_eq!(summary(), "", "{quiet}");
    }
    repository.write("summary.md", "# Earlier\n");
    // Where annotations go is one thing, the page another.
    let said = repository.run("", "check a.ndjson --report github=annotations.txt");
    assert!(said.stdout.contains("error[unknown-member]"), "text stays where it was: {}", said.stdout);
    let once = summary();
    assert!(once.starts_with("# Earlier\n### shapegate check\n"), "{once}");
    repository.run("", "check a.ndjson --report github");
    assert_eq!(summary().matches("### shapegate check\n").count(), 2);
}

#[test]
fn a_new_deviation_stands_alone_beside_approved_ones() {
    let repository = Repository::new();
    let known: String = (0..448).map(|number| request(&format!("known{number}"))).collect();
    repository.write("tests/known.ndjson", &known);
    repository.run("", "check tests --report json=report.json");
    let report = repository.json("report.json");
    let open = report["approvals"]["toApprove"].as_array().expect("findings to approve");
    assert_eq!(open.len(), 448);
    let line = |open: &Value| format!("{} = {{ reason = \"known since spring\" }}\n", open["fingerprint"]);
    let approvals: String = open.iter().map(line).collect();
    repository.write("shapegate-approvals.toml", &format!("[approvals]\n{approvals}"));
    let forms = "--report sarif=a.sarif --report github";
    let said = repository.run("", &format!("check tests {forms}"));
    assert_eq!((said.code, said.stdout.lines().count()), (0, 1), "{}", said.stdout);
    repository.write("tests/new.ndjson", &request("stranger"));
    let said = repository.run("", &format!("check tests {forms}"));
    assert_eq!((said.code, said.stdout.lines().count()), (1, 2), "{}", said.stdout);
    assert!(said.stdout.starts_with("::error file=tests/new.ndjson,line=1,"), "{}", said.stdout);
    let report = repository.json("a.sarif");
    let counts = |result: &&Value| result["suppressions"].as_array().is_some_and(Vec::is_empty);
    let open: Vec<&Value> = results(&report).iter().filter(counts).collect();
    assert_eq!((results(&report).len(), open.len()), (449, 1));
    assert!(open[0]["message"]["text"].as_str().expect("text").contains("`stranger`"));
    let summary = fs::read_to_string(repository.path("summary.md")).expect("it was written");
    assert!(summary.contains("| known since spring | 1 |"), "approvals are listed");
}

/// Jobs that list no findings.
const OTHERS: [&str; 3] = [
    "list fixtures/recordings/cleanrooms",
    "diff --from cleanrooms@2023-07-31 --to cleanrooms@2023-08-30",
    "mutate fixtures/recordings/cleanrooms/named-payload-files",
];

#[test]
fn every_job_is_what_the_readers_of_each_form_take() {
    for job in JOBS.iter().chain(&OTHERS) {
        let said = |form: &str| run(&format!("{job} --no-config --report {form}")).stdout;
        let junit = quick_junit::Report::deserialize_from_str(&said("junit")).expect(job);
        let cases: usize = junit.test_suites.iter().map(|suite| suite.test_cases.len()).sum();
        assert!(cases > 0 && junit.tests == cases, "{job}: {cases} of {}", junit.tests);
        for suite in &junit.test_suites {
            assert_eq!(suite.tests, suite.test_cases.len(), "{job}: {}", suite.name.as_str());
        }
        let issues: Vec<Value> = serde_json::from_str(&said("gitlab")).expect(job);
        let prints: std::collections::BTreeSet<&str> =
            issues.iter().map(|issue| issue["fingerprint"].as_str().expect("text")).collect();
        assert_eq!(prints.len(), issues.len(), "{job}");
        for issue in &issues {
            assert!(["description", "check_name"].iter().all(|key| issue[key].is_string()), "{job}: {issue}");
            let severity = issue["severity"].as_str().unwrap_or_default();
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity), "{job}: {issue}");
            let begin = issue.pointer("/location/lines/begin").and_then(Value::as_u64);
            assert!(begin > Some(0) && issue.pointer("/location/path").is_some_and(Value::is_string), "{job}: {issue}");
        }
        let page = said("markdown");
        assert!(page.starts_with("### shapegate ") && page.chars().count() < 60_000, "{job}");
        for table in page.split("\n\n").filter(|part| part.starts_with('|')) {
            let cells = |line: &str| line.replace(r"\|", "").matches('|').count();
            assert!(table.lines().all(|line| cells(line) == cells(&table[..table.find('\n').unwrap_or(0)])), "{table}");
        }
    }
}

/// Readers tell tests apart by class and name, and show one where two are alike.
#[test]
fn no_two_tests_of_a_run_are_alike() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut jobs: Vec<String> = JOBS.iter().chain(&OTHERS).map(|job| (*job).to_owned()).collect();
    jobs.push("check --no-installed-models fixtures/faulty fixtures/moto fixtures/nasty fixtures/rules".to_owned());
    jobs.push("history fixtures/faulty".to_owned());
    for case in folders(&root().join("fixtures/rules")).iter().flat_map(|rule| folders(rule)) {
        let has = |side: &str| case.join(format!("{side}.json")).is_file();
        let case = case.display();
        if has("old") && has("new") {
            jobs.push(format!("gate --no-witnesses --from {case}/old.json --to {case}/new.json --only-rule *"));
        }
    }
    for case in folders(&root().join("fixtures/rules/member-newly-sent")) {
        let (snapshot, case) = (folder.path().join("before.toml"), case.display());
        let snapshot = snapshot.display();
        let said = run(&format!("snapshot --no-config --no-installed-models {case}/before --out {snapshot}"));
        assert_eq!(said.code, 0, "{case}: {}", said.stderr);
        no_two_are_alike(&format!("snapshot --no-installed-models --compare {snapshot} {case}/after"));
    }
    assert!(jobs.len() > 100);
    for job in &jobs {
        no_two_are_alike(job);
    }
}

fn no_two_are_alike(job: &str) {
    let Said { code, stdout, stderr } = run(&format!("{job} --no-config --report junit"));
    assert!(code < 2, "{job}: {stderr}");
    let junit = quick_junit::Report::deserialize_from_str(&stdout).expect(job);
    let mut seen = std::collections::HashSet::new();
    for case in junit.test_suites.iter().flat_map(|suite| &suite.test_cases) {
        let name = (case.classname.as_ref().map(quick_junit::XmlString::as_str), case.name.as_str());
        assert!(seen.insert(name), "{job}: {name:?} is there twice");
    }
}

#[test]
fn a_printed_format_goes_with_reports_in_files() {
    let repository = Repository::new();
    repository.write("a.ndjson", &request("mistake"));
    let said = repository.run("", "check a.ndjson --format json --report sarif=a.sarif");
    assert!(serde_json::from_str::<Value>(&said.stdout).is_ok(), "{}{}", said.stdout, said.stderr);
    assert_eq!(repository.json("a.sarif")["version"], "2.1.0");
    let said = repository.run("", "check a.ndjson --format json --report markdown");
    assert!(said.code == 2 && said.stderr.contains("several reports for standard output"), "{}", said.stderr);
    let said = repository.run("", "check a.ndjson --report sarif=no/a.sarif");
    assert!(said.code == 2 && said.stderr.contains("no such folder for the report sarif"), "{}", said.stderr);
    fs::create_dir(repository.path("a.xml")).expect("writable");
    let said = repository.run("", "check a.ndjson --report junit=a.xml");
    assert!(said.code == 2 && said.stderr.contains("a.xml: the report junit: "), "{}", said.stderr);
    let said = repository.run("", "approve --report a.json --limit ratio=3 --reason x");
    assert!(said.code == 2 && said.stderr.contains("cannot be used with '--limit"), "{}", said.stderr);
}

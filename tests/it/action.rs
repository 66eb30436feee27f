//! The GitHub action's steps, run as a runner runs them: a check, and the lock files before and after a pull request.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::folder::{Folder, Ran, request};
use crate::support::root;

/// What runs the action, with its inputs at their defaults.
struct Runner {
    folder: Folder,
    tools: TempDir,
}

impl Runner {
    /// A repository whose first commit has a lock file that pins the older of two releases; the newer lacks a member.
    fn new() -> Self {
        let folder = Folder::new();
        folder.wheel("1.44.7", [2026, 11, 19], &["name", "size"]);
        folder.wheel("1.44.8", [2026, 11, 20], &["name"]);
        folder.write("service/requirements.txt", "boto3==1.44.7\nbotocore==1.44.7\n");
        let call = r#"{"service": "thing", "operation": "MakeThing", "request": {"size": "a"}}"#;
        folder.write("service/recorded/calls.ndjson", &format!("{call}\n"));
        let tools = tempfile::tempdir().expect("a temporary folder");
        symlink(env!("CARGO_BIN_EXE_shapegate"), tools.path().join("shapegate")).expect("writable");
        let runner = Self { folder, tools };
        for arguments in [
            &["init", "--quiet", "--initial-branch=main"][..],
            &["add", "service"],
            &["commit", "--quiet", "-m", "One"],
        ] {
            runner.git(arguments);
        }
        runner
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .expect("git starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
    }

    /// Runs the step, with these inputs by the names of their variables.
    fn run(&self, inputs: &[(&str, &str)]) -> Ran {
        self.folder.write("output", "");
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", self.tools.path().display());
        let defaults =
            ["PATHS", "FAIL_ON", "PROFILE", "LOCK_FILE", "ARGUMENTS"].map(|name| (format!("SHAPEGATE_{name}"), ""));
        let output = Command::new("bash")
            .arg(root().join(".github/action/run"))
            .current_dir(self.folder.path().join("service"))
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.tools.path())
            .env("SHAPEGATE_WHEELS", self.folder.path().join("wheels"))
            .env("SHAPEGATE_SARIF", self.folder.path().join("shapegate.sarif"))
            .env("GITHUB_STEP_SUMMARY", self.folder.path().join("summary.md"))
            .env("GITHUB_OUTPUT", self.folder.path().join("output"))
            .envs(defaults)
            .envs(inputs.iter().map(|(name, value)| (format!("SHAPEGATE_{name}"), *value)))
            .output()
            .expect("the shell starts");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn gate(&self, inputs: &[(&str, &str)]) -> Ran {
        let base = self.git(&["rev-list", "--max-parents=0", "HEAD"]);
        self.run(&[&[("JOB", "gate"), ("LOCK_FILE", "requirements.txt"), ("BASE", base.as_str())], inputs].concat())
    }

    /// Whether the step's output names the SARIF report, as the step that uploads it asks.
    fn names_the_report(&self) -> bool {
        let output = self.folder.read("output");
        let expected = format!("sarif={}\n", self.folder.path().join("shapegate.sarif").display());
        assert!(output.is_empty() || output == expected, "{output}");
        !output.is_empty()
    }

    /// Ids of the rules in the SARIF report.
    fn reported(&self) -> Vec<String> {
        let log: Value = serde_json::from_str(&self.folder.read("shapegate.sarif")).expect("JSON");
        let results = log["runs"][0]["results"].as_array().expect("a list");
        results.iter().map(|result| result["ruleId"].as_str().expect("text").to_owned()).collect()
    }

    /// A `python3` whose pip brings the wheels that lie in a folder.
    fn pip_from(&self, stash: &Path) {
        let pip = self.tools.path().join("python3");
        let script = "#!/usr/bin/env bash\n\
            # python3 -m pip download --quiet --no-deps --only-binary :all: --dest FOLDER botocore==VERSION\n\
            [ \"$1 $2 $3\" = '-m pip download' ] || exit 1\n\
            to=$9 version=${10#botocore==}\n";
        fs::write(&pip, format!("{script}cp {}/botocore-$version-py3-none-any.whl \"$to/\"\n", stash.display()))
            .expect("writable");
        fs::set_permissions(pip, fs::Permissions::from_mode(0o755)).expect("a file of ours");
    }
}

#[test]
#[ignore = "needs git; .ci/run runs it"]
fn a_gate_reads_the_lock_file_before_and_after() {
    let runner = Runner::new();
    let same = runner.gate(&[]);
    assert_eq!(same.code, Some(0), "{}{}", same.stdout, same.stderr);
    assert!(same.stdout.contains("::notice::requirements.txt is the same as in "), "{}", same.stdout);

    runner.folder.write("service/requirements.txt", "boto3==1.44.8\nbotocore==1.44.8\n");
    let broken = runner.gate(&[("PATHS", "recorded")]);
    assert_eq!(broken.code, Some(1), "{}{}", broken.stdout, broken.stderr);
    assert!(broken.stdout.contains("::error "), "{}", broken.stdout);
    assert!(runner.reported().contains(&"member-removed".to_owned()));
    assert!(runner.folder.read("summary.md").contains("`size` of MakeInput is gone"));
    // The older file is named by its commit, not by the temporary folder that it lies in.
    let base = runner.git(&["rev-parse", "--short", "HEAD"]);
    let summary = runner.folder.read("summary.md");
    let compared =
        format!("compared: requirements.txt at {base} (botocore 1.44.7) → requirements.txt (botocore 1.44.8)");
    assert!(summary.contains(&compared), "{summary}");
    assert!(!summary.contains("/tmp"), "{summary}");
    // It is weighed by what was recorded: nobody uses a member of another name.
    assert!(broken.stdout.contains("recorded") || runner.folder.read("summary.md").contains("recorded"));

    let never = runner.gate(&[("FAIL_ON", "never")]);
    assert_eq!(never.code, Some(0), "{}{}", never.stdout, never.stderr);
    let new = runner.gate(&[("LOCK_FILE", "new.txt")]);
    assert!(new.code == Some(2) && new.stdout.contains("::error::new.txt is not there"), "{}", new.stdout);
    runner.folder.write("service/new.txt", "botocore==1.44.8\n");
    let new = runner.gate(&[("LOCK_FILE", "new.txt")]);
    assert!(new.code == Some(0) && new.stdout.contains("new.txt is new"), "{}{}", new.stdout, new.stderr);
}

/// The first push of a branch, a schedule, a run by hand.
#[test]
#[ignore = "needs git; .ci/run runs it"]
fn a_gate_without_a_base_has_nothing_to_compare() {
    let runner = Runner::new();
    runner.folder.write("service/requirements.txt", "boto3==1.44.8\nbotocore==1.44.8\n");
    for base in ["", "0000000000000000000000000000000000000000"] {
        let none = runner.gate(&[("BASE", base)]);
        assert_eq!(none.code, Some(0), "{base}: {}{}", none.stdout, none.stderr);
        let notice = "::notice::this run has no base: there is no older requirements.txt to compare with\n";
        assert_eq!(none.stdout, notice, "{base}");
        assert!(!runner.names_the_report());
    }
    // A branch that is not here yet is fetched.
    let origin = runner.tools.path().join("origin.git").display().to_string();
    runner.git(&["clone", "--quiet", "--bare", ".", &origin]);
    runner.git(&["--git-dir", &origin, "branch", "older"]);
    runner.git(&["remote", "add", "origin", &origin]);
    let fetched = runner.gate(&[("BASE", "older")]);
    assert_eq!(fetched.code, Some(1), "{}{}", fetched.stdout, fetched.stderr);
    let short = runner.git(&["rev-parse", "--short", "HEAD"]);
    let summary = runner.folder.read("summary.md");
    assert!(summary.contains(&format!("compared: requirements.txt at {short} (")), "{summary}");
    // A base that is named has to be there.
    let lost = runner.gate(&[("BASE", "1000000000000000000000000000000000000000")]);
    assert_eq!(lost.code, Some(2), "{}{}", lost.stdout, lost.stderr);
    assert!(lost.stdout.contains("::error::the commit 1000000000000000000000000000000000000000"), "{}", lost.stdout);
}

#[test]
#[ignore = "needs git; .ci/run runs it"]
fn missing_wheels_are_downloaded() {
    let runner = Runner::new();
    let stash = runner.folder.path().join("stash");
    fs::rename(runner.folder.path().join("wheels"), &stash).expect("writable");
    runner.pip_from(&stash);
    runner.folder.write("service/requirements.txt", "boto3==1.44.8\nbotocore==1.44.8\n");
    let broken = runner.gate(&[]);
    assert_eq!(broken.code, Some(1), "{}{}", broken.stdout, broken.stderr);
    for version in ["1.44.7", "1.44.8"] {
        let wheel = format!("wheels/botocore-{version}-py3-none-any.whl");
        assert!(runner.folder.path().join(&wheel).is_file(), "{wheel} is not there");
    }
    // What cannot be read for another reason is an error, and not tried again.
    runner.folder.write("service/requirements.txt", "boto3\n");
    let unpinned = runner.gate(&[]);
    assert_eq!(unpinned.code, Some(2), "{}{}", unpinned.stdout, unpinned.stderr);
}

#[test]
fn a_check_annotates_and_reports() {
    let runner = Runner { folder: Folder::new(), tools: tempfile::tempdir().expect("a temporary folder") };
    symlink(env!("CARGO_BIN_EXE_shapegate"), runner.tools.path().join("shapegate")).expect("writable");
    runner.folder.write("service/a b/extra.ndjson", &request("GetMembership", &["extra"]));
    runner.folder.write("service/clean/one.ndjson", &request("GetMembership", &[]));
    let run = |inputs: &[(&str, &str)]| runner.run(&[&[("JOB", "check"), ("BASE", "")], inputs].concat());
    let clean = run(&[("PATHS", "clean")]);
    assert_eq!(clean.code, Some(0), "{}{}", clean.stdout, clean.stderr);
    assert!(runner.names_the_report());
    let found = run(&[("PATHS", "clean\n*"), ("ARGUMENTS", "--statistics")]);
    // A star is no pattern here, but a name that is not there. The report of the run before is none of this run.
    assert!(!runner.names_the_report());
    assert_eq!(found.code, Some(2), "{}{}", found.stdout, found.stderr);
    let found = run(&[("PATHS", "clean .")]);
    assert_eq!(found.code, Some(1), "{}{}", found.stdout, found.stderr);
    assert_eq!(runner.reported(), ["unknown-member"]);
    assert!(runner.folder.read("summary.md").contains("unknown-member"));
    assert!(runner.names_the_report(), "a run that fails is reported");
    let none = run(&[]);
    assert!(!runner.names_the_report(), "the report of another run is not this one's");
    assert!(none.code == Some(2) && none.stderr.contains("no recordings are named"), "{}", none.stderr);
    runner.folder.write("service/shapegate.toml", "recordings = [\"a b\"]");
    let configured = run(&[]);
    assert_eq!(configured.code, Some(1), "{}{}", configured.stdout, configured.stderr);
    assert_eq!(runner.reported(), ["unknown-member"]);
}

/// `hashFiles` is empty for every file outside of the workspace, so that a condition on one never holds.
#[test]
fn conditions_ask_for_what_a_runner_answers() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let within = Regex::new(r"^'[A-Za-z0-9_*.][^']*'$").expect("a pattern of ours");
    let asked = Regex::new(r"hashFiles\(([^)]*)\)").expect("a pattern of ours");
    let is_within = |pattern: &str| within.is_match(pattern) && !pattern.starts_with("'..");
    assert!(is_within("'Cargo.lock'") && is_within("'**/Cargo.lock'"));
    assert!(!is_within("inputs.sarif") && !is_within("'/tmp/a'") && !is_within("'../a'"));
    for path in ["action.yml", ".github/workflows/ci.yml", ".github/workflows/release.yml"] {
        let text = read(path);
        for found in asked.captures_iter(&text) {
            for pattern in found[1].split(',').map(str::trim) {
                assert!(is_within(pattern), "{path}: {} may be outside of the workspace", &found[0]);
            }
        }
    }
    // An output that is asked for is written by the script of the step with that id.
    let (action, script) = (read("action.yml"), read(".github/action/run"));
    let outputs = Regex::new(r"steps\.([a-z-]+)\.outputs\.([a-z-]+)").expect("a pattern of ours");
    let mut asked = 0;
    for found in outputs.captures_iter(&action) {
        asked += 1;
        assert_eq!(&found[1], "run", "{}", &found[0]);
        assert!(script.contains(&format!("\"{}=$", &found[2])), "{} is never written", &found[0]);
    }
    assert!(asked >= 3 && action.contains("      id: run\n"), "{asked} outputs are asked for");
}

/// What stands in one file is what another one reads.
#[test]
fn inputs_and_variables_agree() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let all = |pattern: &str, text: &str| -> BTreeSet<String> {
        Regex::new(pattern).expect("a pattern of ours").captures_iter(text).map(|found| found[1].to_owned()).collect()
    };
    let action = read("action.yml");
    let (head, runs) = action.split_once("outputs:\n").expect("there are outputs");
    assert_eq!(all(r"(?m)^  ([a-z-]+):$", head), all(r"inputs\.([a-z-]+)", runs));
    for (name, variables) in [
        ("run", all(r"(SHAPEGATE_\w+)", &read(".github/action/run"))),
        ("install", all(r"(SHAPEGATE_\w+)", &read(".github/action/install"))),
    ] {
        let step =
            runs.split("run: bash").find(|step| step.contains(&format!(".github/action/{name}\""))).expect("a step");
        assert_eq!(all(r"(SHAPEGATE_\w+): \$", step), variables, "{name}");
    }
    // Archives that the release makes are those that are looked for.
    let (release, install, manifest) =
        (read(".github/workflows/release.yml"), read(".github/action/install"), read("Cargo.toml"));
    let built = all(r"target: ([a-z0-9_-]+)", &release);
    for target in all(r"target=([a-z0-9_-]+) ;;", &install) {
        assert!(built.contains(&target), "no release is built for {target}: {built:?}");
    }
    assert!(install.contains("archive=shapegate-$target.tar.gz") && manifest.contains("/shapegate-{ target }.tar.gz"));
    assert!(PathBuf::from(root()).join("xtask/src/dist.rs").is_file() && read("xtask/src/dist.rs").contains(".tar.gz"));
}

/// No release is called by a commit, and curl would say no more than that there is nothing.
#[test]
fn an_action_that_is_pinned_by_a_commit_asks_for_the_release() {
    for version in ["0123456789abcdef0123456789abcdef01234567", ""] {
        let variables = [("RUNNER_OS", "Linux"), ("RUNNER_ARCH", "X64"), ("SHAPEGATE_VERSION", version)];
        let ran = Command::new("bash").arg(root().join(".github/action/install")).envs(variables).output();
        let ran = ran.expect("bash starts");
        let said = String::from_utf8_lossy(&ran.stdout);
        assert_eq!(ran.status.code(), Some(2), "{said}");
        assert!(said.starts_with("::error::set the input version to a release, such as v0.1.0"), "{said}");
    }
}

/// Bash 3.2, which macOS has, fails where an array that may be empty is expanded as such.
#[test]
fn no_array_that_may_be_empty_is_expanded_bare() {
    for script in ["run", "install"] {
        let text = fs::read_to_string(root().join(".github/action").join(script)).expect("a script");
        for array in ["paths", "more", "traffic"] {
            let guarded = format!("${{{array}[@]+\"${{{array}[@]}}\"}}");
            let bare = text.replace(&guarded, "");
            assert!(!bare.contains(&format!("${{{array}[@]}}")), "{script}: {array}");
        }
    }
}

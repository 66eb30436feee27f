//! Which files of a repository are read.

use std::fs;
use std::path::Path;

use serde_json::json;
use shapegate::config::FILE;

use crate::support::folder::{Folder, Ran, request};

/// A repository with a recording to read, and others that are not.
fn repository() -> Folder {
    let record = request("GetMembership", &[]);
    let folder = Folder::new().with(".gitignore", "/ignored/\n").with(".git/config", "");
    for file in [
        "tests/a.ndjson",
        "ignored/b.ndjson",
        "node_modules/c.ndjson",
        "env/d.ndjson",
        "target/e.ndjson",
        ".hg/f.ndjson",
    ] {
        folder.write(file, &record);
    }
    folder.with("env/pyvenv.cfg", "").with("Cargo.toml", "")
}

#[test]
fn what_no_commit_holds_is_not_read_and_counted() {
    let folder = repository();
    let (code, report) = folder.report(&["check", "."]);
    assert_eq!((code, &report["summary"]["recordings"]), (Some(0), &json!(1)));
    let omitted = json!({"ignored by .gitignore": 1, "folders of tools": 3, "folders of version control": 2});
    assert_eq!(report["summary"]["omitted"], omitted);
    let Ran { stdout, .. } = folder.run(&["check", "."]);
    let counts = "; not read: folders of tools (3), folders of version control (2), ignored by .gitignore (1)";
    assert!(stdout.contains(counts), "{stdout}");
    let Ran { stdout, .. } = folder.run(&["check", "--verbose", "."]);
    assert!(stdout.contains("not read ./ignored: ignored by .gitignore"), "{stdout}");
}

#[test]
fn no_ignore_reads_all_but_version_control() {
    let (_, report) = repository().report(&["check", "--no-ignore", "."]);
    assert_eq!(report["summary"]["recordings"], 5);
    assert_eq!(report["summary"]["omitted"], json!({"folders of version control": 2}));
    for job in [&["list"][..], &["history"], &["snapshot"], &["mutate"]] {
        let [few, all] = [&[][..], &["--no-ignore"]].map(|flags| {
            let Ran { stdout, stderr, .. } = repository().run(&[job, flags, &["."]].concat());
            stdout + &stderr
        });
        assert_ne!(few, all, "{job:?}");
    }
}

#[test]
fn what_is_named_is_read() {
    let folder = repository();
    for named in ["ignored", "ignored/b.ndjson", "node_modules", "env", "target", ".hg"] {
        let (code, report) = folder.report(&["check", named]);
        assert_eq!((code, &report["summary"]["recordings"]), (Some(0), &json!(1)), "{named}");
    }
}

#[test]
fn where_all_is_left_out_the_error_says_so() {
    let folder = Folder::new().with(".git/config", "").with(".gitignore", "*.ndjson");
    folder.write("a.ndjson", &request("GetMembership", &[]));
    fs::remove_file(folder.path().join(".git/config")).expect("a file of ours");
    let Ran { code, stderr, .. } = folder.run(&["check", "."]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("ignored by .gitignore (1)") && stderr.contains("--no-ignore"), "{stderr}");
}

#[test]
fn redact_copies_what_is_ignored() {
    let folder = repository();
    let copy = Folder::new();
    let Ran { code, stderr, .. } = folder.run(&["redact", ".", copy.path().to_str().expect("text")]);
    let is_there = ["ignored/b.ndjson", "node_modules/c.ndjson", "env/d.ndjson", "target/e.ndjson"]
        .map(|file| copy.path().join(file).is_file());
    assert_eq!((code, is_there), (Some(0), [true; 4]), "{stderr}");
}

#[cfg(unix)]
#[test]
fn what_links_lead_to_twice_is_read_once() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new().with("b/one.ndjson", &request("GetMembership", &["extra"]));
    symlink(folder.path().join("b"), folder.path().join("c")).expect("writable");
    symlink(folder.path().join("b/one.ndjson"), folder.path().join("a.ndjson")).expect("writable");
    for paths in [&["."][..], &["c", "b", "a.ndjson"], &["b", "b/one.ndjson", "b/../b/one.ndjson", "a.ndjson"]] {
        let (_, report) = folder.report(&[&["check"], paths].concat());
        let summary = &report["summary"];
        assert_eq!((&summary["recordings"], &summary["findings"]["error"]), (&json!(1), &json!(1)), "{paths:?}");
        assert!(summary["omitted"]["other paths to the same file"].as_u64() >= Some(2), "{paths:?}: {summary}");
    }
    // Two files with the same content are two.
    folder.write("d.ndjson", &request("GetMembership", &["extra"]));
    assert_eq!(folder.report(&["check", "."]).1["summary"]["recordings"], 2);
}

#[test]
fn an_empty_recording_is_not_clean() {
    let empty = r#"{"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": []}}"#;
    let folder = Folder::new().with("a.har", empty);
    let Ran { code, stderr, .. } = folder.run(&["check", "a.har"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("the recording holds no exchange"), "{stderr}");
    // Beside others it is counted, for the others may be clean.
    folder.write("b.ndjson", &request("GetMembership", &[]));
    let (code, report) = folder.report(&["check", "."]);
    assert_eq!((code, &report["summary"]["passedOver"]), (Some(0), &json!({"recordings without an exchange": 1})));
}

/// Configurations that exclude the folder `t/old`, by a glob of their own, one of a folder above or one for all.
const EXCLUDING: [&str; 8] = ["t/old", "t/old/**", "t/old/*", "t", "t/**", "**", "*", "**/old"];

#[test]
fn what_is_named_and_excluded_is_read_and_reported() {
    for glob in EXCLUDING {
        let folder = Folder::new().with(FILE, &format!("exclude = [{glob:?}, \"**/*.tmp.ndjson\"]"));
        for file in ["t/old/a.ndjson", "t/old/b/c.ndjson", "t/old/d.tmp.ndjson"] {
            folder.write(file, &request("GetMembership", &[]));
        }
        for (named, recordings) in [("t/old", 2), ("t/old/a.ndjson", 1), ("t/old/d.tmp.ndjson", 1)] {
            let (code, report) = folder.report(&["check", named]);
            assert_eq!((code, &report["summary"]["recordings"]), (Some(0), &json!(recordings)), "{glob}: {named}");
            let stderr = folder.run(&["check", named]).stderr;
            // `t/old/*` is about what is in the folder, and all of that.
            let told = format!("{named} is excluded by `exclude` and read since it is named\n");
            assert!(stderr.contains(&told), "{glob}: {named}: {stderr}");
        }
    }
}

#[test]
fn a_glob_narrower_than_what_is_named_counts() {
    let folder = Folder::new().with(FILE, "exclude = [\"t/old/**\", \"t/old/b\"]");
    for file in ["t/old/a.ndjson", "t/old/b/c.ndjson"] {
        folder.write(file, &request("GetMembership", &[]));
    }
    assert_eq!(folder.report(&["check", "t/old"]).1["summary"]["omitted"], json!({"excluded": 1}));
    let ran = folder.run(&["check", "t/old/a.ndjson", "t/old", "t/old/b"]);
    let told = "t/old/a.ndjson and 2 other paths are excluded by `exclude` and read since they are named\n";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    assert_eq!(folder.run(&["check", "t"]).code, Some(2), "nothing else is in it");
}

#[test]
fn show_says_of_a_path_what_check_does() {
    let folder = Folder::new().with(".git/config", "");
    for file in ["t/old/a.ndjson", "u.ndjson"] {
        folder.write(file, &request("GetMembership", &[]));
    }
    for glob in EXCLUDING.into_iter().chain(["t/old/a*", "u.ndjson"]) {
        folder.write(FILE, &format!("exclude = [{glob:?}]"));
        let mut said = Vec::new();
        for path in ["t", "t/old", "t/old/a.ndjson"] {
            let shown = folder.run(&["config", "show", path]).stdout;
            let shown = shown.split("\n  read: ").nth(1).and_then(|rest| rest.lines().next()).expect("a line");
            let stderr = folder.run(&["check", path]).stderr;
            assert_eq!(stderr.contains("is excluded by"), shown.contains("excluded by"), "{glob}: {path}: {shown}");
            said.push(shown.to_owned());
        }
        let file = said.pop().expect("three");
        let outermost = file.split_once("up to ").and_then(|(_, rest)| rest.split(',').next());
        for named in ["t/old", "t", "."] {
            let is_read = folder.run(&["list", named]).stdout.contains("a.ndjson");
            let is_said = file.starts_with("yes") || outermost.is_some_and(|top| Path::new(named).starts_with(top));
            assert_eq!(is_read, is_said, "{glob}: {named}: {file}");
        }
    }
}

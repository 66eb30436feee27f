//! Which files of a repository are read.

use std::fs;

use serde_json::json;

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
}

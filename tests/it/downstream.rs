//! The crate in `examples/downstream` passes, and says what is wrong when it is made to fail.
//!
//! A copy of it is built, with this crate's `Cargo.lock` and target directory, so that what is built here is used there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use walkdir::WalkDir;

#[test]
#[ignore = "builds another crate; .ci/run runs it"]
fn it_passes_and_a_failure_says_where_and_why() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let copy = copied(dir.path(), "downstream-copy");

    let (passed, told) = test(&copy, &[]);
    assert!(passed, "{told}");
    for line in [
        "test memberships/GetMembership.response.one.json ... ok",
        "test memberships/created-and-read.ndjson",
        "test query-submitted.ndjson",
        "not a recording: tests/recordings/NOTES.md: no recording of a known format",
        "test get_membership_keeps_the_contract ... ok",
        "test get_membership_stays_the_same ... ok",
        "test what_the_contract_allows_is_answered ... ok",
        "test what_breaks_the_contract_is_refused ... ok",
    ] {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }

    let (_, told) = test(&copy, &["--test", "recordings", "--", "--list"]);
    assert!(told.contains("memberships/not-found.ndjson: test\n"), "{told}");
    let (passed, told) = test(&copy, &["--test", "recordings", "query-"]);
    assert!(passed && told.contains("1 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out"), "{told}");

    // What cargo-nextest asks of a test target: a list, and one trial by its exact name.
    let (_, told) = test(&copy, &["--test", "recordings", "--", "--list", "--format", "terse"]);
    let trials: Vec<&str> = told.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    assert_eq!(trials.len(), 4, "{told}");
    for trial in trials {
        let (passed, told) = test(&copy, &["--test", "recordings", "--", "--exact", trial, "--nocapture"]);
        assert!(passed && told.contains("1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out"), "{told}");
    }

    let recording = copy.join("tests/recordings/memberships/created-and-read.ndjson");
    edit(&recording, "\"queryLogStatus\":\"ENABLED\"", "\"queryLogStatus\":\"ENABLD\"");
    let (passed, told) = test(&copy, &["--test", "recordings"]);
    assert!(!passed, "{told}");
    let failure = "error[unknown-enum-value]: `queryLogStatus` of CreateMembershipInput is \"ENABLD\"";
    for part in [failure, "--> tests/recordings/memberships/created-and-read.ndjson:1:", "/queryLogStatus"] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }

    // The runner takes the package's configuration, and says where that is wrong.
    let config = copy.join("shapegate.toml");
    fs::write(&config, "[rules]\nunknown-enum-value = \"off\"\n").expect("writable");
    let (passed, told) = test(&copy, &["--test", "recordings"]);
    assert!(passed, "{told}");
    fs::write(&config, "rule = 1\n").expect("writable");
    let (passed, told) = test(&copy, &["--test", "recordings"]);
    assert!(!passed && told.contains("shapegate.toml:1:1: unknown key \"rule\""), "{told}");
    fs::remove_file(&config).expect("a file of ours");

    edit(&copy.join("src/lib.rs"), "\"status\": \"ACTIVE\"", "\"status\": \"ACTVE\"");
    let (passed, told) = test(&copy, &["--test", "answers", "contract"]);
    assert!(!passed, "{told}");
    for part in [
        "tests/answers.rs:10:",
        "error[unknown-enum-value] at /membership/status",
        "-    \"status\": \"ACTVE\",",
        "+    \"status\": \"ACTIVE\",",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }

    edit(&copy.join("src/lib.rs"), "| 'a'..='f')", "| ' '..='~')");
    let (passed, told) = test(&copy, &["--test", "properties", "refused"]);
    assert!(!passed, "{told}");
    for part in [
        "pattern-mismatch at /membershipIdentifier was not seen",
        "minimal failing input: fault = Fault {",
        "\"membershipIdentifier\": String(\"aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaa!\")",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }

    fs::remove_dir_all(copy.join("tests/recordings")).expect("it is there");
    let (passed, told) = test(&copy, &["--test", "recordings"]);
    assert!(!passed && told.contains("test tests/recordings ... FAILED"), "{told}");
}

#[test]
#[ignore = "builds another crate; .ci/run runs it"]
fn tests_that_documents_show_compile() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let copy = copied(dir.path(), "downstream-of-the-documents");
    let mut shown = 0;
    for document in ["README.md", "docs/src/cargo-test.md", "docs/src/library.md"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
        let text = fs::read_to_string(path).expect("it is there");
        for block in text.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            assert!(block.contains("#[test]") || block.contains("fn main()"), "{document}: no test target:\n{block}");
            fs::write(copy.join(format!("tests/shown_{shown}.rs")), block).expect("writable");
            shown += 1;
        }
    }
    assert_eq!(shown, 5);
    // Compiling asks for no more than that it is there.
    let model = copy.join("tests/models/sqs/2012-11-05/service-2.json.gz");
    fs::create_dir_all(model.parent().expect("a folder")).expect("writable");
    fs::write(model, "").expect("writable");
    let (built, told) = test(&copy, &["--no-run"]);
    assert!(built, "{told}");
}

/// A copy of the crate, which finds this one by its full path. The target directory is shared, and what is built in it goes
/// by the package's name: each test has a name of its own, or it would run what the other one has built.
fn copied(dir: &Path, package: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (from, to) = (root.join("examples/downstream"), dir.join("downstream"));
    for entry in WalkDir::new(&from).into_iter().filter_entry(|entry| entry.file_name() != "target") {
        let entry = entry.expect("a readable folder");
        let below = to.join(entry.path().strip_prefix(&from).expect("below the crate"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(&below).expect("writable");
        } else {
            fs::copy(entry.path(), &below).expect("writable");
        }
    }
    let path = format!("path = {:?}", root.to_string_lossy());
    edit(&to.join("Cargo.toml"), "path = \"../..\"", &path);
    edit(&to.join("Cargo.toml"), "name = \"downstream\"", &format!("name = {package:?}"));
    edit(&to.join("Cargo.toml"), "[dependencies]", "[lib]\nname = \"downstream\"\n\n[dependencies]");
    fs::copy(root.join("Cargo.lock"), to.join("Cargo.lock")).expect("the lock file is committed");
    to
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("it is there");
    assert!(text.contains(from), "{from} is not in {}", path.display());
    fs::write(path, text.replacen(from, to, 1)).expect("writable");
}

/// Runs `cargo test` in the copy; says whether it passed, and all that was told.
fn test(copy: &Path, arguments: &[&str]) -> (bool, String) {
    let tmp = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let output = Command::new(env!("CARGO"))
        // The profiles of this repository, or all that the crate depends on would be built once more for it.
        .arg("--config")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(".cargo/config.toml"))
        .arg("test")
        .args(arguments)
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", tmp.parent().expect("the target directory"))
        .env("CARGO_TERM_COLOR", "never")
        .env("INSTA_UPDATE", "no")
        .output()
        .expect("cargo starts");
    let told = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.success(), String::from_utf8_lossy(&told).into_owned())
}

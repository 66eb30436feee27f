//! What the README names is shipped with it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use regex::Regex;

use super::documents;
use crate::support::root;

#[test]
fn what_the_readme_names_is_in_the_package() {
    let output = Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let shipped = String::from_utf8(output.stdout).expect("UTF-8");
    let text = &documents()[0].text;
    let named = Regex::new(r"\]\(([A-Za-z][^)#:]*)(?:#[^)]*)?\)|\b((?:fixtures|schemas)/[A-Za-z0-9_./-]*[A-Za-z0-9])");
    let named = named.expect("a pattern of ours");
    let named: BTreeSet<&str> =
        named.captures_iter(text).filter_map(|found| found.get(1).or(found.get(2))).map(|name| name.as_str()).collect();
    assert!(named.len() > 10, "{named:?}");
    // Cargo leaves out packages within the package; those are read in the repository.
    let is_apart = |name: &str| {
        let folders = Path::new(name).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        folders.into_iter().any(|folder| root().join(folder).join("Cargo.toml").is_file())
    };
    let is_shipped = |name: &str| {
        let below = format!("{}/", name.trim_end_matches('/'));
        shipped.lines().any(|file| file == name || file.starts_with(&below))
    };
    let missing: Vec<&&str> = named.iter().filter(|name| !is_apart(name) && !is_shipped(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
        assert!(is_shipped(license));
    }
}

/// A number that a document states beside the code is the code's.
#[test]
fn numbers_are_those_of_the_code() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let all = |path: &str, pattern: &str| -> Vec<String> {
        let pattern = Regex::new(pattern).expect("a pattern of ours");
        pattern
            .captures_iter(&read(path))
            .flat_map(|found| found.iter().skip(1).flatten().map(|one| one.as_str().to_owned()).collect::<Vec<_>>())
            .collect()
    };
    let trials = all("src/harness/cases.rs", r"NEXTEST_TRIALS: usize = (\d+);");
    let release = all("Cargo.toml", r#"(?m)^rust-version = "([0-9.]+)""#);
    assert!(trials.len() == 1 && release.len() == 1, "{trials:?} {release:?}");
    for (path, pattern, expected) in [
        ("examples/downstream/README.md", r"of more than (\d+) files `cargo nextest` makes (\d+) trials", &trials),
        ("docs/src/cargo-test.md", r"there a target has at most (\d+) ", &trials),
        ("src/harness/cases.rs", r"which starts a process for each; (\d+)\n", &trials),
        ("src/harness/run.rs", r"there are at most (\d+) of them", &trials),
        ("docs/src/cargo-test.md", r"needs Rust ([0-9.]+),", &release),
        ("README.md", r"; Rust ([0-9.]+)\)", &release),
    ] {
        let stated = all(path, pattern);
        assert!(!stated.is_empty() && stated.iter().all(|one| one == &expected[0]), "{path}: {stated:?}, {expected:?}");
    }
}

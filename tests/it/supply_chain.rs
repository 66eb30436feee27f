//! What the project is made of: dependencies under licences that `deny.toml` allows, from the one registry, and workflows
//! whose actions are pinned.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use regex::Regex;
use serde_json::Value;

use crate::support::root;

/// Packages that Cargo.lock names for this system.
fn packages() -> Vec<Value> {
    let version = Command::new("rustc").arg("-vV").output().expect("rustc");
    let version = String::from_utf8(version.stdout).expect("UTF-8");
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--all-features", "--filter-platform", host])
        .current_dir(root())
        .output()
        .expect("cargo");
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

/// Whether an expression of licences can be met by those that are allowed: alternatives, each of which may need several.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], "");
    // `(A OR B) AND C`, without brackets: some alternative of each part.
    let is_allowed = |part: &str| part.split(" OR ").any(|one| allowed.contains(one.trim()));
    expression.split(" AND ").all(is_allowed)
}

#[test]
fn licences_are_those_that_are_allowed() {
    let text = fs::read_to_string(root().join("deny.toml")).expect("the file is part of the project");
    let deny: toml::Table = text.parse().expect("TOML");
    let allowed = deny["licenses"]["allow"].as_array().expect("a list");
    let allowed: BTreeSet<String> = allowed.iter().map(|one| one.as_str().expect("text").to_owned()).collect();
    let (mut wrong, mut used) = (Vec::new(), 0);
    for package in packages() {
        let licence = package["license"].as_str().unwrap_or("none");
        if !is_met(licence, &allowed) {
            wrong.push(format!("{}: {licence}", package["name"]));
        }
        let source = package["source"].as_str();
        if source.is_some_and(|source| source != "registry+https://github.com/rust-lang/crates.io-index") {
            wrong.push(format!("{} is from {source:?}", package["name"]));
        }
        used += 1;
    }
    assert!(wrong.is_empty() && used > 50, "{used} packages: {wrong:?}");
    assert!(!is_met("GPL-3.0", &allowed) && !is_met("MIT AND GPL-3.0", &allowed) && is_met("GPL-3.0 OR MIT", &allowed));
}

/// Packages that build the library have lock files of their own, to which `--locked` holds them.
#[test]
fn lock_files_beside_name_what_the_library_needs() {
    let table = |path: &str| -> toml::Table {
        fs::read_to_string(root().join(path)).expect("the file is part of the project").parse().expect("TOML")
    };
    let is_optional = |needed: &toml::Value| needed.get("optional").and_then(toml::Value::as_bool) == Some(true);
    let manifest = table("Cargo.toml");
    let needed = manifest["dependencies"].as_table().expect("a table").iter();
    let needed: Vec<&str> = needed.filter(|(_, needed)| !is_optional(needed)).map(|(name, _)| name.as_str()).collect();
    for path in ["examples/downstream/Cargo.lock", "fuzz/Cargo.lock", "oracles/aws-sdk-rust/Cargo.lock"] {
        let lock = table(path);
        let packages = lock["package"].as_array().expect("a list");
        let own = packages.iter().find(|package| package["name"].as_str() == Some("shapegate")).expect("it is built");
        let locked = own["dependencies"].as_array().expect("a list");
        // A name may have a version behind it.
        let locked: BTreeSet<&str> = locked.iter().filter_map(|one| one.as_str()?.split(' ').next()).collect();
        let missing: Vec<&&str> = needed.iter().filter(|name| !locked.contains(**name)).collect();
        assert!(missing.is_empty() && needed.len() > 20, "{path} lacks {missing:?}: cargo metadata --manifest-path …");
    }
}

#[test]
fn actions_are_pinned() {
    let pinned = Regex::new(r"uses: [\w/-]+@[0-9a-f]{40} # v\d").expect("sound");
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    for (path, least) in [(".github/workflows/ci.yml", 6), (".github/workflows/release.yml", 7), ("action.yml", 1)] {
        let text = read(path);
        let uses: Vec<&str> = text.lines().filter(|line| line.contains("uses:")).collect();
        let loose: Vec<&&str> = uses.iter().filter(|line| !pinned.is_match(line)).collect();
        assert!(loose.is_empty() && uses.len() >= least, "{path}: {loose:?}");
    }
    let (manifest, ci) = (read("Cargo.toml"), read(".github/workflows/ci.yml"));
    assert!(manifest.contains("rust-version = \"1.89\"") && ci.contains("toolchain: [\"1.89\", stable]"));
    assert_eq!(read("xtask/Cargo.toml").matches("rust-version = \"1.89\"").count(), 1);
}

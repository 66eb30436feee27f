//! What the README shows is what the command prints.
//!
//! After a change that is meant, `UPDATE_README=1 cargo test --test it readme::` writes the new output into it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use regex::Regex;
use similar::TextDiff;

#[test]
fn shown_output_is_real_output() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&path).expect("the README is part of the project");
    let mut actual = String::new();
    let mut shown = 0;
    let mut parts = text.split("```console\n");
    actual.push_str(parts.next().expect("the beginning"));
    for part in parts {
        let (block, rest) = part.split_once("```").expect("a block ends");
        let command = block.lines().next().and_then(|line| line.strip_prefix("$ ")).expect("a block begins with `$ `");
        actual.extend(["```console\n$ ", command, "\n", &output(command), "```", rest]);
        shown += 1;
    }
    assert!(shown >= 3, "the README shows both clean and faulty traffic");
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(&path, &actual).expect("writable");
        return;
    }
    assert!(text == actual, "{}", TextDiff::from_lines(&text, &actual).unified_diff());
}

#[test]
fn what_the_readme_names_is_in_the_package() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .current_dir(root)
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let shipped = String::from_utf8(output.stdout).expect("UTF-8");
    let text = fs::read_to_string(root.join("README.md")).expect("the README is part of the project");
    let named = Regex::new(r"\]\(([A-Za-z][^)#:]*)(?:#[^)]*)?\)|\b((?:fixtures|schemas)/[A-Za-z0-9_./-]*[A-Za-z0-9])");
    let named = named.expect("a pattern of ours");
    let named: BTreeSet<&str> = named
        .captures_iter(&text)
        .filter_map(|found| found.get(1).or(found.get(2)))
        .map(|name| name.as_str())
        .collect();
    assert!(named.len() > 15, "{named:?}");
    // Cargo leaves out packages within the package; those are read in the repository.
    let is_apart = |name: &str| {
        let folders = Path::new(name).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        folders.into_iter().any(|folder| root.join(folder).join("Cargo.toml").is_file())
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

/// Runs a shown command. `| tail -n 1`, or another number, is the one bit of shell that is understood.
fn output(command: &str) -> String {
    let (command, last) = match command.split_once(" | tail -n ") {
        Some((command, lines)) => (command, lines.parse().expect("a number of lines")),
        None => (command, usize::MAX),
    };
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("shapegate"));
    let output = Command::new(env!("CARGO_BIN_EXE_shapegate"))
        .args(words)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary starts");
    assert!(output.stderr.is_empty(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    lines[lines.len().saturating_sub(last)..].concat()
}

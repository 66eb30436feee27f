//! Prints the licences of what the binary is made of, with their texts: `cargo run --example licences > THIRD-PARTY.txt`. A
//! release is packed together with it.
//!
//! What Cargo.lock brings into the binary is asked of `cargo metadata`; the texts stand in the packages. One without a text has
//! that of a package of the same repository, else the usual text of its licence.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

/// How the names of files with licences begin.
const FILES: [&str; 5] = ["LICEN", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

#[allow(clippy::print_stdout, reason = "the list is its output")]
fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    print!("{}", list(root)?);
    Ok(())
}

/// A package that is a part of the binary.
struct Package {
    /// Name and version.
    name: String,
    /// Its licences as an expression.
    licence: String,
    repository: String,
    texts: Vec<String>,
}

/// The list.
pub fn list(root: &Path) -> Result<String, Box<dyn Error>> {
    let packages = packages(root)?;
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in &packages {
        for text in &package.texts {
            users.entry(text).or_default().insert(&package.name);
        }
    }
    // The texts that most packages have come first.
    let mut texts: Vec<(&str, BTreeSet<&str>)> = users.into_iter().collect();
    texts.sort_by_key(|(_, users)| std::cmp::Reverse(users.len()));
    let number: HashMap<&str, usize> = texts.iter().enumerate().map(|(at, (text, _))| (*text, at + 1)).collect();
    let mut list =
        "What shapegate is made of besides itself, with the licences. The texts stand below by their numbers.\n\n"
            .to_owned();
    for Package { name, licence, repository, texts } in &packages {
        let numbers: BTreeSet<String> = texts.iter().map(|text| format!("[{}]", number[text.as_str()])).collect();
        let numbers = numbers.into_iter().collect::<Vec<_>>().join(" ");
        writeln!(list, "{name}: {licence} {numbers} {repository}")?;
    }
    for (at, (text, users)) in texts.iter().enumerate() {
        let users = users.iter().copied().collect::<Vec<_>>().join(", ");
        writeln!(list, "\n{}\n[{}] {users}\n\n{text}", "-".repeat(80), at + 1)?;
    }
    Ok(list)
}

/// The packages that Cargo.lock brings into the binary, on any system, by name.
fn packages(root: &Path) -> Result<Vec<Package>, Box<dyn Error>> {
    let metadata = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .current_dir(root)
        .output()?;
    if !metadata.status.success() {
        return Err(String::from_utf8_lossy(&metadata.stderr).into());
    }
    let metadata: Value = serde_json::from_slice(&metadata.stdout)?;
    let by_id = |list: &Value| -> HashMap<String, Value> {
        let all = list.as_array().into_iter().flatten();
        all.map(|one| (text(one, "id"), one.clone())).collect()
    };
    let (described, nodes) = (by_id(&metadata["packages"]), by_id(&metadata["resolve"]["nodes"]));
    let own = text(&metadata["resolve"], "root");
    let (mut reached, mut open) = (BTreeSet::new(), vec![own.clone()]);
    while let Some(id) = open.pop() {
        let is_used = |dependency: &&Value| {
            let kinds = dependency["dep_kinds"].as_array();
            // What builds and tests need is not shipped.
            kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
        };
        let dependencies = nodes.get(&id).and_then(|node| node["deps"].as_array()).into_iter().flatten();
        open.extend(
            dependencies
                .filter(is_used)
                .map(|dependency| text(dependency, "pkg"))
                .filter(|id| reached.insert(id.clone())),
        );
    }
    reached.remove(&own);
    let mut packages = Vec::new();
    for id in reached {
        packages.push(package(described.get(&id).ok_or(id)?)?);
    }
    let with_texts: HashMap<String, Vec<String>> = packages
        .iter()
        .filter(|package| !package.texts.is_empty() && !package.repository.is_empty())
        .map(|package| (package.repository.clone(), package.texts.clone()))
        .collect();
    for package in packages.iter_mut().filter(|package| package.texts.is_empty()) {
        package.texts = match with_texts.get(&package.repository) {
            Some(texts) => texts.clone(),
            None => vec![usual(root, package)?],
        };
    }
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(packages)
}

fn package(described: &Value) -> Result<Package, Box<dyn Error>> {
    let manifest = PathBuf::from(text(described, "manifest_path"));
    let folder = manifest.parent().ok_or("a manifest without a folder")?;
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.sort();
    let is_licence = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        path.is_file() && FILES.iter().any(|start| name.starts_with(start))
    };
    let mut texts = Vec::new();
    for file in files.iter().filter(|path| is_licence(path)) {
        // Texts that differ in spaces alone are one.
        let read = fs::read_to_string(file)?;
        let lines = read.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        texts.push(lines.trim_matches('\n').to_owned());
    }
    Ok(Package {
        name: format!("{} {}", text(described, "name"), text(described, "version")),
        licence: text(described, "license"),
        repository: text(described, "repository"),
        texts,
    })
}

/// The usual text of a package's licence.
fn usual(root: &Path, package: &Package) -> Result<String, Box<dyn Error>> {
    let file = match &package.licence {
        licence if licence.contains("MIT") => "LICENSE-MIT",
        licence if licence.contains("Apache-2.0") => "LICENSE-APACHE",
        licence => return Err(format!("{} has no text of its licence {licence}", package.name).into()),
    };
    let lines = fs::read_to_string(root.join(file))?;
    let own = |line: &&str| !line.starts_with("Copyright (c)");
    let usual = lines.lines().filter(own).collect::<Vec<_>>().join("\n");
    Ok(format!("Copyright (c) the authors of {}\n\n{}", package.name, usual.trim()))
}

fn text(of: &Value, key: &str) -> String {
    of[key].as_str().unwrap_or_default().to_owned()
}

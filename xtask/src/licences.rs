//! `cargo xtask licences`: the licences of what the command is made of, with their texts. Each release ships the list.
//!
//! What Cargo.lock brings into the binary is asked of `cargo metadata`; the texts stand in the packages. One without a text has
//! that of a package of the same repository, else the usual text of its licence.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use clap::Args;
use serde_json::Value;
use shapegate::error::{Error, Result};

use super::root;

/// The list's name in what is shipped.
pub(super) const FILE: &str = "THIRD-PARTY.txt";

/// How the names of files with licences begin.
const STARTS: [&str; 5] = ["LICEN", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

/// How many folders below a package a library of other people, which it brings along, may have its licence.
const BROUGHT_ALONG: usize = 3;

#[derive(Args)]
/// Write the list of what the command is made of, with the licences and their texts
pub(super) struct Licences {
    /// File for the list
    #[arg(long, default_value = FILE)]
    out: PathBuf,
}

impl Licences {
    pub(super) fn run(self) -> Result<()> {
        write(&self.out)
    }
}

/// Writes the list.
pub(super) fn write(path: &Path) -> Result<()> {
    fs::write(path, list()?).map_err(|error| Error::io(path, error))
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

fn list() -> Result<String> {
    let packages = packages()?;
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
    list.extend(packages.iter().map(|Package { name, licence, repository, texts }| {
        let numbers: BTreeSet<usize> = texts.iter().map(|text| number[text.as_str()]).collect();
        let numbers = numbers.iter().map(|number| format!("[{number}]")).collect::<Vec<_>>().join(" ");
        format!("{name}: {licence} {numbers} {repository}\n")
    }));
    list.extend(texts.iter().enumerate().map(|(at, (text, users))| {
        let users = users.iter().copied().collect::<Vec<_>>().join(", ");
        format!("\n{}\n[{}] {users}\n\n{text}\n", "-".repeat(80), at + 1)
    }));
    Ok(list)
}

/// The packages that Cargo.lock brings into the binary, on any system, by name.
fn packages() -> Result<Vec<Package>> {
    let metadata = metadata()?;
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
        packages.push(package(described.get(&id).ok_or_else(|| Error::new(format!("nothing describes {id}")))?)?);
    }
    let with_texts: HashMap<String, Vec<String>> = packages
        .iter()
        .filter(|package| !package.texts.is_empty() && !package.repository.is_empty())
        .map(|package| (package.repository.clone(), package.texts.clone()))
        .collect();
    for package in packages.iter_mut().filter(|package| package.texts.is_empty()) {
        package.texts = match with_texts.get(&package.repository) {
            Some(texts) => texts.clone(),
            None => vec![usual(package)?],
        };
    }
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(packages)
}

fn metadata() -> Result<Value> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = root().join("Cargo.toml");
    let output = Command::new(&cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--all-features", "--manifest-path"])
        .arg(&manifest)
        .output()
        .map_err(|error| Error::io(PathBuf::from(cargo), error))?;
    if !output.status.success() {
        return Err(Error::new(String::from_utf8_lossy(&output.stderr)).at(manifest));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Error::new(error.to_string()).at(manifest))
}

fn package(described: &Value) -> Result<Package> {
    let manifest = PathBuf::from(text(described, "manifest_path"));
    let folder = manifest.parent().ok_or_else(|| Error::new("a manifest without a folder").at(&manifest))?;
    // One that links a library of another language has its source below, with a licence of its own.
    let depth = if described["links"].is_null() { 0 } else { BROUGHT_ALONG };
    let mut texts = Vec::new();
    for file in licence_files(folder, depth)? {
        // Texts that differ in spaces alone are one.
        let read = fs::read_to_string(&file).map_err(|error| Error::io(&file, error))?;
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

/// Files with licences in a folder and so many levels below.
fn licence_files(folder: &Path, depth: usize) -> Result<Vec<PathBuf>> {
    let failed = |error| Error::io(folder, error);
    let entries = fs::read_dir(folder).map_err(failed)?.map(|entry| Ok(entry.map_err(failed)?.path()));
    let (mut folders, mut files): (Vec<_>, Vec<_>) =
        entries.collect::<Result<Vec<_>>>()?.into_iter().partition(|path| path.is_dir());
    files.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        STARTS.iter().any(|start| name.starts_with(start))
    });
    files.sort();
    folders.sort();
    if let Some(below) = depth.checked_sub(1) {
        for folder in folders {
            files.extend(licence_files(&folder, below)?);
        }
    }
    Ok(files)
}

/// The usual text of a package's licence, or of one of those that may be chosen.
fn usual(package: &Package) -> Result<String> {
    // Where several count at once, the text of one is not enough.
    let has = |name: &str| package.licence.contains(name) && !package.licence.contains(" AND ");
    let file = match &package.licence {
        _ if has("MIT") => "LICENSE-MIT",
        _ if has("Apache-2.0") => "LICENSE-APACHE",
        licence => return Err(Error::new(format!("{} has no text of its licence {licence}", package.name))),
    };
    let lines = super::read(file)?;
    let own = |line: &&str| !line.starts_with("Copyright (c)");
    let usual = lines.lines().filter(own).collect::<Vec<_>>().join("\n");
    Ok(format!("Copyright (c) the authors of {}\n\n{}", package.name, usual.trim()))
}

fn text(of: &Value, key: &str) -> String {
    of[key].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `cargo tree` takes to be in the binary, on any system.
    fn in_the_binary() -> BTreeSet<String> {
        let tree = Command::new(env!("CARGO"))
            .args(["tree", "--locked", "--offline", "--all-features", "--target", "all", "--edges", "normal"])
            .args(["--prefix", "none", "--format", "{p}"])
            .current_dir(root())
            .output()
            .expect("cargo");
        assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
        let tree = String::from_utf8(tree.stdout).expect("UTF-8");
        let package = |line: &str| {
            let mut words = line.split(' ');
            Some(format!("{} {}", words.next()?, words.next()?.trim_start_matches('v')))
        };
        let own = "shapegate ";
        tree.lines().filter_map(package).filter(|package| !package.starts_with(own)).collect()
    }

    #[test]
    fn the_list_of_licences_has_each_package_and_a_text_for_it() {
        let list = list().expect("it can be made");
        let (packages, texts) = list.split_once("\n\n---").expect("packages, then texts");
        let listed: BTreeSet<String> =
            packages.lines().skip(2).filter_map(|line| Some(line.split_once(": ")?.0.to_owned())).collect();
        let in_the_binary = in_the_binary();
        assert_eq!(listed, in_the_binary);
        assert!(in_the_binary.len() > 100 && in_the_binary.contains("shapegate").eq(&false), "{}", in_the_binary.len());
        let lock = crate::read("Cargo.lock").expect("part of the project");
        for package in &listed {
            let (name, version) = package.split_once(' ').expect("name and version");
            assert!(lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"\n")), "{package} is not locked");
            assert!(texts.contains(package.as_str()), "{package} has no text");
        }
        let folder = root().to_string_lossy();
        assert!(!list.contains(&*folder), "it is the same on every machine");
        // A library of another language comes with its source, whose licence is not that of the package around it.
        let around = licence_files(&folder_of("libmimalloc-sys"), 0).expect("readable");
        let within = licence_files(&folder_of("libmimalloc-sys"), BROUGHT_ALONG).expect("readable");
        assert!(within.len() > around.len(), "{within:?}");
    }

    #[test]
    fn the_usual_text_stands_for_one_licence_alone() {
        let text = |licence: &str| {
            let (name, licence) = ("a 1.0.0".to_owned(), licence.to_owned());
            usual(&Package { name, licence, repository: String::new(), texts: Vec::new() })
        };
        for (licence, part) in [("MIT", "Permission is hereby"), ("Zlib OR Apache-2.0", "Apache License")] {
            assert!(text(licence).expect("a usual text").contains(part), "{licence}");
        }
        for licence in ["MIT AND BSD-3-Clause", "(MIT OR Apache-2.0) AND Unicode-3.0", "Zlib"] {
            let told = text(licence).expect_err("no text").to_string();
            assert!(told.contains("a 1.0.0 has no text of its licence") && told.contains(licence), "{told}");
        }
    }

    fn folder_of(package: &str) -> PathBuf {
        let metadata = metadata().expect("cargo");
        let packages = metadata["packages"].as_array().expect("a list");
        let described = packages.iter().find(|one| one["name"] == package).expect("it is locked");
        Path::new(&text(described, "manifest_path")).parent().expect("a folder").to_owned()
    }
}

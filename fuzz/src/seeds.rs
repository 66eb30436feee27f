//! What mutations begin with: the project's fixtures, and ../shared/samples where they are there.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::root;

/// Larger files make few executions and find nothing that smaller ones do not.
const MOST: u64 = 100_000;

/// A file with its path below the folder that it was found in, for names and folders are evidence of what is in a file.
#[derive(Debug, Clone)]
pub struct Seed {
    /// The path.
    pub name: PathBuf,
    /// The content.
    pub bytes: Vec<u8>,
}

/// Recordings of every format.
pub fn recordings() -> Vec<Seed> {
    let mut all: Vec<Seed> = ["fixtures/recordings", "fixtures/faulty", "fixtures/moto", "fixtures/sdk-faults"]
        .into_iter()
        .flat_map(|folder| below(&root().join(folder)))
        .collect();
    all.extend(below(&root().join("fixtures/rules")).into_iter().filter(|seed| !is_model(&seed.name)));
    let is_read = |seed: &Seed| !matches!(extension(&seed.name), "md" | "txt" | "tsv") && !is_model(&seed.name);
    all.extend(
        below(&root().join("../shared/samples")).into_iter().filter(|seed| !seed.name.starts_with("smithy-models")),
    );
    all.retain(is_read);
    all.extend(nasty());
    all
}

/// Recordings of the nasty corpus.
fn nasty() -> Vec<Seed> {
    let text = fs::read_to_string(root().join("fixtures/nasty/manifest.ndjson")).unwrap_or_default();
    let cases = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let seed = |case: Value| {
        let text = case["text"].as_str()?.as_bytes().to_vec();
        case.get("command").is_none().then(|| Seed { name: case["file"].as_str().unwrap_or("x").into(), bytes: text })
    };
    cases.filter_map(seed).collect()
}

/// Models of botocore and Smithy, and pages of the API change log.
pub fn models() -> Vec<Seed> {
    let mut all: Vec<Seed> =
        ["fixtures/contracts", "fixtures/rules", "fixtures/upgrades", "../shared/samples/smithy-models"]
            .into_iter()
            .flat_map(|folder| below(&root().join(folder)))
            .filter(|seed| {
                is_model(&seed.name)
                    || serde_json::from_slice::<Value>(&seed.bytes).is_ok_and(|value| value.get("smithy").is_some())
            })
            .collect();
    let page = fs::read(root().join("fixtures/pages/cleanrooms-2023-08-30.txt")).unwrap_or_default();
    // One in eight is a page.
    all.extend(vec![Seed { name: "page.txt".into(), bytes: page }; all.len().div_ceil(8)]);
    all
}

fn is_model(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("service-2"))
        || path.ancestors().any(|part| part.file_name().is_some_and(|name| name == "models"))
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

/// The files below a folder that are not too large, in the order of their names.
pub fn below(folder: &Path) -> Vec<Seed> {
    let (mut open, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(next) = open.pop() {
        let Ok(entries) = fs::read_dir(&next) else { continue };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let is_small = fs::metadata(&path).is_ok_and(|metadata| metadata.is_file() && metadata.len() <= MOST);
            if path.is_dir() {
                open.push(path);
            } else if is_small {
                found.push(path);
            }
        }
    }
    found.sort();
    let seed = |path: PathBuf| {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
        Some(Seed { name, bytes: fs::read(path).ok()? })
    };
    found.into_iter().filter_map(seed).collect()
}

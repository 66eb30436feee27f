//! HTTP recordings: HAR of one service and of many, a cassette of many, folders of so many services.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::{Result, root};
use super::SERVICES;
use super::vary::{self, Random};

const BEGIN: &str =
    "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"bench\",\"version\":\"1\"},\"pages\":[],\"entries\":[\n";
const END: &str = "\n]}}\n";

/// A HAR of Clean Rooms and one of all services that were recorded so, and each with every exchange once: what is fixed.
pub fn har(folder: &Path, size: usize) -> Result<()> {
    let one = entries(&root().join("fixtures/recordings/cleanrooms-http/har/mitmproxy.har"), &HashSet::new())?;
    let one: Vec<String> = one.into_iter().filter(|entry| entry.contains("\"status\":200")).collect();
    let faulty = faulty()?;
    let mut many = Vec::new();
    for path in moto(&["har", "har.gz"])? {
        many.extend(entries(&path, &faulty)?);
    }
    Random::new(3).shuffle(&mut many);
    for (name, templates) in [("one", &one), ("many", &many)] {
        let mut random = Random::new(11);
        fs::write(folder.join(format!("{name}-once.har")), whole(templates, 0, &mut random))?;
        fs::write(folder.join(format!("{name}.har")), whole(templates, size, &mut random))?;
    }
    let mut random = Random::new(12);
    fs::write(folder.join("small.har"), whole(&one, 160_000, &mut random))?;
    Ok(())
}

/// Each entry once, and more up to so many bytes.
fn whole(templates: &[String], size: usize, random: &mut Random) -> String {
    let mut text = BEGIN.to_owned();
    let mut at = 0;
    while at < templates.len() || text.len() < size {
        if at > 0 {
            text.push_str(",\n");
        }
        text.push_str(&vary::ids(&templates[at % templates.len()], random));
        at += 1;
    }
    text + END
}

/// The entries of a HAR, a line each, without those of which something is known to be wrong.
fn entries(path: &Path, faulty: &HashSet<(String, usize)>) -> Result<Vec<String>> {
    let har: Value = serde_json::from_str(&text(path)?)?;
    let name = file_name(path);
    let entries = har["log"]["entries"].as_array().ok_or("no HAR")?.iter().enumerate();
    let clean = entries.filter(|(at, _)| !faulty.contains(&(name.clone(), *at)));
    Ok(clean.map(|(_, entry)| entry.to_string()).collect())
}

/// Exchanges in which something is found, by file and place.
fn faulty() -> Result<HashSet<(String, usize)>> {
    let text = fs::read_to_string(root().join("fixtures/moto/FINDINGS.tsv"))?;
    let place = |line: &str| {
        let mut fields = line.split('\t');
        Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
    };
    Ok(text.lines().filter_map(place).collect())
}

/// A cassette of all services that were recorded so.
pub fn yaml(folder: &Path, size: usize) -> Result<()> {
    let faulty = faulty()?;
    let mut templates = Vec::new();
    for path in moto(&["yaml", "yaml.zst"])? {
        let text = text(&path)?;
        let name = file_name(&path);
        let body = text.strip_prefix("interactions:\n").and_then(|text| text.strip_suffix("version: 1\n"));
        let body = body.ok_or_else(|| format!("{name} is no cassette as vcrpy writes it"))?;
        let interactions = body.split("\n- request:\n").enumerate();
        let clean = interactions.filter(|(at, _)| !faulty.contains(&(name.clone(), *at)));
        templates.extend(clean.map(|(_, one)| one.trim_start_matches("- request:\n").trim_end().to_owned()));
    }
    Random::new(4).shuffle(&mut templates);
    for (name, size) in [("cassette-once.yaml", 0), ("cassette.yaml", size)] {
        let mut random = Random::new(13);
        let (mut text, mut at) = ("interactions:\n".to_owned(), 0);
        while at < templates.len() || text.len() < size {
            text.push_str("- request:\n");
            text.push_str(&vary::ids(&templates[at % templates.len()], &mut random));
            text.push('\n');
            at += 1;
        }
        fs::write(folder.join(name), text + "version: 1\n")?;
    }
    Ok(())
}

/// Folders of the recordings of so many services.
pub fn services(folder: &Path) -> Result<()> {
    let files = moto(&["har", "har.gz", "yaml", "yaml.zst"])?;
    let doubled = ["cloudwatch-cbor.har", "cloudwatch-query.yaml", "s3-path-style.yaml"];
    let files: Vec<&PathBuf> = files.iter().filter(|path| !doubled.contains(&file_name(path).as_str())).collect();
    for count in SERVICES {
        let folder = folder.join(format!("services-{count}"));
        fs::create_dir_all(&folder)?;
        for path in files.iter().take(count) {
            fs::copy(path, folder.join(file_name(path)))?;
        }
    }
    Ok(())
}

/// Recordings of many services, in the order of their names.
fn moto(endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(root().join("fixtures/moto"))? {
        let path = entry?.path();
        let name = file_name(&path);
        if name.split_once('.').is_some_and(|(_, ending)| endings.contains(&ending)) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The text of a file, unpacked.
fn text(path: &Path) -> Result<String> {
    let mut text = String::new();
    let file = File::open(path)?;
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("gz") => flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text)?,
        Some("zst") => ruzstd::decoding::StreamingDecoder::new(file)?.read_to_string(&mut text)?,
        _ => fs::File::open(path)?.read_to_string(&mut text)?,
    };
    Ok(text)
}

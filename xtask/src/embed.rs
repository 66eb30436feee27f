//! `cargo xtask embed`: the file of embedded contracts. Takes the Clean Rooms model of each listed release out of its
//! botocore wheel, drops the prose, and stores what releases share once. The same wheels give the same bytes.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use flate2::read::MultiGzDecoder;
use flate2::{Compression, GzBuilder};
use serde_json::{Map, Value, json};
use shapegate::error::{Error, Result};
use shapegate::ingest::embedded::{self, Embedded};
use shapegate::ingest::source::Source;
use zip::ZipArchive;

const SERVICE: &str = "cleanrooms";
const PROSE: [&str; 3] = ["documentation", "deprecatedMessage", "deprecatedSince"];

#[derive(Args)]
/// Write the file of embedded contracts from botocore's wheels
pub(super) struct Embed {
    /// Folder of the wheels; `oracles/history.py` fetches them
    wheels: PathBuf,

    /// The file
    #[arg(default_value = "src/ingest/embedded/cleanrooms-history.ndjson.gz")]
    to: PathBuf,
}

impl Embed {
    pub(super) fn run(self) -> Result<()> {
        embed(&self.wheels, &self.to).map_err(|error| Error::io(&self.to, error))
    }
}

fn embed(wheels: &Path, to: &Path) -> io::Result<()> {
    let mut pool = Pool::default();
    let mut releases = Vec::new();
    // The newest comes first, so that what it needs is at the beginning of the pool.
    for release in embedded::of_service(SERVICE).iter().rev() {
        releases.push(line(release, wheels, &mut pool)?);
    }
    let text = format!("{}\n\n{}\n", releases.join("\n"), pool.lines.join("\n"));
    // No file name and no time in the header: the same models give the same bytes.
    let mut out = GzBuilder::new().mtime(0).write(File::create(to)?, Compression::best());
    out.write_all(text.as_bytes())?;
    out.finish()?.flush()
}

/// Distinct members of all releases.
#[derive(Default)]
struct Pool {
    lines: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Pool {
    fn numbers(&mut self, members: &Value) -> io::Result<Vec<usize>> {
        let members = members.as_object().ok_or_else(|| io::Error::other("a part of the model is no object"))?;
        Ok(members.iter().map(|(name, value)| self.number(&json!({name: value}).to_string())).collect())
    }

    fn number(&mut self, line: &str) -> usize {
        if let Some(number) = self.numbers.get(line) {
            return *number;
        }
        self.lines.push(line.to_owned());
        self.numbers.insert(line.to_owned(), self.lines.len() - 1);
        self.lines.len() - 1
    }
}

/// The line about one release.
fn line(release: &Embedded, wheels: &Path, pool: &mut Pool) -> io::Result<String> {
    let path = wheels.join(format!("botocore-{}-py3-none-any.whl", release.botocore));
    let model = read(&path, "service-2.json")?;
    let keys: Vec<&String> = model.as_object().map(|map| map.keys().collect()).unwrap_or_default();
    if keys != ["version", "metadata", "operations", "shapes"] {
        return Err(io::Error::other(format!("{}: the model holds {keys:?}", path.display())));
    }
    let paginators = read(&path, "paginators-1.json")?;
    if read(&path, "waiters-2.json")?["waiters"] != json!({}) {
        return Err(io::Error::other(format!("{}: there are waiters, which have no place yet", path.display())));
    }
    let line = json!({
        "release": release.release,
        "head": {"version": model["version"], "metadata": model["metadata"]},
        "operations": pool.numbers(&model["operations"])?,
        "shapes": pool.numbers(&model["shapes"])?,
        "paginators": pool.numbers(&paginators["pagination"])?,
        "endpointRules": endpoint_rules(&path)?,
    });
    Ok(line.to_string())
}

/// The digest of the endpoint rules, as shapegate reads them.
fn endpoint_rules(path: &Path) -> io::Result<u64> {
    let read = Source::open(path).and_then(|source| source.load_with_companions(SERVICE)).map_err(io::Error::other)?;
    let digest = read.and_then(|read| read.service.companions.endpoint_rules.known().copied());
    digest.ok_or_else(|| io::Error::other(format!("{}: no endpoint rules", path.display())))
}

/// A file of the service, without prose.
fn read(path: &Path, file: &str) -> io::Result<Value> {
    let mut archive = ZipArchive::new(io::Cursor::new(fs::read(path)?)).map_err(io::Error::other)?;
    let is_it = |name: &String| {
        let parts: Vec<&str> = name.split('/').collect();
        matches!(parts[..], [.., "data", SERVICE, _, own] if own.trim_end_matches(".gz") == file)
    };
    let names = archive.file_names().filter_map(Result::ok).map(|name| name.to_string());
    let name = names.filter(is_it).max().ok_or_else(|| io::Error::other(format!("{}: no {file}", path.display())))?;
    let mut bytes = Vec::new();
    archive.by_name(&name).map_err(io::Error::other)?.read_to_end(&mut bytes)?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let packed = std::mem::take(&mut bytes);
        MultiGzDecoder::new(&packed[..]).read_to_end(&mut bytes)?;
    }
    let mut value = serde_json::from_slice(&bytes)?;
    strip(&mut value);
    Ok(value)
}

/// Prose is a string under one of its keys; a *member* of such a name is an object and stays.
fn strip(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let map: &mut Map<String, Value> = map;
            map.retain(|key, value| !(value.is_string() && PROSE.contains(&key.as_str())));
            map.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

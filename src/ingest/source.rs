//! Where models come from: a file, a folder, a wheel, a documentation page.
//!
//! A [`Source`] knows its services' names at once and reads a service when asked for it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::{Identity, Ingested, api_changes, botocore};
use crate::error::{Error, Result};

const MODEL_FILES: [&str; 2] = ["service-2.json", "service-2.json.gz"];
/// Where botocore's `data` folder lies below what people name: itself, the package, an environment, the AWS CLI.
const DATA_FOLDERS: [&str; 5] = ["", "data", "botocore/data", "awscli/botocore/data", "dist/awscli/botocore/data"];
const REMEDY: &str = "A model source is a service-2.json (or .json.gz), a botocore folder, a botocore wheel (.whl), \
                      or a saved page of the AWS API change log.";

/// An opened source of models.
#[derive(Debug, Clone)]
pub struct Source {
    origin: PathBuf,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    /// One service, read already.
    Single(Box<Ingested>),
    /// Model files of a folder by service.
    Folder(BTreeMap<String, PathBuf>),
    /// Names of a wheel's model files by service, newest API version of each.
    Wheel(BTreeMap<String, String>, ZipArchive<Cursor<Arc<[u8]>>>),
}

impl Source {
    /// Opens the source at `path` and lists its services.
    ///
    /// # Errors
    /// The path cannot be read, or there is no model in it.
    pub fn open(path: &Path) -> Result<Self> {
        let metadata = fs::metadata(path).map_err(|error| Error::io(path, error).remedy(REMEDY))?;
        let kind = if metadata.is_dir() { open_folder(path)? } else { open_file(path)? };
        Ok(Self { origin: path.to_owned(), kind })
    }

    /// The path it was opened from.
    pub fn origin(&self) -> &Path {
        &self.origin
    }

    /// Names of the services it holds, sorted.
    pub fn services(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Single(ingested) => vec![&ingested.service.name],
            Kind::Folder(files) => files.keys().map(String::as_str).collect(),
            Kind::Wheel(files, _) => files.keys().map(String::as_str).collect(),
        }
    }

    /// Reads one service; `None` where the source does not hold it.
    ///
    /// # Errors
    /// Its model cannot be read.
    pub fn load(&self, service: &str) -> Result<Option<Ingested>> {
        if let Kind::Single(ingested) = &self.kind {
            return Ok((ingested.service.name == service).then(|| (**ingested).clone()));
        }
        let Some((text, place)) = self.text(service)? else { return Ok(None) };
        parse_model(&text, &place, Some(service)).map(Some)
    }

    /// Reads one service with its paginators, waiters and endpoint rules, where they stand beside its model.
    ///
    /// # Errors
    /// Its model, or a file beside it, cannot be read.
    pub fn load_with_companions(&self, service: &str) -> Result<Option<Ingested>> {
        let Some(mut ingested) = self.load(service)? else { return Ok(None) };
        let place = match &self.kind {
            Kind::Single(_) => single_model(&self.origin)?,
            Kind::Folder(files) => files.get(service).cloned(),
            Kind::Wheel(files, _) => files.get(service).map(PathBuf::from),
        };
        // Only botocore's layout has companions.
        let Some(place) = place.filter(|place| is_model_file(place)) else { return Ok(Some(ingested)) };
        let companions = botocore::companions::read(|name| self.beside(&place, name));
        ingested.service.companions = companions.map_err(|error| error.at(place.with_file_name("")))?;
        Ok(Some(ingested))
    }

    /// API versions of a service that are there, the newest last; none where a single model was opened.
    ///
    /// # Errors
    /// A folder cannot be listed.
    pub fn versions(&self, service: &str) -> Result<Vec<String>> {
        let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        match &self.kind {
            Kind::Single(_) => Ok(Vec::new()),
            Kind::Folder(files) => {
                let folder = files.get(service).and_then(|model| model.parent()?.parent());
                let folders = folder.map(folders).transpose()?.unwrap_or_default();
                let has_model = |folder: &&PathBuf| MODEL_FILES.iter().any(|file| folder.join(file).is_file());
                Ok(folders.iter().filter(has_model).filter_map(|folder| name(folder)).collect())
            }
            Kind::Wheel(_, archive) => {
                let names = archive.file_names().filter_map(std::result::Result::ok);
                let version = |entry: &str| match entry.split('/').collect::<Vec<_>>()[..] {
                    [.., "data", of, version, file] if of == service && MODEL_FILES.contains(&file) => {
                        Some(version.to_owned())
                    }
                    _ => None,
                };
                let versions: BTreeSet<String> = names.filter_map(|entry| version(&entry)).collect();
                Ok(versions.into_iter().collect())
            }
        }
    }

    /// The text of a file beside a model.
    fn beside(&self, model: &Path, name: &str) -> Result<Option<Vec<u8>>> {
        for file in [name.to_owned(), format!("{name}.gz")] {
            let path = model.with_file_name(&file);
            let bytes = match &self.kind {
                Kind::Wheel(_, archive) => {
                    let entry = path.to_string_lossy();
                    if archive.index_for_name(&entry).is_none() {
                        continue;
                    }
                    read_entry(&mut archive.clone(), &entry)?
                }
                _ if path.is_file() => fs::read(&path).map_err(|error| Error::io(&path, error))?,
                _ => continue,
            };
            return unpacked(bytes, &path).map(Some);
        }
        Ok(None)
    }

    /// What names a service in traffic, without the rest of its model.
    ///
    /// # Errors
    /// Its model cannot be read.
    pub fn identity(&self, service: &str) -> Result<Identity> {
        if let Kind::Single(ingested) = &self.kind {
            return Ok(Identity::of(&ingested.service));
        }
        let Some((text, place)) = self.text(service)? else { return Ok(Identity::default()) };
        botocore::identity(&text).map_err(|error| error.at(place))
    }

    /// The text of a service's model, with its place.
    fn text(&self, service: &str) -> Result<Option<(Vec<u8>, PathBuf)>> {
        let (bytes, place) = match &self.kind {
            Kind::Single(_) => return Ok(None),
            Kind::Folder(files) => {
                let Some(path) = files.get(service) else { return Ok(None) };
                (fs::read(path).map_err(|error| Error::io(path, error))?, path.clone())
            }
            Kind::Wheel(files, archive) => {
                let Some(name) = files.get(service) else { return Ok(None) };
                let place = self.origin.join(name);
                (read_entry(&mut archive.clone(), name).map_err(|error| error.at(&place))?, place)
            }
        };
        Ok(Some((unpacked(bytes, &place)?, place)))
    }
}

fn open_file(path: &Path) -> Result<Kind> {
    let bytes = fs::read(path).map_err(|error| Error::io(path, error))?;
    if bytes.starts_with(b"PK\x03\x04") {
        return open_wheel(bytes, path);
    }
    if let Ok(text) = std::str::from_utf8(&bytes)
        && api_changes::is_page(text)
    {
        let page = api_changes::parse(text, &path.display().to_string())?;
        return Ok(Kind::Single(Box::new(page.ingested)));
    }
    if !bytes.starts_with(&GZIP) && bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(Error::new("no model of a kind that is known").at(path).remedy(REMEDY));
    }
    let name = service_of(path);
    Ok(Kind::Single(Box::new(parse_model(&unpacked(bytes, path)?, path, name.as_deref())?)))
}

const GZIP: [u8; 2] = [0x1f, 0x8b];

fn unpacked(bytes: Vec<u8>, place: &Path) -> Result<Vec<u8>> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut text = Vec::new();
    MultiGzDecoder::new(&bytes[..]).read_to_end(&mut text).map_err(|error| Error::io(place, error))?;
    Ok(text)
}

fn parse_model(text: &[u8], place: &Path, name: Option<&str>) -> Result<Ingested> {
    botocore::parse(text, name).map_err(|error| {
        // An error below the model's own keys keeps them as part of its cause.
        let inner = error.path().map(|path| format!("{}: ", path.display())).unwrap_or_default();
        let positioned = error.line_and_column();
        let made = Error::new(format!("{inner}{}", error.cause())).at(place);
        positioned.map_or(made, |(line, column)| Error::new(error.cause()).at(place).position(line, column))
    })
}

/// In botocore's layout (`<service>/<version>/service-2.json`) the service's name.
fn service_of(path: &Path) -> Option<String> {
    let version = path.parent()?;
    let is_date = |text: &str| text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if !version.file_name()?.to_str().is_some_and(is_date) {
        return None;
    }
    version.parent()?.file_name()?.to_str().map(str::to_owned)
}

fn open_folder(path: &Path) -> Result<Kind> {
    for file in MODEL_FILES {
        if path.join(file).is_file() {
            return open_file(&path.join(file));
        }
    }
    if let Some(model) = newest_version(path)? {
        return open_file(&model);
    }
    for below in DATA_FOLDERS {
        let root = if below.is_empty() { path.to_owned() } else { path.join(below) };
        if !root.is_dir() {
            continue;
        }
        let mut files = BTreeMap::new();
        for service in folders(&root)? {
            if let (Some(name), Some(model)) =
                (service.file_name().and_then(|name| name.to_str()), newest_version(&service)?)
            {
                files.insert(name.to_owned(), model);
            }
        }
        if !files.is_empty() {
            return Ok(Kind::Folder(files));
        }
    }
    Err(Error::new("a folder without models").at(path).remedy(REMEDY))
}

/// The model file that a path with a single service stands for.
fn single_model(path: &Path) -> Result<Option<PathBuf>> {
    if path.is_file() {
        return Ok(Some(path.to_owned()));
    }
    let own = MODEL_FILES.map(|file| path.join(file)).into_iter().find(|file| file.is_file());
    own.map_or_else(|| newest_version(path), |file| Ok(Some(file)))
}

fn is_model_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| MODEL_FILES.iter().any(|file| name == *file))
}

/// The model of the newest API version below a service's folder.
fn newest_version(service: &Path) -> Result<Option<PathBuf>> {
    let mut versions = folders(service)?;
    versions.sort();
    let models = versions.iter().rev().flat_map(|version| MODEL_FILES.map(|file| version.join(file)));
    Ok(models.into_iter().find(|model| model.is_file()))
}

fn folders(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| Error::io(path, error))? {
        let entry = entry.map_err(|error| Error::io(path, error))?.path();
        if entry.is_dir() {
            found.push(entry);
        }
    }
    found.sort();
    Ok(found)
}

fn open_wheel(bytes: Vec<u8>, path: &Path) -> Result<Kind> {
    let archive = ZipArchive::new(Cursor::new(Arc::from(bytes)))
        .map_err(|error| Error::new(format!("not a readable wheel: {error}")).at(path))?;
    let mut files = BTreeMap::new();
    let mut names: Vec<_> = archive.file_names().filter_map(std::result::Result::ok).collect();
    names.sort_unstable();
    for name in names {
        // botocore/data/<service>/<version>/service-2.json; sorted, so that the newest version comes last and wins.
        let parts: Vec<&str> = name.split('/').collect();
        if let [.., "data", service, _version, file] = parts[..]
            && MODEL_FILES.contains(&file)
        {
            files.insert(service.to_owned(), name.to_string());
        }
    }
    if files.is_empty() {
        return Err(Error::new("an archive without botocore models").at(path).remedy(REMEDY));
    }
    Ok(Kind::Wheel(files, archive))
}

fn read_entry(archive: &mut ZipArchive<Cursor<Arc<[u8]>>>, name: &str) -> Result<Vec<u8>> {
    let mut entry = archive.by_name(name).map_err(|error| Error::new(error.to_string()))?;
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes).map_err(|error| Error::new(error.to_string()))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn model(service_id: &str) -> Vec<u8> {
        let text = r#"{"metadata":{"serviceId":"ID","protocol":"json"},"operations":{},"shapes":{}}"#;
        text.replace("ID", service_id).into_bytes()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("writing to a Vec");
        encoder.finish().expect("writing to a Vec")
    }

    fn put(root: &Path, path: &str, bytes: &[u8]) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a writable folder");
        fs::write(path, bytes).expect("a writable file");
    }

    fn full_name(source: &Source, service: &str) -> Option<String> {
        source.load(service).expect("a sound model").map(|ingested| ingested.service.name)
    }

    #[test]
    fn finds_services_in_every_layout_and_takes_the_newest_version() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for data in ["plain", "env/botocore/data", "cli/dist/awscli/botocore/data"] {
            put(dir.path(), &format!("{data}/alpha/2019-01-01/service-2.json"), b"broken");
            put(dir.path(), &format!("{data}/alpha/2020-01-01/service-2.json"), &model("Alpha"));
            put(dir.path(), &format!("{data}/beta/2020-01-01/service-2.json.gz"), &gzip(&model("Beta")));
            put(dir.path(), &format!("{data}/endpoints.json"), b"{}");
        }
        for root in ["plain", "env", "env/botocore", "cli", "cli/dist"] {
            let source = Source::open(&dir.path().join(root)).expect("a folder with models");
            assert_eq!(source.services(), ["alpha", "beta"], "{root}");
            assert_eq!(full_name(&source, "beta").as_deref(), Some("beta"));
            assert_eq!(full_name(&source, "alpha").as_deref(), Some("alpha"));
            assert_eq!(full_name(&source, "gamma"), None);
        }
        for one in ["plain/beta", "plain/beta/2020-01-01", "plain/beta/2020-01-01/service-2.json.gz"] {
            let source = Source::open(&dir.path().join(one)).expect("one model");
            assert_eq!(source.services(), ["beta"], "{one}");
        }
    }

    #[test]
    fn reads_a_wheel() {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in [
            ("botocore/data/alpha/2020-01-01/service-2.json.gz", gzip(&model("Alpha"))),
            ("botocore/data/alpha/2021-01-01/service-2.json", model("Alpha")),
            ("botocore/__init__.py", Vec::new()),
        ] {
            writer.start_file(name, SimpleFileOptions::default()).expect("a legal name");
            writer.write_all(&bytes).expect("writing to a Vec");
        }
        let wheel = writer.finish().expect("a sound archive").into_inner();
        let dir = tempfile::tempdir().expect("a temporary folder");
        put(dir.path(), "botocore.whl", &wheel);
        let source = Source::open(&dir.path().join("botocore.whl")).expect("a wheel");
        assert_eq!(source.services(), ["alpha"]);
        assert_eq!(full_name(&source, "alpha").as_deref(), Some("alpha"));
    }

    #[test]
    fn an_error_names_the_file_and_the_remedy() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        put(dir.path(), "notes.txt", b"hello");
        put(dir.path(), "half.json", b"{\"metadata\":\n{");
        for (file, cause) in [("notes.txt", "no model"), ("half.json", "not JSON"), ("absent", "No such file")] {
            let error = Source::open(&dir.path().join(file)).expect_err("no model");
            let text = error.to_string();
            assert!(text.contains(file) && text.contains(cause), "{text}");
        }
        let error = Source::open(dir.path()).expect_err("no models");
        assert!(error.to_string().contains("A model source is"), "{error}");
        let error = Source::open(&dir.path().join("half.json")).expect_err("half a file");
        assert_eq!(error.line_and_column().map(|(line, _)| line), Some(2));
    }
}

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

use super::aliases::{Aliases, Stated, settle};
use super::{Identity, Ingested, api_changes, botocore, smithy};
use crate::error::{Error, Result};

const MODEL_FILES: [&str; 2] = ["service-2.json", "service-2.json.gz"];
/// Where botocore's `data` folder lies below what people name: itself, the package, an environment, the AWS CLI.
const DATA_FOLDERS: [&str; 5] = ["", "data", "botocore/data", "awscli/botocore/data", "dist/awscli/botocore/data"];
const REMEDY: &str = "A model source is a service-2.json (or .json.gz), a botocore folder, a botocore wheel (.whl), a \
                      Smithy model (.json) or a folder or zip of such, or a saved page of the AWS API change log.";

/// An opened source of models.
#[derive(Debug, Clone)]
pub struct Source {
    origin: PathBuf,
    kind: Kind,
    aliases: Aliases,
}

#[derive(Debug, Clone)]
enum Kind {
    /// One service, read already.
    Single(Box<Ingested>),
    /// Model files of a folder by service.
    Folder(BTreeMap<String, PathBuf>),
    /// Names of an archive's model files by service, newest API version of each.
    Archive(BTreeMap<String, String>, ZipArchive<Cursor<Arc<[u8]>>>),
}

impl Source {
    /// Opens the source at `path` and lists its services.
    ///
    /// # Errors
    /// The path cannot be read, or there is no model in it.
    pub fn open(path: &Path) -> Result<Self> {
        let metadata = fs::metadata(path).map_err(|error| Error::io(path, error).remedy(REMEDY))?;
        let kind = if metadata.is_dir() { open_folder(path)? } else { open_file(path)? };
        let (kind, aliases) = named(kind, path)?;
        Ok(Self { origin: path.to_owned(), kind, aliases })
    }

    /// The path it was opened from.
    pub fn origin(&self) -> &Path {
        &self.origin
    }

    /// The names by which its services may be called.
    pub fn aliases(&self) -> &Aliases {
        &self.aliases
    }

    /// Whether it holds models of several services in botocore's layout, whose folders are names that SDK users call.
    pub fn is_botocore(&self) -> bool {
        match &self.kind {
            Kind::Single(_) => false,
            Kind::Folder(files) => files.values().all(|model| is_model_file(model)),
            Kind::Archive(files, _) => files.values().all(|model| is_model_file(model.as_ref())),
        }
    }

    /// Canonical names of the services it holds, sorted.
    pub fn services(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Single(ingested) => vec![&ingested.service.name],
            Kind::Folder(files) => files.keys().map(String::as_str).collect(),
            Kind::Archive(files, _) => files.keys().map(String::as_str).collect(),
        }
    }

    /// Reads one service by its canonical name; `None` where the source does not hold it.
    ///
    /// # Errors
    /// Its model cannot be read.
    pub fn load(&self, service: &str) -> Result<Option<Ingested>> {
        if let Kind::Single(ingested) = &self.kind {
            return Ok((ingested.service.name == service).then(|| (**ingested).clone()));
        }
        let Some((text, place)) = self.text(service)? else { return Ok(None) };
        let mut ingested = parse_model(&text, &place, Some(service))?;
        // A twin keeps the name of its folder.
        service.clone_into(&mut ingested.service.name);
        Ok(Some(ingested))
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
            Kind::Archive(files, _) => files.get(service).map(PathBuf::from),
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
            Kind::Archive(files, archive) => {
                let folder = files.get(service).and_then(|model| model.rsplit('/').nth(2));
                let names = archive.file_names().filter_map(std::result::Result::ok);
                let version = |entry: &str| match entry.split('/').collect::<Vec<_>>()[..] {
                    [.., "data", of, version, file] if Some(of) == folder && MODEL_FILES.contains(&file) => {
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
                Kind::Archive(_, archive) => {
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
        let read = if is_smithy(&text, &place) { smithy::identity(&text) } else { botocore::identity(&text) };
        read.map_err(|error| error.at(place))
    }

    /// The text of a service's model, with its place.
    fn text(&self, service: &str) -> Result<Option<(Vec<u8>, PathBuf)>> {
        let (bytes, place) = match &self.kind {
            Kind::Single(_) => return Ok(None),
            Kind::Folder(files) => {
                let Some(path) = files.get(service) else { return Ok(None) };
                (fs::read(path).map_err(|error| Error::io(path, error))?, path.clone())
            }
            Kind::Archive(files, archive) => {
                let Some(name) = files.get(service) else { return Ok(None) };
                let place = self.origin.join(name);
                (read_entry(&mut archive.clone(), name).map_err(|error| error.at(&place))?, place)
            }
        };
        Ok(Some((unpacked(bytes, &place)?, place)))
    }
}

/// Names the services, and finds the other names that they have.
fn named(kind: Kind, path: &Path) -> Result<(Kind, Aliases)> {
    Ok(match kind {
        Kind::Single(ingested) => {
            let file = single_model(path)?.unwrap_or_else(|| path.to_owned());
            let own = service_of(&file).into_iter().chain(smithy::layout::service_of(&file));
            let aliases = Aliases::of_one(&ingested.service.name, &ingested.stated, own);
            (Kind::Single(ingested), aliases)
        }
        Kind::Folder(files) => {
            let (files, aliases) = settle(files, |path| stated(fs::File::open(path), path));
            (Kind::Folder(files), aliases)
        }
        Kind::Archive(files, archive) => {
            let (files, aliases) = settle(files, |name| stated(archive.clone().by_name(name), name.as_ref()));
            (Kind::Archive(files, archive), aliases)
        }
    })
}

/// The names that a model gives its service; none where it cannot be read, which is an error when it is loaded.
fn stated<E>(file: std::result::Result<impl Read, E>, place: &Path) -> Stated {
    let Ok(file) = file else { return Stated::default() };
    let mut text = unpacking(file);
    if is_model_file(place) {
        return botocore::stated(text);
    }
    let mut whole = Vec::new();
    let _ = text.read_to_end(&mut whole);
    smithy::stated(&whole)
}

fn open_file(path: &Path) -> Result<Kind> {
    let bytes = fs::read(path).map_err(|error| Error::io(path, error))?;
    if bytes.starts_with(b"PK\x03\x04") {
        return open_archive(bytes, path);
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

/// Whether a model's text is one of Smithy's. Botocore's are known by their names, too.
fn is_smithy(text: &[u8], place: &Path) -> bool {
    !is_model_file(place) && smithy::is_model(text)
}

fn parse_model(text: &[u8], place: &Path, name: Option<&str>) -> Result<Ingested> {
    let read = if is_smithy(text, place) { smithy::parse(text) } else { botocore::parse(text, name) };
    read.map_err(|error| match error.path() {
        // An error below the model's own keys keeps them as part of its cause.
        Some(inner) => Error::new(format!("{}: {}", inner.display(), error.cause())).at(place),
        None => error.at(place),
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
    let files = smithy_models(path)?;
    match files.values().next() {
        None => Err(Error::new("a folder without models").at(path).remedy(REMEDY)),
        // A single model's name is its own to say.
        Some(model) if files.len() == 1 => open_file(model),
        Some(_) => Ok(Kind::Folder(files)),
    }
}

/// Smithy models below a folder, by service.
fn smithy_models(root: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let mut paths = Vec::new();
    list_files(root, "", SMITHY_DEPTH, &mut paths)?;
    let mut found = BTreeMap::new();
    for (service, path) in smithy::layout::models(paths.iter().map(String::as_str)) {
        let path = root.join(path);
        let file = fs::File::open(&path).map_err(|error| Error::io(&path, error))?;
        if smithy::layout::is_head(&head(file)) {
            found.insert(service, path);
        }
    }
    Ok(found)
}

/// Folders between a folder of Smithy models and its files: `models/<service>/service/<version>`.
const SMITHY_DEPTH: usize = 4;

/// Paths of all files so many folders below `root`, with `/`.
fn list_files(folder: &Path, below: &str, depth: usize, found: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(|error| Error::io(folder, error))? {
        let path = entry.map_err(|error| Error::io(folder, error))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if path.is_file() {
            found.push(format!("{below}{name}"));
        } else if depth > 0 && path.is_dir() {
            list_files(&path, &format!("{below}{name}/"), depth - 1, found)?;
        }
    }
    Ok(())
}

/// The first bytes of a file, unpacked. What cannot be read begins like nothing.
fn head(file: impl Read) -> Vec<u8> {
    let mut text = Vec::new();
    let _ = unpacking(file).take(smithy::layout::HEAD).read_to_end(&mut text);
    text
}

/// A file's text as it is read, packed or not.
fn unpacking<'r>(mut file: impl Read + 'r) -> Box<dyn Read + 'r> {
    let mut start = Vec::new();
    let _ = file.by_ref().take(2).read_to_end(&mut start);
    let is_packed = start == GZIP;
    let whole = Cursor::new(start).chain(file);
    if is_packed { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) }
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

fn open_archive(bytes: Vec<u8>, path: &Path) -> Result<Kind> {
    let archive = ZipArchive::new(Cursor::new(Arc::from(bytes)))
        .map_err(|error| Error::new(format!("not a readable wheel or zip: {error}")).at(path))?;
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
        files = zipped_smithy_models(&archive);
    }
    if files.is_empty() {
        return Err(Error::new("an archive without models").at(path).remedy(REMEDY));
    }
    Ok(Kind::Archive(files, archive))
}

/// Smithy models of a zip, by service. A folder that holds everything is passed over.
fn zipped_smithy_models(archive: &ZipArchive<Cursor<Arc<[u8]>>>) -> BTreeMap<String, String> {
    let names: Vec<_> = archive.file_names().filter_map(std::result::Result::ok).collect();
    let below = |root: &str| -> Vec<(String, String)> {
        let models = smithy::layout::models(names.iter().filter_map(|name| name.strip_prefix(root)));
        models.into_iter().map(|(service, path)| (service, format!("{root}{path}"))).collect()
    };
    let mut found = below("");
    if let (true, Some((root, _))) = (found.is_empty(), names.first().and_then(|name| name.split_once('/'))) {
        found = below(&format!("{root}/"));
    }
    let is_model = |(_, name): &(String, String)| {
        let mut archive = archive.clone();
        archive.by_name(name).is_ok_and(|entry| smithy::layout::is_head(&head(entry)))
    };
    found.into_iter().filter(is_model).collect()
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
    fn smithy_models_are_found_in_files_folders_and_zips() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let model = |name: &str, version: &str| {
            let service = r#"{"type": "service", "version": "V", "traits": {"aws.protocols#restJson1": {},
                "aws.api#service": {"sdkId": "NAME"}, "aws.auth#sigv4": {"name": "signs"}}}"#;
            let service = service.replace('V', version).replace("NAME", name);
            format!(r#"{{"metadata": {{}}, "smithy": "2.0", "shapes": {{"a.b#Thing": {service}}}}}"#).into_bytes()
        };
        put(dir.path(), "flat/alpha.json", &model("Alpha", "1"));
        put(dir.path(), "flat/beta-2020-01-01.json.gz", &gzip(&model("Beta", "1")));
        put(dir.path(), "flat/other.json", b"{}");
        put(dir.path(), "deep/models/alpha/service/2020-01-01/alpha-2020-01-01.json", &model("Alpha", "2020-01-01"));
        put(dir.path(), "deep/models/alpha/service/2021-01-01/alpha-2021-01-01.json", &model("Alpha", "2021-01-01"));
        put(dir.path(), "deep/models/beta/service/2020-01-01/beta-2020-01-01.json", &model("Beta", "1"));
        put(dir.path(), "one/some.json", &model("Big Thing", "1"));
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in [("root/alpha.json", model("Alpha", "1")), ("root/beta.json", model("Beta", "1"))] {
            writer.start_file(name, SimpleFileOptions::default()).expect("a legal name");
            writer.write_all(&bytes).expect("writing to a Vec");
        }
        put(dir.path(), "models.zip", &writer.finish().expect("a sound archive").into_inner());
        for root in ["flat", "deep", "deep/models", "models.zip"] {
            let source = Source::open(&dir.path().join(root)).expect("a folder with models");
            assert_eq!(source.services(), ["alpha", "beta"], "{root}");
            assert_eq!(full_name(&source, "beta").as_deref(), Some("beta"), "{root}");
            let identity = source.identity("alpha").expect("a sound model");
            assert_eq!(identity.signing_name.as_deref(), Some("signs"), "{root}");
            let loaded = source.load_with_companions("alpha").expect("a sound model").expect("it is there");
            assert!(loaded.service.companions.paginators.known().is_some(), "{root}");
        }
        let deep = Source::open(&dir.path().join("deep")).expect("a folder with models");
        assert_eq!(deep.identity("alpha").expect("sound").api_version.as_deref(), Some("2021-01-01"));
        for one in ["one", "one/some.json"] {
            assert_eq!(Source::open(&dir.path().join(one)).expect("one model").services(), ["big-thing"]);
        }
    }

    #[test]
    fn an_error_names_the_file_and_the_remedy() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        put(dir.path(), "notes.txt", b"hello");
        put(dir.path(), "half.json", b"{\"metadata\":\n{");
        put(dir.path(), "shapes.json", b"{\"smithy\": \"2.0\", \"shapes\": {}}");
        for (file, cause) in [
            ("notes.txt", "no model"),
            ("half.json", "not JSON"),
            ("absent", "No such file"),
            ("shapes.json", "without a service"),
        ] {
            let error = Source::open(&dir.path().join(file)).expect_err("no model");
            let text = error.to_string();
            assert!(text.contains(file) && text.contains(cause), "{text}");
        }
        let error = Source::open(&dir.path().join("shapes.json")).expect_err("no service");
        assert!(error.to_string().contains("name the file that has the service"), "{error}");
        fs::remove_file(dir.path().join("shapes.json")).expect("a file of ours");
        let error = Source::open(dir.path()).expect_err("no models");
        assert!(error.to_string().contains("A model source is"), "{error}");
        let error = Source::open(&dir.path().join("half.json")).expect_err("half a file");
        assert_eq!(error.line_and_column().map(|(line, _)| line), Some(2));
    }
}

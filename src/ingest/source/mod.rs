//! Where models come from: a file, a folder, a wheel, a documentation page.
//!
//! A [`Source`] knows its services' names at once and reads a service when asked for it.

mod archive;
mod beside;
mod corrected;
mod folder;
mod naming;
mod packed;
mod version;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use self::archive::Archive;
use self::folder::Models;
use self::naming::named;
use self::packed::{GZIP, unpacked};
use super::aliases::Aliases;
use super::errata::Errata;
use super::{Identity, Ingested, api_changes, botocore, smithy};
use crate::error::{Error, Result};
use crate::limits::{self, SOURCE_BYTES};
use crate::model::Correction;

const REMEDY: &str = "A model source is a service-2.json (or .json.gz), a botocore folder, a botocore wheel (.whl), a \
                      Smithy model (.json) or a folder or zip of such, or a saved page of the AWS API change log.";

/// How errors call what came from no file.
const BYTES: &str = "<bytes>";

/// Why an erratum cannot correct a Smithy model or a page.
const FOREIGN: &str = "the model is not botocore's";

/// An opened source of models.
#[derive(Debug, Clone)]
pub struct Source {
    origin: PathBuf,
    kind: Kind,
    aliases: Aliases,
    errata: Errata,
}

#[derive(Debug, Clone)]
enum Kind {
    /// One service, read already.
    Single(Box<Ingested>),
    /// Model files of a folder by service.
    Folder(BTreeMap<String, PathBuf>),
    Archive(Archive),
}

impl Source {
    /// Opens the source at `path` and lists its services.
    ///
    /// # Errors
    /// The path cannot be read, or there is no model in it.
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_corrected(path, &Errata::default())
    }

    /// The same with models corrected as they are read.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn open_corrected(path: &Path, errata: &Errata) -> Result<Self> {
        let metadata = fs::metadata(path).map_err(|error| Error::io(path, error).remedy(REMEDY))?;
        let kind = if metadata.is_dir() {
            match folder::look(path)? {
                Models::One(file) => open_file(&file, errata)?,
                Models::ByService(files) => Kind::Folder(files),
            }
        } else {
            open_file(path, errata)?
        };
        let (kind, aliases) = named(kind, path)?;
        Ok(Self { origin: path.to_owned(), kind, aliases, errata: errata.clone() })
    }

    /// A source whose bytes are at hand: a model, packed or not, or an archive of models. What stands beside a file is not
    /// there.
    ///
    /// # Errors
    /// There is no model in them.
    pub fn of_bytes(bytes: Vec<u8>, errata: &Errata) -> Result<Self> {
        let origin = Path::new(BYTES);
        let (kind, aliases) = named(open_bytes(bytes, origin, errata)?, origin)?;
        Ok(Self { origin: origin.to_owned(), kind, aliases, errata: errata.clone() })
    }

    /// The errata that its models are corrected by.
    pub fn errata(&self) -> &Errata {
        &self.errata
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
            Kind::Folder(files) => files.values().all(|model| folder::is_model_file(model)),
            Kind::Archive(archive) => archive.files.values().all(|model| folder::is_model_file(model.as_ref())),
        }
    }

    /// Canonical names of the services it holds, sorted.
    pub fn services(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Single(ingested) => vec![&ingested.service.name],
            Kind::Folder(files) => files.keys().map(String::as_str).collect(),
            Kind::Archive(archive) => archive.files.keys().map(String::as_str).collect(),
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
        let model = self.model(service)?.unwrap_or_default();
        let beside = |name: &str| self.beside(&model, name);
        let mut ingested = parse_model(&text, &place, Some(service), &self.errata, |document| {
            corrected::correct(document, &model, Some(service), &self.errata, beside)
        })?;
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
        // Only botocore's layout has companions.
        let Some(place) = self.model(service)?.filter(|place| folder::is_model_file(place)) else {
            return Ok(Some(ingested));
        };
        let companions = botocore::companions::read(|name| self.beside(&place, name));
        ingested.service.companions = companions.map_err(|error| error.at(place.with_file_name("")))?;
        Ok(Some(ingested))
    }

    /// The path of a service's model, within the archive where it is in one.
    fn model(&self, service: &str) -> Result<Option<PathBuf>> {
        Ok(match &self.kind {
            Kind::Single(_) if self.origin.is_file() => Some(self.origin.clone()),
            Kind::Single(_) => folder::model_of_service(&self.origin)?,
            Kind::Folder(files) => files.get(service).cloned(),
            Kind::Archive(archive) => archive.files.get(service).map(PathBuf::from),
        })
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
                let folders = folder.map(folder::folders).transpose()?.unwrap_or_default();
                let has_model = |folder: &&PathBuf| folder::MODEL_FILES.iter().any(|file| folder.join(file).is_file());
                Ok(folders.iter().filter(has_model).filter_map(|folder| name(folder)).collect())
            }
            Kind::Archive(archive) => Ok(archive.versions(service)),
        }
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
                (limits::read(path, SOURCE_BYTES)?, path.clone())
            }
            Kind::Archive(archive) => {
                let Some(name) = archive.files.get(service) else { return Ok(None) };
                let place = self.origin.join(name);
                let Some(bytes) = archive.read(name).map_err(|error| error.at(&place))? else { return Ok(None) };
                (bytes, place)
            }
        };
        Ok(Some((unpacked(&bytes, &place)?, place)))
    }
}

fn open_file(path: &Path, errata: &Errata) -> Result<Kind> {
    if path.extension().is_some_and(|extension| extension == "smithy") {
        return Err(in_idl(path));
    }
    open_bytes(limits::read(path, SOURCE_BYTES)?, path, errata)
}

fn open_bytes(bytes: Vec<u8>, path: &Path, errata: &Errata) -> Result<Kind> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Kind::Archive(Archive::open(bytes, path)?));
    }
    if let Ok(text) = std::str::from_utf8(&bytes)
        && api_changes::is_page(text)
    {
        let page = api_changes::parse(text, &path.display().to_string())?;
        errata.pass_over(&page.ingested.service.name, FOREIGN);
        return Ok(Kind::Single(Box::new(page.ingested)));
    }
    if !bytes.starts_with(&GZIP) && bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(Error::new("no model of a kind that is known").at(path).remedy(REMEDY));
    }
    let name = folder::service_of(path);
    let read = parse_model(&unpacked(&bytes, path)?, path, name.as_deref(), errata, |document| {
        corrected::correct(document, path, name.as_deref(), errata, |name| beside::of_file(path, name))
    });
    Ok(Kind::Single(Box::new(read?)))
}

/// The error about a Smithy model in the language that people write, which takes all files of a model and what they use.
pub(super) fn in_idl(path: &Path) -> Error {
    Error::new("a Smithy model in IDL, which is not read").at(path).remedy(
        "`smithy ast FOLDER > model.json` writes all files of a model as the JSON that is read here (smithy.io/2.0/guides/smithy-cli).",
    )
}

/// Whether a model's text is one of Smithy's. Botocore's are known by their names, too.
fn is_smithy(text: &[u8], place: &Path) -> bool {
    !folder::is_model_file(place) && smithy::is_model(text)
}

fn parse_model(
    text: &[u8],
    place: &Path,
    name: Option<&str>,
    errata: &Errata,
    correct: impl FnOnce(&mut serde_json::Value) -> Result<Vec<Correction>>,
) -> Result<Ingested> {
    let read = if is_smithy(text, place) {
        smithy::parse(text).inspect(|ingested| errata.pass_over(&ingested.service.name, FOREIGN))
    } else {
        botocore::parse_corrected(text, name, correct)
    };
    read.map_err(|error| match error.path() {
        // An error below the model's own keys keeps them as part of its cause.
        Some(inner) => Error::new(format!("{}: {}", inner.display(), error.cause())).at(place),
        None => error.at(place),
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

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
    fn a_model_in_idl_is_refused_with_the_way_to_make_one_of_json() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        put(dir.path(), "thing/model/main.smithy", b"namespace a.b");
        for path in ["thing", "thing/model", "thing/model/main.smithy"] {
            let error = Source::open(&dir.path().join(path)).expect_err("IDL").to_string();
            assert!(error.contains("main.smithy: a Smithy model in IDL") && error.contains("smithy ast"), "{error}");
        }
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

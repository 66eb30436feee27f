//! Where models come from: a file, a folder, a wheel, a documentation page.
//!
//! A [`Source`] knows its services' names at once and reads a service when asked for it.

mod archive;
mod beside;
mod bytes;
mod corrected;
mod folder;
mod named;
mod naming;
mod packed;
#[cfg(test)]
mod tests;
mod version;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use self::archive::Archive;
use self::bytes::Bytes;
use self::folder::Models;
use self::naming::{Named, named};
use self::packed::{GZIP, unpacked};
use super::aliases::Aliases;
use super::botocore::unread::Corrections;
use super::errata::Errata;
use super::pinned::Pin;
use super::{Identity, Ingested, api_changes, botocore, in_model, smithy};
use crate::error::{Error, Result};
use crate::limits::{self, SOURCE_BYTES};
use crate::model::Service;

const REMEDY: &str = "A model source is a service-2.json (or .json.gz), a botocore folder, a botocore wheel (.whl), a \
                      Python environment, for a command `botocore` (the installed one), botocore==VERSION or a lock \
                      file that pins it (uv.lock, poetry.lock, Pipfile.lock, requirements.txt), a Smithy model (.json) or a folder or zip of such, or a saved \
                      page of the AWS API change log.";

/// What to do where a source is not there.
const ABSENT: &str = "Name a model source that is there; for a command, `botocore` is the installed one.";

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
    /// What names services in traffic, where it was read along with their names.
    identities: Arc<BTreeMap<String, Identity>>,
    errata: Errata,
    /// What of a lock file it was opened by.
    pin: Option<Box<Pin>>,
    /// The product and version that its models are of, looked up when first asked for.
    release: OnceLock<Option<Box<(String, String)>>>,
}

#[derive(Debug, Clone)]
enum Kind {
    /// One service, read already.
    Single(Box<Ingested>),
    /// Model files of a folder by service.
    Folder(BTreeMap<String, PathBuf>),
    Archive(Box<Archive>),
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
        let metadata = fs::metadata(path).map_err(|error| {
            let error = Error::io(path, error);
            if error.is_not_found() { error.remedy(ABSENT) } else { error }
        })?;
        let kind = if metadata.is_dir() {
            match folder::look(path)? {
                Models::One(file) => open_file(&file, errata)?,
                Models::ByService(files) => Kind::Folder(files),
            }
        } else {
            open_file(path, errata)?
        };
        Ok(Self::of(named(kind, path)?, path, errata))
    }

    /// A source whose bytes are at hand: a model, packed or not, or an archive of models. What stands beside a file is not
    /// there.
    ///
    /// # Errors
    /// There is no model in them.
    pub fn of_bytes(bytes: Vec<u8>, errata: &Errata) -> Result<Self> {
        let origin = Path::new(BYTES);
        Ok(Self::of(named(open_bytes(bytes, origin, errata)?, origin)?, origin, errata))
    }

    fn of(named: Named, origin: &Path, errata: &Errata) -> Self {
        let Named { kind, aliases, identities } = named;
        let (identities, errata) = (Arc::new(identities), errata.clone());
        Self { origin: origin.to_owned(), kind, aliases, identities, errata, pin: None, release: OnceLock::new() }
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
        let mut ingested = parse_model(&text, (&place, &model), Some(service), &self.errata, beside)?;
        // A twin keeps the name of its folder.
        service.clone_into(&mut ingested.service.name);
        Ok(Some(ingested))
    }

    /// Reads one service for traffic: shapes that no exchange reaches are not read. Where that cannot be, it is read whole.
    ///
    /// # Errors
    /// As [`Source::load`], but for what is wrong with single shapes, which is an error when they are read.
    pub fn load_for_traffic(&self, service: &str) -> Result<Option<Service>> {
        if let Some(unread) = self.unread(service)? {
            return Ok(Some(unread));
        }
        Ok(self.load(service)?.map(|ingested| ingested.service))
    }

    /// A service with its shapes unread; `None` where it has to be read whole.
    fn unread(&self, service: &str) -> Result<Option<Service>> {
        let Some(model) = self.model(service)?.filter(|place| folder::is_model_file(place)) else { return Ok(None) };
        // One model alone was read whole when it was opened.
        let Some((text, place)) = self.text(service)? else { return Ok(None) };
        let beside = |name: &str| self.beside(&model, name);
        let corrections = Corrections {
            parts: &|service_id| corrected::parts(service_id, Some(service), &self.errata, beside),
            correct: &|document| corrected::correct(document, &model, Some(service), &self.errata, beside),
        };
        let mut unread = botocore::unread::parse(text, Some(service), &place, &corrections);
        if let Some(unread) = &mut unread {
            service.clone_into(&mut unread.name);
        }
        Ok(unread)
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
        if let Some(identity) = self.identities.get(service) {
            return Ok(identity.clone());
        }
        let Some((text, place)) = self.text(service)? else { return Ok(Identity::default()) };
        let read = if is_smithy(&text, &place) { smithy::identity(&text) } else { botocore::identity(&text) };
        read.map_err(|error| error.at(place))
    }

    /// Names of a service's operations, without the rest of its model.
    ///
    /// # Errors
    /// Its model cannot be read.
    pub fn operation_names(&self, service: &str) -> Result<Vec<String>> {
        if let Kind::Single(ingested) = &self.kind {
            return Ok(ingested.service.operations.keys().cloned().collect());
        }
        let Some((text, place)) = self.text(service)? else { return Ok(Vec::new()) };
        let read =
            if is_smithy(&text, &place) { smithy::operation_names(&text) } else { botocore::operation_names(&text) };
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
    match archive_file(path) {
        Some(bytes) => Ok(Kind::Archive(Box::new(Archive::open(bytes, path)?))),
        None => open_bytes(limits::read(path, SOURCE_BYTES)?, path, errata),
    }
}

/// The bytes of an archive that is a file of a size that an archive may have.
fn archive_file(path: &Path) -> Option<Bytes> {
    let mut file = fs::File::open(path).ok()?;
    let length = file.metadata().ok().filter(fs::Metadata::is_file)?.len();
    let mut start = [0; ARCHIVE.len()];
    file.read_exact(&mut start).ok()?;
    if start == *ARCHIVE && length <= SOURCE_BYTES { Bytes::of(file) } else { None }
}

/// How archives begin.
const ARCHIVE: &[u8; 4] = b"PK\x03\x04";

fn open_bytes(bytes: Vec<u8>, path: &Path, errata: &Errata) -> Result<Kind> {
    if bytes.starts_with(ARCHIVE) {
        return Ok(Kind::Archive(Box::new(Archive::open(Bytes::at_hand(bytes), path)?)));
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
    let beside = |file: &str| beside::of_file(path, file);
    let read = parse_model(&unpacked(&bytes, path)?, (path, path), name.as_deref(), errata, beside);
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

/// Reads a model at a place, whose file is `model` within its archive; `beside` has the texts of the files beside it.
fn parse_model(
    text: &[u8],
    (place, model): (&Path, &Path),
    name: Option<&str>,
    errata: &Errata,
    beside: impl Fn(&str) -> Result<Option<Vec<u8>>>,
) -> Result<Ingested> {
    let read = if is_smithy(text, place) {
        smithy::parse(text).inspect(|ingested| errata.pass_over(&ingested.service.name, FOREIGN))
    } else {
        let may_correct = |service_id: Option<&str>| corrected::may_correct(service_id, name, errata, &beside);
        let correct = |document: &mut Value| corrected::correct(document, model, name, errata, &beside);
        botocore::parse_corrected(text, name, may_correct, correct)
    };
    read.map_err(|error| in_model(&error, place))
}

//! Models in a wheel or zip.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use zip::ZipArchive;

use super::REMEDY;
use super::bytes::Bytes;
use super::folder::MODEL_FILES;
use super::naming::stated;
use super::packed::head;
use crate::error::{Error, Result};
use crate::ingest::aliases::Stated;
use crate::ingest::smithy::layout;
use crate::limits::{self, MODEL_BYTES};

/// An archive with models.
#[derive(Debug, Clone)]
pub(super) struct Archive {
    zip: ZipArchive<Bytes>,
    /// Names of its model files by service, the newest API version of each.
    pub(super) files: BTreeMap<String, String>,
    /// API versions by folder of botocore's layout: there are thousands of entries, and each service is asked for.
    versions: BTreeMap<String, BTreeSet<String>>,
}

impl Archive {
    /// Opens an archive and finds its models.
    pub(super) fn open(bytes: Bytes, path: &Path) -> Result<Self> {
        let zip = ZipArchive::new(bytes)
            .map_err(|error| Error::new(format!("not a readable wheel or zip: {error}")).at(path))?;
        let mut archive = Self { zip, files: BTreeMap::new(), versions: BTreeMap::new() };
        archive.list_botocore_models();
        if archive.files.is_empty() {
            archive.files = archive.smithy_models();
        }
        if archive.files.is_empty() {
            return Err(Error::new("an archive without models").at(path).remedy(REMEDY));
        }
        Ok(archive)
    }

    /// The content of an entry; `None` where there is no such entry.
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        // What is not there by its bytes is looked for among all decoded names, of which a wheel has twelve thousand.
        let found =
            if name.is_ascii() { self.zip.index_for_name_raw(name.as_bytes()) } else { self.zip.index_for_name(name) };
        let Some(index) = found else { return Ok(None) };
        let mut zip = self.zip.clone();
        let entry = zip.by_index(index).map_err(|error| Error::new(error.to_string()))?;
        let length = entry.size();
        limits::read_sized(entry, length, Path::new(name), MODEL_BYTES).map(Some)
    }

    /// The names that a model gives its service.
    pub(super) fn stated(&self, name: &str) -> Stated {
        stated(self.zip.clone().by_name(name), name.as_ref())
    }

    /// API versions of a service of botocore's layout, sorted.
    pub(super) fn versions(&self, service: &str) -> Vec<String> {
        let folder = self.files.get(service).and_then(|model| botocore_model(model)).map(|(folder, _)| folder);
        folder.and_then(|folder| self.versions.get(folder)).into_iter().flatten().cloned().collect()
    }

    /// The last day on which one of its models was packed; `None` where the archive keeps no days.
    pub(super) fn day(&self) -> Option<String> {
        let mut zip = self.zip.clone();
        let packed = |name: &String| {
            let index = zip.index_for_name(name)?;
            zip.by_index_raw(index).ok()?.last_modified()
        };
        let newest = self.files.values().filter_map(packed).max()?;
        let (year, month, day) = (newest.year(), newest.month(), newest.day());
        // Archives without times begin with the epoch of the format.
        (year > 1980).then(|| format!("{year:04}-{month:02}-{day:02}"))
    }

    /// Name and version of a wheel, which its installer's notes are named by: `botocore-1.44.5.dist-info`.
    pub(super) fn release(&self) -> Option<(String, String)> {
        let notes =
            self.names().into_iter().find_map(|name| name.split_once(".dist-info/").map(|(own, _)| own.to_owned()));
        notes?.rsplit_once('-').map(|(name, version)| (name.to_owned(), version.to_owned()))
    }

    fn names(&self) -> Vec<String> {
        self.zip.file_names().filter_map(|name| Some(name.ok()?.to_string())).collect()
    }

    fn list_botocore_models(&mut self) {
        let mut names = self.names();
        // The newest version comes last and wins.
        names.sort_unstable();
        for name in names {
            let Some((folder, version)) = botocore_model(&name) else { continue };
            self.versions.entry(folder.to_owned()).or_default().insert(version.to_owned());
            self.files.insert(folder.to_owned(), name);
        }
    }

    /// Smithy's models. A folder that holds everything is passed over.
    fn smithy_models(&self) -> BTreeMap<String, String> {
        let names = self.names();
        let below = |root: &str| -> Vec<(String, String)> {
            let models = layout::models(names.iter().filter_map(|name| name.strip_prefix(root)));
            models.into_iter().map(|(service, path)| (service, format!("{root}{path}"))).collect()
        };
        let mut found = below("");
        if let (true, Some((root, _))) = (found.is_empty(), names.first().and_then(|name| name.split_once('/'))) {
            found = below(&format!("{root}/"));
        }
        let is_model = |(_, name): &(String, String)| {
            let mut zip = self.zip.clone();
            zip.by_name(name).is_ok_and(|entry| layout::is_head(&head(entry, layout::HEAD)))
        };
        found.into_iter().filter(is_model).collect()
    }
}

/// Service and version of an entry `…/data/<service>/<version>/service-2.json`.
fn botocore_model(name: &str) -> Option<(&str, &str)> {
    match name.split('/').collect::<Vec<_>>()[..] {
        [.., "data", service, version, file] if MODEL_FILES.contains(&file) => Some((service, version)),
        _ => None,
    }
}

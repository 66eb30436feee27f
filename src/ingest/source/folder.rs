//! Where model files are in a folder: in botocore's layout, wherever it begins, or in one of Smithy's.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::packed::head;
use super::{REMEDY, in_idl};
use crate::error::{Error, Result};
use crate::ingest::installed;
use crate::ingest::pinned;
use crate::ingest::smithy::layout;
use crate::text::is_day;

/// Name of a model, without `.gz`.
pub(super) const MODEL: &str = "service-2.json";
pub(super) const MODEL_FILES: [&str; 2] = ["service-2.json", "service-2.json.gz"];
/// Where botocore's `data` folder lies below what people name: itself, the package, an environment, the AWS CLI.
const DATA_FOLDERS: [&str; 5] = ["", "data", "botocore/data", "awscli/botocore/data", "dist/awscli/botocore/data"];

/// What a folder holds.
pub(super) enum Models {
    /// The one model of a service, whose name is its own to say.
    One(PathBuf),
    /// Models by service.
    ByService(BTreeMap<String, PathBuf>),
}

/// In botocore's layout (`<service>/<version>/service-2.json`) the service's name.
pub(super) fn service_of(path: &Path) -> Option<String> {
    let version = path.parent()?;
    if !version.file_name()?.to_str().is_some_and(is_day) {
        return None;
    }
    version.parent()?.file_name()?.to_str().map(str::to_owned)
}

/// Looks for models in a folder.
pub(super) fn look(path: &Path) -> Result<Models> {
    if let Some(model) = model_of_service(path)? {
        return Ok(Models::One(model));
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
            return Ok(Models::ByService(files));
        }
    }
    if let Some(installed) = installed::in_environment(path) {
        return look(&installed.folder);
    }
    if path.join("pyvenv.cfg").is_file() {
        return Err(Error::new("a Python environment without botocore").at(path).remedy(REMEDY));
    }
    let files = smithy_models(path)?;
    match files.values().next() {
        None => Err(nothing_in(path)?),
        Some(model) if files.len() == 1 => Ok(Models::One(model.clone())),
        Some(_) => Ok(Models::ByService(files)),
    }
}

/// The error about a folder without models, by what is there instead.
fn nothing_in(path: &Path) -> Result<Error> {
    if let Some(written) = idl_in(path) {
        return Ok(in_idl(&written));
    }
    let wheels = pinned::wheels_in(path)?;
    Ok(match wheels.last().and_then(|newest| pinned::wheel_version(newest)) {
        Some(newest) => Error::new("a folder of wheels, of which one has to be named").at(path).remedy(format!(
            "The wheel itself is a source, and so is botocore=={newest} where --wheels names the folder."
        )),
        None => Error::new("a folder without models").at(path).remedy(REMEDY),
    })
}

/// A file of Smithy's IDL in a folder, or in the `model` folder that a project keeps it in.
fn idl_in(folder: &Path) -> Option<PathBuf> {
    let is_idl = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "smithy");
    let files = [folder.to_owned(), folder.join("model")].into_iter().filter_map(|folder| fs::read_dir(folder).ok());
    files.flatten().flatten().map(|entry| entry.path()).filter(is_idl).min()
}

/// Smithy models below a folder, by service.
fn smithy_models(root: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let mut paths = Vec::new();
    list_files(root, "", SMITHY_DEPTH, &mut paths)?;
    let mut found = BTreeMap::new();
    for (service, path) in layout::models(paths.iter().map(String::as_str)) {
        let path = root.join(path);
        let file = fs::File::open(&path).map_err(|error| Error::io(&path, error))?;
        if layout::is_head(&head(file, layout::HEAD)) {
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

/// The model in a folder of one service, or of one version of it.
pub(super) fn model_of_service(path: &Path) -> Result<Option<PathBuf>> {
    let own = MODEL_FILES.map(|file| path.join(file)).into_iter().find(|file| file.is_file());
    own.map_or_else(|| newest_version(path), |file| Ok(Some(file)))
}

pub(super) fn is_model_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| MODEL_FILES.iter().any(|file| name == *file))
}

/// The model of the newest API version below a service's folder.
fn newest_version(service: &Path) -> Result<Option<PathBuf>> {
    let mut versions = folders(service)?;
    versions.sort();
    let models = versions.iter().rev().flat_map(|version| MODEL_FILES.map(|file| version.join(file)));
    Ok(models.into_iter().find(|model| model.is_file()))
}

pub(super) fn folders(path: &Path) -> Result<Vec<PathBuf>> {
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

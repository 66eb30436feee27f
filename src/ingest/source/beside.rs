//! What stands beside a model: its text, and the bytes of a service as a whole.

use std::path::{Path, PathBuf};

use super::folder::MODEL;
use super::packed::{timeless, unpacked};
use super::{Kind, Source};
use crate::error::Result;
use crate::ingest::botocore::companions::{FILES, extras};
use crate::limits::{self, MODEL_BYTES};

impl Source {
    /// The bytes of a service's model and of what stands beside it, packed or not, but for the times in them; `None` where
    /// that is not all there is to say of it. Services whose bytes are equal differ in nothing.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn bytes(&self, service: &str) -> Result<Option<Vec<Vec<u8>>>> {
        let (model, bytes) = match &self.kind {
            Kind::Single(_) => return Ok(None),
            Kind::Folder(files) => {
                let Some(path) = files.get(service) else { return Ok(None) };
                (path.clone(), Some(limits::read(path, MODEL_BYTES)?))
            }
            Kind::Archive(archive) => {
                let Some(name) = archive.files.get(service) else { return Ok(None) };
                (PathBuf::from(name), archive.read(name)?)
            }
        };
        let mut all = vec![self.versions(service)?.join(" ").into_bytes(), timeless(bytes.unwrap_or_default())];
        let extras = [MODEL].into_iter().chain(FILES).map(extras);
        for name in FILES.map(str::to_owned).into_iter().chain(extras) {
            all.push(self.packed_beside(&model, &name)?.map(|(bytes, _)| timeless(bytes)).unwrap_or_default());
        }
        Ok(Some(all))
    }

    /// The text of a file beside a model.
    pub(super) fn beside(&self, model: &Path, name: &str) -> Result<Option<Vec<u8>>> {
        self.packed_beside(model, name)?.map(|(bytes, path)| unpacked(&bytes, &path)).transpose()
    }

    /// The bytes of a file beside a model, packed or not, with its path.
    fn packed_beside(&self, model: &Path, name: &str) -> Result<Option<(Vec<u8>, PathBuf)>> {
        for file in [name.to_owned(), format!("{name}.gz")] {
            let path = model.with_file_name(&file);
            let bytes = match &self.kind {
                Kind::Archive(archive) => archive.read(&path.to_string_lossy())?,
                _ => read(&path)?,
            };
            if let Some(bytes) = bytes {
                return Ok(Some((bytes, path)));
            }
        }
        Ok(None)
    }
}

/// The text of a file beside a model that is a file.
pub(super) fn of_file(model: &Path, name: &str) -> Result<Option<Vec<u8>>> {
    for file in [name.to_owned(), format!("{name}.gz")] {
        let path = model.with_file_name(&file);
        if let Some(bytes) = read(&path)? {
            return unpacked(&bytes, &path).map(Some);
        }
    }
    Ok(None)
}

fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    if path.is_file() { limits::read(path, MODEL_BYTES).map(Some) } else { Ok(None) }
}

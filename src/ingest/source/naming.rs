//! The names that the services of a source have.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use super::Kind;
use super::folder;
use super::packed::unpacking;
use crate::error::Result;
use crate::ingest::aliases::{Aliases, Stated, settle};
use crate::ingest::{Identity, botocore, smithy};
use crate::limits::MODEL_BYTES;

/// Names the services, and finds the other names that they have.
pub(super) fn named(kind: Kind, path: &Path) -> Result<Named> {
    let mut identities = BTreeMap::new();
    let (kind, aliases) = match kind {
        Kind::Single(ingested) => {
            let model = if path.is_dir() { folder::model_of_service(path)? } else { None };
            let file = model.unwrap_or_else(|| path.to_owned());
            let own = folder::service_of(&file).into_iter().chain(smithy::layout::service_of(&file));
            let aliases = Aliases::of_one(&ingested.service.name, &ingested.stated, own);
            (Kind::Single(ingested), aliases)
        }
        Kind::Folder(files) => {
            let settled = settle(files, |path| stated(fs::File::open(path), path));
            identities = settled.identities;
            (Kind::Folder(settled.places), settled.aliases)
        }
        Kind::Archive(mut archive) => {
            let settled = settle(std::mem::take(&mut archive.files), |name| archive.stated(name));
            archive.files = settled.places;
            identities = settled.identities;
            (Kind::Archive(archive), settled.aliases)
        }
    };
    Ok(Named { kind, aliases, identities })
}

/// A source with the names of its services.
pub(super) struct Named {
    pub(super) kind: Kind,
    pub(super) aliases: Aliases,
    /// What names services in traffic, where the beginning of their models says it.
    pub(super) identities: BTreeMap<String, Identity>,
}

/// The names that a model gives its service; none where it cannot be read, which is an error when it is loaded.
pub(super) fn stated<E>(file: std::result::Result<impl Read, E>, place: &Path) -> Stated {
    let Ok(file) = file else { return Stated::default() };
    // What is larger is no model, and is refused when it is loaded.
    let mut text = unpacking(file).take(MODEL_BYTES);
    if folder::is_model_file(place) {
        return botocore::stated(text);
    }
    let mut whole = Vec::new();
    let _ = text.read_to_end(&mut whole);
    smithy::stated(&whole)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn names_are_not_looked_for_without_end() {
        for name in ["service-2.json", "model.json"] {
            let mut endless = io::repeat(b' ').take(4 * MODEL_BYTES);
            stated(Ok::<_, io::Error>(&mut endless), name.as_ref());
            assert!(endless.limit() > 2 * MODEL_BYTES, "{name}: {} bytes are left", endless.limit());
        }
    }
}

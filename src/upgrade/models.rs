//! One side of a comparison.

use std::collections::BTreeSet;

use crate::check::Catalog;
use crate::error::Result;
use crate::ingest::Ingested;
use crate::ingest::embedded::Embedded;
use crate::ingest::names::canonical;
use crate::ingest::source::Source;

/// Models of one side.
#[derive(Debug)]
pub enum Models {
    /// A file, folder, wheel or page.
    Source(Source),
    /// A contract within the binary.
    Embedded(&'static Embedded),
}

impl Models {
    /// What people call it.
    pub fn label(&self) -> String {
        match self {
            Self::Source(source) => source.label(),
            Self::Embedded(embedded) => format!("{}@{}", embedded.service, embedded.release),
        }
    }

    /// The file or folder that names it, and the line where it is a lock file; `None` for a contract within the binary.
    pub fn file(&self) -> Option<(String, Option<usize>)> {
        match self {
            Self::Source(source) => Some(match source.pin() {
                Some(pin) => (pin.file.display().to_string(), Some(pin.line)),
                None => (source.origin().display().to_string(), None),
            }),
            Self::Embedded(_) => None,
        }
    }

    /// Canonical names of its services, sorted.
    pub fn services(&self) -> Vec<&str> {
        match self {
            Self::Source(source) => source.services(),
            Self::Embedded(embedded) => vec![embedded.service],
        }
    }

    /// The canonical name of the service that a user means by a name; `None` where none is called so.
    pub fn called(&self, name: &str) -> Option<String> {
        match self {
            Self::Source(source) => source.aliases().called(name).map(str::to_owned),
            Self::Embedded(embedded) => Some(canonical(name)).filter(|name| name == embedded.service),
        }
    }

    /// Reads one service, with what stands beside its model; `None` where it is not held.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn load(&self, service: &str) -> Result<Option<Ingested>> {
        match self {
            Self::Source(source) => source.load_with_companions(service),
            Self::Embedded(embedded) if embedded.service == service => embedded.load().map(Some),
            Self::Embedded(_) => Ok(None),
        }
    }

    /// Whether the other side has the same of a service, byte for byte, so that neither need be read.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(super) fn has_the_same(&self, other: &Self, service: &str) -> Result<bool> {
        let (Self::Source(one), Self::Source(two)) = (self, other) else { return Ok(false) };
        let Some(bytes) = one.bytes(service)? else { return Ok(false) };
        Ok(two.bytes(service)?.is_some_and(|others| others == bytes))
    }

    /// The same contracts, for traffic to be held against.
    pub fn catalog(&self) -> Catalog {
        let mut catalog = Catalog::default();
        match self {
            Self::Source(source) => catalog.add_source(source.clone()),
            Self::Embedded(embedded) => catalog.add_embedded(embedded),
        }
        catalog
    }

    /// API versions of a service, where the source tells them apart.
    ///
    /// # Errors
    /// A folder cannot be listed.
    pub fn versions(&self, service: &str) -> Result<Vec<String>> {
        match self {
            Self::Source(source) => source.versions(service),
            Self::Embedded(_) => Ok(Vec::new()),
        }
    }
}

/// Services that are second names of one that the other side has under its canonical name.
///
/// Folders of botocore are names that SDK users call, so one that goes is a service that goes. A Smithy model has no second
/// name, and lacks none.
pub(super) fn second_names(old: &Models, new: &Models) -> BTreeSet<String> {
    let (Models::Source(one), Models::Source(two)) = (old, new) else { return BTreeSet::new() };
    if one.is_botocore() == two.is_botocore() {
        return BTreeSet::new();
    }
    let lacks = |other: &Source, service: &str| !other.services().contains(&service);
    let twins = |own: &Source, other: &Source| -> Vec<String> {
        let twins = own.services().into_iter().filter(|service| own.aliases().is_twin(service));
        twins.filter(|service| lacks(other, service)).map(str::to_owned).collect()
    };
    twins(one, two).into_iter().chain(twins(two, one)).collect()
}

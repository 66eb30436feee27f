//! The version of what a source of models is.

use super::{Kind, Source};
use crate::ingest::installed;

impl Source {
    /// The version of botocore or the AWS CLI that the models are of; of a single model its API version. `None` where
    /// nothing says it.
    pub fn version(&self) -> Option<String> {
        match &self.kind {
            Kind::Single(ingested) => ingested.service.api_version.known().cloned(),
            Kind::Folder(_) | Kind::Archive(_) => self.release().map(|(_, version)| version.clone()),
        }
    }

    /// The release of botocore that the models are of, where something says it.
    pub fn botocore(&self) -> Option<String> {
        self.release().filter(|(product, _)| product == "botocore").map(|(_, version)| version.clone())
    }

    /// The day on which a wheel's models were packed, which is that of its release; of a page the day that it states.
    pub fn day(&self) -> Option<String> {
        match &self.kind {
            Kind::Archive(archive) => archive.day(),
            Kind::Single(ingested) => ingested.service.release.known().cloned(),
            Kind::Folder(_) => None,
        }
    }

    /// The product that the models are of with its version, as people name it: `botocore 1.44.8`. `None` of a single model, and
    /// where nothing says it.
    pub fn release_name(&self) -> Option<String> {
        self.release().map(|(product, version)| format!("{product} {version}"))
    }

    /// The product that the models are of, and its version; `None` of a single model, and where nothing says it.
    pub(super) fn release(&self) -> Option<&(String, String)> {
        let look = || match &self.kind {
            Kind::Single(_) => None,
            Kind::Folder(_) => {
                let installed = installed::around(&self.origin)?;
                Some((installed.product.to_string(), installed.version?))
            }
            Kind::Archive(archive) => archive.release(),
        };
        self.release.get_or_init(|| look().map(Box::new)).as_deref()
    }
}

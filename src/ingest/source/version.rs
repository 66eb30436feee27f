//! The version of what a source of models is.

use super::{Kind, Source};
use crate::ingest::installed;

impl Source {
    /// The version of botocore or the AWS CLI that the models are of; of a single model its API version. `None` where
    /// nothing says it.
    pub fn version(&self) -> Option<String> {
        match &self.kind {
            Kind::Single(ingested) => ingested.service.api_version.known().cloned(),
            Kind::Folder(_) => installed::version_of(&self.origin),
            Kind::Archive(archive) => archive.version(),
        }
    }
}

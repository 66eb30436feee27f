//! Sources of contracts → [`Service`].
//!
//! One file per source. A source is read whole and strictly: what it holds and the model cannot express is returned
//! as a [`Loss`], what it should hold and does not is an [`Error`](crate::error::Error).

pub mod aliases;
pub mod api_changes;
mod bodies;
pub mod botocore;
pub mod embedded;
pub mod errata;
mod fields;
pub mod installed;
mod json;
pub mod names;
mod nesting;
pub mod pinned;
pub mod smithy;
pub mod source;
mod targets;

use std::path::Path;

use self::aliases::Stated;
pub(crate) use self::nesting::{check_below, check_whole};
use crate::error::Error;
use crate::model::Service;

/// A service read from a source, with what did not make it into the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Ingested {
    /// The language the source is written in.
    pub dialect: Dialect,
    /// The facts.
    pub service: Service,
    /// The names that the source gives the service.
    pub stated: Stated,
    /// What the source says beyond them.
    pub losses: Vec<Loss>,
    /// A digest of the documentation's words, which are not read; `None` where there are none.
    pub prose: Option<u64>,
}

/// The language a source is written in. What is said beyond the model is told apart within one language alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// A botocore model.
    Botocore,
    /// A Smithy model.
    Smithy,
    /// A documentation page.
    Page,
}

/// A statement of the source that the model has no place for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// Where in the source, such as `shapes.Foo.members.bar`.
    pub place: String,
    /// Name of the trait or key.
    pub what: String,
    /// What it is set to, as JSON.
    pub value: String,
}

/// An error about a place within a model, as one about the model. What is below the model's own keys keeps them as part of
/// the cause.
fn in_model(error: &Error, model: &Path) -> Error {
    match error.path() {
        Some(inner) => Error::new(format!("{}: {}", inner.display(), error.cause())).at(model),
        None => error.clone().at(model),
    }
}

/// What names a service in traffic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// First label of its host names.
    pub endpoint_prefix: Option<String>,
    /// Service within a credential scope.
    pub signing_name: Option<String>,
    /// Service before the operation in `X-Amz-Target`, and in the paths of rpcv2.
    pub target_prefix: Option<String>,
    /// `Version` of the query protocols.
    pub api_version: Option<String>,
}

impl Identity {
    /// What names a service whose model was read.
    pub fn of(service: &Service) -> Self {
        Self {
            endpoint_prefix: service.endpoint_prefix.known().cloned(),
            signing_name: service.signing_name.known().cloned(),
            target_prefix: service.target_prefix.clone(),
            api_version: service.api_version.known().cloned(),
        }
    }
}

//! Contracts by name, by path and from bytes.
//!
//! They are corrected by the errata within shapegate, as those of the command are.

use std::path::Path;

use super::Contract;
use crate::error::{Error, ErrorKind, Result};
use crate::ingest::aliases::listed;
use crate::ingest::embedded;
use crate::ingest::errata::Errata;
use crate::ingest::source::Source;

impl Contract {
    /// The contract within shapegate of that name: `cleanrooms` (the newest) or `cleanrooms@2023-08-30` (the one in force on
    /// that day).
    ///
    /// # Errors
    /// There is none of that name; the error lists what there is.
    pub fn embedded(name: &str) -> Result<Self> {
        Ok(Self::new(embedded::find(name)?.load_corrected(&Errata::shipped()?)?.service))
    }

    /// The contract of a service from its model: a botocore `service-2.json` (also `.json.gz`) or its folder, a Smithy model
    /// (JSON AST), a saved page of the API change log.
    ///
    /// ```
    /// use shapegate::contract::Contract;
    ///
    /// # fn main() -> Result<(), shapegate::error::Error> {
    /// let orders = Contract::from_model("fixtures/upgrades/orders/new.json")?;
    /// assert_eq!(orders.service().name, "orders");
    /// # #[cfg(feature = "harness")]
    /// shapegate::assert_conforms!(orders, "GetOrder", request, &serde_json::json!({"id": "o-1"}));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The path cannot be read, there is no model, or there are several services, of which [`Contract::from_models`] takes
    /// one.
    pub fn from_model(path: impl AsRef<Path>) -> Result<Self> {
        Self::only(&Source::open_corrected(path.as_ref(), &Errata::shipped()?)?)
    }

    /// The contract of one service of a source that may hold several: a botocore wheel or folder, a folder or zip of Smithy
    /// models. `service` is botocore's name of its folder, its service id or what the model's file is called.
    ///
    /// # Errors
    /// The path cannot be read, there is no model, or no service is called so; the error lists those that are there.
    pub fn from_models(path: impl AsRef<Path>, service: &str) -> Result<Self> {
        let source = Source::open_corrected(path.as_ref(), &Errata::shipped()?)?;
        let service = source.aliases().meant(service).map_err(|error| error.at(source.origin()))?;
        Self::of(&source, service)
    }

    /// The contract of a service from the bytes of its model, which [`Contract::from_model`] takes from a file:
    /// `Contract::from_bytes(include_bytes!("service-2.json.gz"))`.
    ///
    /// # Errors
    /// There is no model in them, or there are several services.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Self> {
        Self::only(&Source::of_bytes(bytes.into(), &Errata::shipped()?)?)
    }

    fn only(source: &Source) -> Result<Self> {
        let services = source.services();
        match services[..] {
            [only] => Self::of(source, only),
            _ => Err(Error::new(format!("the source holds {} services: {}", services.len(), listed(&services)))
                .kinded(ErrorKind::Ambiguous)
                .at(source.origin())
                .remedy(
                    "`Contract::from_models(path, \"NAME\")` takes one of them, and so does the path of its model.",
                )),
        }
    }

    fn of(source: &Source, service: &str) -> Result<Self> {
        let ingested = source.load(service)?;
        let gone = || Error::new(format!("the model of {service} is gone")).at(source.origin());
        Ok(Self::new(ingested.ok_or_else(gone)?.service))
    }
}

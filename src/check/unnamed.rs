//! Exchanges whose operation the recording does not name: the name in the API's spelling, or the operation that fits the
//! values best.

use std::path::Path;

use super::catalog::Catalog;
use crate::contract::{Breach, BreachKind, Fit};
use crate::error::Result;
use crate::recording::{self, Clue, Exchange, ServiceName, Unnamed};

/// Most operations that a response is said to fit. One that fits more, such as a list of tags, tells nothing.
const MANY: usize = 8;

/// What an unnamed exchange turned out to be.
#[allow(clippy::large_enum_variant, reason = "nearly all are exchanges")]
pub(super) enum Named<'a> {
    /// An exchange of a known operation, and whether others fit equally well. What the user or the recording names and
    /// the service does not have keeps that name.
    Exchange(Exchange<'a>, Option<Breach>),
    /// Nothing clear: what it is, as a noun for several of them.
    Unclear(&'static str),
}

impl Catalog {
    /// Finds out the operation of an exchange. `operation` is what the user says.
    pub(super) fn name<'a>(
        &self,
        unnamed: Unnamed<'a>,
        service: Option<&str>,
        operation: Option<&str>,
    ) -> Result<Named<'a>> {
        let Unnamed { mut exchange, clue } = unnamed;
        match (clue, operation) {
            (Clue::Spelling | Clue::User, Some(operation)) => {
                exchange.operation = operation.to_owned().into();
                self.spelt(exchange, service)
            }
            (Clue::Spelling, None) => self.spelt(exchange, service),
            (Clue::User, None) if self.meant(&exchange, service)?.is_some() => self.spelt(exchange, service),
            (Clue::Values | Clue::User, _) => self.inferred(exchange, service),
        }
    }

    /// Whether the name of a file is that of an operation that a service of these contracts has.
    pub(super) fn names_operation(&self, path: &Path, service: Option<&str>) -> bool {
        // A contract that cannot be read is told of where something is held against it.
        recording::named_by_file(path).is_some_and(|exchange| matches!(self.meant(&exchange, service), Ok(Some(_))))
    }

    /// The exchange with its operation as the API spells it.
    fn spelt<'a>(&self, exchange: Exchange<'a>, service: Option<&str>) -> Result<Named<'a>> {
        let meant = self.meant(&exchange, service)?;
        let exchange = match meant {
            Some((service, operation)) => {
                Exchange { service: ServiceName::Name(service.into()), operation: operation.into(), ..exchange }
            }
            None => exchange,
        };
        Ok(Named::Exchange(exchange, None))
    }

    /// Service and operation that an exchange's names mean, as the API spells them.
    fn meant(&self, exchange: &Exchange<'_>, service: Option<&str>) -> Result<Option<(String, String)>> {
        for catalog in self.with_fallback() {
            for candidate in catalog.candidates(exchange, service)?.0 {
                let contract = catalog.contract_for(candidate, exchange.recorded_at.as_deref())?;
                if let Some(operation) = contract.and_then(|contract| contract.operation_spelt(&exchange.operation)) {
                    return Ok(Some((candidate.to_owned(), operation.to_owned())));
                }
            }
        }
        Ok(None)
    }

    /// The exchange with the operation that fits its values best.
    fn inferred<'a>(&self, exchange: Exchange<'a>, service: Option<&str>) -> Result<Named<'a>> {
        for catalog in self.with_fallback() {
            let (mut candidates, _) = catalog.candidates(&exchange, service)?;
            if candidates.is_empty() {
                candidates = catalog.services().collect();
            }
            let mut fits: Vec<(&str, Fit)> = Vec::new();
            for candidate in candidates {
                if let Some(contract) = catalog.contract_for(candidate, exchange.recorded_at.as_deref())? {
                    fits.extend(contract.fits(&exchange, &exchange.operation)?.into_iter().map(|fit| (candidate, fit)));
                }
            }
            let least = fits.iter().map(|(_, fit)| fit.misfit).min();
            fits.retain(|(_, fit)| Some(fit.misfit) == least);
            let ambiguous = ambiguity(&fits);
            if ambiguous.is_some() && fits.len() > MANY {
                break;
            }
            let Some((first, fit)) = fits.first() else { continue };
            let service = ServiceName::Name((*first).to_owned().into());
            let operation = fit.operation.clone().into();
            return Ok(Named::Exchange(Exchange { service, operation, ..exchange }, ambiguous));
        }
        let is_error = exchange.error.is_some();
        Ok(Named::Unclear(if is_error { "errors of no known operation" } else { "values that tell no operation" }))
    }
}

/// Says that operations with different outputs fit equally well. Those that share one are judged alike.
fn ambiguity(fits: &[(&str, Fit)]) -> Option<Breach> {
    let (service, fit) = fits.first()?;
    if fits.iter().all(|(other, own)| other == service && own.output == fit.output) {
        return None;
    }
    let several = fits.iter().any(|(other, _)| other != service);
    let name = |(service, fit): &(&str, Fit)| {
        if several { format!("{service}.{}", fit.operation) } else { fit.operation.clone() }
    };
    let candidates = fits.iter().map(name).collect();
    Some(Breach::whole(BreachKind::AmbiguousOperation { candidates }))
}

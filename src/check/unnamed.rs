//! Exchanges whose operation the recording does not name: the name in the API's spelling, or the operation that fits the
//! values best.

use std::path::Path;

use super::catalog::Catalog;
use super::printed;
use crate::contract::{Breach, BreachKind, Fit, Paths};
use crate::error::Result;
use crate::recording::{self, Clue, Exchange, ServiceName, Unnamed};

/// Most operations that a response is said to fit. One that fits more, such as a list of tags, tells nothing.
const MANY: usize = 8;

/// Services that the models of a whole release are of, at least.
const MOST: usize = 100;

/// What a file may be whose name is like that of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// What the operation answers.
    Output,
    /// Something else.
    Other,
    /// No model tells.
    Open,
}

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
        paths: Paths,
    ) -> Result<Named<'a>> {
        let Unnamed { mut exchange, clue } = unnamed;
        match (clue, operation) {
            (Clue::Spelling | Clue::User, Some(operation)) => {
                exchange.operation = operation.to_owned().into();
                // A name that may be anything's names no service against what the user says, nor one that there is none of.
                if clue == Clue::User && (service.is_some() || !self.is_known(&exchange)?) {
                    exchange.service = ServiceName::Unstated { folders: Vec::new() };
                }
                self.printed(exchange, service)
            }
            (Clue::Spelling, None) => self.printed(exchange, service),
            (Clue::User, None) if self.meant(&exchange, service, || printed::keys(&exchange))?.is_some() => {
                self.printed(exchange, service)
            }
            (Clue::Values | Clue::User, _) => self.inferred(exchange, service, paths),
        }
    }

    /// Whether any contract is of the service that an exchange names.
    fn is_known(&self, exchange: &Exchange<'_>) -> Result<bool> {
        for catalog in self.with_fallback() {
            for candidate in catalog.candidates(exchange, None)?.0 {
                if catalog.contract_for(candidate, None)?.is_some() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// What a file is whose name may be that of an operation, and that holds an object with these keys.
    pub(super) fn likeness(&self, path: &Path, keys: &[String], service: Option<&str>) -> Likeness {
        let Some(exchange) = recording::named_by_file(path) else { return Likeness::Open };
        let is_unstated = service.is_none() && matches!(exchange.service, ServiceName::Unstated { .. });
        // A contract that cannot be read is told of where something is held against it.
        match self.meant(&exchange, service, || keys.to_vec()) {
            Ok(Some((service, operation))) => {
                let contract = self.with_fallback().find_map(|catalog| catalog.contract_for(&service, None).ok()?);
                let fits = contract
                    .is_none_or(|contract| contract.may_answer(&operation, keys) || contract.asks(&operation, keys));
                if fits { Likeness::Output } else { Likeness::Other }
            }
            Ok(None) if is_unstated && self.knows_most() && !self.may_answer(&exchange.operation, keys) => {
                Likeness::Other
            }
            _ => Likeness::Open,
        }
    }

    /// Whether there are the models of a whole release, so that an operation that none has is none.
    pub(super) fn knows_most(&self) -> bool {
        self.with_fallback().map(|catalog| catalog.services().count()).sum::<usize>() >= MOST
    }

    /// Whether any service has an operation of that name that may answer an object with these keys.
    fn may_answer(&self, name: &str, keys: &[String]) -> bool {
        self.with_fallback().any(|catalog| {
            let services = catalog.with_name(name).unwrap_or_default().into_iter();
            let mut contracts = services.filter_map(|service| catalog.contract_for(service, None).ok()?);
            contracts.any(|contract| contract.operation_spelt(name).is_some_and(|own| contract.may_answer(own, keys)))
        })
    }

    /// The exchange with its operation as the API spells it.
    fn spelt<'a>(&self, exchange: Exchange<'a>, service: Option<&str>) -> Result<Named<'a>> {
        let meant = self.meant(&exchange, service, || printed::keys(&exchange))?;
        let exchange = match meant {
            Some((service, operation)) => {
                Exchange { service: ServiceName::Name(service.into()), operation: operation.into(), ..exchange }
            }
            None => exchange,
        };
        Ok(Named::Exchange(exchange, None))
    }

    /// The same of a file for or from the AWS CLI, which may hold the operation's output or its input.
    fn printed<'a>(&self, exchange: Exchange<'a>, service: Option<&str>) -> Result<Named<'a>> {
        let named = self.spelt(exchange, service)?;
        let Named::Exchange(exchange, None) = named else { return Ok(named) };
        let ServiceName::Name(service) = &exchange.service else { return Ok(Named::Exchange(exchange, None)) };
        for catalog in self.with_fallback() {
            if let Some(contract) = catalog.contract_for(service, exchange.recorded_at.as_deref())? {
                return Ok(match printed::half(contract, exchange) {
                    Ok(exchange) => Named::Exchange(exchange, None),
                    Err(what) => Named::Unclear(what),
                });
            }
        }
        Ok(Named::Exchange(exchange, None))
    }

    /// Service and operation that an exchange's names mean, as the API spells them. `keys` are those at the top of its
    /// value, asked for where the names alone do not tell.
    fn meant(
        &self,
        exchange: &Exchange<'_>,
        service: Option<&str>,
        keys: impl Fn() -> Vec<String>,
    ) -> Result<Option<(String, String)>> {
        for catalog in self.with_fallback() {
            for candidate in catalog.candidates(exchange, service)?.0 {
                let contract = catalog.contract_for(candidate, exchange.recorded_at.as_deref())?;
                if let Some(operation) = contract.and_then(|contract| contract.operation_spelt(&exchange.operation)) {
                    return Ok(Some((candidate.to_owned(), operation.to_owned())));
                }
            }
        }
        if !matches!(exchange.service, ServiceName::Unstated { .. }) {
            return Ok(None);
        }
        match self.named_together(&exchange.operation, service)? {
            None if service.is_none() => self.with_members(&exchange.operation, &keys()),
            found => Ok(found),
        }
    }

    /// The exchange with the operation that fits its values best.
    fn inferred<'a>(&self, exchange: Exchange<'a>, service: Option<&str>, paths: Paths) -> Result<Named<'a>> {
        for catalog in self.with_fallback() {
            let (mut candidates, _) = catalog.candidates(&exchange, service)?;
            if candidates.is_empty() {
                candidates = catalog.services().collect();
            }
            let mut fits: Vec<(&str, Fit)> = Vec::new();
            for candidate in candidates {
                if let Some(contract) = catalog.contract_for(candidate, exchange.recorded_at.as_deref())? {
                    let own = contract.fits(&exchange, &exchange.operation, paths)?;
                    fits.extend(own.into_iter().map(|fit| (candidate, fit)));
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
            // Which of several it is that the values keep makes no difference.
            let ambiguous = ambiguous.filter(|_| fit.misfit.breaches > 0);
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

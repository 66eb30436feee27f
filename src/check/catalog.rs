//! Contracts by service, each read when first needed, and the choice among them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::directory::Directory;
use crate::contract::{Breach, BreachKind, Contract, Observation};
use crate::error::{Error, Result};
use crate::ingest::Identity;
use crate::ingest::embedded::Embedded;
use crate::ingest::source::Source;
use crate::protocol::{self, Evidence};
use crate::recording::{Exchange, HttpExchange, ServiceName};

/// The contracts that traffic may be held against.
#[derive(Default)]
pub struct Catalog {
    sources: Vec<Source>,
    slots: BTreeMap<String, Slot>,
    /// What names the services in traffic, read when a recording does not say their names.
    directory: OnceLock<Result<Directory, String>>,
    fallback: Option<Fallback>,
}

/// More services, for traffic of none of the catalog's own.
struct Fallback {
    source: Box<dyn Fn() -> Option<Source> + Send + Sync>,
    catalog: OnceLock<Option<Box<Catalog>>>,
}

struct Slot {
    origin: Origin,
    contract: OnceLock<Result<Contract, String>>,
}

#[derive(Clone, Copy)]
enum Origin {
    Embedded(&'static Embedded),
    /// Number of the source.
    Source(usize),
}

/// What an exchange was held against, and the outcome.
pub(super) struct Resolved<'c> {
    pub(super) contract: &'c Contract,
    pub(super) observation: Observation,
    /// Other services would have fitted as well.
    pub(super) ambiguous: Option<Breach>,
}

impl Catalog {
    /// Adds a contract from within the binary. What is added first wins.
    pub fn add_embedded(&mut self, embedded: &'static Embedded) {
        self.add_slot(embedded.service, Origin::Embedded(embedded));
    }

    /// Adds all services of a source. What is added first wins.
    pub fn add_source(&mut self, source: Source) {
        let number = self.sources.len();
        for service in source.services().into_iter().map(str::to_owned).collect::<Vec<_>>() {
            self.add_slot(&service, Origin::Source(number));
        }
        self.sources.push(source);
    }

    fn add_slot(&mut self, service: &str, origin: Origin) {
        self.slots.entry(service.to_owned()).or_insert(Slot { origin, contract: OnceLock::new() });
    }

    /// Names of all services, sorted.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.slots.keys().map(String::as_str)
    }

    /// The service that is meant: the named one, or the only one there is.
    ///
    /// # Errors
    /// There are several, and none is named.
    pub fn only_service<'n>(&'n self, named: Option<&'n str>) -> Result<&'n str> {
        let mut services = self.services();
        match (named, services.next(), services.next()) {
            (Some(service), ..) => Ok(service),
            (None, Some(only), None) => Ok(only),
            _ => Err(Error::new(format!("the source holds {} services", self.slots.len()))
                .remedy("--service NAME picks one.")),
        }
    }

    /// The contract of a service; `None` where there is none.
    ///
    /// # Errors
    /// Its model cannot be read.
    pub fn contract(&self, service: &str) -> Result<Option<&Contract>> {
        let Some(slot) = self.slots.get(service) else { return Ok(None) };
        let contract = slot.contract.get_or_init(|| self.load(service, slot.origin).map_err(|error| error.to_string()));
        contract.as_ref().map(Some).map_err(|error| Error::new(error.clone()))
    }

    fn load(&self, service: &str, origin: Origin) -> Result<Contract> {
        let ingested = match origin {
            Origin::Embedded(embedded) => embedded.load()?,
            Origin::Source(number) => self.sources[number]
                .load(service)?
                .ok_or_else(|| Error::new(format!("{service} went away")).at(self.sources[number].origin()))?,
        };
        Ok(Contract::new(ingested.service))
    }

    /// Uses the services of `source` where this catalog has none. It is asked for when first needed.
    pub fn set_fallback(&mut self, source: impl Fn() -> Option<Source> + Send + Sync + 'static) {
        self.fallback = Some(Fallback { source: Box::new(source), catalog: OnceLock::new() });
    }

    fn fallback(&self) -> Option<&Catalog> {
        let fallback = self.fallback.as_ref()?;
        let catalog = fallback.catalog.get_or_init(|| {
            let mut catalog = Catalog::default();
            catalog.add_source((fallback.source)()?);
            Some(Box::new(catalog))
        });
        catalog.as_deref()
    }

    /// This catalog and the one that it falls back on.
    pub(super) fn with_fallback(&self) -> impl Iterator<Item = &Catalog> {
        // The fallback is asked for when the catalog itself did not do.
        std::iter::once(self).chain(std::iter::once_with(|| self.fallback()).flatten())
    }

    /// Services that an exchange may be of, by what it and the user say.
    pub(super) fn candidates<'s>(
        &'s self,
        exchange: &'s Exchange<'_>,
        service: Option<&'s str>,
    ) -> Result<Vec<&'s str>> {
        Ok(match (&exchange.service, service) {
            (ServiceName::Name(name), _) => vec![name],
            (_, Some(service)) => vec![service],
            (ServiceName::EndpointPrefix(prefix), None) => self.directory()?.by_prefix(prefix),
            (ServiceName::Unstated { folders }, None) => {
                match folders.iter().find(|folder| self.slots.contains_key(**folder)) {
                    Some(folder) => vec![folder],
                    None if self.slots.len() == 1 => self.services().collect(),
                    None => Vec::new(),
                }
            }
        })
    }

    /// Holds an exchange against the contract of its service; `None` where there is none.
    pub(super) fn resolve(&self, exchange: &Exchange<'_>, service: Option<&str>) -> Result<Option<Resolved<'_>>> {
        let mut fits = Vec::new();
        for candidate in self.candidates(exchange, service)? {
            if let Some(contract) = self.contract(candidate)? {
                fits.push((contract, contract.observe(exchange)?, ()));
            }
        }
        match best(fits) {
            Some((resolved, ())) => Ok(Some(resolved)),
            None => self.fallback().map_or(Ok(None), |fallback| fallback.resolve(exchange, service)),
        }
    }

    /// Finds service and operation of an HTTP exchange, decodes it and holds it against the contract; `None` where there
    /// is none.
    pub(super) fn resolve_http<'h>(
        &self,
        http: &'h HttpExchange<'h>,
        evidence: &Evidence,
        service: Option<&str>,
    ) -> Result<Option<(Resolved<'_>, Exchange<'h>)>> {
        let mut candidates = self.directory()?.candidates(evidence);
        // What the user says settles what the exchange leaves open: an address of one's own names nothing.
        if let Some(service) = service.filter(|service| candidates.contains(service) || evidence.is_foreign()) {
            candidates = vec![service];
        } else if evidence.is_foreign() && self.slots.len() == 1 {
            candidates = self.services().collect();
        }
        let mut routed = Vec::new();
        let mut lost = None;
        for candidate in candidates {
            let Some(contract) = self.contract(candidate)? else { continue };
            match protocol::route(contract.service(), &http.request, evidence) {
                Some(route) => {
                    let exchange = protocol::decode(contract.service(), &route, http);
                    routed.push((contract, contract.observe(&exchange)?, exchange));
                }
                // An address that says nothing and a path that fits nothing: this is other traffic.
                None if evidence.is_foreign() && service.is_none() => {}
                None => lost = lost.or(Some(contract)),
            }
        }
        if routed.is_empty()
            && let Some(contract) = lost
        {
            let exchange = protocol::undecoded(http, evidence);
            routed.push((contract, contract.observe(&exchange)?, exchange));
        }
        match best(routed) {
            Some(found) => Ok(Some(found)),
            None => match self.fallback() {
                Some(fallback) if !evidence.is_foreign() => fallback.resolve_http(http, evidence, service),
                _ => Ok(None),
            },
        }
    }

    fn directory(&self) -> Result<&Directory> {
        let directory = self.directory.get_or_init(|| self.read_identities().map_err(|error| error.to_string()));
        directory.as_ref().map_err(|error| Error::new(error.clone()))
    }

    fn read_identities(&self) -> Result<Directory> {
        let slots: Vec<(&String, &Slot)> = self.slots.iter().collect();
        let identities: Vec<(String, Identity)> = slots
            .into_par_iter()
            .map(|(service, slot)| {
                let identity = match slot.origin {
                    Origin::Source(number) => self.sources[number].identity(service)?,
                    Origin::Embedded(embedded) => Identity::of(&embedded.load()?.service),
                };
                Ok((service.clone(), identity))
            })
            .collect::<Result<_>>()?;
        Ok(Directory::new(identities))
    }
}

/// The fit with the fewest breaches; among equals the first.
fn best<T>(mut fits: Vec<(&Contract, Observation, T)>) -> Option<(Resolved<'_>, T)> {
    let weight = |observation: &Observation| (unknown(observation), observation.breaches.len());
    fits.sort_by_key(|(_, observation, _)| weight(observation));
    let least = weight(&fits.first()?.1);
    let equal = fits.iter().take_while(|(_, observation, _)| weight(observation) == least);
    let names: Vec<String> = equal.map(|(contract, ..)| contract.service().name.clone()).collect();
    let ambiguous = (names.len() > 1).then(|| Breach::whole(BreachKind::AmbiguousService { candidates: names }));
    let (contract, observation, with) = fits.swap_remove(0);
    Some((Resolved { contract, observation, ambiguous }, with))
}

/// Whether the service lacks the operation; such a service is the last choice.
fn unknown(observation: &Observation) -> bool {
    observation.breaches.iter().any(|breach| matches!(breach.kind, BreachKind::UnknownOperation { .. }))
}

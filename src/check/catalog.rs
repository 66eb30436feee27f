//! Contracts by service, each read when first needed, and the choice among them.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::contract::{Breach, BreachKind, Contract, Observation};
use crate::error::{Error, Result};
use crate::ingest::embedded::Embedded;
use crate::ingest::source::Source;
use crate::model::Fact;
use crate::recording::{Exchange, ServiceName};

/// The contracts that traffic may be held against.
#[derive(Default)]
pub struct Catalog {
    sources: Vec<Source>,
    slots: BTreeMap<String, Slot>,
    /// Services by endpoint prefix, read when a recording names nothing better.
    prefixes: OnceLock<Result<HashMap<String, Vec<String>>, String>>,
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

    /// Holds an exchange against the contract of its service; `None` where there is none.
    pub(super) fn resolve(&self, exchange: &Exchange<'_>, service: Option<&str>) -> Result<Option<Resolved<'_>>> {
        let candidates = match (&exchange.service, service) {
            (ServiceName::Name(name), _) => vec![name.to_string()],
            (_, Some(service)) => vec![service.to_owned()],
            (ServiceName::EndpointPrefix(prefix), None) => self.by_prefix(prefix)?,
            (ServiceName::Unstated { folders }, None) => {
                match folders.iter().find(|folder| self.slots.contains_key(**folder)) {
                    Some(folder) => vec![(*folder).to_owned()],
                    None if self.slots.len() == 1 => self.slots.keys().cloned().collect(),
                    None => Vec::new(),
                }
            }
        };
        self.best(exchange, &candidates)
    }

    /// The candidate with the fewest breaches.
    fn best(&self, exchange: &Exchange<'_>, candidates: &[String]) -> Result<Option<Resolved<'_>>> {
        let mut fits: Vec<Resolved<'_>> = Vec::new();
        for candidate in candidates {
            if let Some(contract) = self.contract(candidate)? {
                let observation = contract.observe(exchange)?;
                fits.push(Resolved { contract, observation, ambiguous: None });
            }
        }
        // Stable: among equals the first candidate stays first.
        fits.sort_by_key(|fit| (unknown(&fit.observation), fit.observation.breaches.len()));
        let Some(least) = fits.first().map(|fit| (unknown(&fit.observation), fit.observation.breaches.len())) else {
            return Ok(None);
        };
        let equal = fits.iter().take_while(|fit| (unknown(&fit.observation), fit.observation.breaches.len()) == least);
        let names: Vec<String> = equal.map(|fit| fit.contract.service().name.clone()).collect();
        let mut best = fits.swap_remove(0);
        if names.len() > 1 {
            best.ambiguous = Some(Breach::whole(BreachKind::AmbiguousService { candidates: names }));
        }
        Ok(Some(best))
    }

    /// Services of an endpoint prefix. What stands before a dot in it may belong to the file's name instead, so the
    /// longest ending that is a prefix counts.
    fn by_prefix(&self, text: &str) -> Result<Vec<String>> {
        let endings = std::iter::once(text).chain(text.match_indices('.').map(|(dot, _)| &text[dot + 1..]));
        let prefixes = self.prefixes()?;
        for ending in endings {
            let mut services = prefixes.get(ending).cloned().unwrap_or_default();
            // A service that is named like its prefix is the likeliest.
            if self.slots.contains_key(ending) {
                services.retain(|service| service != ending);
                services.insert(0, ending.to_owned());
            }
            if !services.is_empty() {
                return Ok(services);
            }
        }
        Ok(Vec::new())
    }

    fn prefixes(&self) -> Result<&HashMap<String, Vec<String>>> {
        let prefixes = self.prefixes.get_or_init(|| self.read_prefixes().map_err(|error| error.to_string()));
        prefixes.as_ref().map_err(|error| Error::new(error.clone()))
    }

    fn read_prefixes(&self) -> Result<HashMap<String, Vec<String>>> {
        let slots: Vec<(&String, &Slot)> = self.slots.iter().collect();
        let read: Vec<(String, Option<String>)> = slots
            .into_par_iter()
            .map(|(service, slot)| {
                let prefix = match slot.origin {
                    Origin::Source(number) => self.sources[number].endpoint_prefix(service)?,
                    Origin::Embedded(embedded) => match embedded.load()?.service.endpoint_prefix {
                        Fact::Known(prefix) => Some(prefix),
                        Fact::Unknown => None,
                    },
                };
                Ok((service.clone(), prefix))
            })
            .collect::<Result<_>>()?;
        let mut prefixes: HashMap<String, Vec<String>> = HashMap::new();
        for (service, prefix) in read {
            if let Some(prefix) = prefix {
                prefixes.entry(prefix).or_default().push(service);
            }
        }
        Ok(prefixes)
    }
}

/// Whether the service lacks the operation; such a service is the last choice.
fn unknown(observation: &Observation) -> bool {
    observation.breaches.iter().any(|breach| matches!(breach.kind, BreachKind::UnknownOperation { .. }))
}

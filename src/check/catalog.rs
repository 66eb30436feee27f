//! Contracts by service, each read when first needed, and the choice among them.

mod known;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::slot::{Lazy, Origin, Releases, Slot};
use crate::contract::Contract;
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::Directory;
use crate::ingest::aliases::Aliases;
use crate::ingest::check_whole;
use crate::ingest::embedded::{self, Embedded, RECORDED};
use crate::ingest::errata::Errata;
use crate::ingest::names::meant_by;
use crate::ingest::source::Source;
use crate::outcome::{ContractSource, MoreModels, SERVICE_OF};
use crate::recording::moment;
use crate::text::{AMONG_MANY, nearest};

/// The contracts that traffic may be held against.
#[derive(Default)]
pub struct Catalog {
    sources: Vec<Source>,
    slots: BTreeMap<String, Slot>,
    aliases: Aliases,
    /// What names the services in traffic, read when a recording does not say their names.
    directory: OnceLock<Result<Directory>>,
    /// Services by the plain names of their operations, read when a file's name may be one.
    operation_names: OnceLock<Result<HashMap<String, Vec<String>>>>,
    fallback: Option<Fallback>,
    /// What contracts within the binary are corrected by; sources have their own.
    errata: Errata,
    /// Whether a program put it together, and not the arguments of the command.
    is_of_program: bool,
}

/// More services, for traffic of none of the catalog's own.
struct Fallback {
    source: Box<dyn Fn() -> Option<Source> + Send + Sync>,
    catalog: OnceLock<Option<Box<Catalog>>>,
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Contracts are read when they are needed, and a model is long.
        f.debug_struct("Catalog").field("services", &self.slots.keys()).finish_non_exhaustive()
    }
}

impl Catalog {
    /// Adds the contract within the binary of that name: `service` (the newest), `service@YYYY-MM-DD` (the one in force on
    /// that day) or `service@recorded` (for each exchange the one in force when it was recorded). What is added first wins;
    /// what is added after `@recorded` is for exchanges that tell no time, or one before the first release. Without it they
    /// take the newest.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn add_named(&mut self, name: &str) -> Result<()> {
        match name.split_once('@') {
            Some((service, RECORDED)) if !embedded::of_service(service).is_empty() => self.add_recorded(service),
            _ => self.add_embedded(embedded::find(name)?),
        }
        Ok(())
    }

    /// Corrects contracts within the binary as they are read.
    pub fn correct(&mut self, errata: Errata) {
        self.errata = errata;
    }

    /// Adds a contract from within the binary. What is added first wins.
    pub fn add_embedded(&mut self, embedded: &'static Embedded) {
        self.add_slot(embedded.service, Slot::One(Lazy::new(Origin::Embedded(embedded))));
    }

    /// Adds a contract that the program made. What is added first wins.
    pub fn add_contract(&mut self, contract: impl Into<Arc<Contract>>) {
        let contract = contract.into();
        let service = contract.service().name.clone();
        self.add_slot(&service, Slot::One(Lazy::given(contract)));
    }

    fn add_recorded(&mut self, service: &str) {
        let releases = embedded::of_service(service).iter();
        let by_day = releases.map(|embedded| (embedded, Lazy::new(Origin::Embedded(embedded)))).collect();
        self.add_slot(service, Slot::OfItsDay(Releases { by_day, undated: None }));
    }

    /// Adds all services of a source. What is added first wins.
    pub fn add_source(&mut self, source: Source) {
        let number = self.sources.len();
        self.aliases.add_all(source.aliases());
        for service in source.services().into_iter().map(str::to_owned).collect::<Vec<_>>() {
            self.add_slot(&service, Slot::One(Lazy::new(Origin::Source(number))));
        }
        self.sources.push(source);
    }

    fn add_slot(&mut self, service: &str, slot: Slot) {
        self.aliases.add(service);
        match (self.slots.entry(service.to_owned()), slot) {
            (Entry::Vacant(free), slot) => drop(free.insert(slot)),
            // What the first leaves open, the second settles.
            (Entry::Occupied(mut taken), Slot::One(lazy)) => {
                if let Slot::OfItsDay(releases) = taken.get_mut() {
                    releases.undated.get_or_insert(lazy);
                }
            }
            (Entry::Occupied(_), Slot::OfItsDay(_)) => {}
        }
    }

    /// Names of all services, sorted.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.slots.keys().map(String::as_str)
    }

    /// The service that is meant: the named one, or the only one there is.
    ///
    /// # Errors
    /// There are several, and none is named, or there is none of that name.
    pub fn only_service<'n>(&'n self, named: Option<&'n str>) -> Result<&'n str> {
        let mut services = self.services();
        match (named, services.next(), services.next()) {
            (Some(name), ..) => self.aliases.meant(name),
            (None, Some(only), None) => Ok(only),
            _ => Err(Error::new(format!("the source holds {} services", self.slots.len()))
                .kinded(ErrorKind::Ambiguous)
                .remedy("--service NAME (in a program, the method `service`) picks one.")),
        }
    }

    /// Whether there is a service of that canonical name.
    pub(super) fn has(&self, service: &str) -> bool {
        self.slots.contains_key(service)
    }

    /// Other names of the services.
    pub(super) fn aliases(&self) -> &Aliases {
        &self.aliases
    }

    /// The service that a name means: its canonical one, its service id, or what its model's shape or file is called.
    pub fn called(&self, name: &str) -> Option<&str> {
        self.aliases.called(name)
    }

    /// The service that a name means here or in what this catalog falls back on. The endpoint prefix that one service alone
    /// has names it, too.
    ///
    /// # Errors
    /// A model cannot be read.
    pub fn called_anywhere(&self, name: &str) -> Result<Option<&str>> {
        if let Some(found) = self.with_fallback().find_map(|catalog| catalog.called(name)) {
            return Ok(Some(found));
        }
        for catalog in self.with_fallback() {
            if let [only] = catalog.directory()?.by_prefix(name)[..] {
                return Ok(Some(only));
            }
        }
        Ok(None)
    }

    /// Names of all services, those that this catalog falls back on included.
    pub fn all_services(&self) -> impl Iterator<Item = &str> {
        self.with_fallback().flat_map(Self::services)
    }

    /// Whether there are models beside the contracts within the binary.
    pub fn has_models(&self) -> bool {
        self.with_fallback().any(|catalog| !catalog.sources.is_empty())
    }

    /// Says that a program put the catalog together, so that no advice names an option of the command.
    pub fn for_program(&mut self) {
        self.is_of_program = true;
    }

    /// Where models of more services are looked for.
    pub fn more_models(&self) -> MoreModels {
        match &self.fallback {
            _ if self.is_of_program => MoreModels::OfProgram,
            Some(fallback) if matches!(fallback.catalog.get(), Some(Some(_))) => MoreModels::Installed,
            Some(_) => MoreModels::NotInstalled,
            None if self.sources.is_empty() => MoreModels::NotSought,
            None => MoreModels::Named,
        }
    }

    /// Operations of a service, of whatever release.
    ///
    /// # Errors
    /// Its model cannot be read.
    pub fn operations(&self, service: &str) -> Result<BTreeSet<&str>> {
        let slot = self.with_fallback().find_map(|catalog| Some((catalog, catalog.slots.get(service)?)));
        let Some((catalog, slot)) = slot else { return Ok(BTreeSet::new()) };
        let mut operations = BTreeSet::new();
        for lazy in slot.lazies() {
            operations.extend(catalog.read(service, lazy)?.service().operations.keys().map(String::as_str));
        }
        Ok(operations)
    }

    /// The name that was probably meant by that of a service without a contract: another service, or the operation of a
    /// contract that was read.
    pub(super) fn meant_by(&self, unchecked: &str) -> Option<String> {
        let known =
            || std::iter::once(self).chain(self.fallback.iter().filter_map(|one| one.catalog.get()?.as_deref()));
        let meant = match unchecked.strip_prefix(SERVICE_OF) {
            None => meant_by(unchecked, known().flat_map(Self::services)),
            Some(operation) => {
                let name = operation.replace('-', "");
                let read = known().flat_map(|catalog| catalog.slots.values()).flat_map(Slot::lazies);
                let contracts = read.filter_map(|lazy| lazy.contract.get()?.as_ref().ok());
                let all = contracts.flat_map(|contract| contract.service().operations.keys().map(String::as_str));
                nearest(&name, all, AMONG_MANY)
            }
        };
        // A host may be called like a service whose API is elsewhere.
        meant.filter(|meant| *meant != unchecked).map(str::to_owned)
    }

    /// The contract of a service, of which everything was read; `None` where there is none.
    ///
    /// # Errors
    /// Its model cannot be read, or which contract it is depends on the exchange.
    pub fn contract(&self, service: &str) -> Result<Option<&Contract>> {
        let service = self.called(service).unwrap_or(service);
        let contract = self.contract_for_traffic(service)?;
        if let (Some(contract), Some(Slot::One(lazy))) = (contract, self.slots.get(service)) {
            lazy.whole.get_or_init(|| check_whole(contract.service())).clone()?;
        }
        Ok(contract)
    }

    /// The contract of a service, of which only what traffic reaches may have been read; `None` where there is none.
    ///
    /// # Errors
    /// As [`Catalog::contract`].
    pub fn contract_for_traffic(&self, service: &str) -> Result<Option<&Contract>> {
        let service = self.called(service).unwrap_or(service);
        match self.slots.get(service) {
            None => Ok(None),
            Some(Slot::One(lazy)) => self.read(service, lazy).map(Some),
            // The error says so.
            Some(Slot::OfItsDay(_)) => embedded::find(&format!("{service}@{RECORDED}")).map(|_| None),
        }
    }

    /// The contract that an exchange of a service is held against; `recorded_at` is its time as RFC 3339.
    pub(super) fn contract_for(&self, service: &str, recorded_at: Option<&str>) -> Result<Option<&Contract>> {
        let lazy = match self.slots.get(service) {
            None => return Ok(None),
            Some(Slot::One(lazy)) => lazy,
            Some(Slot::OfItsDay(releases)) => {
                let Some(lazy) = releases.of(in_force(service, recorded_at)) else { return Ok(None) };
                lazy
            }
        };
        self.read(service, lazy).map(Some)
    }

    /// Whether an exchange's time said which contract of its service it is held against; `None` where there is no choice.
    pub(super) fn told_by_time(&self, service: &str, recorded_at: Option<&str>) -> Option<bool> {
        let chosen = matches!(self.slots.get(service), Some(Slot::OfItsDay(_)));
        chosen.then(|| in_force(service, recorded_at).is_some())
    }

    /// The newest contract within shapegate, where an exchange was held against it and is older.
    pub(super) fn newer_than(&self, service: &str, recorded_at: Option<&str>) -> Option<&'static Embedded> {
        let Some(Slot::One(Lazy { origin: Origin::Embedded(newest), .. })) = self.slots.get(service) else {
            return None;
        };
        let is_newest = embedded::of_service(service).last() == Some(newest);
        (is_newest && in_force(service, recorded_at)? != *newest).then_some(newest)
    }

    /// Where a contract of this catalog, or of the one that it falls back on, comes from.
    pub(super) fn source_of(&self, contract: &Contract) -> Option<ContractSource> {
        let service = contract.service();
        let release = service.release.known().map(String::as_str);
        self.with_fallback().find_map(|catalog| {
            let origin = match catalog.slots.get(&service.name)? {
                Slot::One(lazy) => lazy.origin,
                Slot::OfItsDay(releases) => {
                    let dated = releases.by_day.iter().find(|(embedded, _)| Some(embedded.release) == release);
                    dated.map(|(_, lazy)| lazy).or(releases.undated.as_ref())?.origin
                }
            };
            Some(match origin {
                Origin::Embedded(Embedded { release, botocore, .. }) => ContractSource {
                    origin: "within shapegate".to_owned(),
                    version: format!("{release} (botocore {botocore})"),
                    release: Some(format!("botocore {botocore}")),
                },
                Origin::Source(number) => ContractSource {
                    origin: catalog.sources[number].origin().display().to_string(),
                    version: service.api_version.known().cloned().unwrap_or_default(),
                    release: catalog.sources[number].release_name(),
                },
                Origin::Given => ContractSource {
                    origin: "given by the program".to_owned(),
                    version: service.api_version.known().cloned().unwrap_or_default(),
                    release: None,
                },
            })
        })
    }

    fn read<'c>(&self, service: &str, lazy: &'c Lazy) -> Result<&'c Contract> {
        let contract = lazy.contract.get_or_init(|| self.load(service, lazy.origin).map(Arc::new));
        contract.as_deref().map_err(Clone::clone)
    }

    fn load(&self, service: &str, origin: Origin) -> Result<Contract> {
        let service = match origin {
            Origin::Embedded(embedded) => embedded.load_for_traffic(&self.errata)?,
            Origin::Source(number) => self.sources[number]
                .load_for_traffic(service)?
                .ok_or_else(|| Error::new(format!("{service} went away")).at(self.sources[number].origin()))?,
            Origin::Given => return Err(Error::new(format!("the contract of {service} was given and is gone"))),
        };
        Ok(Contract::new(service))
    }

    /// Errata that changed nothing in the models that were read, with the reasons; of those within shapegate, only where they
    /// are asked for.
    pub fn stale_errata(&self, shipped: bool) -> Vec<(String, String)> {
        let fallback = self.fallback.as_ref().and_then(|fallback| fallback.catalog.get()?.as_deref());
        let all = self.sources.iter().chain(fallback.into_iter().flat_map(|catalog| &catalog.sources));
        let errata = all.map(Source::errata).chain([&self.errata]);
        let mut stale: Vec<_> = errata.flat_map(|errata| errata.stale(shipped)).collect();
        stale.sort();
        stale.dedup();
        stale
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
}

/// The contract of a service that was in force at a time.
fn in_force(service: &str, recorded_at: Option<&str>) -> Option<&'static Embedded> {
    embedded::on(service, &moment::day(recorded_at?)?)
}

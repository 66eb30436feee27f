//! What names services and their operations, found without reading contracts whole.

use std::collections::{BTreeSet, HashMap};

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::super::slot::{Lazy, Origin, Slot};
use super::Catalog;
use crate::contract::plain;
use crate::error::Result;
use crate::evidence::Directory;
use crate::ingest::Identity;

impl Catalog {
    /// What names the services in traffic.
    pub(in crate::check) fn directory(&self) -> Result<&Directory> {
        self.directory.get_or_init(|| self.read_identities()).as_ref().map_err(Clone::clone)
    }

    /// Services that may have an operation of that name, however it is spelt, found without reading their models whole.
    pub(in crate::check) fn with_name(&self, operation: &str) -> Result<BTreeSet<&str>> {
        let by_name = self.operation_names.get_or_init(|| self.read_operation_names());
        let by_name = by_name.as_ref().map_err(Clone::clone)?;
        let named = by_name.get(&plain(operation)).into_iter().flatten().map(String::as_str);
        // Their releases have different operations.
        let of_their_day = self.slots.iter().filter(|(_, slot)| matches!(slot, Slot::OfItsDay(_)));
        Ok(named.chain(of_their_day.map(|(service, _)| service.as_str())).collect())
    }

    /// Whether a service has an operation of that name, however it is spelt; where none is named, any service.
    ///
    /// # Errors
    /// A model cannot be read.
    pub fn has_operation(&self, name: &str, service: Option<&str>) -> Result<bool> {
        let plain_name = plain(name);
        let has = |service: &str| -> Result<bool> {
            Ok(self.operations(service)?.into_iter().any(|own| plain(own) == plain_name))
        };
        if let Some(service) = service {
            return has(service);
        }
        for catalog in self.with_fallback() {
            for service in catalog.with_name(name)? {
                if has(service)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Names of the operations of all services, found without reading their models whole.
    ///
    /// # Errors
    /// A model cannot be read.
    pub fn all_operations(&self) -> Result<BTreeSet<String>> {
        let mut all = BTreeSet::new();
        for catalog in self.with_fallback() {
            all.extend(catalog.names_by_service()?.into_iter().flat_map(|(_, names)| names));
            for (service, _) in catalog.slots.iter().filter(|(_, slot)| matches!(slot, Slot::OfItsDay(_))) {
                all.extend(catalog.operations(service)?.into_iter().map(str::to_owned));
            }
        }
        Ok(all)
    }

    fn read_operation_names(&self) -> Result<HashMap<String, Vec<String>>> {
        let mut by_name: HashMap<String, Vec<String>> = HashMap::new();
        for (service, names) in self.names_by_service()? {
            for name in names {
                by_name.entry(plain(&name)).or_default().push(service.to_owned());
            }
        }
        Ok(by_name)
    }

    /// Names of operations by service, but for services of which each exchange chooses the release.
    fn names_by_service(&self) -> Result<Vec<(&str, Vec<String>)>> {
        let slots: Vec<(&String, &Slot)> = self.slots.iter().collect();
        let names = |service: &str, slot: &Slot| match slot {
            Slot::One(Lazy { origin: Origin::Source(number), .. }) => self.sources[*number].operation_names(service),
            Slot::One(lazy) => Ok(self.read(service, lazy)?.service().operations.keys().cloned().collect()),
            Slot::OfItsDay(_) => Ok(Vec::new()),
        };
        slots.into_par_iter().map(|(service, slot)| Ok((service.as_str(), names(service, slot)?))).collect()
    }

    fn read_identities(&self) -> Result<Directory> {
        let slots: Vec<(&String, &Slot)> = self.slots.iter().collect();
        let identities: Vec<(String, Identity)> = slots
            .into_par_iter()
            .map(|(service, slot)| {
                let lazy = match slot {
                    Slot::One(lazy) => Some(lazy),
                    Slot::OfItsDay(releases) => releases.of(None),
                };
                let identity = match lazy.map(|lazy| (lazy, lazy.origin)) {
                    Some((_, Origin::Source(number))) => self.sources[number].identity(service)?,
                    Some((lazy, Origin::Embedded(_) | Origin::Given)) => {
                        Identity::of(self.read(service, lazy)?.service())
                    }
                    None => Identity::default(),
                };
                Ok((service.clone(), identity))
            })
            .collect::<Result<_>>()?;
        Ok(Directory::new(identities))
    }
}

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

    fn read_operation_names(&self) -> Result<HashMap<String, Vec<String>>> {
        let slots: Vec<(&String, &Slot)> = self.slots.iter().collect();
        let names = |service: &str, slot: &Slot| match slot {
            Slot::One(Lazy { origin: Origin::Source(number), .. }) => self.sources[*number].operation_names(service),
            Slot::One(lazy) => Ok(self.read(service, lazy)?.service().operations.keys().cloned().collect()),
            Slot::OfItsDay(_) => Ok(Vec::new()),
        };
        let read = slots.into_par_iter().map(|(service, slot)| Ok((service, names(service, slot)?)));
        let mut by_name: HashMap<String, Vec<String>> = HashMap::new();
        for (service, names) in read.collect::<Result<Vec<_>>>()? {
            for name in names {
                by_name.entry(plain(&name)).or_default().push(service.clone());
            }
        }
        Ok(by_name)
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

//! [`Scope`]: what a run looked at, so that what it did not find is known not to be there.

use std::collections::{BTreeMap, BTreeSet};

/// What a run looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Operations that were judged, by file and service. Files are recordings, as findings name them; of one in which
    /// nothing was judged there are no operations.
    pub files: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
}

impl Scope {
    /// Notes that a file is a recording.
    pub fn read(&mut self, file: &str) {
        if !self.files.contains_key(file) {
            self.files.insert(file.to_owned(), BTreeMap::new());
        }
    }

    /// Notes that an operation was judged.
    pub fn judged(&mut self, file: &str, service: &str, operation: &str) {
        // Most exchanges are of an operation that is known already, and cost no allocation.
        let is_known = |services: &BTreeMap<String, BTreeSet<String>>| {
            services.get(service).is_some_and(|known| known.contains(operation))
        };
        if self.files.get(file).is_some_and(is_known) {
            return;
        }
        let services = self.files.entry(file.to_owned()).or_default();
        services.entry(service.to_owned()).or_default().insert(operation.to_owned());
    }

    /// Each judged operation: file, service and operation.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.files.iter().flat_map(|(file, services)| {
            services.iter().flat_map(move |(service, operations)| {
                operations.iter().map(move |operation| (file.as_str(), service.as_str(), operation.as_str()))
            })
        })
    }

    /// Adds what another part of the work looked at.
    pub fn add(&mut self, other: Self) {
        for (file, services) in other.files {
            let own = self.files.entry(file).or_default();
            for (service, operations) in services {
                own.entry(service).or_default().extend(operations);
            }
        }
    }
}

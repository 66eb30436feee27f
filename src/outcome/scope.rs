//! [`Scope`]: what a run looked at, so that what it did not find is known not to be there.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::Direction;

/// Operations of a service with the halves that were judged of each.
type Halves = BTreeMap<String, BTreeSet<Direction>>;

/// Operations of one file that were judged, by service.
#[derive(Debug, Clone, Default)]
pub struct Operations(BTreeMap<String, Halves>);

impl Operations {
    /// Notes that halves of an operation were judged.
    pub fn add(&mut self, service: &str, operation: &str, halves: impl IntoIterator<Item = Direction>) {
        // Most exchanges are of an operation that is known already, and cost no allocation.
        if let Some(known) = self.0.get_mut(service).and_then(|operations| operations.get_mut(operation)) {
            known.extend(halves);
            return;
        }
        let operations = self.0.entry(service.to_owned()).or_default();
        operations.entry(operation.to_owned()).or_default().extend(halves);
    }
}

/// The operations and files that a run looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Scope {
    /// Operations that were judged, by file and service. Files are recordings, as findings name them; of one in which
    /// nothing was judged there are no operations.
    pub files: BTreeMap<String, BTreeMap<String, Halves>>,
}

impl Scope {
    /// Notes that a file is a recording.
    pub fn read(&mut self, file: &str) {
        if !self.files.contains_key(file) {
            self.files.insert(file.to_owned(), BTreeMap::new());
        }
    }

    /// Notes what was judged of a file.
    pub fn judged(&mut self, file: &str, operations: Operations) {
        if operations.0.is_empty() {
            return;
        }
        let own = self.files.entry(file.to_owned()).or_default();
        for (service, operations) in operations.0 {
            let own = own.entry(service).or_default();
            for (operation, halves) in operations {
                own.entry(operation).or_default().extend(halves);
            }
        }
    }

    /// Each judged operation: file, service, operation, and which of its halves.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str, &str, &BTreeSet<Direction>)> {
        self.files.iter().flat_map(|(file, services)| {
            services.iter().flat_map(move |(service, operations)| {
                let all = operations.iter();
                all.map(move |(operation, halves)| (file.as_str(), service.as_str(), operation.as_str(), halves))
            })
        })
    }

    /// Adds what another part of the work looked at.
    pub fn add(&mut self, other: Self) {
        for (file, services) in other.files {
            self.read(&file);
            self.judged(&file, Operations(services));
        }
    }
}

//! [`Scope`]: what a run looked at, so that what it did not find is known not to be there.

use std::collections::{BTreeMap, BTreeSet};

/// What a run looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Operations that were judged, by service.
    pub operations: BTreeMap<String, BTreeSet<String>>,
    /// Files of the recordings, as findings name them.
    pub files: BTreeSet<String>,
}

impl Scope {
    /// Notes that an operation was judged.
    pub fn judged(&mut self, service: &str, operation: &str) {
        // Most exchanges are of an operation that is known already, and cost no allocation.
        if self.operations.get(service).is_some_and(|known| known.contains(operation)) {
            return;
        }
        self.operations.entry(service.to_owned()).or_default().insert(operation.to_owned());
    }

    /// Adds what another part of the work looked at.
    pub fn add(&mut self, other: Self) {
        for (service, operations) in other.operations {
            self.operations.entry(service).or_default().extend(operations);
        }
        self.files.extend(other.files);
    }
}

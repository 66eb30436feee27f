//! [`Scope`]: what a run looked at, so that what it did not find is known not to be there.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::Direction;

/// Halves of exchanges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeSet<Direction>", into = "BTreeSet<Direction>")]
pub struct Halves {
    request: bool,
    response: bool,
}

impl Halves {
    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Direction> {
        let request = self.request.then_some(Direction::Request);
        request.into_iter().chain(self.response.then_some(Direction::Response))
    }

    fn add(&mut self, halves: impl IntoIterator<Item = Direction>) {
        for half in halves {
            match half {
                Direction::Request => self.request = true,
                Direction::Response => self.response = true,
            }
        }
    }
}

impl From<BTreeSet<Direction>> for Halves {
    fn from(all: BTreeSet<Direction>) -> Self {
        let mut halves = Self::default();
        halves.add(all);
        halves
    }
}

impl From<Halves> for BTreeSet<Direction> {
    fn from(halves: Halves) -> Self {
        halves.iter().collect()
    }
}

/// Operations as they are written, by service.
type Written = BTreeMap<String, BTreeMap<String, Halves>>;

/// Operations of one file that were judged.
///
/// There is one of these for each file of a folder, and most have one operation: a map of maps would take ten times as much memory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Operations(Vec<Judged>);

/// An operation that was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Judged {
    service: Box<str>,
    operation: Box<str>,
    halves: Halves,
}

impl Operations {
    /// Notes that halves of an operation were judged.
    pub fn add(&mut self, service: &str, operation: &str, halves: impl IntoIterator<Item = Direction>) {
        let known = self.0.binary_search_by(|own| (&*own.service, &*own.operation).cmp(&(service, operation)));
        let place = known.unwrap_or_else(|place| {
            let halves = Halves::default();
            self.0.insert(place, Judged { service: service.into(), operation: operation.into(), halves });
            place
        });
        self.0[place].halves.add(halves);
    }

    /// Adds what was judged of another part of the file. Most files are one part, and theirs is taken as it is.
    fn extend(&mut self, other: Self) {
        if self.0.is_empty() {
            *self = other;
            return;
        }
        for Judged { service, operation, halves } in other.0 {
            self.add(&service, &operation, halves.iter());
        }
    }
}

impl From<Written> for Operations {
    fn from(services: Written) -> Self {
        let mut all = Self::default();
        for (service, operations) in services {
            for (operation, halves) in operations {
                all.add(&service, &operation, halves.iter());
            }
        }
        all
    }
}

impl From<Operations> for Written {
    fn from(all: Operations) -> Self {
        let mut services = Self::new();
        for Judged { service, operation, halves } in all.0 {
            services.entry(service.into()).or_default().insert(operation.into(), halves);
        }
        services
    }
}

/// The operations and files that a run looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Scope {
    /// Operations that were judged, by file. Files are recordings, as findings name them; of one in which nothing was
    /// judged there are no operations.
    pub files: BTreeMap<String, Operations>,
}

impl Scope {
    /// Notes that a file is a recording.
    pub fn read(&mut self, file: &str) {
        if !self.files.contains_key(file) {
            self.files.insert(file.to_owned(), Operations::default());
        }
    }

    /// Notes what was judged of a file.
    pub fn judged(&mut self, file: &str, operations: Operations) {
        if operations.0.is_empty() {
            return;
        }
        match self.files.get_mut(file) {
            Some(own) => own.extend(operations),
            None => drop(self.files.insert(file.to_owned(), operations)),
        }
    }

    /// Each judged operation: file, service, operation, and which of its halves.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str, &str, Halves)> {
        self.files.iter().flat_map(|(file, all)| {
            all.0.iter().map(move |one| (file.as_str(), &*one.service, &*one.operation, one.halves))
        })
    }

    /// Adds what another part of the work looked at.
    pub fn add(&mut self, other: Self) {
        for (file, operations) in other.files {
            match self.files.entry(file) {
                Entry::Vacant(place) => drop(place.insert(operations)),
                Entry::Occupied(own) => own.into_mut().extend(operations),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_of_a_file_add_up_in_any_order_and_are_written_by_service() {
        let part = |calls: &[(&str, &str, Direction)]| {
            let mut operations = Operations::default();
            for (service, operation, half) in calls {
                operations.add(service, operation, [*half]);
            }
            let mut scope = Scope::default();
            scope.judged("a.ndjson", operations);
            scope
        };
        let first = part(&[("s3", "GetObject", Direction::Response), ("sqs", "SendMessage", Direction::Request)]);
        let second = part(&[("s3", "CopyObject", Direction::Request), ("s3", "GetObject", Direction::Request)]);
        let mut empty = Scope::default();
        empty.read("a.ndjson");
        let sum = |parts: [&Scope; 3]| {
            let mut all = Scope::default();
            for part in parts {
                all.add(part.clone());
            }
            serde_json::to_value(&all).expect("texts and lists")
        };
        let all = json!({"files": {"a.ndjson": {
            "s3": {"CopyObject": ["request"], "GetObject": ["request", "response"]}, "sqs": {"SendMessage": ["request"]}}}});
        assert_eq!(sum([&first, &second, &empty]), all);
        assert_eq!(sum([&empty, &second, &first]), all);
        let read: Scope = serde_json::from_value(all.clone()).expect("what was written");
        assert_eq!(serde_json::to_value(read).expect("texts and lists"), all);
    }
}

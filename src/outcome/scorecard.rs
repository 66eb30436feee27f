//! [`Before`]: an earlier scorecard that traffic is compared with.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::ContractSource;

/// An earlier scorecard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Before {
    /// The file of its report.
    pub label: String,
    /// Fingerprints of its findings, those that were approved too.
    pub findings: BTreeSet<String>,
    /// Its numbers, by service.
    pub services: BTreeMap<String, Card>,
    /// Operations that were called, by service; `None` where its report does not say.
    pub called: Option<BTreeMap<String, BTreeSet<String>>>,
    /// The models that judged it, by service, as far as its report says.
    pub contracts: BTreeMap<String, BTreeSet<ContractSource>>,
}

/// How a service answers, in operations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Card {
    /// Operations that the model has.
    pub operations: usize,
    /// Those that were called.
    pub called: usize,
    /// Those that were answered with an output at least once.
    pub answered: usize,
    /// Those that were answered with an output or with an error that they declare, and have no error.
    pub conforming: usize,
    /// Those that have an error.
    pub failing: usize,
}

impl Card {
    /// Operations that were never called.
    pub fn never_called(&self) -> usize {
        self.operations - self.called
    }

    /// Operations that were called, were never answered with an output nor with an error that they declare, and have no
    /// error.
    pub fn refused(&self) -> usize {
        self.called - self.conforming - self.failing
    }

    /// Adds the numbers of another service.
    pub fn add(&mut self, other: &Self) {
        self.operations += other.operations;
        self.called += other.called;
        self.answered += other.answered;
        self.conforming += other.conforming;
        self.failing += other.failing;
    }
}

//! [`Differences`]: what differs between two sources of models, as facts without weights.

use crate::diff::Difference;
use crate::diff::added::Shown;
use crate::finding::Finding;

/// The differences between two sources.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Differences {
    /// The older source.
    pub from: String,
    /// The newer source.
    pub to: String,
    /// One for each service that was compared, by name.
    pub services: Vec<OfService>,
}

/// The differences of one service.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OfService {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub full_name: String,
    /// Day of the newer model's release, where it is known.
    pub release: Option<String>,
    /// One of the sources knows only a part, so what it does not show was not compared.
    pub partial: bool,
    /// The facts.
    pub differences: Vec<Difference>,
    /// For each of them, in the same order, the finding whose rule has the sentence for it. Its weight means nothing here.
    pub findings: Vec<Finding>,
    /// The part of them that a page of the API change log shows.
    pub shown: Shown,
}

impl Differences {
    /// Number of facts.
    pub fn count(&self) -> usize {
        self.services.iter().map(|service| service.differences.len()).sum()
    }

    /// Names of the services of which only a part was compared.
    pub fn partial(&self) -> Vec<&str> {
        self.services.iter().filter(|service| service.partial).map(|service| service.name.as_str()).collect()
    }
}

impl OfService {
    /// Each fact with the finding whose rule has the sentence for it.
    pub fn facts(&self) -> impl Iterator<Item = (&Difference, &Finding)> {
        self.differences.iter().zip(&self.findings)
    }
}

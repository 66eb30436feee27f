//! [`Upgrade`]: what a comparison of two models is about, and what recorded traffic says of it.

use crate::finding::Finding;

/// A comparison of two sources of models.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Upgrade {
    /// The older source, as people name it.
    pub from: String,
    /// The newer one.
    pub to: String,
    /// File or folder of the newer one, with the line of a lock file that names it; `None` for a contract within the binary.
    pub to_file: Option<(String, Option<usize>)>,
    /// For whom differences were weighed.
    pub profile: &'static str,
    /// Names of the services that were compared.
    pub services: Vec<String>,
    /// Those of which one source knows only a part.
    pub partial: Vec<String>,
    /// Findings that come with another one, which alone is judged.
    pub fallout: Vec<Fallout>,
    /// What recorded traffic says, where it was asked.
    pub replay: Option<Replay>,
}

/// A finding that has its cause in another one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fallout {
    /// The finding.
    pub finding: Finding,
    /// Fingerprint of the one that it comes with.
    pub under: String,
}

/// Recorded traffic, held against both contracts.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Replay {
    /// Exchanges and single payloads of the services compared.
    pub exchanges: usize,
    /// Those that break the older contract already, somewhere.
    pub broken_before: usize,
    /// Those of them that keep the newer.
    pub mended: usize,
    /// Those that break the newer contract where they kept the older, or that the newer model has no place for.
    pub broken_by_it: Vec<Broken>,
    /// How many more of them there are than are listed.
    pub unlisted: usize,
    /// Those of which the newer contract says nothing.
    pub undecided: usize,
    /// Exchanges beside these: of services that are not compared, and of operations that the older contract lacks.
    pub not_compared: usize,
    /// Services that no exchange is of and that were not compared for that.
    pub without_traffic: Vec<String>,
}

impl Replay {
    /// How many exchanges break the newer contract where they kept the older.
    pub fn broken(&self) -> usize {
        self.broken_by_it.len() + self.unlisted
    }

    /// Lists so many broken exchanges at most.
    pub fn cut(&mut self, most: usize) {
        let all = self.broken();
        self.broken_by_it.truncate(most);
        self.unlisted = all - self.broken_by_it.len();
    }
}

impl Broken {
    /// Findings that no difference is known to lead to.
    pub fn unexplained(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().zip(&self.by).filter(|(_, by)| by.is_none()).map(|(finding, _)| finding)
    }
}

/// An exchange that an upgrade breaks.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Broken {
    /// Its findings by the newer contract; there is one at least.
    pub findings: Vec<Finding>,
    /// For each of them the difference that it comes from, by its fingerprint; `None` where none is known.
    pub by: Vec<Option<String>>,
}

//! What units of work found, put together in the order of the input as they are done. What was found in a folder of small
//! files is not kept by file until its end.

use std::collections::{BTreeMap, HashSet};

use super::Checked;
use super::named::Named;
use crate::error::Result;
use crate::finding::Finding;

/// The outcome by catalog, up to the first unit that is not done.
pub(super) struct Merged<'n> {
    named: &'n Named,
    /// With what is told once and was.
    all: Vec<(Checked, HashSet<String>)>,
    next: usize,
    /// Units that are done before others that come first.
    waiting: BTreeMap<usize, Result<Vec<Checked>>>,
    /// The first unit that failed, behind which nothing counts.
    failed: Result<()>,
}

impl<'n> Merged<'n> {
    pub(super) fn new(catalogs: usize, named: &'n Named) -> Self {
        let all = (0..catalogs).map(|_| Default::default()).collect();
        Self { named, all, next: 0, waiting: BTreeMap::new(), failed: Ok(()) }
    }

    /// Adds what was found in the unit of that number.
    pub(super) fn add(&mut self, number: usize, part: Result<Vec<Checked>>) {
        self.waiting.insert(number, part);
        while let Some(part) = self.waiting.remove(&self.next) {
            self.next += 1;
            match part {
                Ok(parts) if self.failed.is_ok() => self.put(parts),
                Err(error) if self.failed.is_ok() => self.failed = Err(error),
                _ => {}
            }
        }
    }

    fn put(&mut self, parts: Vec<Checked>) {
        for ((all, told), mut part) in self.all.iter_mut().zip(parts) {
            self.named.insist(&mut part);
            part.findings.extend(self.named.skipped(&part.tally));
            part.findings.retain(|finding| is_news(finding, told));
            all.add(part);
        }
    }

    /// The outcome by catalog.
    pub(super) fn finish(self) -> Result<Vec<Checked>> {
        self.failed?;
        Ok(self.all.into_iter().map(|(checked, _)| checked).collect())
    }
}

fn is_news(finding: &Finding, told: &mut HashSet<String>) -> bool {
    finding.once().is_none_or(|what| told.insert(what))
}

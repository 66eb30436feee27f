//! [`History`]: traffic held against each release of a contract, and how it stands from release to release.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Severity};
use crate::model::Direction;

/// A release of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Release {
    /// Its day, `YYYY-MM-DD`.
    pub day: String,
    /// The release of botocore that brought it; empty where nothing says it.
    pub botocore: String,
}

/// What became of traffic from release to release.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct History {
    /// The service, or those of them that the traffic is of.
    pub service: String,
    /// Recordings in which anything was judged.
    pub recordings: usize,
    /// Severity from which on a finding makes its exchange fail.
    pub least: Severity,
    /// What each release makes of the traffic, the oldest first.
    pub findings: Vec<OfRelease>,
    /// How traffic stands under each release; the gate works it out from the findings.
    pub releases: Vec<Standing>,
    /// Exchanges that fail under every release, and so say nothing of when.
    pub always: usize,
}

/// What one release makes of traffic.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OfRelease {
    /// The release.
    pub release: Release,
    /// Its findings with their levels.
    pub findings: Vec<(Finding, Severity)>,
}

/// How traffic stands under one release.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Standing {
    /// The release.
    pub release: Release,
    /// Findings by severity.
    pub counts: BTreeMap<Severity, usize>,
    /// Exchanges, payloads and broken files that fail.
    pub failing: usize,
    /// Findings that the release before did not have, with their levels. The first release has none.
    pub come: Vec<(Finding, Severity)>,
    /// Findings that only the release before had.
    pub gone: Vec<(Finding, Severity)>,
}

/// Releases one after the other under which traffic stands alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Span<'h> {
    /// Exchanges fail that do not fail everywhere.
    pub fails: bool,
    /// The first release of them.
    pub first: &'h Release,
    /// The last one.
    pub last: &'h Release,
}

impl History {
    /// Works out how traffic stands from release to release. `open` is given what each release finds, and gives back what
    /// nobody approved with its levels.
    pub fn stand(&mut self, mut open: impl FnMut(Vec<Finding>) -> Vec<(Finding, Severity)>) {
        for one in &mut self.findings {
            let findings = std::mem::take(&mut one.findings).into_iter();
            one.findings = open(findings.map(|(finding, _)| finding).collect());
        }
        let failing: Vec<BTreeSet<Place<'_>>> = self.findings.iter().map(|one| failing(one, self.least)).collect();
        let always =
            failing.iter().skip(1).fold(failing.first().cloned().unwrap_or_default(), |common, more| &common & more);
        let standings = self.findings.iter().zip(&failing).enumerate().map(|(at, (own, failing))| {
            let before = at.checked_sub(1).map_or(own, |before| &self.findings[before]);
            standing(own, before, failing.len())
        });
        (self.releases, self.always) = (standings.collect(), always.len());
        self.findings.clear();
    }

    /// When traffic fails and when it conforms, by turns. What fails under every release does not count.
    pub fn spans(&self) -> Vec<Span<'_>> {
        let mut spans: Vec<Span<'_>> = Vec::new();
        for standing in &self.releases {
            let (fails, release) = (standing.failing > self.always, &standing.release);
            match spans.last_mut() {
                Some(span) if span.fails == fails => span.last = release,
                _ => spans.push(Span { fails, first: release, last: release }),
            }
        }
        spans
    }
}

/// File and number of an exchange; of a file that cannot be read, the file.
type Place<'f> = (&'f str, Option<usize>);

fn failing(of: &OfRelease, least: Severity) -> BTreeSet<Place<'_>> {
    let severe = of.findings.iter().filter(|(_, level)| *level >= least);
    severe.map(|(finding, _)| (finding.location.file.as_str(), finding.location.entry)).collect()
}

fn standing(own: &OfRelease, before: &OfRelease, failing: usize) -> Standing {
    let mut counts = BTreeMap::new();
    for (_, level) in &own.findings {
        *counts.entry(*level).or_default() += 1;
    }
    let (come, gone) = (beyond(&own.findings, &before.findings), beyond(&before.findings, &own.findings));
    Standing { release: own.release.clone(), counts, failing, come, gone }
}

/// What makes findings of two releases the same: the rule, the level, and the place.
type Key<'f> = (&'static str, Severity, Place<'f>, Option<&'static str>, &'f str);

fn key((finding, level): &(Finding, Severity)) -> Key<'_> {
    let place = (finding.location.file.as_str(), finding.location.entry);
    (finding.rule.id, *level, place, finding.direction.map(Direction::as_str), &finding.pointer)
}

/// Findings that others do not have.
fn beyond(findings: &[(Finding, Severity)], others: &[(Finding, Severity)]) -> Vec<(Finding, Severity)> {
    let mut known: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    for other in others {
        *known.entry(key(other)).or_default() += 1;
    }
    let mut news = Vec::new();
    for finding in findings {
        match known.get_mut(&key(finding)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => news.push(finding.clone()),
        }
    }
    news
}

//! Since when recorded traffic fails: all of it, held against every release of a contract within the binary.
//!
//! Traffic is read once ([`check::run_each`]). Findings of neighbouring releases are compared by their places, so that a
//! sentence that lists a few more values is no news. What a report shows of it is [`crate::report::history`]'s.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::check::{self, Catalog, Checked, Input, Options};
use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};
use crate::gate::{self, Policy, Tally};
use crate::ingest::embedded::{self, Embedded};

/// Every release of a service, each as a catalog of its own.
pub struct Releases(Vec<(&'static Embedded, Catalog)>);

impl Releases {
    /// The releases of a service within the binary.
    ///
    /// # Errors
    /// There are none of that name.
    pub fn of(service: &str) -> Result<Self> {
        if let Some((name, _)) = service.split_once('@') {
            return Err(Error::new(format!("{service:?} is one release, and a history has all of them"))
                .remedy(format!("Write --contract {name}.")));
        }
        embedded::find(service)?;
        let catalog = |embedded: &'static Embedded| {
            let mut catalog = Catalog::default();
            catalog.add_embedded(embedded);
            (embedded, catalog)
        };
        Ok(Self(embedded::of_service(service).iter().map(catalog).collect()))
    }

    /// The catalog of the newest release.
    ///
    /// # Errors
    /// There is none, which [`Releases::of`] excludes.
    pub fn newest(&self) -> Result<&Catalog> {
        let newest = self.0.last().ok_or_else(|| Error::new("a history without releases"))?;
        Ok(&newest.1)
    }
}

/// What became of traffic from release to release.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The service.
    pub service: &'static str,
    /// What was read, and what the newest release made of it.
    pub tally: Tally,
    /// Severity from which on a finding makes its exchange fail.
    pub least: Severity,
    /// One for each release, the oldest first.
    pub releases: Vec<Standing>,
    /// Exchanges that fail under every release, and so say nothing of when.
    pub always: usize,
}

/// How traffic stands under one release.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The release.
    pub release: &'static Embedded,
    /// Findings by severity.
    pub counts: BTreeMap<Severity, usize>,
    /// Exchanges, payloads and broken files that fail.
    pub failing: usize,
    /// Findings that the release before had not. The first release has none.
    pub come: Vec<Finding>,
    /// Findings that only the release before had.
    pub gone: Vec<Finding>,
}

/// Releases one after the other under which traffic stands alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Exchanges fail that do not fail everywhere.
    pub fails: bool,
    /// The first release of them.
    pub first: &'static Embedded,
    /// The last one.
    pub last: &'static Embedded,
}

impl History {
    /// When traffic fails and when it holds, by turns. What fails under every release does not count.
    pub fn spans(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for standing in &self.releases {
            let (fails, release) = (standing.failing > self.always, standing.release);
            match spans.last_mut() {
                Some(span) if span.fails == fails => span.last = release,
                _ => spans.push(Span { fails, first: release, last: release }),
            }
        }
        spans
    }
}

/// Holds traffic against every release. The catalog of the options is not used.
///
/// # Errors
/// As [`check::run`]; or there is nothing of the service in the traffic.
pub fn trace(inputs: Vec<Input>, releases: &Releases, options: &Options<'_>, least: Severity) -> Result<History> {
    // Reading contracts side by side is quicker than one after the other when they are needed.
    releases.0.par_iter().try_for_each(|(embedded, catalog)| catalog.contract(embedded.service).map(drop))?;
    let catalogs: Vec<&Catalog> = releases.0.iter().map(|(_, catalog)| catalog).collect();
    let checked = check::run_each(inputs, options, &catalogs)?;
    if checked.iter().all(|checked| checked.findings.is_empty() && checked.tally.payloads == 0) {
        nothing(&checked)?;
    }
    let failing: Vec<BTreeSet<Place<'_>>> = checked.iter().map(|checked| failing(checked, least)).collect();
    let always =
        failing.iter().skip(1).fold(failing.first().cloned().unwrap_or_default(), |common, more| &common & more);
    let standings = releases.0.iter().zip(&checked).zip(&failing).enumerate();
    let standings = standings.map(|(at, (((release, _), own), failing))| {
        let before = at.checked_sub(1).map_or(own, |before| &checked[before]);
        standing(release, own, before, failing.len())
    });
    Ok(History {
        service: releases.0.first().map_or("", |(release, _)| release.service),
        least,
        releases: standings.collect(),
        always: always.len(),
        tally: checked.last().map(|newest| newest.tally.clone()).unwrap_or_default(),
    })
}

/// The error that says why nothing was judged; there is one unless all that was read is passed over.
fn nothing(checked: &[Checked]) -> Result<()> {
    let newest = checked.last().cloned().unwrap_or_default();
    let Checked { tally, findings, .. } = newest;
    gate::judge(tally, findings, Policy { fail_on: None, fail_on_unchecked: false }).map(drop)
}

/// File and number of an exchange; of a file that cannot be read, the file.
type Place<'f> = (&'f str, Option<usize>);

fn failing(checked: &Checked, least: Severity) -> BTreeSet<Place<'_>> {
    let grave = checked.findings.iter().filter(|finding| finding.severity >= least);
    grave.map(|finding| (finding.location.file.as_str(), finding.location.entry)).collect()
}

fn standing(release: &'static Embedded, own: &Checked, before: &Checked, failing: usize) -> Standing {
    let mut counts = BTreeMap::new();
    for finding in &own.findings {
        *counts.entry(finding.severity).or_default() += 1;
    }
    let (come, gone) = (beyond(&own.findings, &before.findings), beyond(&before.findings, &own.findings));
    Standing { release, counts, failing, come, gone }
}

/// What makes findings of two releases the same: the rule, how grave it is, and the place.
type Key<'f> = (&'static str, Severity, Place<'f>, Option<&'static str>, &'f str);

fn key(finding: &Finding) -> Key<'_> {
    let place = (finding.location.file.as_str(), finding.location.entry);
    let direction = finding.direction.map(crate::model::Direction::as_str);
    (finding.rule, finding.severity, place, direction, &finding.pointer)
}

/// Findings that others do not have.
fn beyond(findings: &[Finding], others: &[Finding]) -> Vec<Finding> {
    let mut known: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    for finding in others {
        *known.entry(key(finding)).or_default() += 1;
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

//! Since when recorded traffic fails: all of it, held against every release of a contract, within the binary or by sources of
//! models.
//!
//! Contracts of a few releases are in memory at a time, and traffic is read once for all of these ([`check::run_each`]). Findings
//! of neighbouring releases are compared by their places, so that a sentence that lists a few more values is not news. How
//! traffic stands from release to release, the gate works out.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::check::{self, Catalog, Checked, Input, Options};
use crate::error::{Error, Result};
use crate::finding::Severity;
use crate::gate::{self, Approvals, Day, Settings};
use crate::ingest::embedded::{self, Embedded};
use crate::ingest::pinned::numbers;
use crate::ingest::source::Source;
use crate::outcome::{History, OfRelease, Outcome, Particulars, Release, Scope};

/// Releases whose contracts are in memory at a time. One of Clean Rooms takes some 13 MB.
const AT_ONCE: usize = 8;

/// Releases of contracts, the oldest first.
#[derive(Debug)]
pub struct Releases {
    /// The service, where all releases are of that one alone.
    service: Option<String>,
    all: Vec<(Release, Models)>,
    newest: Catalog,
}

/// Where the contracts of one release come from.
#[derive(Debug)]
enum Models {
    Embedded(&'static Embedded),
    Source(Source),
}

impl Models {
    /// A catalog of them, in which nothing is read yet.
    fn catalog(&self) -> Catalog {
        let mut catalog = Catalog::default();
        match self {
            Self::Embedded(embedded) => catalog.add_embedded(embedded),
            // Clones share the bytes of an archive.
            Self::Source(source) => catalog.add_source(source.clone()),
        }
        catalog
    }
}

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
        let release = |embedded: &'static Embedded| {
            let (day, botocore) = (embedded.release.to_owned(), embedded.botocore.to_owned());
            (Release { day, botocore }, Models::Embedded(embedded))
        };
        Self::new(Some(service.to_owned()), embedded::of_service(service).iter().map(release).collect())
    }

    fn new(service: Option<String>, all: Vec<(Release, Models)>) -> Result<Self> {
        let (_, newest) = all.last().ok_or_else(|| Error::new("a history without releases"))?;
        Ok(Self { newest: newest.catalog(), service, all })
    }

    /// Models of one release each, with its day; without one, that of the source counts.
    ///
    /// # Errors
    /// Nothing says the day of one, or there are fewer than two.
    pub fn of_sources(sources: Vec<(Source, Option<String>)>) -> Result<Self> {
        if sources.len() < 2 {
            return Err(Error::new("a history has two releases or more")
                .remedy("--model may be repeated, and takes a folder of wheels."));
        }
        let services: BTreeSet<Vec<String>> =
            sources.iter().map(|(source, _)| source.services().into_iter().map(str::to_owned).collect()).collect();
        let mut all = Vec::new();
        for (source, day) in sources {
            let Some(day) = day.or_else(|| source.day()) else {
                let label = source.label();
                return Err(Error::new("nothing says the day of its release")
                    .at(source.origin())
                    .remedy(format!("Write --model {label}@YYYY-MM-DD.")));
            };
            let botocore = source.botocore().unwrap_or_default();
            all.push((Release { day, botocore }, Models::Source(source)));
        }
        all.sort_by_cached_key(|(release, _)| (release.day.clone(), numbers(&release.botocore)));
        let service = match services.first().map(Vec::as_slice) {
            Some([only]) if services.len() == 1 => Some(only.clone()),
            _ => None,
        };
        Self::new(service, all)
    }

    /// The catalog of the newest release.
    pub fn newest(&self) -> &Catalog {
        &self.newest
    }

    /// A catalog of each release, in which nothing is read yet, the newest first.
    pub fn catalogs(&self) -> impl Iterator<Item = Catalog> {
        self.all.iter().rev().map(|(_, models)| models.catalog())
    }

    /// Holds traffic against every release, a few of them at a time.
    fn hold(&self, inputs: Vec<Input>, options: &Options<'_>) -> Result<Vec<Checked>> {
        let again: Option<Vec<PathBuf>> = inputs.iter().map(again).collect();
        // A stream is there but once, so that all releases read it together.
        let at_once = if again.is_some() { AT_ONCE } else { self.all.len() };
        let mut inputs = Some(inputs);
        let rounds = self.all.len().div_ceil(at_once) as u64;
        let read = AtomicU64::new(0);
        // A byte that was read once in each round is one byte of progress.
        let progress = |bytes: u64| {
            let before = read.fetch_add(bytes, Ordering::Relaxed);
            (options.progress)((before + bytes) / rounds - before / rounds);
        };
        let options = Options { progress: &progress, ..*options };
        let mut checked = Vec::new();
        for some in self.all.chunks(at_once) {
            let catalogs: Vec<Catalog> = some.iter().map(|(_, models)| models.catalog()).collect();
            if let Some(service) = &self.service {
                // Reading contracts side by side is quicker than one after the other when they are needed.
                catalogs.par_iter().try_for_each(|catalog| catalog.contract(service).map(drop))?;
            }
            let paths = || again.iter().flatten().cloned().map(Input::Path).collect();
            checked.extend(check::run_each(
                inputs.take().unwrap_or_else(paths),
                &options,
                &catalogs.iter().collect::<Vec<_>>(),
            )?);
        }
        Ok(checked)
    }

    /// The service, or those of several that the traffic is of.
    fn called(&self, scope: &Scope) -> String {
        let judged: BTreeSet<&str> = scope.operations().map(|(_, service, ..)| service).collect();
        self.service.clone().unwrap_or_else(|| judged.into_iter().collect::<Vec<_>>().join(", "))
    }
}

/// Holds traffic against every release. The catalog of the options is not used.
///
/// # Errors
/// As [`check::run`]; or there is nothing of the service in the traffic.
pub fn trace(inputs: Vec<Input>, releases: &Releases, options: &Options<'_>, least: Severity) -> Result<Outcome> {
    let checked = releases.hold(inputs, options)?;
    if checked.iter().all(|checked| checked.findings.is_empty() && checked.tally.payloads == 0) {
        nothing(&checked, releases)?;
    }
    let Checked { tally, scope, findings, .. } = checked.last().cloned().unwrap_or_default();
    // A release that lacks an operation judges nothing of it.
    let judged: BTreeSet<&str> = checked.iter().flat_map(|one| one.scope.operations()).map(|(file, ..)| file).collect();
    let (service, recordings) = (releases.called(&scope), judged.len());
    let of_release = |((release, _), checked): (&(Release, Models), Checked)| OfRelease {
        release: release.clone(),
        // The gate decides the level.
        findings: checked
            .findings
            .into_iter()
            .map(|finding| {
                let weight = finding.weight;
                (finding, weight)
            })
            .collect(),
    };
    let history = History {
        service,
        recordings,
        least,
        findings: releases.all.iter().zip(checked).map(of_release).collect(),
        releases: Vec::new(),
        always: 0,
    };
    Ok(Outcome { tally, scope, findings, coverage: None, particulars: Particulars::History(history) })
}

/// The path of an input that can be read more than once; one that is not there is told of where it is read.
fn again(input: &Input) -> Option<PathBuf> {
    let Input::Path(path) = input else { return None };
    let can_be = fs::metadata(path).map_or(true, |metadata| metadata.is_file() || metadata.is_dir());
    can_be.then(|| path.clone())
}

/// The error that says why nothing was judged; there is one unless all that was read is passed over.
fn nothing(checked: &[Checked], releases: &Releases) -> Result<()> {
    let newest = checked.last().cloned().unwrap_or_default().into_outcome();
    if !newest.tally.unchecked.is_empty() {
        let counts = newest.tally.unchecked.iter().map(|(other, count)| format!("{other} ({count})"));
        let service = releases.service.as_deref().unwrap_or("the models' services");
        let told = format!("nothing of {service} was read, but of {}", counts.collect::<Vec<_>>().join(", "));
        return Err(Error::new(told)
            .remedy("--model SOURCE@DATE, which may be repeated, or a folder of wheels brings releases of others."));
    }
    gate::judge(newest, &Settings::default(), &Approvals::default(), Day::of_unix_time(0)).map(drop)
}

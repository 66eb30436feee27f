//! Since when recorded traffic fails: all of it, held against every release of a contract within the binary.
//!
//! Traffic is read once ([`check::run_each`]). Findings of neighbouring releases are compared by their places, so that a
//! sentence that lists a few more values is not news. How traffic stands from release to release, the gate works out.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::check::{self, Catalog, Checked, Input, Options};
use crate::error::{Error, Result};
use crate::finding::Severity;
use crate::gate::{self, Approvals, Day, Settings};
use crate::ingest::embedded::{self, Embedded};
use crate::outcome::{History, OfRelease, Outcome, Particulars};

/// Every release of a service, each as a catalog of its own.
#[derive(Debug)]
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

/// Holds traffic against every release. The catalog of the options is not used.
///
/// # Errors
/// As [`check::run`]; or there is nothing of the service in the traffic.
pub fn trace(inputs: Vec<Input>, releases: &Releases, options: &Options<'_>, least: Severity) -> Result<Outcome> {
    // Reading contracts side by side is quicker than one after the other when they are needed.
    releases.0.par_iter().try_for_each(|(embedded, catalog)| catalog.contract(embedded.service).map(drop))?;
    let catalogs: Vec<&Catalog> = releases.0.iter().map(|(_, catalog)| catalog).collect();
    let checked = check::run_each(inputs, options, &catalogs)?;
    let service = releases.0.first().map_or("", |(release, _)| release.service);
    if checked.iter().all(|checked| checked.findings.is_empty() && checked.tally.payloads == 0) {
        nothing(&checked, service)?;
    }
    let Checked { tally, scope, findings, .. } = checked.last().cloned().unwrap_or_default();
    let of_release = |((release, _), checked): (&(&'static Embedded, Catalog), Checked)| OfRelease {
        release,
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
        least,
        findings: releases.0.iter().zip(checked).map(of_release).collect(),
        releases: Vec::new(),
        always: 0,
    };
    Ok(Outcome { tally, scope, findings, particulars: Particulars::History(history) })
}

/// The error that says why nothing was judged; there is one unless all that was read is passed over.
fn nothing(checked: &[Checked], service: &str) -> Result<()> {
    let newest = checked.last().cloned().unwrap_or_default().into_outcome();
    if !newest.tally.unchecked.is_empty() {
        let counts = newest.tally.unchecked.iter().map(|(other, count)| format!("{other} ({count})"));
        let told = format!("nothing of {service} was read, but of {}", counts.collect::<Vec<_>>().join(", "));
        return Err(Error::new(told).remedy("`history` has contracts of that service alone; `check` judges others."));
    }
    gate::judge(newest, &Settings::default(), &Approvals::default(), Day::of_unix_time(0)).map(drop)
}

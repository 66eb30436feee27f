//! The third job: two sources of models → differences → findings.
//!
//! Services are compared side by side; findings come by service, in the order of the differences. What differs is
//! [`crate::diff`]'s to say, what it means [`crate::rules::change`]'s, whether it passes [`crate::gate`]'s. What is only
//! the fallout of another difference is marked so, and [`replay()`] weighs all of them by recorded traffic.

mod fallout;
mod link;
mod models;
mod question;
mod replay;
mod standing;
mod usage;
#[cfg(feature = "generate")]
mod witness;

use std::collections::BTreeSet;
use std::fmt;

pub use self::models::Models;
pub use self::replay::{Replayed, Traffic, replay};
#[cfg(feature = "generate")]
use crate::contract::Contract;
use crate::diff::{Change, Difference, of_sources};
use crate::error::{Error, Result};
use crate::finding::{Finding, Profile};
use crate::outcome::{Fallout, Outcome, Particulars, Scope, Tally, Upgrade};
use crate::rules::change::judge;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// How to compare.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The services to compare; where none is named, all.
    pub services: &'a [String],
    /// For whom differences are weighed.
    pub profile: Profile,
    /// Whether to look for a payload that the newer contract refuses, for each difference that may have one. Without
    /// the feature `generate` there are none.
    pub witnesses: bool,
    /// Threads; 0 is one for each processor.
    pub threads: usize,
    /// Called with the number of services that are to be compared, then with 1 for each that was.
    pub progress: &'a (dyn Fn(Step) + Sync),
}

impl Options<'_> {
    /// All services, for one kind of user, without witnesses.
    pub fn new(profile: Profile) -> Self {
        Self { services: &[], profile, witnesses: false, threads: 0, progress: &|_| {} }
    }
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { services, profile, .. } = self;
        f.debug_struct("Options").field("services", services).field("profile", profile).finish_non_exhaustive()
    }
}

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many services are to be compared.
    Planned(usize),
    /// One more was.
    Done,
}

/// What differs between two sources.
#[derive(Debug, Default)]
pub struct Comparison {
    /// One for each service, by name.
    pub services: Vec<Compared>,
}

/// What differs about one service.
#[derive(Debug, Default)]
pub struct Compared {
    /// Its name.
    pub service: String,
    /// The facts.
    pub differences: Vec<Difference>,
    /// What each of them means, in the same order.
    pub findings: Vec<Finding>,
    /// For each the number of the one whose fallout it is.
    pub under: Vec<Option<usize>>,
    /// One of the sources knows a part of the service alone, so what it does not show was not compared.
    pub partial: bool,
}

impl Comparison {
    /// What the comparison found, with what recorded traffic says of it.
    pub fn into_outcome(self, [old, new]: [&Models; 2], profile: Profile, replayed: Option<Replayed>) -> Outcome {
        let partial = self.services.iter().filter(|one| one.partial).map(|one| one.service.clone()).collect();
        let services = self.services.iter().map(|one| one.service.clone()).collect();
        let (mut findings, fallout) = self.into_findings();
        let (mut tally, mut replay) = (Tally::default(), None);
        if let Some(replayed) = replayed {
            findings.extend(replayed.unreadable);
            (tally, replay) = (replayed.tally, Some(replayed.replay));
        }
        let (from, to, profile) = (old.label(), new.label(), profile.as_str());
        let upgrade = Upgrade { from, to, to_file: new.file(), profile, services, partial, fallout, replay };
        Outcome { tally, scope: Scope::default(), findings, coverage: None, particulars: Particulars::Upgrade(upgrade) }
    }

    /// The findings that stand for themselves, and those that come with one of these.
    fn into_findings(self) -> (Vec<Finding>, Vec<Fallout>) {
        let (mut findings, mut fallout) = (Vec::new(), Vec::new());
        for Compared { findings: mut own, under, .. } in self.services {
            let mut roots = vec![None; own.len()];
            for (at, root) in under.iter().enumerate() {
                let Some(root) = *root else { continue };
                roots[at] = Some(own[root].fingerprint().to_string());
                // What comes with another itself hands on what comes with it.
                if under[root].is_none() {
                    let rule = own[at].rule.id;
                    own[root].count_fallout(rule);
                }
            }
            for (finding, root) in own.into_iter().zip(roots) {
                match root {
                    Some(under) => fallout.push(Fallout { finding, under }),
                    None => findings.push(finding),
                }
            }
        }
        (findings, fallout)
    }
}

/// Compares two sources.
///
/// # Errors
/// A model cannot be read, a service is in neither source, or the sources have no service in common.
pub fn compare(old: &Models, new: &Models, options: &Options<'_>) -> Result<Comparison> {
    each(old, new, question::services(old, new, options.services)?, options)
}

/// Compares these services, side by side.
fn each(old: &Models, new: &Models, services: BTreeSet<String>, options: &Options<'_>) -> Result<Comparison> {
    (options.progress)(Step::Planned(services.len()));
    let compared: Result<Vec<Compared>> = pool(options.threads)?.install(|| {
        services
            .into_par_iter()
            .map(|service| {
                let compared = one(old, new, &service, options);
                (options.progress)(Step::Done);
                compared
            })
            .collect()
    });
    Ok(Comparison { services: compared? })
}

fn pool(threads: usize) -> Result<ThreadPool> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|error| Error::new(format!("cannot start threads: {error}")))
}

fn one(old: &Models, new: &Models, service: &str, options: &Options<'_>) -> Result<Compared> {
    let profile = options.profile;
    if old.has_the_same(new, service)? {
        return Ok(Compared { service: service.to_owned(), ..Compared::default() });
    }
    let (one, two) = match (old.load(service)?, new.load(service)?) {
        (Some(one), Some(two)) => (one, two),
        (Some(_), None) => return Ok(alone(service, Change::ServiceRemoved, profile)),
        (None, Some(_)) => return Ok(alone(service, Change::ServiceAdded, profile)),
        (None, None) => return Ok(Compared { service: service.to_owned(), ..Compared::default() }),
    };
    let mut versions = [old.versions(service)?, new.versions(service)?];
    if versions.iter().any(Vec::is_empty) {
        // A single model says nothing of others beside it.
        versions = [&one, &two].map(|side| side.service.api_version.known().cloned().into_iter().collect());
    }
    let mut differences = of_versions(&versions[0], &versions[1]);
    differences.extend(of_sources(&one, &two));
    let findings: Vec<Finding> = differences.iter().map(|of| judge(of, service, profile)).collect();
    let under = fallout::roots(&one, &two, &differences, &findings);
    let partial = one.service.is_partial() || two.service.is_partial();
    #[cfg_attr(not(feature = "generate"), allow(unused_mut, reason = "witnesses are generated"))]
    let mut compared = Compared { service: service.to_owned(), differences, findings, under, partial };
    if options.witnesses {
        #[cfg(feature = "generate")]
        {
            let contracts = [one.service, two.service].map(Contract::new);
            witness::find(&mut compared, witness::Contracts::Own(Box::new(contracts)));
        }
    }
    Ok(compared)
}

/// A service that one of the sources lacks.
fn alone(service: &str, change: Change, profile: Profile) -> Compared {
    let difference = Difference::of_service(change);
    let findings = vec![judge(&difference, service, profile)];
    let differences = vec![difference];
    Compared { service: service.to_owned(), differences, findings, under: vec![None], partial: false }
}

/// API versions that came or went, where both sources hold several or say which one they hold.
fn of_versions(old: &[String], new: &[String]) -> Vec<Difference> {
    let gone = old.iter().filter(|version| !new.contains(version));
    let gone = gone.map(|version| Change::ApiVersionRemoved { version: version.clone() });
    let came = new.iter().filter(|version| !old.contains(version));
    let came = came.map(|version| Change::ApiVersionAdded { version: version.clone() });
    if old.is_empty() || new.is_empty() {
        return Vec::new();
    }
    gone.chain(came).map(Difference::of_service).collect()
}

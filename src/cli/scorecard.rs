//! `shapegate scorecard`

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;

use super::checking::{Checking, Counted};
use super::configuring::Configuring;
use super::judging::Judging;
use super::reporting::Reporting;
use super::tell_unread;
use super::traffic::Traffic;
use crate::contract::Paths;
use crate::error::{Error, Result};
use crate::gate::Settings;
use crate::limits::{self, OUTPUT_BYTES};
use crate::outcome::{Before, Card, ContractSource, Particulars};
use crate::report::VERSION;

#[derive(Args)]
/// Tell how well services answer: for people who write emulators and mocks
#[command(after_help = "\
Examples:
  shapegate scorecard --model botocore traffic/
  shapegate scorecard --report json=before.json traffic/    keep it
  shapegate scorecard --compare before.json traffic/        and see later what came of it
  shapegate scorecard --report badge=badge.svg --report markdown=SCORECARD.md traffic/

By service: operations that were answered with an output; that conform (answered with an output or with an error that \
they declare, and no error was found in any of their answers); that fail (an error was found); that were refused (called \
and never answered in either way, without an error); \
that were never called; out of how many the model has. What is wrong with requests is the client's and does not count; what \
was approved counts, for it is not mended. Then what to mend first: what makes most operations conform comes first, then what \
most operations have. So that CI fails for new faults alone: `shapegate approve`, then `shapegate check`.

Exit codes: 0 it was reported, 1 a part of the recordings could not be read (or what --fail-on-unchecked and --fail-on-stale \
ask for), 2 the work could not be done.")]
pub(super) struct Scorecard {
    #[command(flatten)]
    traffic: Traffic,

    /// An earlier scorecard to compare with, as `--report json=FILE` wrote it
    #[arg(long, value_name = "BEFORE.json")]
    compare: Option<PathBuf>,

    #[command(flatten)]
    checking: Checking,

    #[command(flatten)]
    reporting: Reporting,

    #[command(flatten)]
    judging: Judging,
}

impl Scorecard {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        self.reporting.check("scorecard")?;
        self.checking.fails_for_nothing("scorecard")?;
        self.judging.narrowing.of_all_rules("scorecard")?;
        let config = configuring.read()?;
        let paths = self.traffic.paths(&config)?;
        let approvals = self.judging.read(&config)?;
        let before = self.compare.as_deref().map(before).transpose()?;
        let (mut outcome, catalog) =
            self.checking.run(&config, &paths, self.reporting.verbose, Counted::Coverage, Paths::Both)?;
        outcome.particulars = Particulars::Scorecard(before);
        tell_unread(&outcome.findings);
        let settings = self.checking.settings(&config, catalog, &outcome.tally)?;
        let settings = Settings { fail_on: None, ..settings };
        self.reporting.finish(&self.judging.judge(&config, outcome, settings, &approvals, catalog)?)
    }
}

/// What is read of an earlier report.
#[derive(Deserialize)]
struct Earlier {
    scorecard: Numbers,
    coverage: Option<Touched>,
    findings: Vec<Found>,
    approvals: Approvals,
    #[serde(default)]
    contracts: Vec<HeldAgainst>,
}

/// What says which kind of file it is.
#[derive(Deserialize)]
struct Head {
    report: Option<u32>,
    part: Option<u32>,
    job: Option<String>,
}

/// A model that judged it.
#[derive(Deserialize)]
struct HeldAgainst {
    service: String,
    #[serde(flatten)]
    source: ContractSource,
}

#[derive(Deserialize)]
struct Numbers {
    services: BTreeMap<String, Card>,
}

#[derive(Deserialize)]
struct Touched {
    services: Vec<OfService>,
}

#[derive(Deserialize)]
struct OfService {
    service: String,
    called: Vec<Called>,
}

#[derive(Deserialize)]
struct Called {
    operation: String,
}

#[derive(Deserialize)]
struct Found {
    fingerprint: String,
}

#[derive(Deserialize)]
struct Approvals {
    approved: Vec<Approved>,
}

#[derive(Deserialize)]
struct Approved {
    finding: Found,
}

fn before(path: &Path) -> Result<Before> {
    let text = limits::read_text(path, OUTPUT_BYTES)?;
    let wrong =
        |cause: String| Error::new(cause).at(path).remedy("`shapegate scorecard --report json=FILE` writes one.");
    let no_report = |error| wrong(format!("it is no JSON report of a scorecard: {error}"));
    let head: Head = serde_json::from_str(&text).map_err(no_report)?;
    match head {
        Head { part: Some(_), .. } => return Err(wrong("it is a part, which `shapegate merge` adds up".to_owned())),
        Head { report: Some(version), .. } if version != VERSION => {
            return Err(wrong(format!("it is a report of version {version}, and this is version {VERSION}")));
        }
        Head { report: Some(_), job: Some(job), .. } if job != "scorecard" => {
            return Err(wrong(format!("it is a report of `{job}`, and not of `scorecard`")));
        }
        _ => {}
    }
    let read: Earlier = serde_json::from_str(&text).map_err(no_report)?;
    let approved = read.approvals.approved.into_iter().map(|one| one.finding);
    let findings = read.findings.into_iter().chain(approved).map(|found| found.fingerprint).collect();
    let operations = |one: OfService| (one.service, one.called.into_iter().map(|call| call.operation).collect());
    let called = read.coverage.map(|coverage| coverage.services.into_iter().map(operations).collect());
    let mut contracts: BTreeMap<String, BTreeSet<ContractSource>> = BTreeMap::new();
    for HeldAgainst { service, source } in read.contracts {
        contracts.entry(service).or_default().insert(source);
    }
    Ok(Before { label: path.display().to_string(), findings, services: read.scorecard.services, called, contracts })
}

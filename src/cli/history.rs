//! `shapegate history`

use std::path::PathBuf;

use clap::Args;

use super::checking::shipped_and;
use super::chosen::Chosen;
use super::configuring::Configuring;
use super::contracts::dated;
use super::correcting::Correcting;
use super::judging::{Judging, settings};
use super::names::Names;
use super::reading::Reading;
use super::reporting::Reporting;
use super::traffic::Traffic;
use super::walking::Walking;
use super::wheels::WheelsArgs;
use super::{inputs, severity, tell_unread};
use crate::check::Options;
use crate::config::Config;
use crate::error::Result;
use crate::finding::Severity;
use crate::gate::Settings;
use crate::history::{Releases, trace};
use crate::ingest::embedded;

#[derive(Args)]
/// Tell since which release of the contract recorded traffic fails
#[command(after_help = "\
Examples:
  shapegate history traffic/
  shapegate history --severity warning --verbose cassettes/ recording.har
  shapegate history --format json traffic/ | jq .history.failsFrom
  shapegate history --model wheels traffic/
  shapegate history --model old/service-2.json@2024-05-01 --model new/service-2.json@2025-02-11 traffic/

All traffic is held against every release of the contract: of Clean Rooms since 2023-01, which are within shapegate, or of \
the services whose models --model names. There is a line for each release: its \
findings, and the exchanges that fail, which have a finding of --severity or more. Then, for each release that makes \
a difference, what comes and what goes with it. The last line says when the traffic fails. What a release does not \
know yet makes it fail until the next; what a release has removed, or demands, makes it fail from then on. Exchanges \
that fail under every release say nothing of when, and are counted apart.

Exit codes: 0 it was reported, 1 a part of the recordings could not be read, or with --fail-on-stale where an \
approval is no longer needed, 2 the work could not be done. `check --contract NAME@DATE` judges by one release, and its \
exit code says how.")]
pub(super) struct History {
    #[command(flatten)]
    traffic: Traffic,

    /// Service with a history within shapegate
    #[arg(long, value_name = "NAME", default_value = embedded::DEFAULT)]
    contract: String,

    /// Models of one release of any service, with its day; may be repeated. A wheel of botocore knows its day, and a folder of
    /// wheels stands for all of them
    #[arg(long, value_name = "SOURCE[@DATE]", conflicts_with = "contract")]
    model: Vec<PathBuf>,

    #[command(flatten)]
    wheels: WheelsArgs,

    #[command(flatten)]
    correcting: Correcting,

    #[command(flatten)]
    reporting: Reporting,

    #[command(flatten)]
    judging: Judging,

    /// Severity from which a finding makes its exchange fail
    #[arg(long, default_value = "error", value_parser = ["error", "warning", "note"], help_heading = "Verdict")]
    severity: String,

    #[command(flatten)]
    reading: Reading,

    #[command(flatten)]
    walking: Walking,

    /// Folder with presence expectations of your own (*.schema.json), beside the shipped ones
    #[arg(long, value_name = "DIR", help_heading = "Models")]
    expectations: Vec<PathBuf>,

    /// Threads; 0 is one for each processor
    #[arg(long, default_value_t = 0, help_heading = "Reading")]
    threads: usize,
}

impl History {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        self.reporting.check("history")?;
        let config = configuring.read()?;
        let paths = self.traffic.paths(&config)?;
        let approvals = self.judging.read(&config)?;
        let releases = self.releases(&config)?;
        let expectations =
            shipped_and(&config, &Chosen::list(&self.expectations, "--expectations", &config.expectations))?;
        let filter = self.walking.filter_for(&config, &paths);
        let work = |options: Options<'_>| trace(inputs(&paths), &releases, &options, self.least());
        let known = (releases.newest(), &releases as &dyn Names);
        let traced = self.reading.run(&config, known, &expectations, self.threads, &filter, work)?;
        tell_unread(&traced.findings);
        let settings = Settings { fail_on: None, ..settings(&config) };
        self.reporting.finish(&self.judging.judge(&config, traced, settings, &approvals, &releases)?)
    }

    fn releases(&self, config: &Config) -> Result<Releases> {
        if self.model.is_empty() {
            return Releases::of(&self.contract);
        }
        let (errata, wheels) = (self.correcting.errata(config)?, self.wheels.wheels(config));
        Releases::of_sources(dated(&self.model, &errata, &wheels)?)
    }

    fn least(&self) -> Severity {
        severity(&self.severity).unwrap_or(Severity::Error)
    }
}

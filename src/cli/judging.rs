//! `--approvals` and `--fail-on-stale`, which mean the same for every job.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use super::chosen::{By, Chosen, flag};
use super::names::Names;
use super::narrowing::Narrowing;
use super::severity;
use crate::config::{Config, Set};
use crate::error::Result;
use crate::finding::Severity;
use crate::gate::{Approvals, Day, Settings, Verdict, judge};
use crate::outcome::Outcome;

/// What a file of approvals holds.
pub(super) const ABOUT_APPROVALS: &str = "\
A file of approvals is TOML with a line for each below [approvals]:
  \"fingerprint\" = { reason = \"why\", expires = 2027-01-31, paths = [\"tests/**\"], at_most = 3 }

Only `reason` is required. In the service, operation, direction and subject of a fingerprint `*` stands for any \
characters, never in the rule or in values. A fingerprint carries no place: the finding is accepted in every file, in \
new ones too, unless `paths` (globs, seen from the folder of the file of approvals, links resolved) or `at_most` (findings in one run) say \
otherwise. After the day of `expires` it counts no more. `malformed-recording`, `undecodable-body` and `limit-reached` need `paths`.";

#[derive(Args)]
#[command(next_help_heading = "Verdict")]
pub(super) struct Judging {
    /// Findings that were looked at and are accepted [default: shapegate-approvals.toml beside the configuration]
    #[arg(long, value_name = "FILE", long_help = format!(
        "Findings that were looked at and are accepted [default: shapegate-approvals.toml \
         beside the configuration, else in the working directory]\n\n\
         {ABOUT_APPROVALS} `shapegate approve` writes the file"))]
    approvals: Option<PathBuf>,

    /// Make the exit code 1 where an approval is no longer needed
    #[arg(long)]
    fail_on_stale: bool,

    #[command(flatten)]
    pub(super) narrowing: Narrowing,

    /// List so many findings at most, the most severe first; all are judged and counted
    #[arg(long, value_name = "N", help_heading = "Report")]
    max_findings: Option<usize>,
}

impl Judging {
    /// The file of approvals; where it is the default, it need not be there.
    pub(super) fn approvals(&self, config: &Config) -> Chosen<PathBuf> {
        approvals(self.approvals.as_ref(), config)
    }

    /// Whether approvals that are not needed any more fail.
    pub(super) fn fail_on_stale(&self, config: &Config) -> Chosen<bool> {
        Chosen::of(flag(self.fail_on_stale, true), "--fail-on-stale", config.fail_on_stale.as_ref(), false)
    }

    /// How many findings are listed.
    pub(super) fn max_findings(&self, config: &Config) -> Chosen<Option<usize>> {
        let set = config.max_findings.as_ref().map(|set| Set { value: Some(set.value), line: set.line });
        Chosen::of(self.max_findings.map(Some), "--max-findings", set.as_ref(), None)
    }

    /// Reads the approvals, so that a mistake in them is known before anything is judged.
    pub(super) fn read(&self, config: &Config) -> Result<Approvals> {
        self.narrowing.check()?;
        let chosen = self.approvals(config);
        let place = &*chosen.value;
        if chosen.by != By::Default {
            return chosen.located(config, Approvals::read(place));
        }
        let read = Approvals::read_if_there(place)?;
        if read.is_some() {
            super::inform(format_args!("approvals from {}", place.display()));
        }
        Ok(read.unwrap_or_else(|| Approvals::none(place)))
    }

    /// Judges what a job found.
    pub(super) fn judge(
        &self,
        config: &Config,
        outcome: Outcome,
        settings: Settings,
        approvals: &Approvals,
        names: &dyn Names,
    ) -> Result<Verdict> {
        let only = self.narrowing.only(names, &outcome)?;
        let (fail_on_stale, max_findings) = (self.fail_on_stale(config).value, self.max_findings(config).value);
        let settings = Settings { fail_on_stale, only, max_findings, ..settings };
        judge(outcome, &settings, approvals, today())
    }
}

/// The file of approvals that an option or the configuration names, or the default.
pub(super) fn approvals(option: Option<&PathBuf>, config: &Config) -> Chosen<PathBuf> {
    Chosen::of(option.cloned(), "--approvals", config.approvals.as_ref(), config.default_approvals())
}

/// What the configuration makes of findings, whatever the job.
pub(super) fn settings(config: &Config) -> Settings {
    Settings { levels: config.levels(), ..Settings::default() }
}

/// The severity from which findings fail, where an option or the configuration says it; `None` within: never.
pub(super) fn fail_on(option: Option<&str>, config: &Config, default: Severity) -> Chosen<Option<Severity>> {
    Chosen::of(option.map(severity), "--fail-on", config.fail_on.as_ref(), Some(default))
}

/// The day it is, in UTC.
pub(super) fn today() -> Day {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Day::of_unix_time(since.as_secs())
}

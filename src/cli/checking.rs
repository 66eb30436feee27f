//! How traffic is checked: what `check` and `approve` have in common, so that the one accepts what the other finds.

use std::path::PathBuf;

use clap::Args;

use super::chosen::Chosen;
use super::contracts::Contracts;
use super::correcting::tell_stale;
use super::inputs;
use super::judging::{fail_on, settings};
use super::names::{Names, with_services};
use super::reading::Reading;
use super::unchecked::Unchecked;
use super::walking::Walking;
use crate::check::{Catalog, Checked, Options, run};
use crate::config::Config;
use crate::contract::Paths;
use crate::coverage::run_counting;
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::finding::Severity;
use crate::gate::Settings;
use crate::outcome::{Outcome, Tally};

/// What is counted beside findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// Nothing.
    Nothing,
    /// What of the contracts is touched.
    Coverage,
}

#[derive(Args)]
pub(super) struct Checking {
    #[command(flatten)]
    pub(super) contracts: Contracts,

    /// Severity from which findings fail [default: error]
    #[arg(long, value_parser = ["error", "warning", "note", "never"], help_heading = "Verdict")]
    fail_on: Option<String>,

    #[command(flatten)]
    pub(super) unchecked: Unchecked,

    #[command(flatten)]
    pub(super) reading: Reading,

    #[command(flatten)]
    pub(super) walking: Walking,

    /// Folder with presence expectations of your own (*.schema.json), beside the shipped ones
    #[arg(long, value_name = "DIR", help_heading = "Models")]
    expectations: Vec<PathBuf>,

    /// Threads; 0 is one for each processor
    #[arg(long, default_value_t = 0, help_heading = "Reading")]
    threads: usize,
}

impl Checking {
    /// Checks files and folders; returns what was found and the contracts. `verbose` says where models come from, and where
    /// what is not judged stands.
    pub(super) fn run(
        &self,
        config: &Config,
        paths: &[PathBuf],
        verbose: bool,
        counted: Counted,
        by: Paths,
    ) -> Result<(Outcome, &'static Catalog)> {
        let catalog = self.contracts.catalog(config, verbose)?;
        let expectations = shipped_and(config, &self.expectations(config))?;
        let filter = self.walking.filter_for(config, paths);
        let work = |options: Options<'_>| -> Result<(Checked, _)> {
            let options = Options { places: verbose, paths: by, ..options };
            match counted {
                Counted::Nothing => Ok((run(inputs(paths), &options)?, None)),
                Counted::Coverage => run_counting(inputs(paths), &options).map(|(all, own)| (all, Some(own))),
            }
        };
        let (checked, coverage) =
            self.reading.run(config, (catalog, catalog), &expectations, self.threads, &filter, work)?;
        tell_stale(&catalog.stale_errata(verbose));
        Ok((Outcome { coverage, ..checked.into_outcome() }, catalog))
    }

    /// Folders with presence expectations.
    pub(super) fn expectations(&self, config: &Config) -> Vec<Chosen<PathBuf>> {
        Chosen::list(&self.expectations, "--expectations", &config.expectations)
    }

    /// Severity from which findings fail.
    pub(super) fn fail_on(&self, config: &Config) -> Chosen<Option<Severity>> {
        fail_on(self.fail_on.as_deref(), config, Severity::Error)
    }

    /// Refuses `--fail-on` where findings are counted and do not fail.
    pub(super) fn fails_for_nothing(&self, job: &str) -> Result<()> {
        match self.fail_on {
            None => Ok(()),
            Some(_) => Err(Error::new(format!("--fail-on: a {job} counts findings, and fails for none of them"))
                .remedy("`shapegate check` judges the same traffic.")),
        }
    }

    /// What fails.
    pub(super) fn settings(&self, config: &Config, names: &dyn Names, tally: &Tally) -> Result<Settings> {
        let fail_on = self.fail_on(config).value;
        let fail_on_unchecked = self.unchecked.settings(config, names, tally)?;
        Ok(Settings { fail_on, fail_on_unchecked, ..settings(&with_services(config, names, tally)?) })
    }
}

/// The shipped expectations and those of some folders.
pub(super) fn shipped_and(config: &Config, folders: &[Chosen<PathBuf>]) -> Result<Expectations> {
    let mut expectations = Expectations::shipped()?;
    folders.iter().try_for_each(|folder| folder.located(config, expectations.add_folder(&folder.value)))?;
    Ok(expectations)
}

//! How traffic is checked: what `check` and `approve` have in common, so that the one accepts what the other finds.

use std::path::PathBuf;

use clap::Args;

use super::contracts::Contracts;
use super::reading::Reading;
use super::unchecked::Unchecked;
use super::walking::Walking;
use super::{inputs, severity};
use crate::check::run;
use crate::error::Result;
use crate::expectation::Expectations;
use crate::gate::Settings;
use crate::outcome::Outcome;

#[derive(Args)]
pub(super) struct Checking {
    #[command(flatten)]
    contracts: Contracts,

    /// Severity from which findings fail
    #[arg(long, default_value = "error", value_parser = ["error", "warning", "note", "never"])]
    fail_on: String,

    #[command(flatten)]
    unchecked: Unchecked,

    #[command(flatten)]
    reading: Reading,

    #[command(flatten)]
    walking: Walking,

    /// Folder with presence expectations of your own (*.schema.json), beside the shipped ones
    #[arg(long, value_name = "DIR")]
    expectations: Vec<PathBuf>,

    /// Threads; 0 is one for each processor
    #[arg(long, default_value_t = 0)]
    threads: usize,
}

impl Checking {
    /// Checks files and folders. `verbose` says where models come from.
    pub(super) fn run(&self, paths: &[PathBuf], verbose: bool) -> Result<Outcome> {
        let catalog = self.contracts.catalog(verbose)?;
        let mut expectations = Expectations::shipped()?;
        for folder in &self.expectations {
            expectations.add_folder(folder)?;
        }
        let checked = self.reading.run(&catalog, &expectations, self.threads, &self.walking.filter(), |options| {
            run(inputs(paths), &options)
        })?;
        Ok(checked.into_outcome())
    }

    /// What fails.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            fail_on: severity(&self.fail_on),
            fail_on_unchecked: self.unchecked.settings(),
            ..Settings::default()
        }
    }
}

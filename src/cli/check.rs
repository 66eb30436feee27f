//! `shapegate check`

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::contracts::Contracts;
use super::judging::Judging;
use super::progress::Progress;
use super::reading::{Reading, With};
use super::reporting::Reporting;
use super::{inputs, severity};
use crate::check::run;
use crate::error::Result;
use crate::expectation::Expectations;
use crate::gate::Settings;
use crate::recording;

#[derive(Args)]
/// Check recorded traffic against its contract
#[command(long_about = long_about(), after_help = "\
Examples:
  shapegate check traffic/
  shapegate check --contract cleanrooms@2023-08-30 --report json=report.json traffic/
  shapegate check --model botocore --fail-on warning tests/placebo
  shapegate check --fail-on-unchecked cassettes/ recording.har records.ndjson.gz
  aws cleanrooms get-membership --membership-identifier … | shapegate check --operation get-membership -"
)]
pub(super) struct Check {
    /// Files and folders; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    contracts: Contracts,

    #[command(flatten)]
    reporting: Reporting,

    #[command(flatten)]
    judging: Judging,

    /// Severity from which findings make the exit code 1
    #[arg(long, default_value = "error", value_parser = ["error", "warning", "note", "never"])]
    fail_on: String,

    /// Make the exit code 1 where exchanges were not checked for want of a contract
    #[arg(long)]
    fail_on_unchecked: bool,

    #[command(flatten)]
    reading: Reading,

    /// Folder with presence expectations of your own (*.schema.json), beside the shipped ones
    #[arg(long, value_name = "DIR")]
    expectations: Vec<PathBuf>,

    /// Threads; 0 is one for each processor
    #[arg(long, default_value_t = 0)]
    threads: usize,
}

fn long_about() -> String {
    let mut text = String::from(
        "Check recorded traffic against its contract.\n\n\
         Formats are recognised by content and, for payload files, by path:\n",
    );
    for format in recording::FORMATS {
        let _ = writeln!(text, "  {:17} {}", format.id(), format.about());
    }
    text
}

impl Check {
    pub(super) fn run(self) -> Result<u8> {
        let approvals = self.judging.read()?;
        let catalog = self.contracts.catalog(self.reporting.verbose)?;
        let mut expectations = Expectations::shipped()?;
        for folder in &self.expectations {
            expectations.add_folder(folder)?;
        }
        let names = self.reading.names();
        let progress = Progress::start();
        let add = |bytes| progress.add(bytes);
        let with = With {
            catalog: &catalog,
            expectations: &expectations,
            names: &names,
            threads: self.threads,
            progress: &add,
        };
        let options = self.reading.options(&with);
        let checked = run(inputs(&self.paths), &options);
        progress.end();
        let settings = Settings {
            fail_on: severity(&self.fail_on),
            fail_on_unchecked: self.fail_on_unchecked,
            ..Settings::default()
        };
        self.reporting.finish(&self.judging.judge(checked?.into_outcome(), settings, &approvals)?)
    }
}

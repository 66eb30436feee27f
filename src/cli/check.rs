//! `shapegate check`

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::checking::Checking;
use super::configuring::Configuring;
use super::judging::Judging;
use super::reporting::Reporting;
use super::unused::tell_unused;
use crate::contract::Paths;
use crate::error::Result;
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
    checking: Checking,

    /// Judge every payload by the full path, also those of which the fast path is sure: slower, with the same result
    #[arg(long)]
    no_fast_path: bool,

    #[command(flatten)]
    reporting: Reporting,

    #[command(flatten)]
    judging: Judging,
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
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        self.reporting.check("check")?;
        let config = configuring.read()?;
        let approvals = self.judging.read(&config)?;
        let paths = if self.no_fast_path { Paths::FullAlone } else { Paths::Both };
        let (outcome, catalog) = self.checking.run(&config, &self.paths, self.reporting.verbose, paths)?;
        tell_unused(&config, (&approvals, &self.judging.approvals(&config).value), &self.paths, &outcome);
        let settings = self.checking.settings(&config, catalog, &outcome.tally)?;
        self.reporting.finish(&self.judging.judge(&config, outcome, settings, &approvals, catalog)?)
    }
}

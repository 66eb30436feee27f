//! `shapegate check`

use std::fmt::Write as _;

use clap::Args;

use super::checking::{Checking, Counted};
use super::configuring::Configuring;
use super::covering::Covering;
use super::judging::Judging;
use super::reporting::Reporting;
use super::traffic::Traffic;
use super::unused::tell_unused;
use crate::contract::Paths;
use crate::error::{Error, Result};
use crate::gate::Settings;
use crate::recording;

#[derive(Args)]
/// Check recorded traffic against its contract
#[command(long_about = long_about(), after_help = "\
Examples:
  shapegate check traffic/
  shapegate check --contract cleanrooms@2023-08-30 --report json=report.json traffic/
  shapegate check --model botocore --fail-on warning tests/placebo
  shapegate check --coverage --min operations=6 traffic/
  shapegate check --fail-on-unchecked cassettes/ recording.har records.ndjson.gz
  aws cleanrooms get-membership --membership-identifier … | shapegate check --operation get-membership -"
)]
pub(super) struct Check {
    #[command(flatten)]
    traffic: Traffic,

    /// Count what of the contracts is touched as well, as `shapegate coverage` does
    #[arg(long)]
    coverage: bool,

    #[command(flatten)]
    covering: Covering,

    #[command(flatten)]
    checking: Checking,

    /// Judge every payload by the full path, also those of which the fast path is sure: slower, with the same result
    #[arg(long, hide_short_help = true)]
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
        if self.covering.is_given() && !self.coverage {
            return Err(
                Error::new("--min is a threshold of coverage, which is not counted").remedy("--coverage counts it.")
            );
        }
        let config = configuring.read()?;
        let paths = self.traffic.paths(&config)?;
        let approvals = self.judging.read(&config)?;
        let counted = if self.coverage { Counted::Coverage } else { Counted::Nothing };
        let by = if self.no_fast_path { Paths::FullAlone } else { Paths::Both };
        let (outcome, catalog) = self.checking.run(&config, &paths, self.reporting.verbose, counted, by)?;
        tell_unused(&config, (&approvals, &self.judging.approvals(&config).value), &paths, &outcome, catalog);
        let minimums = self.covering.minimums(&config, catalog)?;
        let settings = self.checking.settings(&config, catalog, &outcome.tally)?;
        let settings = Settings { minimums, ..settings };
        self.reporting.finish(&self.judging.judge(&config, outcome, settings, &approvals, catalog)?)
    }
}

//! `shapegate mutate`

use clap::Args;

use super::configuring::Configuring;
use super::contracts::Contracts;
use super::correcting::tell_stale;
use super::judging::today;
use super::reading::Reading;
use super::reporting::Reporting;
use super::traffic::Traffic;
use super::walking::Walking;
use super::{FOUND, inputs, is_lost, tell_unread};
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::gate::{Approvals, Settings, judge};
use crate::mutate::score;
use crate::outcome::{NAME_RECORDINGS, Particulars};

#[derive(Args)]
/// Break clean recordings in every single way, and report which faults go undetected
#[command(after_help = "\
Examples:
  shapegate mutate fixtures/recordings
  shapegate mutate --model botocore --verbose cassettes/
  shapegate mutate --format json traffic/ | jq '.score.rules'

Every value that was recorded is broken in each way that its contract speaks of, one at a time; so are operation, \
status and error code. A fault counts as detected where its own rule finds it at its own place, as excused where only \
the form of the recording keeps the rule from it (a log leaves members out, so none can be missing). Exchanges that \
have findings as they are stay as they are. Exit code 1 where a fault went undetected or a part could not be read, 2 where there was nothing to \
break.")]
pub(super) struct Mutate {
    #[command(flatten)]
    traffic: Traffic,

    #[command(flatten)]
    contracts: Contracts,

    #[command(flatten)]
    reporting: Reporting,

    #[command(flatten)]
    reading: Reading,

    #[command(flatten)]
    walking: Walking,

    /// Threads; 0 is one for each processor
    #[arg(long, default_value_t = 0, help_heading = "Reading")]
    threads: usize,
}

impl Mutate {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        self.reporting.check("mutate")?;
        let config = configuring.read()?;
        let paths = self.traffic.paths(&config)?;
        let catalog = self.contracts.catalog(&config, self.reporting.verbose)?;
        let expectations = Expectations::shipped()?;
        let outcome = self.reading.run(
            &config,
            (catalog, catalog),
            &expectations,
            self.threads,
            &self.walking.filter_for(&config, &paths),
            |options| score(inputs(&paths), &options),
        )?;
        tell_stale(&catalog.stale_errata(self.reporting.verbose));
        tell_unread(&outcome.findings);
        if let Particulars::Score(score) = &outcome.particulars
            && score.total().faults == 0
        {
            if is_lost(&outcome.findings) {
                return Ok(FOUND);
            }
            if let Some(told) = outcome.tally.without_files() {
                return Err(Error::new(format!("there is nothing to break: {told}")).remedy(NAME_RECORDINGS));
            }
            let cause = format!("there is nothing to break: {} clean exchanges or payloads", score.broken);
            return Err(Error::new(cause).remedy("`shapegate check` says what was read and what is wrong with it."));
        }
        self.reporting.finish(&judge(outcome, &Settings::default(), &Approvals::default(), today())?)
    }
}

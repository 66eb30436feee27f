//! `shapegate list`

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
use crate::check::{Options, run};
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::gate::{Approvals, Settings, judge};
use crate::outcome::{NAME_RECORDINGS, Outcome, Particulars};
use crate::text::plural;

#[derive(Args)]
/// List the exchanges of recordings: which service and operation each one calls
#[command(after_help = "\
Examples:
  shapegate list traffic/
  shapegate list --model botocore traffic/ | cut -f 3,4 | sort | uniq -c
  shapegate list --why traffic/

A line holds, with tabs between them: file:line, entry, service, operation, protocol, status, findings. Where there \
is no contract for an exchange the last column is `unchecked`, and `elsewhere` where it calls no modelled AWS API; where \
something is not known it is `-`. Parts that could \
not be read are reported on stderr, and the exit code is 1.")]
pub(super) struct List {
    #[command(flatten)]
    traffic: Traffic,

    /// Say in a further column why an exchange is taken for one of its service
    #[arg(long)]
    why: bool,

    #[command(flatten)]
    contracts: Contracts,

    #[command(flatten)]
    reading: Reading,

    #[command(flatten)]
    walking: Walking,

    #[command(flatten)]
    reporting: Reporting,
}

impl List {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        self.reporting.check("list")?;
        let config = configuring.read()?;
        let paths = self.traffic.paths(&config)?;
        let catalog = self.contracts.catalog(&config, self.reporting.verbose)?;
        let expectations = Expectations::shipped()?;
        let mut checked = self.reading.run(
            &config,
            (catalog, catalog),
            &expectations,
            0,
            &self.walking.filter_for(&config, &paths),
            |options| run(inputs(&paths), &Options { list: true, ..options }),
        )?;
        tell_stale(&catalog.stale_errata(self.reporting.verbose));
        let mut seen = std::mem::take(&mut checked.seen);
        if !self.why {
            for one in &mut seen {
                one.why.clear();
            }
        }
        let (tally, scope) = (std::mem::take(&mut checked.tally), std::mem::take(&mut checked.scope));
        let findings = checked.unread();
        tell_unread(&findings);
        if seen.is_empty() && is_lost(&findings) {
            return Ok(FOUND);
        }
        if seen.is_empty() {
            if let Some(told) = tally.without_files() {
                return Err(Error::new(format!("no exchanges: {told}")).remedy(NAME_RECORDINGS));
            }
            let (recordings, others) = (tally.recordings, tally.skipped.len());
            let told =
                format!("no exchanges in {} and {}", plural(recordings, "recording"), plural(others, "other file"));
            return Err(Error::new(told).remedy("`shapegate check` says what is wrong with them."));
        }
        let outcome = Outcome { tally, scope, findings, coverage: None, particulars: Particulars::Listing(seen) };
        let settings = Settings::default();
        self.reporting.finish(&judge(outcome, &settings, &Approvals::default(), today())?)
    }
}

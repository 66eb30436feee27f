//! `shapegate coverage`

use clap::Args;

use super::checking::{Checking, Counted};
use super::configuring::Configuring;
use super::covering::Covering;
use super::judging::Judging;
use super::reporting::Reporting;
use super::tell_unread;
use super::traffic::Traffic;
use crate::contract::Paths;
use crate::error::Result;
use crate::finding::Finding;
use crate::gate::Settings;
use crate::outcome::Particulars;

#[derive(Args)]
/// Count what of its contracts traffic touches
#[command(after_help = "\
Examples:
  shapegate coverage traffic/
  shapegate coverage --model botocore --verbose cassettes/
  shapegate coverage --min operations=6,members=20% traffic/
  shapegate coverage --report json traffic/ | jq '.coverage.services[].neverCalled'
  shapegate check --coverage traffic/                       findings and coverage in one run

By service: operations called, members of inputs and outputs seen, values of enumerations, variants of unions and \
declared errors, each out of what the model has. A member counts for each operation and direction that reaches it, by \
`Shape.member`, however deep it stands; streams do not count. Then what was never seen: values, optional members, and \
optional members that were always there, which callers may have come to need. Findings are `check`'s.

Exit codes: 0 counted, 1 a threshold of --min or of [coverage] in the configuration is not reached, or a part of the \
recordings could not be read, 2 the work could not be done.")]
pub(super) struct Coverage {
    #[command(flatten)]
    traffic: Traffic,

    #[command(flatten)]
    covering: Covering,

    #[command(flatten)]
    checking: Checking,

    #[command(flatten)]
    reporting: Reporting,

    #[command(flatten)]
    judging: Judging,
}

impl Coverage {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        self.reporting.check("coverage")?;
        self.checking.fails_for_nothing("coverage")?;
        let config = configuring.read()?;
        let paths = self.traffic.paths(&config)?;
        let approvals = self.judging.read(&config)?;
        let (mut outcome, catalog) =
            self.checking.run(&config, &paths, self.reporting.verbose, Counted::Coverage, Paths::Both)?;
        outcome.findings.retain(Finding::is_unread);
        outcome.particulars = Particulars::Coverage;
        tell_unread(&outcome.findings);
        let minimums = self.covering.minimums(&config, catalog)?;
        let settings = self.checking.settings(&config, catalog, &outcome.tally)?;
        let settings = Settings { fail_on: None, minimums, ..settings };
        self.reporting.finish(&self.judging.judge(&config, outcome, settings, &approvals, catalog)?)
    }
}

//! `--approvals` and `--fail-on-stale`, which mean the same for every job.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use crate::error::Result;
use crate::gate::{APPROVALS, Approvals, Day, Settings, Verdict, judge};
use crate::outcome::Outcome;

/// What a file of approvals holds.
pub(super) const ABOUT_APPROVALS: &str = "\
A file of approvals is TOML with a line for each below [approvals]:
  \"fingerprint\" = { reason = \"why\", expires = 2027-01-31, paths = [\"tests/**\"], at_most = 3 }

Only `reason` is required. In the service, operation, direction and subject of a fingerprint `*` stands for any \
characters, never in the rule or in values. A fingerprint carries no place: the finding is accepted in every file, in \
new ones too, unless `paths` (globs, seen from the folder of the file of approvals, links resolved) or `at_most` (findings in one run) say \
otherwise. After the day of `expires` it counts no more. `malformed-recording` and `undecodable-body` need `paths`.";

#[derive(Args)]
pub(super) struct Judging {
    /// Findings that were looked at and are accepted [default: shapegate-approvals.toml, where it exists]
    #[arg(long, value_name = "FILE", long_help = format!(
        "Findings that were looked at and are accepted [default: shapegate-approvals.toml, where it exists]\n\n\
         {ABOUT_APPROVALS} `shapegate approve` writes the file"))]
    approvals: Option<PathBuf>,

    /// Make the exit code 1 where an approval is not needed any more
    #[arg(long)]
    fail_on_stale: bool,
}

impl Judging {
    /// Reads the approvals, so that a mistake in them is known before anything is judged.
    pub(super) fn read(&self) -> Result<Approvals> {
        let read = Approvals::read(self.approvals.as_deref())?;
        if read.is_some() && self.approvals.is_none() {
            super::tell(format_args!("approvals from {APPROVALS}"));
        }
        Ok(read.unwrap_or_default())
    }

    /// Judges what a job found.
    pub(super) fn judge(&self, outcome: Outcome, settings: Settings, approvals: &Approvals) -> Result<Verdict> {
        let settings = Settings { fail_on_stale: self.fail_on_stale, ..settings };
        judge(outcome, &settings, approvals, today())
    }
}

/// The day it is, in UTC.
pub(super) fn today() -> Day {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Day::of_unix_time(since.as_secs())
}

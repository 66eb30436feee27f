//! `shapegate list`

use std::path::PathBuf;

use clap::Args;

use super::contracts::Contracts;
use super::progress::Progress;
use super::reading::{Reading, With};
use super::{inputs, print};
use crate::check::{Checked, Options, Seen, run};
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::model::Protocol;

#[derive(Args)]
/// List the exchanges of recordings: which service and operation each one calls
#[command(after_help = "\
Examples:
  shapegate list traffic/
  shapegate list --model botocore traffic/ | cut -f 3,4 | sort | uniq -c

A line holds, with tabs between them: file:line, entry, service, operation, protocol, status, findings. Where there \
is no contract for an exchange the last column is `unchecked`; where something is not known it is `-`.")]
pub(super) struct List {
    /// Files and folders; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    contracts: Contracts,

    #[command(flatten)]
    reading: Reading,
}

impl List {
    pub(super) fn run(self) -> Result<u8> {
        let catalog = self.contracts.catalog(false)?;
        let progress = Progress::start();
        let names = self.reading.names();
        let expectations = Expectations::shipped()?;
        let add = |bytes| progress.add(bytes);
        let with = With { catalog: &catalog, expectations: &expectations, names: &names, threads: 0, progress: &add };
        let options = Options { list: true, ..self.reading.options(&with) };
        let checked = run(inputs(&self.paths), &options);
        progress.end();
        let Checked { seen, tally, .. } = checked?;
        if seen.is_empty() {
            let told =
                format!("no exchanges in {} recordings and {} other files", tally.recordings, tally.skipped.len());
            return Err(Error::new(told).remedy("`shapegate check` says what is wrong with them."));
        }
        print(|out| seen.iter().try_for_each(|one| writeln!(out, "{}", line(one))))?;
        Ok(0)
    }
}

fn place(seen: &Seen) -> String {
    let line = seen.location.position.map_or(0, |(line, _)| line);
    format!("{}:{line}", seen.location.file)
}

fn line(seen: &Seen) -> String {
    let unknown = || "-".to_owned();
    let operation = if seen.operation.is_empty() { "-" } else { &seen.operation };
    [
        place(seen),
        seen.location.entry.map_or_else(unknown, |entry| entry.to_string()),
        seen.service.clone(),
        operation.to_owned(),
        seen.protocol.map_or("-", Protocol::as_str).to_owned(),
        seen.status.map_or_else(unknown, |status| status.to_string()),
        if seen.checked { seen.findings.to_string() } else { "unchecked".to_owned() },
    ]
    .join("\t")
}

//! `shapegate snapshot`

use std::path::{Path, PathBuf};

use clap::Args;

use super::configuring::Configuring;
use super::contracts::Contracts;
use super::correcting::tell_stale;
use super::judging::{Judging, fail_on, settings};
use super::reading::Reading;
use super::reporting::{Reporting, refuse_inputs};
use super::traffic::Traffic;
use super::unchecked::Unchecked;
use super::walking::Walking;
use super::{FOUND, heard, inputs, is_lost, print, tell_unread};
use crate::check::Catalog;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::finding::Severity;
use crate::gate::{Approvals, Settings};
use crate::limits::{self, OUTPUT_BYTES};
use crate::output;
use crate::report::left_out;
use crate::snapshot::{Taken, take};
use crate::text::plural;
use crate::wire::{self, file};

#[derive(Args)]
/// Condense recordings into what travels on the wire, and show what an upgraded client does otherwise
#[command(after_help = "\
Examples:
  shapegate snapshot traffic/ --out wire.toml               what travels, to be kept
  shapegate snapshot --compare wire.toml traffic/           what an upgraded client does
  shapegate snapshot --compare wire.toml --accept traffic/  takes the differences into the file
  shapegate snapshot --model botocore-1.44.5-py3-none-any.whl cassettes/ | less

The file is TOML with a fact a line, made for review: by operation the protocol, method, host, path, headers (and \
what those of the protocol say: content type, encodings, checksums), members sent and in which form; of responses the \
status, members and values of enumerations; each always or sometimes there. It has no ids, times, free texts or \
sensitive values.

A comparison shows a diff and findings; `shapegate explain RULE` says what one means. Recordings without HTTP \
messages contribute members, forms and statuses. Exit codes: 0 no difference at or above --fail-on, which is \
`warning` unless it is said otherwise; 1 there is one, or a part of the recordings cannot be read, so that no \
snapshot is written; 2 the work could not be done.")]
pub(super) struct Snapshot {
    #[command(flatten)]
    traffic: Traffic,

    /// Write the snapshot into this file rather than to stdout
    #[arg(long, value_name = "FILE", conflicts_with = "compare")]
    out: Option<PathBuf>,

    /// Compare the traffic with the snapshot in this file
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,

    /// Write what is different into the compared file
    #[arg(long, requires = "compare")]
    accept: bool,

    #[command(flatten)]
    contracts: Contracts,

    #[command(flatten)]
    reporting: Reporting,

    #[command(flatten)]
    judging: Judging,

    /// Severity from which differences make the exit code 1 [default: warning]
    #[arg(long, value_parser = ["error", "warning", "note", "never"], help_heading = "Verdict")]
    fail_on: Option<String>,

    #[command(flatten)]
    unchecked: Unchecked,

    #[command(flatten)]
    reading: Reading,

    #[command(flatten)]
    walking: Walking,

    /// Threads; 0 is one for each processor
    #[arg(long, default_value_t = 0, help_heading = "Reading")]
    threads: usize,
}

impl Snapshot {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        if self.compare.is_none() && self.reporting.is_asked() {
            return Err(Error::new("a report is on a comparison, and there is none")
                .remedy("--compare FILE compares the traffic with a snapshot; --out FILE writes one."));
        }
        self.reporting.check("snapshot")?;
        self.out.as_deref().map_or(Ok(()), |path| refuse_inputs(path, "the snapshot"))?;
        // What is wrong with the files is known before much is read.
        let config = configuring.read()?;
        let approvals = self.judging.read(&config)?;
        let old = self.compare.as_deref().map(read).transpose()?;
        let paths = self.traffic.paths(&config)?;
        let catalog = self.contracts.catalog(&config, self.reporting.verbose)?;
        let taken = self.take(&config, catalog, &paths)?;
        tell_stale(&catalog.stale_errata(self.reporting.verbose));
        match (old, &self.compare) {
            (Some(old), Some(path)) => self.against(&old, path, taken, (&config, &approvals, catalog)),
            _ => self.write(&config, &taken, catalog),
        }
    }

    fn take(&self, config: &Config, catalog: &Catalog, paths: &[PathBuf]) -> Result<Taken> {
        let expectations = Expectations::default();
        self.reading.run(
            config,
            (catalog, catalog),
            &expectations,
            self.threads,
            &self.walking.filter_for(config, paths),
            |options| take(inputs(paths), &options),
        )
    }

    /// Writes the snapshot as it is.
    fn write(&self, config: &Config, taken: &Taken, catalog: &Catalog) -> Result<u8> {
        if !is_whole(taken) {
            return Ok(FOUND);
        }
        let lacking = self.unchecked.settings(config, catalog, &taken.tally)?.fails(&taken.tally.unchecked);
        let written = file::write(&taken.snapshot);
        let told = format!(
            "{} in {} of {}{}",
            plural(taken.snapshot.operations().count(), "operation"),
            plural(taken.tally.exchanges, "exchange"),
            plural(taken.tally.recordings, "recording"),
            left_out(&taken.tally)
        );
        let mut place = String::new();
        if let Some(path) = &self.out {
            output::write(path, written)?;
            place = format!("{}: ", path.display());
        } else {
            heard(print(|out| out.write_all(written.as_bytes())))?;
        }
        super::tell(format_args!("{place}{told}"));
        Ok(if lacking { FOUND } else { 0 })
    }

    /// Reports how the snapshot differs from an older one.
    fn against(
        &self,
        old: &wire::Snapshot,
        path: &Path,
        taken: Taken,
        (config, approvals, catalog): (&Config, &Approvals, &Catalog),
    ) -> Result<u8> {
        let is_empty = taken.snapshot.operations().next().is_none();
        if (self.accept || is_empty) && !is_whole(&taken) {
            return Ok(FOUND);
        }
        let (outcome, new) = taken.against(old, &path.display().to_string(), self.accept);
        let settings = Settings {
            fail_on: fail_on(self.fail_on.as_deref(), config, Severity::Warning).value,
            fail_on_unchecked: self.unchecked.settings(config, catalog, &outcome.tally)?,
            ..settings(config)
        };
        let verdict = self.judging.judge(config, outcome, settings, approvals, catalog)?;
        if self.accept && *old != new {
            output::write(path, file::write(&new))?;
            tell_gone(path, old, &new);
        }
        self.reporting.finish(&verdict)
    }
}

/// Tells that a file lost operations, for the traffic may be a part of what it was made of.
fn tell_gone(path: &Path, old: &wire::Snapshot, new: &wire::Snapshot) {
    let gone = old.operations().filter(|(service, name, _)| new.operation(service, name).is_none()).count();
    if gone > 0 {
        let gone = plural(gone, "operation");
        let file = path.display();
        super::tell(format_args!(
            "{file} no longer has {gone}, which this traffic does not call; --accept with all traffic keeps them"
        ));
    }
}

fn read(path: &Path) -> Result<wire::Snapshot> {
    let text = limits::read_text(path, OUTPUT_BYTES)
        .map_err(|error| error.remedy("`shapegate snapshot traffic/ --out FILE` writes a snapshot to compare with."))?;
    file::read(&text, path)
}

/// Whether all was read. Of a part the facts would be missing from the file without a word, so that there is none.
fn is_whole(taken: &Taken) -> bool {
    let is_whole = !is_lost(&taken.unseen);
    if !is_whole {
        tell_unread(&taken.unseen);
        super::tell(format_args!("no snapshot is written, for parts of the recordings cannot be read"));
    }
    is_whole
}

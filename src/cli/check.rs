//! `shapegate check`

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::contracts::Contracts;
use super::progress::Progress;
use super::reading::{Reading, With};
use super::{FOUND, inputs, print_report};
use crate::check::{Checked, run};
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::finding::Severity;
use crate::gate::{self, Policy};
use crate::recording;
use crate::report::{self, Style};

#[derive(Args)]
/// Check recorded traffic against its contract
#[command(long_about = long_about(), after_help = "\
Examples:
  shapegate check traffic/
  shapegate check --contract cleanrooms@2023-08-30 --format json traffic/ > report.json
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

    /// How to report
    #[arg(long, default_value = "text", value_parser = PossibleValuesParser::new(report::FORMATS.iter().map(|f| f.id())))]
    format: String,

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

    /// List skipped files, and say where models come from
    #[arg(long, short)]
    verbose: bool,
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
        let catalog = self.contracts.catalog(self.verbose)?;
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
        let Checked { tally, findings, .. } = checked?;
        let verdict = gate::judge(tally, findings, self.policy())?;
        let style = Style { color: colors(), verbose: self.verbose };
        let report = report::find(&self.format).ok_or_else(|| Error::new("no such report format"))?;
        let for_people = report.id() == "text";
        let write = |out: &mut dyn Write| report.write(&verdict, style, out);
        print_report(for_people, write)?;
        Ok(if verdict.passed { 0 } else { FOUND })
    }

    fn policy(&self) -> Policy {
        Policy {
            fail_on: match self.fail_on.as_str() {
                "never" => None,
                "note" => Some(Severity::Note),
                "warning" => Some(Severity::Warning),
                _ => Some(Severity::Error),
            },
            fail_on_unchecked: self.fail_on_unchecked,
        }
    }
}

/// Whether stdout takes colours. `anstream` strips them where it does not; asking first keeps widths right.
pub(super) fn colors() -> bool {
    io::stdout().is_terminal() && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

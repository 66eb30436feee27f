//! How recordings are read: what every subcommand takes that reads them.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::progress::Progress;
use crate::check::{Catalog, Naming, Options};
use crate::expectation::Expectations;
use crate::recording::{self, Filter};

#[derive(Args)]
pub(super) struct Reading {
    /// Read every file in this format instead of recognising it
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(recording::FORMATS.iter().map(|f| f.id())))]
    recording_format: Option<String>,

    /// Service of recordings that do not name theirs
    #[arg(long)]
    service: Option<String>,

    /// Operation of single JSON objects that nothing names, such as output of the AWS CLI; before `=`, names of the files
    /// that it is about, with `*` for any characters
    #[arg(long, value_name = "[FILES=]OPERATION")]
    operation: Vec<String>,
}

impl Reading {
    /// Does work that reads recordings: with the options that the arguments say, and a line of progress while it lasts.
    pub(super) fn run<T>(
        &self,
        catalog: &Catalog,
        expectations: &Expectations,
        threads: usize,
        filter: &Filter,
        work: impl FnOnce(Options<'_>) -> T,
    ) -> T {
        let names: Vec<Naming> = self.operation.iter().map(|text| Naming::parse(text)).collect();
        let progress = Progress::start();
        let done = work(Options {
            format: self.recording_format.as_deref().and_then(recording::format),
            service: self.service.as_deref(),
            operations: &names,
            threads,
            filter,
            progress: &|bytes| progress.add(bytes),
            ..Options::new(catalog, expectations)
        });
        progress.end();
        done
    }
}

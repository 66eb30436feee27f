//! How recordings are read: what every subcommand takes that reads them.

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::check::{Catalog, Naming, Options};
use crate::expectation::Expectations;
use crate::recording;

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

/// What is read with, beside what the arguments say.
pub(super) struct With<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) expectations: &'a Expectations,
    /// [`Reading::names`], which the options borrow.
    pub(super) names: &'a [Naming],
    pub(super) threads: usize,
    pub(super) progress: &'a (dyn Fn(u64) + Sync),
}

impl Reading {
    /// Operations of single JSON objects.
    pub(super) fn names(&self) -> Vec<Naming> {
        self.operation.iter().map(|text| Naming::parse(text)).collect()
    }

    pub(super) fn options<'a>(&'a self, with: &With<'a>) -> Options<'a> {
        Options {
            catalog: with.catalog,
            expectations: with.expectations,
            format: self.recording_format.as_deref().and_then(recording::format),
            service: self.service.as_deref(),
            operations: with.names,
            threads: with.threads,
            list: false,
            progress: with.progress,
            onlooker: None,
        }
    }
}

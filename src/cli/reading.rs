//! How recordings are read: what every subcommand takes that reads them.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::chosen::Chosen;
use super::names::{self, Names};
use super::progress::Progress;
use crate::check::{Catalog, Naming, Options, ServiceOfPaths};
use crate::config::{Config, Set};
use crate::error::Result;
use crate::expectation::Expectations;
use crate::limits::{Limit, Limits};
use crate::recording::{self, Filter, Format};

#[derive(Args)]
#[command(next_help_heading = "Reading")]
pub(super) struct Reading {
    #[command(flatten)]
    form: Form,

    /// Service of recordings that do not name theirs
    #[arg(long)]
    service: Option<String>,
}

/// What files are read as, and how much of them.
#[derive(Args)]
#[command(next_help_heading = "Reading")]
pub(super) struct Form {
    /// Read every file in this format instead of recognising it; `shapegate check --help` lists them
    #[arg(long, value_name = "FORMAT", hide_possible_values = true, value_parser = PossibleValuesParser::new(recording::FORMATS.iter().map(|f| f.id())))]
    recording_format: Option<String>,

    /// Operation of single JSON objects that nothing names, such as output of the AWS CLI
    ///
    /// Before `=` stand names of the files that it is about, with `*` for any characters
    #[arg(long, value_name = "[FILES=]OPERATION")]
    operation: Vec<String>,

    /// Set a limit on what is read, such as `record-bytes=100000000`
    ///
    /// `record-bytes`, `document-bytes`, `document-values`, `body-bytes`, `ratio`, `depth`, `values` or `alias-bytes`
    #[arg(long, value_name = "NAME=NUMBER", value_parser = limit)]
    limit: Vec<(String, u64)>,
}

/// A limit's name and what it is set to.
fn limit(text: &str) -> Result<(String, u64), String> {
    let (name, value) = text.split_once('=').ok_or("it is not NAME=NUMBER")?;
    let value = value.parse().map_err(|_| format!("{value:?} is not a number"))?;
    Limits::default().set(name, value).map_err(|error| error.to_string())?;
    Ok((name.to_owned(), value))
}

impl Form {
    /// An option that was given.
    pub(super) fn given(&self) -> Option<&'static str> {
        let given = [
            ("--recording-format", self.recording_format.is_some()),
            ("--operation", !self.operation.is_empty()),
            ("--limit", !self.limit.is_empty()),
        ];
        given.into_iter().find(|(_, is_given)| *is_given).map(|(name, _)| name)
    }

    /// The format of every file, where one is named.
    pub(super) fn format(&self) -> Option<&'static dyn Format> {
        self.recording_format.as_deref().and_then(recording::format)
    }

    /// Operations of what nothing names; `service` is that of the recordings, where it is named.
    ///
    /// # Errors
    /// There is none of that name.
    pub(super) fn operations(&self, service: Option<&str>, names: &dyn Names) -> Result<Vec<Naming>> {
        let known = |text: &String| {
            let naming = Naming::parse(text);
            names::operation_of_responses(&naming.operation, service, names).map(|()| naming)
        };
        self.operation.iter().map(known).collect()
    }

    /// The limits that arguments and configuration say.
    pub(super) fn limits(&self, config: &Config) -> Limits {
        let mut limits = config.limits();
        for (name, value) in &self.limit {
            // The parser of the argument has tried it.
            let _ = limits.set(name, *value);
        }
        limits
    }
}

impl Reading {
    /// The service of recordings that do not name theirs.
    pub(super) fn service(&self) -> Option<&str> {
        self.service.as_deref()
    }

    /// What a limit is set to.
    pub(super) fn limit(&self, config: &Config, limit: Limit) -> Chosen<u64> {
        let option = self.form.limit.iter().rfind(|(name, _)| name == limit.name()).map(|(_, value)| *value);
        let set = config.limits.iter().find(|set| set.value.0 == limit);
        let set = set.map(|set| Set { value: set.value.1, line: set.line });
        Chosen::of(option, "--limit", set.as_ref(), Limits::default().of(limit))
    }

    /// Does work that reads recordings: with the options that the arguments say, and a line of progress while it lasts. `names`
    /// is what knows the services and operations that they name.
    pub(super) fn run<T>(
        &self,
        config: &Config,
        (catalog, names): (&Catalog, &dyn Names),
        expectations: &Expectations,
        threads: usize,
        filter: &Filter,
        work: impl FnOnce(Options<'_>) -> Result<T>,
    ) -> Result<T> {
        let service = self.service.as_deref().map(|name| names::service("--service: ", name, names)).transpose()?;
        let operations = self.form.operations(service.as_deref(), names)?;
        let services = services(config, catalog)?;
        let progress = Progress::start();
        let done = work(Options {
            format: self.form.format(),
            service: service.as_deref(),
            services: &services,
            operations: &operations,
            threads,
            limits: self.form.limits(config),
            filter,
            progress: &|bytes| progress.add(bytes),
            ..Options::new(catalog, expectations)
        });
        progress.end();
        done
    }
}

/// Services of recordings that do not name theirs, by path.
pub(super) fn services(config: &Config, names: &dyn Names) -> Result<Vec<ServiceOfPaths>> {
    let resolved = |Set { value, line }: &Set<ServiceOfPaths>| {
        let service = names::service("", &value.service, names).map_err(|error| config.mistake(*line, error))?;
        Ok(ServiceOfPaths { service, paths: value.paths.clone() })
    };
    config.services.iter().map(resolved).collect()
}

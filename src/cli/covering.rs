//! `--min`, which means the same for every job that counts coverage.

use clap::Args;

use super::names::{self, Names};
use crate::config::{Config, Set};
use crate::error::Result;
use crate::gate::Minimums;

#[derive(Args)]
#[command(next_help_heading = "Verdict")]
pub(super) struct Covering {
    /// Make the exit code 1 where traffic touches less of a contract, such as `operations=6,members=80%`
    ///
    /// `operations`, `members` (of inputs and outputs), `input`, `output`, `values` of enumerations, `variants` of unions,
    /// declared `errors`; a number, or a percentage of what the model has. For each service that occurs, or for one alone:
    /// `s3:members=5%`. Wins over [coverage] of the configuration
    #[arg(long, value_name = "[SERVICE:]MEASURE=NUMBER[%],…", value_parser = checked)]
    min: Vec<String>,
}

/// Refuses what is no threshold.
fn checked(text: &str) -> Result<String, String> {
    Minimums::default().add(text).map_err(|error| error.to_string())?;
    Ok(text.to_owned())
}

impl Covering {
    /// Whether there is a threshold among the options.
    pub(super) fn is_given(&self) -> bool {
        !self.min.is_empty()
    }

    /// The thresholds that options and configuration set, with services by the names that reports use.
    pub(super) fn minimums(&self, config: &Config, names: &dyn Names) -> Result<Minimums> {
        let mut all = Minimums::default();
        for Set { value: (name, least), line } in &config.coverage {
            let (service, measure) = match name.rsplit_once(':') {
                Some((service, measure)) => (Some(service), measure),
                None => (None, name.as_str()),
            };
            let own = service.map(|name| names::service("", name, names)).transpose();
            let service = own.map_err(|error| config.mistake(*line, error))?;
            all.set(service.as_deref(), measure, least)?;
        }
        for text in &self.min {
            let mut own = Minimums::default();
            own.add(text)?;
            all.extend(own.named(|name| names::service("--min: ", name, names))?);
        }
        Ok(all)
    }
}

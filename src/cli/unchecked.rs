//! `--fail-on-unchecked`, which means the same on each subcommand.

use clap::Args;

use super::chosen::{By, Chosen};
use super::names::{self, Names};
use crate::config::Config;
use crate::error::Result;
use crate::gate::FailOnUnchecked;
use crate::outcome::Tally;

#[derive(Args)]
#[command(next_help_heading = "Verdict")]
pub(super) struct Unchecked {
    /// Fail where exchanges were not checked for want of a contract: any, or those of the services behind `=`
    ///
    /// A name that neither a contract nor the traffic knows is an error, for without its model a service is counted by the name of its
    /// host or file. Streams, and what is passed over as no exchange, do not count as unchecked; the summary counts them
    #[arg(long, value_name = "SERVICE,…", num_args = 0..=1, require_equals = true, value_delimiter = ',', default_missing_value = "")]
    fail_on_unchecked: Option<Vec<String>>,
}

impl Unchecked {
    /// The services that are named; an empty list are all, `None` within: none fails.
    pub(super) fn chosen(&self, config: &Config) -> Chosen<Option<Vec<String>>> {
        let trimmed = |named: &Vec<String>| -> Vec<String> {
            named.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
        };
        let option = self.fail_on_unchecked.as_ref().map(|named| Some(trimmed(named)));
        Chosen::of(option, "--fail-on-unchecked", config.fail_on_unchecked.as_ref(), None)
    }

    pub(super) fn settings(&self, config: &Config, names: &dyn Names, tally: &Tally) -> Result<FailOnUnchecked> {
        let chosen = self.chosen(config);
        let Some(services) = &chosen.value else { return Ok(FailOnUnchecked::Never) };
        let by = if matches!(chosen.by, By::Option(_)) { "--fail-on-unchecked: " } else { "fail_on_unchecked: " };
        let mut meant = Vec::new();
        for name in services {
            meant.extend(chosen.located(config, names::unchecked(by, name, names, tally))?);
        }
        Ok(FailOnUnchecked::of(meant))
    }
}

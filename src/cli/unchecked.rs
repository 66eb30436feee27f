//! `--fail-on-unchecked`, which means the same on each subcommand.

use clap::Args;

use super::names::{self, Names};
use crate::error::Result;
use crate::gate::FailOnUnchecked;
use crate::outcome::Tally;

#[derive(Args)]
pub(super) struct Unchecked {
    /// Fail where exchanges were not checked for want of a contract: any, or those of the services behind `=`
    #[arg(long, value_name = "SERVICE,…", num_args = 0..=1, require_equals = true, value_delimiter = ',', default_missing_value = "")]
    fail_on_unchecked: Option<Vec<String>>,
}

impl Unchecked {
    pub(super) fn settings(&self, names: &dyn Names, tally: &Tally) -> Result<FailOnUnchecked> {
        let Some(named) = &self.fail_on_unchecked else { return Ok(FailOnUnchecked::Never) };
        let mut meant = Vec::new();
        for name in named.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
            meant.extend(names::unchecked(name, names, tally)?);
        }
        Ok(FailOnUnchecked::of(meant))
    }
}

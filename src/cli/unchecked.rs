//! `--fail-on-unchecked`, which means the same on each subcommand.

use clap::Args;

use crate::gate::FailOnUnchecked;

#[derive(Args)]
pub(super) struct Unchecked {
    /// Fail where exchanges were not checked for want of a contract: any, or those of the services behind `=`
    #[arg(long, value_name = "SERVICE,…", num_args = 0..=1, require_equals = true, value_delimiter = ',', default_missing_value = "")]
    fail_on_unchecked: Option<Vec<String>>,
}

impl Unchecked {
    pub(super) fn settings(&self) -> FailOnUnchecked {
        self.fail_on_unchecked.clone().map_or(FailOnUnchecked::Never, FailOnUnchecked::of)
    }
}

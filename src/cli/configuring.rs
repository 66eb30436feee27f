//! `--config` and `--no-config`, which mean the same for every subcommand.

use std::path::PathBuf;

use clap::Args;

use crate::config::{Config, beyond, find};
use crate::error::Result;
use crate::ingest::installed;

#[derive(Args)]
pub(super) struct Configuring {
    /// The file of configuration [default: the nearest shapegate.toml]
    ///
    /// The nearest one from the working directory up to the repository's root or home; where neither is above, in the directory alone
    #[arg(long, global = true, value_name = "FILE", help_heading = "Configuration")]
    config: Option<PathBuf>,

    /// Read no file of configuration
    #[arg(long, global = true, conflicts_with = "config", help_heading = "Configuration")]
    no_config: bool,
}

impl Configuring {
    /// Reads the configuration that is in force; which file it is, is told where nobody named it.
    pub(super) fn read(&self) -> Result<Config> {
        if self.no_config {
            return Ok(Config::default());
        }
        if let Some(named) = &self.config {
            return Config::read(named);
        }
        let directory = std::env::current_dir().unwrap_or_default();
        let home = installed::home(|name| std::env::var_os(name));
        let Some(found) = find(&directory, home.as_deref()) else {
            if let Some(file) = beyond(&directory, home.as_deref()) {
                let file = file.display();
                super::inform(format_args!("{file} is not read, for no repository is around both; --config names it"));
            }
            return Ok(Config::default());
        };
        super::inform(format_args!("configuration from {}", found.display()));
        Config::read(&found)
    }
}

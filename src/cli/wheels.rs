//! `--wheels`: where releases of botocore are looked up, the same wherever models are named.

use std::path::PathBuf;

use clap::Args;

use super::chosen::{By, Chosen};
use crate::config::Config;
use crate::ingest::pinned::Wheels;

/// The variable that names a folder of wheels.
const VARIABLE: &str = "SHAPEGATE_WHEELS";

#[derive(Args)]
#[command(next_help_heading = "Models")]
pub(super) struct WheelsArgs {
    /// A folder with wheels of botocore, where `botocore==VERSION` and lock files find theirs
    ///
    /// The default is `SHAPEGATE_WHEELS`, then `wheels` of the configuration
    #[arg(long, value_name = "DIR")]
    wheels: Option<PathBuf>,
}

impl WheelsArgs {
    /// The folders, each with what names it: the option alone, or the environment's before those of the configuration.
    pub(super) fn folders(&self, config: &Config) -> Vec<Chosen<PathBuf>> {
        if let Some(folder) = &self.wheels {
            return vec![Chosen { value: folder.clone(), by: By::Option("--wheels") }];
        }
        let own = std::env::var_os(VARIABLE).filter(|folder| !folder.is_empty());
        let own = own.map(|folder| Chosen { value: folder.into(), by: By::Option(VARIABLE) });
        own.into_iter().chain(Chosen::list(&[], "", &config.wheels)).collect()
    }

    /// Where releases of botocore are looked up.
    pub(super) fn wheels(&self, config: &Config) -> Wheels {
        let named = |by| match by {
            By::Option(name) => name,
            By::Line(_) | By::Default => "`wheels` of the configuration",
        };
        Wheels::in_folders(self.folders(config).into_iter().map(|folder| (folder.value, named(folder.by))))
    }
}

//! Which recordings a command reads: those that are named, else those of the configuration.

use std::path::PathBuf;

use clap::Args;

use super::chosen::{By, Chosen};
use crate::config::{Config, FILE};
use crate::error::{Error, Result};

#[derive(Args)]
pub(super) struct Traffic {
    /// Files and folders; `-` is standard input [default: `recordings` of the configuration]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Traffic {
    /// The files and folders.
    ///
    /// # Errors
    /// Nothing names one, or what the configuration names is not there.
    pub(super) fn paths(&self, config: &Config) -> Result<Vec<PathBuf>> {
        let chosen = Chosen::list(&self.paths, "PATH", &config.recordings);
        if chosen.is_empty() {
            return Err(Error::new("no recordings are named").remedy(format!(
                "Name files or folders, or list them as `recordings` in {FILE}, as `shapegate init` does."
            )));
        }
        chosen
            .into_iter()
            .map(|one| if let By::Line(_) = one.by { there(&one, config) } else { Ok(one.value) })
            .collect()
    }
}

/// A path of the configuration. What is named on the command line is looked for where it is read.
fn there(path: &Chosen<PathBuf>, config: &Config) -> Result<PathBuf> {
    let found = std::fs::symlink_metadata(&path.value).map_err(|error| Error::io(&path.value, error));
    path.located(config, found.map(|_| path.value.clone()))
}

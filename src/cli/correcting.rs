//! `--errata`, which means the same wherever models are read.

use std::path::PathBuf;

use clap::Args;

use super::chosen::{Chosen, flag};
use crate::config::Config;
use crate::error::Result;
use crate::ingest::errata::Errata;

#[derive(Args)]
#[command(next_help_heading = "Models")]
pub(super) struct Correcting {
    /// Corrections of models that are known to be wrong, beside those within shapegate
    ///
    /// JSON patches by service, botocore's sdk-extras, or a folder of such
    #[arg(long, value_name = "FILE")]
    errata: Vec<PathBuf>,

    /// Do not apply the errata within shapegate
    #[arg(long)]
    no_shipped_errata: bool,
}

impl Correcting {
    /// Files and folders of errata.
    pub(super) fn files(&self, config: &Config) -> Vec<Chosen<PathBuf>> {
        Chosen::list(&self.errata, "--errata", &config.errata)
    }

    /// Whether the errata within shapegate are applied.
    pub(super) fn shipped(&self, config: &Config) -> Chosen<bool> {
        Chosen::of(flag(self.no_shipped_errata, false), "--no-shipped-errata", config.shipped_errata.as_ref(), true)
    }

    /// The errata that models are corrected by.
    pub(super) fn errata(&self, config: &Config) -> Result<Errata> {
        let mut errata = if self.shipped(config).value { Errata::shipped()? } else { Errata::default() };
        self.files(config).iter().try_for_each(|file| file.located(config, errata.add(&file.value)))?;
        Ok(errata)
    }
}

/// Tells on stderr which errata changed nothing.
pub(super) fn tell_stale(stale: &[(String, String)]) {
    for (erratum, reason) in stale {
        super::tell(format_args!("stale erratum: {erratum}: {reason}"));
    }
}

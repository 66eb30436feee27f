//! `--no-ignore`, which means the same wherever folders are searched for recordings.

use clap::Args;

use super::chosen::{Chosen, flag};
use crate::config::Config;
use crate::recording::Filter;

#[derive(Args)]
pub(super) struct Walking {
    /// Read what .gitignore files name, and folders of tools (packages, virtual environments, caches, builds), as well.
    /// What is named itself is always read
    #[arg(long)]
    no_ignore: bool,
}

impl Walking {
    /// Whether what `.gitignore` files name is left out.
    pub(super) fn gitignore(&self, config: &Config) -> Chosen<bool> {
        Chosen::of(flag(self.no_ignore, false), "--no-ignore", config.gitignore.as_ref(), true)
    }

    /// What is left out below folders.
    pub(super) fn filter(&self, config: &Config) -> Filter {
        config.filter(Some(self.gitignore(config).value))
    }
}

//! `--no-ignore`, which means the same wherever folders are searched for recordings.

use clap::Args;

use crate::recording::Filter;

#[derive(Args)]
pub(super) struct Walking {
    /// Read what .gitignore files name, and folders of tools (packages, virtual environments, caches, builds), as well.
    /// What is named itself is always read
    #[arg(long)]
    no_ignore: bool,
}

impl Walking {
    /// What is left out below folders.
    pub(super) fn filter(&self) -> Filter {
        if self.no_ignore { Filter::NOTHING } else { Filter::USUAL }
    }
}

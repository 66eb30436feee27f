//! `--no-ignore`, which means the same wherever folders are searched for recordings.

use std::path::PathBuf;

use clap::Args;

use super::chosen::{Chosen, flag};
use crate::config::Config;
use crate::paths::STDIN;
use crate::recording::Filter;
use crate::text::plural;

#[derive(Args)]
#[command(next_help_heading = "Reading")]
pub(super) struct Walking {
    /// Read what .gitignore files name, and folders of tools, as well
    ///
    /// Folders of tools hold packages, virtual environments, caches and builds. What is named itself is always read
    #[arg(long)]
    no_ignore: bool,
}

impl Walking {
    /// An option that was given.
    pub(super) fn given(&self) -> Option<&'static str> {
        self.no_ignore.then_some("--no-ignore")
    }

    /// Whether what `.gitignore` files name is left out.
    pub(super) fn gitignore(&self, config: &Config) -> Chosen<bool> {
        Chosen::of(flag(self.no_ignore, false), "--no-ignore", config.gitignore.as_ref(), true)
    }

    /// What is left out below folders.
    pub(super) fn filter(&self, config: &Config) -> Filter {
        config.filter(Some(self.gitignore(config).value))
    }

    /// The same for paths that are named; reports on stderr those that are read although the configuration excludes them.
    pub(super) fn filter_for(&self, config: &Config, named: &[PathBuf]) -> Filter {
        let filter = self.filter(config);
        let mut excluded = named.iter().filter(|path| path.as_os_str() != STDIN && filter.covers(path));
        if let Some(first) = excluded.next() {
            // A hook may name hundreds of files.
            let (subject, reason) = match excluded.count() {
                0 => ("is".to_owned(), "it is named"),
                more => (format!("and {} are", plural(more, "other path")), "they are named"),
            };
            super::inform(format_args!("{} {subject} excluded by `exclude` and read since {reason}", first.display()));
        }
        filter
    }
}

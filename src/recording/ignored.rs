//! [`Ignored`]: what `.gitignore` files say of what is found below a folder, as git reads them.
//!
//! The user's own file of patterns (`core.excludesFile`) does not count: results would differ from machine to machine.

use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Name of the files.
const FILE: &str = ".gitignore";

/// The patterns that are in force where a walk is.
pub(super) struct Ignored {
    /// The folder that is walked, from the root and with its links resolved.
    root: PathBuf,
    /// Patterns of the folders around it, the outermost first.
    around: Vec<Gitignore>,
    /// Patterns of folders on the way from it, by their depth below it.
    below: Vec<(usize, Gitignore)>,
}

impl Ignored {
    /// The patterns around a folder, up to the root of its repository; outside of a repository there are none.
    pub(super) fn around(folder: &Path) -> Self {
        let root = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let above: Vec<&Path> = root.ancestors().collect();
        let repository = above.iter().position(|folder| folder.join(".git").exists());
        let mut around = Vec::new();
        if let Some(repository) = repository {
            around.extend(read(above[repository], &above[repository].join(".git/info/exclude")));
            let outer = above.iter().skip(1).take(repository).rev();
            around.extend(outer.filter_map(|folder| read(folder, &folder.join(FILE))));
        }
        Self { root, around, below: Vec::new() }
    }

    /// Reads the patterns of a folder that the walk goes into.
    pub(super) fn enter(&mut self, below: &Path, depth: usize) {
        self.leave(depth);
        let folder = self.root.join(below);
        self.below.extend(read(&folder, &folder.join(FILE)).map(|patterns| (depth, patterns)));
    }

    /// Whether something in the folder that was entered last, or in one around it, is ignored.
    pub(super) fn has(&mut self, below: &Path, depth: usize, is_folder: bool) -> bool {
        self.leave(depth);
        let path = self.root.join(below);
        let inner = self.below.iter().rev().map(|(_, patterns)| patterns);
        let decided = inner.chain(self.around.iter().rev()).map(|patterns| patterns.matched(&path, is_folder));
        decided
            .into_iter()
            .find(|decided| !decided.is_none())
            .is_some_and(|decided| matches!(decided, Match::Ignore(_)))
    }

    /// Forgets the patterns of folders that something of that depth is not in.
    fn leave(&mut self, depth: usize) {
        self.below.retain(|(own, _)| *own < depth);
    }
}

/// The patterns of a file, seen from a folder. Like git, passes over what is no pattern.
fn read(folder: &Path, file: &Path) -> Option<Gitignore> {
    if !file.is_file() {
        return None;
    }
    let mut builder = GitignoreBuilder::new(folder);
    let _ = builder.add(file);
    builder.build().ok().filter(|patterns| !patterns.is_empty())
}

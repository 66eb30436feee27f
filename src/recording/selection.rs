//! Which of the files below a path are read: a [`Filter`] says what is left out, and why something is.

use std::path::{Component, Path, PathBuf};

use super::ignored::Ignored;
use crate::paths::Paths;

/// Why a walk leaves something out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Omission {
    /// A `.gitignore` file names it.
    Ignored,
    /// It is excluded by the user.
    Excluded,
    /// A folder of version control.
    VersionControl,
    /// A folder that a tool fills: packages, a virtual environment, a cache, what a build makes.
    OfTools,
    /// It was read already, by another path that leads to it.
    ReadBefore,
    /// It lies where copies of what is read are written, perhaps by a link.
    Written,
}

impl Omission {
    /// What it is, as a noun for several of them.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ignored => "ignored by .gitignore",
            Self::Excluded => "excluded",
            Self::VersionControl => "folders of version control",
            Self::OfTools => "folders of tools",
            Self::ReadBefore => "other paths to the same file",
            Self::Written => "where copies are written",
        }
    }
}

/// What a walk leaves out below the paths that are named. What is named itself is always read.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Whether `.gitignore` files count, and folders of tools are left out.
    is_selective: bool,
    excluded: Option<Paths>,
    /// A folder of which nothing is read, whichever link leads there.
    apart: Option<PathBuf>,
}

impl Filter {
    /// Leaves out what `.gitignore` files name, and folders of tools.
    pub const USUAL: Self = Self { is_selective: true, excluded: None, apart: None };
    /// Leaves out version control's own folders alone.
    pub const NOTHING: Self = Self { is_selective: false, excluded: None, apart: None };

    /// Leaves out these files, too.
    #[must_use]
    pub fn excluding(self, excluded: Paths) -> Self {
        Self { excluded: Some(excluded), ..self }
    }

    /// Leaves out what lies in a folder in which copies are written; its path is without links.
    #[must_use]
    pub fn apart_from(self, folder: PathBuf) -> Self {
        Self { apart: Some(folder), ..self }
    }

    /// Whether the user's globs exclude a path, or all that is in a folder.
    pub fn covers(&self, path: &Path) -> bool {
        self.excluded.as_ref().is_some_and(|paths| paths.cover(path))
    }

    fn excludes(&self, path: &Path) -> bool {
        self.excluded.as_ref().is_some_and(|paths| paths.has(&path.to_string_lossy()))
    }
}

/// What keeps a path from being read where a folder far above it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Why it is left out.
    pub reason: Omission,
    /// The outermost of the path and the folders above it with which it is read where that is named.
    pub read_from: PathBuf,
}

/// Why something is left out where all of its repository is walked; `None` where it is not. Outside of a repository the
/// folder around it, or that of the globs, counts as walked.
pub fn omission(path: &Path, filter: &Filter) -> Option<LeftOut> {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let is_outermost = |folder: &&Path| {
        folder.join(".git").exists() || filter.excluded.as_ref().is_some_and(|paths| paths.folder() == *folder)
    };
    let root = whole.ancestors().skip(1).filter(is_outermost).last().or(whole.parent()).unwrap_or(&whole);
    let mut read_from = whole.as_path();
    for above in whole.ancestors().skip(1).take_while(|above| above.starts_with(root)) {
        if let Some(reason) = omission_below(above, &whole, filter) {
            return Some(LeftOut { reason, read_from: read_from.to_owned() });
        }
        read_from = above;
    }
    None
}

/// Why something is left out where a folder above it is named.
fn omission_below(root: &Path, path: &Path, filter: &Filter) -> Option<Omission> {
    let mut selection = Selection::from(root, filter);
    selection.enter(root, 0);
    let mut here = root.to_owned();
    let below = path.strip_prefix(root).unwrap_or(path);
    for (at, part) in below.components().filter(|part| matches!(part, Component::Normal(_))).enumerate() {
        here.push(part);
        let is_folder = here.is_dir();
        if let Some(reason) = selection.omission(&here, at + 1, is_folder) {
            return Some(reason);
        }
        selection.enter(&here, at + 1);
    }
    // A folder of which nothing is read is not read, however the glob says it.
    selection.filter.covers(path).then_some(Omission::Excluded)
}

/// What a filter makes of what is below a path.
pub(super) struct Selection {
    root: PathBuf,
    filter: Filter,
    ignored: Option<Ignored>,
}

impl Selection {
    pub(super) fn from(root: &Path, filter: &Filter) -> Self {
        // What is named is read: a glob for all of it is about what is found from elsewhere.
        let filter =
            Filter { excluded: filter.excluded.as_ref().and_then(|paths| paths.narrower(root)), ..filter.clone() };
        // A file that is named is read, whatever is around it.
        let is_selective = filter.is_selective && root.is_dir();
        Self { root: root.to_owned(), ignored: is_selective.then(|| Ignored::around(root)), filter }
    }

    /// The path that is named.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Notes that a folder is gone into, so many folders below the path.
    pub(super) fn enter(&mut self, folder: &Path, depth: usize) {
        if let Some(ignored) = &mut self.ignored {
            ignored.enter(folder.strip_prefix(&self.root).unwrap_or(folder), depth);
        }
    }

    /// Whether something is left out for where it lies, whichever link leads there.
    pub(super) fn is_apart(&self) -> bool {
        self.filter.apart.is_some()
    }

    /// Why a path without links is left out, whoever names it.
    pub(super) fn written(&self, real: &Path) -> Option<Omission> {
        self.filter.apart.as_ref().filter(|folder| real.starts_with(folder)).map(|_| Omission::Written)
    }

    /// Why something is left out.
    pub(super) fn omission(&mut self, path: &Path, depth: usize, is_folder: bool) -> Option<Omission> {
        if depth == 0 {
            return None;
        }
        if is_folder && VERSION_CONTROL.iter().any(|name| path.file_name() == Some(name.as_ref())) {
            return Some(Omission::VersionControl);
        }
        if self.filter.excludes(path) {
            return Some(Omission::Excluded);
        }
        let ignored = self.ignored.as_mut()?;
        if is_folder && is_of_tools(path) {
            return Some(Omission::OfTools);
        }
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        ignored.has(below, depth, is_folder).then_some(Omission::Ignored)
    }
}

/// Folders of version control, by their names.
const VERSION_CONTROL: [&str; 5] = [".git", ".hg", ".svn", ".jj", ".bzr"];

/// Whether a folder is one that a tool fills. A folder that is only called `target` may be anything, so what makes it one
/// counts: the project beside it, or the mark that caches have.
fn is_of_tools(folder: &Path) -> bool {
    let is_there = |name: &str| folder.join(name).is_file();
    let is_beside = |name: &str| folder.with_file_name(name).is_file();
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_target = name == "target" && ["Cargo.toml", "pom.xml", "build.sbt"].into_iter().any(is_beside);
    name == "node_modules" || is_target || is_there("pyvenv.cfg") || is_there("CACHEDIR.TAG")
}

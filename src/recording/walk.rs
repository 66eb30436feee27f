//! Finding files: every file below the given paths, in the same order on every machine, but for what a [`Filter`] leaves
//! out.

use std::fs;
use std::path::{Component, Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::ignored::Ignored;
use crate::paths::Paths;

/// Something found below a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file to read.
    File {
        /// Its path, as the given path leads to it.
        path: PathBuf,
        /// Its size in bytes; 0 for a pipe that was named by the user.
        size: u64,
    },
    /// Neither file nor folder: a pipe, socket or device, which reading might wait on for ever.
    Special {
        /// Its path.
        path: PathBuf,
    },
    /// A symbolic link to a folder that holds it. What it leads to is read where it stands.
    Loop {
        /// Path of the link.
        path: PathBuf,
        /// The folder it leads back to.
        ancestor: PathBuf,
    },
    /// Something that is not read, a folder with all that is below it.
    Omitted {
        /// Its path.
        path: PathBuf,
        /// Why it is left out.
        reason: Omission,
    },
    /// The system refused.
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
}

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
        }
    }
}

/// What a walk leaves out below the paths that are named. What is named itself is always read.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Whether `.gitignore` files count, and folders of tools are left out.
    is_selective: bool,
    excluded: Option<Paths>,
}

impl Filter {
    /// Leaves out what `.gitignore` files name, and folders of tools.
    pub const USUAL: Self = Self { is_selective: true, excluded: None };
    /// Leaves out version control's own folders alone.
    pub const NOTHING: Self = Self { is_selective: false, excluded: None };

    /// Leaves out these files, too.
    #[must_use]
    pub fn excluding(self, excluded: Paths) -> Self {
        Self { excluded: Some(excluded), ..self }
    }

    fn excludes(&self, path: &Path) -> bool {
        self.excluded.as_ref().is_some_and(|paths| paths.has(&path.to_string_lossy()))
    }
}

/// Everything below `path`, folders sorted by name. Links are followed.
pub fn walk(path: &Path, filter: &Filter) -> impl Iterator<Item = Found> + use<> {
    Walk {
        selection: Selection::from(path, filter),
        entries: WalkDir::new(path).follow_links(true).sort_by_file_name().into_iter(),
    }
}

/// Why something is left out where all of its repository is walked; `None` where it is not. Outside of a repository the
/// folder around it counts as walked.
pub fn omission(path: &Path, filter: &Filter) -> Option<Omission> {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    // A folder of which nothing is read is not read, however the glob says it.
    let within = whole.is_dir().then(|| whole.join("any"));
    if whole.ancestors().chain(within.as_deref()).any(|above| filter.excludes(above)) {
        return Some(Omission::Excluded);
    }
    let repository = whole.ancestors().skip(1).find(|folder| folder.join(".git").exists());
    let root = repository.or(whole.parent()).unwrap_or(&whole);
    let below = whole.strip_prefix(root).unwrap_or(&whole);
    let mut selection = Selection::from(root, filter);
    selection.enter(root, 0);
    let mut here = root.to_owned();
    for (at, part) in below.components().filter(|part| matches!(part, Component::Normal(_))).enumerate() {
        here.push(part);
        let is_folder = here.is_dir();
        if let Some(reason) = selection.omission(&here, at + 1, is_folder) {
            return Some(reason);
        }
        selection.enter(&here, at + 1);
    }
    None
}

/// What a filter makes of what is below a path.
struct Selection {
    root: PathBuf,
    filter: Filter,
    ignored: Option<Ignored>,
}

impl Selection {
    fn from(root: &Path, filter: &Filter) -> Self {
        let mut filter = filter.clone();
        if filter.excludes(root) {
            filter.excluded = None;
        }
        // A file that is named is read, whatever is around it.
        let is_selective = filter.is_selective && root.is_dir();
        Self { root: root.to_owned(), ignored: is_selective.then(|| Ignored::around(root)), filter }
    }

    /// Notes that a folder is gone into, so many folders below the path.
    fn enter(&mut self, folder: &Path, depth: usize) {
        if let Some(ignored) = &mut self.ignored {
            ignored.enter(folder.strip_prefix(&self.root).unwrap_or(folder), depth);
        }
    }

    /// Why something is left out.
    fn omission(&mut self, path: &Path, depth: usize, is_folder: bool) -> Option<Omission> {
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

/// A walk on its way.
struct Walk {
    selection: Selection,
    entries: walkdir::IntoIter,
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let entry = match self.entries.next()? {
                Ok(entry) => entry,
                Err(error) => return Some(failed(&error, &self.selection.root)),
            };
            let is_folder = entry.file_type().is_dir();
            if let Some(reason) = self.selection.omission(entry.path(), entry.depth(), is_folder) {
                if is_folder {
                    self.entries.skip_current_dir();
                }
                return Some(Found::Omitted { path: entry.into_path(), reason });
            }
            if is_folder {
                self.selection.enter(entry.path(), entry.depth());
            }
            if let Some(found) = found(&entry) {
                return Some(found);
            }
        }
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

fn found(entry: &DirEntry) -> Option<Found> {
    let path = entry.path().to_owned();
    let kind = entry.file_type();
    if kind.is_dir() {
        return None;
    }
    // A pipe in a folder is passed over; one that the user names, as a shell's `<(…)`, is meant to be read.
    if !kind.is_file() && entry.depth() > 0 {
        return Some(Found::Special { path });
    }
    match fs::metadata(&path) {
        Ok(metadata) => Some(Found::File { size: if metadata.is_file() { metadata.len() } else { 0 }, path }),
        Err(error) => Some(Found::Unreadable { path, reason: error.to_string() }),
    }
}

fn failed(error: &walkdir::Error, root: &Path) -> Found {
    let path = error.path().unwrap_or(root).to_owned();
    match (error.loop_ancestor(), error.io_error()) {
        (Some(ancestor), _) => Found::Loop { path, ancestor: ancestor.to_owned() },
        (None, Some(error)) => Found::Unreadable { path, reason: error.to_string() },
        (None, None) => Found::Unreadable { path, reason: error.to_string() },
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn write(root: &Path, files: &[(&str, &str)]) {
        for (file, text) in files {
            let path = root.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            fs::write(path, text).expect("writable");
        }
    }

    /// What a walk finds, in words and below `root`.
    fn told(root: &Path, from: &Path, filter: &Filter) -> Vec<String> {
        let below = |path: &Path| path.strip_prefix(root).expect("below").display().to_string();
        walk(from, filter)
            .map(|found| match found {
                Found::File { path, size } => format!("file {} {size}", below(&path)),
                Found::Special { path } => format!("special {}", below(&path)),
                Found::Loop { path, .. } => format!("loop {}", below(&path)),
                Found::Unreadable { path, .. } => format!("unreadable {}", below(&path)),
                Found::Omitted { path, reason } => format!("{}: {}", reason.as_str(), below(&path)),
            })
            .collect()
    }

    #[test]
    fn finds_files_in_order_and_tells_the_rest() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let root = dir.path();
        write(root, &[("b/2.json", "{}"), ("b/10.json", "{}"), ("a.json", "{}"), ("b/.git/config", "")]);
        symlink(root, root.join("b/up")).expect("writable");
        symlink(root.join("nowhere"), root.join("c.json")).expect("writable");
        let made = std::process::Command::new("mkfifo").arg(root.join("d.json")).status().expect("mkfifo runs");
        assert!(made.success());
        let expected = [
            "file a.json 2",
            "folders of version control: b/.git",
            "file b/10.json 2",
            "file b/2.json 2",
            "loop b/up",
            "unreadable c.json",
            "special d.json",
        ];
        for filter in [Filter::USUAL, Filter::NOTHING] {
            assert_eq!(told(root, root, &filter), expected);
        }
    }

    #[test]
    fn a_pipe_that_the_user_names_is_a_file() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let pipe = dir.path().join("p");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        assert_eq!(walk(&pipe, &Filter::USUAL).collect::<Vec<_>>(), [Found::File { path: pipe, size: 0 }]);
    }

    #[test]
    fn gitignore_counts_below_what_is_named_and_up_to_the_repository() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let root = dir.path();
        write(
            root,
            &[
                (".gitignore", "/outer.json\n"),
                ("repo/.git/info/exclude", "private.json\n"),
                ("repo/.gitignore", "*.tmp.json\nbuild/\n!kept.tmp.json\n"),
                ("repo/outer.json", "{}"),
                ("repo/t/.gitignore", "/own.json\n"),
                ("repo/t/own.json", "{}"),
                ("repo/t/u/own.json", "{}"),
                ("repo/t/a.tmp.json", "{}"),
                ("repo/t/kept.tmp.json", "{}"),
                ("repo/t/private.json", "{}"),
                ("repo/t/build/x.json", "{}"),
                ("repo/z.json", "{}"),
            ],
        );
        let repo = root.join("repo");
        assert_eq!(
            told(&repo, &repo.join("t"), &Filter::USUAL),
            [
                "file t/.gitignore 10",
                "ignored by .gitignore: t/a.tmp.json",
                "ignored by .gitignore: t/build",
                "file t/kept.tmp.json 2",
                "ignored by .gitignore: t/own.json",
                "ignored by .gitignore: t/private.json",
                "file t/u/own.json 2",
            ]
        );
        let whole = told(&repo, &repo, &Filter::USUAL);
        assert!(whole.contains(&"file outer.json 2".to_owned()), "what is outside of the repository: {whole:?}");
        assert!(whole.contains(&"file z.json 2".to_owned()), "{whole:?}");
        for named in ["t/build", "t/own.json"] {
            let named = told(&repo, &repo.join(named), &Filter::USUAL);
            assert!(named.iter().all(|one| one.starts_with("file")) && !named.is_empty(), "{named:?}");
        }
        assert!(told(&repo, &repo.join("t"), &Filter::NOTHING).iter().all(|one| one.starts_with("file")));
    }

    #[test]
    fn folders_of_tools_are_known_by_more_than_a_name() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let root = dir.path();
        write(
            root,
            &[
                ("cache/CACHEDIR.TAG", ""),
                ("js/node_modules/a.json", "{}"),
                ("mine/pyvenv.cfg", ""),
                ("rust/Cargo.toml", ""),
                ("rust/target/a.json", "{}"),
                ("target/a.json", "{}"),
            ],
        );
        let of_tools = |path: &str| format!("folders of tools: {path}");
        let expected = [
            of_tools("cache"),
            of_tools("js/node_modules"),
            of_tools("mine"),
            "file rust/Cargo.toml 0".to_owned(),
            of_tools("rust/target"),
            "file target/a.json 2".to_owned(),
        ];
        assert_eq!(told(root, root, &Filter::USUAL), expected);
        assert_eq!(told(root, root, &Filter::NOTHING).len(), 6);
        assert_eq!(told(root, &root.join("rust/target"), &Filter::USUAL), ["file rust/target/a.json 2"]);
    }

    #[test]
    fn what_is_excluded_is_read_where_it_is_named() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let root = dir.path();
        write(root, &[("a/1.json", "{}"), ("a/old/2.json", "{}"), ("b.json", "{}")]);
        let excluded = Paths::parse(&["a/old".into(), "b.json".into()], root).expect("globs");
        for filter in [Filter::USUAL, Filter::NOTHING] {
            let filter = filter.excluding(excluded.clone());
            assert_eq!(told(root, root, &filter), ["file a/1.json 2", "excluded: a/old", "excluded: b.json"]);
            assert_eq!(told(root, &root.join("a/old"), &filter), ["file a/old/2.json 2"]);
            assert_eq!(told(root, &root.join("b.json"), &filter), ["file b.json 2"]);
        }
    }
}

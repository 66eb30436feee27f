//! Finding files: every file below the given paths, in the same order on every machine, but for what a [`Filter`] leaves
//! out.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::selection::{Filter, Omission, Selection};

/// Something found below a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file to read, or what the user names that is neither file nor folder, such as a pipe.
    File {
        /// Its path, as the given path leads to it.
        path: PathBuf,
        /// The path itself is a symbolic link.
        is_link: bool,
    },
    /// Neither file nor folder: a pipe, socket or device, which reading might wait on for ever.
    Special {
        /// Its path.
        path: PathBuf,
    },
    /// A folder that is open already on the way to it, as a symbolic link above it or itself leads there.
    Loop {
        /// Its path.
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

/// Everything below `path`, folders sorted by name. Links are followed.
pub fn walk(path: &Path, filter: &Filter) -> impl Iterator<Item = Found> + use<> {
    Walk {
        selection: Selection::from(path, filter),
        // By their names: the paths of two entries of one folder differ in nothing else.
        entries: WalkDir::new(path)
            .follow_links(true)
            .sort_by(|a, b| a.path().as_os_str().cmp(b.path().as_os_str()))
            .into_iter(),
        open: Vec::new(),
    }
}

/// A walk on its way.
struct Walk {
    selection: Selection,
    entries: walkdir::IntoIter,
    /// The folders that lead to an entry, the outermost first: each as it was found, and without links.
    open: Vec<(PathBuf, PathBuf)>,
}

impl Walk {
    /// The path of an entry without links. Only one that is a link itself is looked up.
    fn real(&self, entry: &DirEntry) -> PathBuf {
        let above = entry.depth().checked_sub(1).and_then(|depth| self.open.get(depth));
        match above {
            Some((_, folder)) if !entry.path_is_symlink() => folder.join(entry.file_name()),
            _ => entry.path().canonicalize().unwrap_or_else(|_| entry.path().to_owned()),
        }
    }
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let entry = match self.entries.next()? {
                Ok(entry) => entry,
                Err(error) => return Some(failed(&error, self.selection.root())),
            };
            let is_folder = entry.file_type().is_dir();
            self.open.truncate(entry.depth());
            // Of a file it is asked for where copies are written alone.
            let real = (is_folder || self.selection.is_apart()).then(|| self.real(&entry));
            // `walkdir` compares links alone with the folders above them, and not what is below a link.
            if let Some((ancestor, _)) = self.open.iter().find(|(_, open)| is_folder && real.as_ref() == Some(open)) {
                self.entries.skip_current_dir();
                return Some(Found::Loop { path: entry.path().to_owned(), ancestor: ancestor.clone() });
            }
            let omission = self.selection.omission(entry.path(), entry.depth(), is_folder);
            if let Some(reason) = omission.or_else(|| self.selection.written(real.as_ref()?)) {
                if is_folder {
                    self.entries.skip_current_dir();
                }
                return Some(Found::Omitted { path: entry.into_path(), reason });
            }
            if let Some(real) = real.filter(|_| is_folder) {
                self.selection.enter(entry.path(), entry.depth());
                self.open.push((entry.path().to_owned(), real));
            }
            if let Some(found) = found(&entry) {
                return Some(found);
            }
        }
    }
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
    Some(Found::File { is_link: entry.path_is_symlink(), path })
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
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::paths::Paths;

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
                Found::File { path, .. } => format!("file {}", below(&path)),
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
            "file a.json",
            "folders of version control: b/.git",
            "file b/10.json",
            "file b/2.json",
            "loop b/up",
            "unreadable c.json",
            "special d.json",
        ];
        for filter in [Filter::USUAL, Filter::NOTHING] {
            assert_eq!(told(root, root, &filter), expected);
        }
    }

    #[test]
    fn a_folder_is_gone_into_once_on_each_way() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let root = dir.path();
        write(root, &[("in/a.json", "{}"), ("beside/b.json", "{}"), ("out/in/c.json", "{}")]);
        symlink("..", root.join("in/up")).expect("writable");
        symlink("../beside", root.join("in/x")).expect("writable");
        symlink("../../out/in/c.json", root.join("out/in/d.json")).expect("writable");
        symlink("../out/in/c.json", root.join("in/e.json")).expect("writable");
        let input = root.join("in");
        let out = root.join("out").canonicalize().expect("there");
        assert_eq!(
            told(root, &input, &Filter::NOTHING.apart_from(out)),
            [
                "file in/a.json",
                "where copies are written: in/e.json",
                "file in/up/beside/b.json",
                "loop in/up/in",
                "where copies are written: in/up/out",
                "file in/x/b.json",
            ],
        );
        let all = told(root, &input, &Filter::USUAL);
        assert!(all.contains(&"file in/up/out/in/c.json".to_owned()), "{all:?}");
        assert!(all.contains(&"file in/e.json".to_owned()), "{all:?}");
    }

    #[test]
    fn a_pipe_that_the_user_names_is_a_file() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let pipe = dir.path().join("p");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        assert_eq!(walk(&pipe, &Filter::USUAL).collect::<Vec<_>>(), [Found::File { path: pipe, is_link: false }]);
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
                ("repo/u/.gitignore", "own.json\n"),
                ("repo/v/own.json", "{}"),
                ("repo/z.json", "{}"),
            ],
        );
        let repo = root.join("repo");
        assert_eq!(
            told(&repo, &repo.join("t"), &Filter::USUAL),
            [
                "file t/.gitignore",
                "ignored by .gitignore: t/a.tmp.json",
                "ignored by .gitignore: t/build",
                "file t/kept.tmp.json",
                "ignored by .gitignore: t/own.json",
                "ignored by .gitignore: t/private.json",
                "file t/u/own.json",
            ]
        );
        let whole = told(&repo, &repo, &Filter::USUAL);
        assert!(whole.contains(&"file outer.json".to_owned()), "what is outside of the repository: {whole:?}");
        assert!(whole.contains(&"file z.json".to_owned()), "{whole:?}");
        assert!(whole.contains(&"file v/own.json".to_owned()), "what a folder beside it ignores: {whole:?}");
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
            "file rust/Cargo.toml".to_owned(),
            of_tools("rust/target"),
            "file target/a.json".to_owned(),
        ];
        assert_eq!(told(root, root, &Filter::USUAL), expected);
        assert_eq!(told(root, root, &Filter::NOTHING).len(), 6);
        assert_eq!(told(root, &root.join("rust/target"), &Filter::USUAL), ["file rust/target/a.json"]);
    }

    #[test]
    fn what_is_excluded_is_read_where_it_is_named() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let root = dir.path();
        write(root, &[("a/1.json", "{}"), ("a/old/2.json", "{}"), ("b.json", "{}")]);
        let excluded = Paths::parse(&["a/old".into(), "b.json".into()], root).expect("globs");
        for filter in [Filter::USUAL, Filter::NOTHING] {
            let filter = filter.excluding(excluded.clone());
            assert_eq!(told(root, root, &filter), ["file a/1.json", "excluded: a/old", "excluded: b.json"]);
            assert_eq!(told(root, &root.join("a/old"), &filter), ["file a/old/2.json"]);
            assert_eq!(told(root, &root.join("b.json"), &filter), ["file b.json"]);
        }
    }
}

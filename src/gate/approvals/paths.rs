//! [`Paths`]: the files that an approval is about, as globs.

use std::path::{Component, MAIN_SEPARATOR, Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::error::{Error, Result};

/// Globs for files.
#[derive(Debug, Clone)]
pub(super) struct Paths(GlobSet);

impl Paths {
    pub(super) fn parse(globs: &[String]) -> Result<Self> {
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            let plain = glob.trim_start_matches("./").trim_end_matches('/');
            // A folder stands for all that is in it.
            for glob in [plain.to_owned(), format!("{plain}/**")] {
                set.add(GlobBuilder::new(&glob).literal_separator(true).build().map_err(|error| wrong(&error))?);
            }
        }
        set.build().map(Self).map_err(|error| wrong(&error))
    }

    /// Whether a file is among them: as it was named, seen from the folder of the approvals, or from the root.
    pub(super) fn has(&self, file: &str, folder: &Path) -> bool {
        let whole = || slashed(&whole(Path::new(file)).to_string_lossy());
        self.0.is_match(slashed(file))
            || below(file, folder).is_some_and(|path| self.0.is_match(path))
            || self.0.is_match(whole())
    }
}

fn wrong(error: &globset::Error) -> Error {
    Error::new(format!("a glob in `paths` cannot be read: {error}"))
        .remedy("`*` stands for any characters but `/` and `**/` for any folders, as in .gitignore.")
}

/// The glob for one file: seen from the folder of the approvals where it lies below that, else as it was named.
pub(super) fn glob(file: &str, folder: &Path) -> String {
    let plain = below(file, folder).unwrap_or_else(|| slashed(file));
    globset::escape(&plain).replace('\\', "\\\\")
}

/// The folder of a file, from the root, without `.` and `..`.
pub(super) fn folder_of(file: &Path) -> PathBuf {
    let mut folder = whole(file);
    folder.pop();
    folder
}

/// A file's path from a folder; `None` where it is not below it.
fn below(file: &str, folder: &Path) -> Option<String> {
    let path = whole(Path::new(file));
    path.strip_prefix(folder).ok().map(|below| slashed(&below.to_string_lossy()))
}

/// A path with `/` between its parts.
fn slashed(path: &str) -> String {
    let plain = if MAIN_SEPARATOR == '/' { path.to_owned() } else { path.replace(MAIN_SEPARATOR, "/") };
    plain.trim_start_matches("./").to_owned()
}

/// A path from the root, without `.` and `..`.
fn whole(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            Component::ParentDir => drop(whole.pop()),
            part => whole.push(part),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(glob: &str, file: &str, approvals: &str) -> bool {
        Paths::parse(&[glob.to_owned()]).expect(glob).has(file, &folder_of(Path::new(approvals)))
    }

    #[test]
    fn files_are_seen_from_the_folder_of_the_approvals() {
        let here = std::env::current_dir().expect("there is one");
        for (glob, file, approvals, expected) in [
            ("a/*.json", "a/b.json", "approvals.toml", true),
            ("./a/*.json", "./a/b.json", "approvals.toml", true),
            ("a/*.json", "a/b/c.json", "approvals.toml", false),
            ("a/**/*.json", "a/b/c.json", "approvals.toml", true),
            ("a", "a/b/c.json", "approvals.toml", true),
            ("a/*-old", "a/b/c-old/d.json", "approvals.toml", false),
            ("a/*-old", "a/c-old/b/d.json", "approvals.toml", true),
            ("a/", "a/b.json", "approvals.toml", true),
            ("a/b.json", "ci/a/b.json", "ci/approvals.toml", true),
            ("a/b.json", "../a/b.json", "../approvals.toml", true),
            ("a/b.json", "a/b.json", "ci/approvals.toml", true),
            ("a/b.json", "ci/../a/b.json", "approvals.toml", true),
            ("b.json", "a/b.json", "approvals.toml", false),
            ("-", "-", "ci/approvals.toml", true),
        ] {
            assert_eq!(has(glob, file, approvals), expected, "{glob} {file} {approvals}");
        }
        let file = here.join("a/b.json");
        assert!(has("a/b.json", file.to_str().expect("text"), "approvals.toml"), "an absolute path");
        let name = here.file_name().and_then(|name| name.to_str()).expect("a folder with a name");
        assert!(has(&format!("{name}/a/*"), "a/b.json", "../approvals.toml"), "approvals of a folder above");
    }

    #[test]
    fn a_file_has_a_glob_whatever_its_name() {
        let folder = folder_of(Path::new("approvals.toml"));
        for file in ["a/b.json", "./a/b.json", "a*[1]{x,y}?.json", "a!b-c.json", "ä \"b\".json", "../b.json", "-"] {
            let glob = glob(file, &folder);
            let paths = Paths::parse(std::slice::from_ref(&glob)).expect(&glob);
            assert!(paths.has(file, &folder), "{glob} {file}");
            assert!(!paths.has("a-2-x-z.json", &folder), "{glob}");
        }
        assert_eq!(glob(&folder.join("a.json").to_string_lossy(), &folder), "a.json");
    }
}

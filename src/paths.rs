//! [`Paths`]: files that a text names by globs, seen from the folder of the file that holds it.

use std::borrow::Cow;
use std::path::{Component, MAIN_SEPARATOR, Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::error::{Error, Result};
use crate::output;

/// A path as reports have it. Most are texts, which need no look at each character.
pub(crate) fn text_of(path: &Path) -> Cow<'_, str> {
    path.to_str().map_or_else(|| path.to_string_lossy(), Cow::Borrowed)
}

/// The name of standard input, as findings have it.
pub(crate) const STDIN: &str = "-";

/// Globs for files.
#[derive(Debug, Clone)]
pub struct Paths {
    /// As they are written.
    globs: Vec<String>,
    /// For paths from the folder.
    relative: GlobSet,
    /// For paths from the root.
    absolute: GlobSet,
    /// The folder that the globs are seen from, from the root and with its links resolved.
    folder: PathBuf,
}

impl Paths {
    /// Reads globs that are relative to a folder.
    ///
    /// # Errors
    /// One of them is no glob, is empty, or begins with `!`.
    pub fn parse(globs: &[String], folder: &Path) -> Result<Self> {
        let (mut relative, mut absolute) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for glob in globs {
            if let Some(mistake) = mistake(glob) {
                return Err(Error::new(format!("{glob:?} {mistake}")));
            }
            let plain = plain(glob);
            let set = if Path::new(glob).is_absolute() { &mut absolute } else { &mut relative };
            // A folder stands for all that is in it.
            for glob in [plain.clone(), format!("{plain}/**")] {
                set.add(GlobBuilder::new(&glob).literal_separator(true).build().map_err(|error| wrong(&error))?);
            }
        }
        let build = |set: GlobSetBuilder| set.build().map_err(|error| wrong(&error));
        Ok(Self {
            globs: globs.to_vec(),
            relative: build(relative)?,
            absolute: build(absolute)?,
            folder: whole(folder),
        })
    }

    /// The globs, as they are written.
    pub fn globs(&self) -> &[String] {
        &self.globs
    }

    /// Each glob by itself.
    pub fn each(&self) -> impl Iterator<Item = (&str, Self)> {
        // What was read together is read alone.
        self.globs
            .iter()
            .filter_map(|glob| Some((glob.as_str(), Self::parse(std::slice::from_ref(glob), &self.folder).ok()?)))
    }

    /// The folder that the globs are seen from, from the root.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether one of them is about a path as a whole: the file or folder itself, or all that is in the folder.
    pub fn cover(&self, path: &Path) -> bool {
        self.has(&path.to_string_lossy()) || path.is_dir() && self.each().any(|(_, paths)| paths.have_all_in(path))
    }

    /// Whether a single glob is about everything in a folder, by names that only a glob for all has.
    fn have_all_in(&self, folder: &Path) -> bool {
        ["\u{e000}", "0.0"].iter().all(|name| self.has(&folder.join(name).to_string_lossy()))
    }

    /// Those that do not [cover](Self::cover) a path; `None` where none is left.
    pub fn narrower(&self, path: &Path) -> Option<Self> {
        if !self.cover(path) {
            return Some(self.clone());
        }
        let left: Vec<String> =
            self.each().filter(|(_, paths)| !paths.cover(path)).map(|(glob, _)| glob.to_owned()).collect();
        // What was read together is read in part.
        (!left.is_empty()).then(|| Self::parse(&left, &self.folder).ok())?
    }

    /// Whether all that they name lies in a folder.
    pub fn are_within(&self, folder: &Path) -> bool {
        let folder = whole(folder);
        self.globs.iter().all(|glob| self.root(glob).join(beginning(glob)).starts_with(&folder))
    }

    /// What the beginnings of globs name and is not there, so that they can be about nothing: each glob with the outermost
    /// such file or folder, as the glob has it.
    pub fn missing(&self) -> impl Iterator<Item = (&str, String)> {
        self.globs.iter().filter_map(|glob| Some((glob.as_str(), self.missing_of(glob)?)))
    }

    fn missing_of(&self, glob: &str) -> Option<String> {
        let beginning = beginning(glob);
        if glob == STDIN || self.root(glob).join(&beginning).symlink_metadata().is_ok() {
            return None;
        }
        let is_missing = |path: &&Path| self.root(glob).join(path).symlink_metadata().is_err();
        beginning.ancestors().take_while(is_missing).last().map(slashed)
    }

    /// What a glob is seen from.
    fn root(&self, glob: &str) -> &Path {
        if glob.starts_with('/') { Path::new("/") } else { &self.folder }
    }

    /// Whether a file is among them: seen from the folder, or from the root. However it was named, and through whatever
    /// links, it is the same file.
    pub fn has(&self, file: &str) -> bool {
        self.relative.is_match(seen_from(file, &self.folder))
            || !self.absolute.is_empty() && self.absolute.is_match(slashed(&whole(Path::new(file))))
    }
}

/// What keeps a text from being a glob for some files.
fn mistake(glob: &str) -> Option<&'static str> {
    if glob.trim().is_empty() {
        return Some("names no file");
    }
    let is_taken_back = glob.starts_with('!');
    is_taken_back.then_some(
        "takes nothing back, as `!` does in .gitignore: name only what is meant (a file's name may begin with `\\!`)",
    )
}

/// The parts of a glob before the first that has wildcards.
fn beginning(glob: &str) -> PathBuf {
    let plain = plain(glob);
    let is_plain = |part: &&str| !part.contains(['*', '?', '[', '{', '\\']);
    let parts: PathBuf = plain.split('/').take_while(is_plain).collect();
    if plain.starts_with('/') { Path::new("/").join(parts) } else { parts }
}

/// A glob as paths are written: without parts that say nothing.
fn plain(glob: &str) -> String {
    let parts: Vec<&str> = glob.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    match (parts.is_empty(), glob.starts_with('/')) {
        (true, _) => "**".to_owned(),
        (false, true) => format!("/{}", parts.join("/")),
        (false, false) => parts.join("/"),
    }
}

fn wrong(error: &globset::Error) -> Error {
    Error::new(format!("a glob cannot be read: {error}"))
        .remedy("`*` stands for any characters but `/` and `**/` for any folders, as in .gitignore.")
}

/// The glob for one file: seen from a folder, but whole where it was named so and is not below that.
pub(crate) fn glob(file: &str, folder: &Path) -> String {
    let path = whole(Path::new(file));
    let is_far = Path::new(file).is_absolute() && !path.starts_with(folder);
    let shown = if is_far { slashed(&path) } else { seen_from(file, folder) };
    globset::escape(&shown).replace('\\', "\\\\")
}

/// The folder of a file, from the root, with its links resolved.
pub(crate) fn folder_of(file: &Path) -> PathBuf {
    // The file itself may be a link; its globs are about the folder that it is named in.
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    whole(folder)
}

/// A file's path from a folder, with `..` where it is not below it. Standard input is a name and no path.
fn seen_from(file: &str, folder: &Path) -> String {
    if file == STDIN {
        return STDIN.to_owned();
    }
    let path = whole(Path::new(file));
    let common = path.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    slashed(&up.chain(path.components().skip(common)).collect::<PathBuf>())
}

/// A path with `/` between its parts.
fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(MAIN_SEPARATOR, "/") }
}

/// A path from the root, with its links resolved.
fn whole(path: &Path) -> PathBuf {
    output::resolved(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(glob: &str, file: &str, approvals: &str) -> bool {
        Paths::parse(&[glob.to_owned()], &folder_of(Path::new(approvals))).expect(glob).has(file)
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
            ("a/b.json", "a/b.json", "ci/approvals.toml", false),
            ("../a/b.json", "a/b.json", "ci/approvals.toml", true),
            ("a/**", "a/../b/c.json", "approvals.toml", false),
            ("./a//./b.json", "a/b.json", "approvals.toml", true),
            (".", "a/b.json", "approvals.toml", true),
            ("**/a/**", "b.json", "approvals.toml", false),
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
    fn globs_that_can_be_about_nothing_are_known() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir_all(dir.path().join("a/b")).expect("writable");
        std::fs::write(dir.path().join("a/c.json"), "{}").expect("writable");
        let missing = |glob: &str| {
            let paths = Paths::parse(&[glob.to_owned()], dir.path()).expect(glob);
            paths.missing().next().map(|(_, missing)| missing)
        };
        for glob in ["a", "./a/b/", "a/*.json", "**/x", "*", "a/b/**", "a/c.json", "-", ".", "/", "a/\\!x", "../*"] {
            assert_eq!(missing(glob), None, "{glob}");
        }
        for (glob, expected) in [
            ("x", "x"),
            ("x/y/*.json", "x"),
            ("a/x/**/y", "a/x"),
            ("a/d.json", "a/d.json"),
            ("/nowhere-at-all/x/**", "/nowhere-at-all"),
        ] {
            assert_eq!(missing(glob).as_deref(), Some(expected), "{glob}");
        }
        for glob in ["", " ", "!a/c.json"] {
            assert!(Paths::parse(&[glob.to_owned()], dir.path()).is_err(), "{glob}");
        }
    }

    #[test]
    fn a_file_has_a_glob_whatever_its_name() {
        let folder = folder_of(Path::new("approvals.toml"));
        for file in ["a/b.json", "./a/b.json", "a*[1]{x,y}?.json", "a!b-c.json", "ä \"b\".json", "../b.json", "-"] {
            let glob = glob(file, &folder);
            let paths = Paths::parse(std::slice::from_ref(&glob), &folder).expect(&glob);
            assert!(paths.has(file), "{glob} {file}");
            assert!(!paths.has("a-2-x-z.json"), "{glob}");
        }
        assert_eq!(glob(&folder.join("a.json").to_string_lossy(), &folder), "a.json");
    }
}

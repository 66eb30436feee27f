//! Bodies that a recording keeps in files of their own.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use memchr::memmem;

use super::Source;
use super::node::Node;
use super::packed::{Beyond, read_within};
use crate::limits::{Limit, Limits};

/// Why a body cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// The reason, as a clause.
    Broken(String),
    /// It is larger than a limit allows.
    Beyond(Limit),
}

/// The content of a file below `folder`. A recording comes from anybody, so that the name leads nowhere else: a finding shows
/// what is in the file.
pub(super) fn read(folder: &Path, name: &str, limits: &Limits) -> Result<Vec<u8>, Unread> {
    let broken = |why: &str| Unread::Broken(format!("its body is in the file {name:?}, {why}"));
    let path = below(folder, name).ok_or_else(|| broken("which is outside of the folder for bodies"))?;
    let gone = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => broken("which is not there"),
        _ => broken("which cannot be read"),
    };
    let name = path.file_name().map(ToOwned::to_owned);
    let (folder, path) = (here(folder).canonicalize().map_err(gone)?, here(&path).canonicalize().map_err(gone)?);
    if !path.starts_with(folder) {
        return Err(broken("which is outside of the folder for bodies"));
    }
    // Else a link could show whatever else is in the folder.
    if path.file_name() != name.as_deref() {
        return Err(broken("which is a link to another file"));
    }
    if !path.is_file() {
        return Err(broken("which is not a file"));
    }
    let file = File::open(path).map_err(gone)?;
    read_within(file, limits.body_bytes, Limit::BodyBytes)
        .map_err(|error| Beyond::of(&error).map_or_else(|| gone(error), Unread::Beyond))
}

/// Where the member of that name stands whose value names the file.
pub(super) fn member(name: &str, value: &Node<'_>, source: &Source<'_>) -> Range<usize> {
    let Range { start, end } = value.range;
    // Its name stands before it, within quotes or not.
    let before = &source.bytes[..start];
    let is_quote = |at: &usize| matches!(before.get(*at), Some(b'"' | b'\''));
    let name = memmem::rfind(before, name.as_bytes()).unwrap_or(start);
    name.checked_sub(1).filter(is_quote).unwrap_or(name)..end
}

/// A path that can be asked for: nothing at all is the working directory.
fn here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

/// The path of a file, where its name has no way up in it.
fn below(folder: &Path, name: &str) -> Option<PathBuf> {
    let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    Path::new(name).components().all(is_plain).then(|| folder.join(name))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn names_lead_to_files_below_the_folder_alone() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let folder = dir.path().join("__files");
        fs::create_dir_all(folder.join("sub")).expect("writable");
        fs::write(folder.join("sub/a.json"), "{}").expect("writable");
        fs::write(dir.path().join("secret"), "x").expect("writable");
        let limits = Limits { body_bytes: 4, ..Limits::default() };
        let told = |name: &str| match read(&folder, name, &limits) {
            Ok(bytes) => String::from_utf8(bytes).expect("text"),
            Err(Unread::Broken(reason)) => reason,
            Err(Unread::Beyond(limit)) => limit.name().to_owned(),
        };
        assert_eq!(told("sub/a.json"), "{}");
        assert_eq!(told("./sub/a.json"), "{}");
        let absolute = dir.path().join("secret").display().to_string();
        for name in ["../secret", "sub/../../secret", &absolute] {
            assert!(told(name).ends_with("which is outside of the folder for bodies"), "{}", told(name));
        }
        assert!(told("none.json").ends_with("which is not there") && told("sub").ends_with("which is not a file"));
        fs::write(folder.join("large"), "12345").expect("writable");
        assert_eq!(told("large"), "body-bytes");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(dir.path().join("secret"), folder.join("link")).expect("writable");
            assert!(told("link").ends_with("which is outside of the folder for bodies"));
            std::os::unix::fs::symlink(folder.join("large"), folder.join("other")).expect("writable");
            assert!(told("other").ends_with("which is a link to another file"));
            std::os::unix::fs::symlink("sub", folder.join("same")).expect("writable");
            assert_eq!(told("same/a.json"), "{}");
        }
    }
}

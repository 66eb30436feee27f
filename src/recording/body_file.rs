//! Bodies that a recording keeps in files of their own.

use std::fs::{File, Metadata};
use std::io;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use memchr::memmem;

use super::Source;
use super::node::Node;
use super::packed::{Beyond, read_within};
use crate::counters;
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
    let file = File::open(&path).map_err(gone)?;
    let version = file.metadata().ok().and_then(|about| Version::of(&about));
    if let Some(kept) = version.as_ref().and_then(|version| kept(&path, version)) {
        return if kept.len() as u64 > limits.body_bytes {
            Err(Unread::Beyond(Limit::BodyBytes))
        } else {
            Ok(kept.to_vec())
        };
    }
    counters::BODIES.add(1);
    let content = read_within(file, limits.body_bytes, Limit::BodyBytes)
        .map_err(|error| Beyond::of(&error).map_or_else(|| gone(error), Unread::Beyond))?;
    if let Some(version) = version.filter(|version| version.bytes == content.len() as u64) {
        keep(path, version, &content);
    }
    Ok(content)
}

/// Bytes of a file that is large enough for reading it once: of a smaller one nobody waits for the second time.
const LARGE: usize = 1 << 16;
/// Bytes of all files that are kept.
const KEPT: usize = 32 << 20;

/// What tells whether a file is the one that was read.
#[derive(PartialEq, Eq)]
struct Version {
    bytes: u64,
    modified: Duration,
}

impl Version {
    fn of(about: &Metadata) -> Option<Self> {
        let modified = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Self { bytes: about.len(), modified })
    }
}

/// A file that was read.
struct Kept {
    path: PathBuf,
    version: Version,
    content: Arc<[u8]>,
}

/// Files that were read last, the latest at the end: thousands of exchanges may name one.
static FILES: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

fn files() -> MutexGuard<'static, Vec<Kept>> {
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

fn kept(path: &Path, version: &Version) -> Option<Arc<[u8]>> {
    files().iter().find(|kept| kept.path == path && kept.version == *version).map(|kept| Arc::clone(&kept.content))
}

/// Keeps a file in place of its earlier version and of those that were read first.
fn keep(path: PathBuf, version: Version, content: &[u8]) {
    if !(LARGE..=KEPT).contains(&content.len()) {
        return;
    }
    let mut files = files();
    files.retain(|kept| kept.path != path);
    let mut spare = KEPT - content.len();
    let fits = |kept: &Kept| match spare.checked_sub(kept.content.len()) {
        Some(left) => {
            spare = left;
            true
        }
        None => false,
    };
    let first = files.len() - files.iter().rev().map(fits).take_while(|fits| *fits).count();
    files.drain(..first);
    files.push(Kept { path, version, content: content.into() });
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
    fn large_files_are_kept_as_long_as_they_stay_and_there_is_room() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| dir.path().canonicalize().expect("there").join(name);
        let limits = Limits { body_bytes: 2 * KEPT as u64, ..Limits::default() };
        let read = |name: &str| read(dir.path(), name, &limits).expect("there");
        let is_kept = |name: &str| files().iter().any(|kept| kept.path == path(name));
        for (name, bytes) in [("small", LARGE - 1), ("large", LARGE), ("beyond", KEPT + 1)] {
            fs::write(path(name), vec![b'a'; bytes]).expect("writable");
            assert_eq!(read(name).len(), bytes);
            assert_eq!(is_kept(name), name == "large", "{name}");
        }
        fs::write(path("large"), vec![b'b'; LARGE + 1]).expect("writable");
        assert_eq!(read("large"), vec![b'b'; LARGE + 1], "it is another one");
        let little = Limits { body_bytes: 9, ..Limits::default() };
        assert_eq!(super::read(dir.path(), "large", &little), Err(Unread::Beyond(Limit::BodyBytes)));
        fs::write(path("all"), vec![b'a'; KEPT]).expect("writable");
        assert_eq!(read("all").len(), KEPT);
        assert!(is_kept("all") && !is_kept("large"));
    }

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

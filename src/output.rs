//! Output: the only place that makes file names and writes files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// Bytes of a name, at most: what every file system takes, encrypted ones included.
const LONGEST: usize = 140;

/// Bytes that are kept of the beginning and of the end of a longer name.
const HEAD: usize = 64;
const TAIL: usize = 40;

/// The name of a file: a single component of a path on every system, whatever text it was made from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

impl FileName {
    /// The name for a text.
    ///
    /// Names in a model or a recording are data: they may hold slashes, dots and anything else. A text of ASCII letters,
    /// digits, `.`, `_` and `-` is its own name, unless it begins with a dot or dash, ends with a dot, or names a device.
    /// Bytes that cannot stay are escaped, as in `%2F`, so that different texts have different names. Of a text that is
    /// too long, the beginning and the end stay, with a hash of 128 bits between them.
    pub fn of(text: &str) -> Self {
        let stem = text.split('.').next().unwrap_or_default();
        let last = text.len().saturating_sub(1);
        let mut name = String::new();
        for (at, byte) in text.bytes().enumerate() {
            let stays = match byte {
                b'.' => at != 0 && at != last,
                b'-' => at != 0,
                b'_' => true,
                _ => byte.is_ascii_alphanumeric() && (at != 0 || !is_device(stem)),
            };
            if stays {
                name.push(char::from(byte));
            } else {
                let _ = write!(name, "%{byte:02X}");
            }
        }
        match name.len() {
            0 => Self("%".to_owned()),
            1..=LONGEST => Self(name),
            _ => Self(name).hashed(),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Another name that no text has, but for a long one with the same hash. No escape begins with `%x`.
    fn hashed(&self) -> Self {
        let name = &self.0;
        let (head, rest) = name.split_at(name.find('.').unwrap_or(name.len()).min(HEAD));
        let tail = &rest[rest.len().saturating_sub(TAIL)..];
        Self(format!("{head}%x{:032x}{tail}", hash(name)))
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether Windows opens a device in place of a file that is called so, whatever follows behind a dot.
fn is_device(stem: &str) -> bool {
    let (name, devices): (&str, &[&str]) = match stem.strip_suffix(|last: char| last.is_ascii_digit()) {
        Some(name) => (name, &["COM", "LPT"]),
        None => (stem, &["CON", "PRN", "AUX", "NUL"]),
    };
    devices.iter().any(|device| device.eq_ignore_ascii_case(name))
}

/// FNV-1a of 128 bits: the same on every run and system.
fn hash(text: &str) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    text.bytes().fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME))
}

/// A folder that files are written into.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Names of the files that were written, by what a file system takes for the same that ignores case.
    taken: BTreeMap<String, FileName>,
}

impl Folder {
    /// The folder at `path`, made with the first file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), taken: BTreeMap::new() }
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file. Where another one was written whose name differs in case alone, it has a hash in its name.
    ///
    /// # Errors
    /// The folder or the file cannot be written.
    pub fn write(&mut self, name: &FileName, content: impl AsRef<[u8]>) -> Result<()> {
        make_folder(&self.path)?;
        let first = self.taken.entry(name.0.to_ascii_lowercase()).or_insert_with(|| name.clone());
        let name = if first == name { name.clone() } else { name.hashed() };
        write(&self.path.join(name.as_str()), content)
    }
}

/// Writes a file, over one that is there, whole or not at all: after a failure the earlier file is what it was.
///
/// The content is written beside the file and takes its place when all of it is on disk. The earlier file's mode is
/// kept. A symbolic link is replaced, not followed: a folder of results must not lead writes elsewhere. Followed are
/// those of `/dev` and `/proc`, and those to what is no regular file; a pipe or device is written to as it is.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    write_with(path, |out| out.write_all(content.as_ref()))
}

/// Writes a copy of a file, which whoever may read that may read, and nobody else. One of a stream is written as any file.
///
/// # Errors
/// The file cannot be written.
pub fn write_copy(of: &Path, path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let mode = fs::metadata(of).ok().filter(fs::Metadata::is_file).map(|there| there.permissions());
    written(path, mode, |out| out.write_all(content.as_ref()))
}

/// Writes a file as [`write()`] does, with content that need not be held in memory.
///
/// # Errors
/// The file cannot be written.
pub fn write_with(path: &Path, content: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> Result<()> {
    written(path, None, content)
}

fn written(
    path: &Path,
    mode: Option<fs::Permissions>,
    content: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> Result<()> {
    let written = if is_written_through(path) {
        fs::File::create(path).and_then(|file| buffered(file, content).map(drop))
    } else {
        replace(path, mode, content)
    };
    written.map_err(|error| Error::io(path, error))
}

fn buffered<W: io::Write>(inner: W, content: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<W> {
    let mut out = io::BufWriter::new(inner);
    content(&mut out)?;
    Ok(out.into_inner()?)
}

/// Whether a path is a stream rather than a file that another one can take the place of.
fn is_written_through(path: &Path) -> bool {
    let is_special = || fs::metadata(path).is_ok_and(|there| !there.is_file());
    let folder = || fs::canonicalize(parent(path)).unwrap_or_default();
    let is_link = || fs::symlink_metadata(path).is_ok_and(|there| there.is_symlink());
    is_special() || (is_link() && ["/dev", "/proc"].iter().any(|system| folder().starts_with(system)))
}

fn replace(
    path: &Path,
    mode: Option<fs::Permissions>,
    content: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> io::Result<()> {
    let earlier = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
    if earlier.is_some() {
        // What may not be written may not be replaced.
        fs::OpenOptions::new().write(true).open(path)?;
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".shapegate-");
    // Nobody reads it before it has the mode that it keeps.
    #[cfg(unix)]
    builder.permissions(mode.clone().unwrap_or_else(|| std::os::unix::fs::PermissionsExt::from_mode(0o666)));
    let file = {
        let mut unfinished = unfinished();
        // Of the error its name is left out, which nobody gave and nobody finds.
        let file = builder.tempfile_in(parent(path)).map_err(of_the_system)?;
        unfinished.insert(file.path().to_owned());
        file
    };
    let place = file.path().to_owned();
    let filled = fill(file, content, mode.or_else(|| earlier.map(|earlier| earlier.permissions())));
    let mut unfinished = unfinished();
    let done = filled.and_then(|file| Ok(file.persist(path).map(drop)?));
    unfinished.remove(&place);
    done
}

/// The error of the system within one that names a file.
fn of_the_system(error: io::Error) -> io::Error {
    std::iter::successors(error.get_ref().map(|inner| inner as &dyn std::error::Error), |inner| inner.source())
        .find_map(|inner| inner.downcast_ref::<io::Error>()?.raw_os_error())
        .map_or(error, io::Error::from_raw_os_error)
}

fn fill(
    file: NamedTempFile,
    content: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    mode: Option<fs::Permissions>,
) -> io::Result<NamedTempFile> {
    // Errors of the file itself name it, which nobody knows.
    buffered(file.as_file(), content)?;
    if let Some(mode) = mode {
        file.as_file().set_permissions(mode)?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Files that are being written, each beside the one whose place it takes.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what is half-written, for a process that is about to end. Who writes a file waits from then on, so that a
/// thread cannot report as done, or as failed, what the end of the process decides.
pub fn abandon() {
    let unfinished = unfinished();
    for path in &*unfinished {
        // What is gone already needs no removal.
        let _ = fs::remove_file(path);
    }
    std::mem::forget(unfinished);
}

/// The folder that a file lies in.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether two paths are the same file or folder, however they are spelled, by links too. What is not there yet is the
/// same as nothing.
pub fn is_same(a: &Path, b: &Path) -> bool {
    let (Ok(whole_a), Ok(whole_b)) = (fs::canonicalize(a), fs::canonicalize(b)) else { return false };
    whole_a == whole_b || is_same_inode(&whole_a, &whole_b)
}

#[cfg(unix)]
fn is_same_inode(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let inode = |path| fs::metadata(path).map(|there| (there.dev(), there.ino())).ok();
    inode(a).is_some_and(|a| inode(b) == Some(a))
}

#[cfg(not(unix))]
fn is_same_inode(_: &Path, _: &Path) -> bool {
    false
}

/// A path with its links resolved as far as it exists; the rest of it is spelled without `.` and `..`.
///
/// # Errors
/// The working directory is unknown.
pub fn resolved(path: &Path) -> io::Result<PathBuf> {
    let mut whole = std::path::absolute(path)?;
    let mut rest = Vec::new();
    let mut known = loop {
        if let Ok(known) = fs::canonicalize(&whole) {
            break known;
        }
        let last = whole.components().next_back().map(|last| last.as_os_str().to_owned());
        if !whole.pop() {
            break whole;
        }
        rest.extend(last);
    };
    for part in rest.into_iter().rev() {
        if part == ".." {
            known.pop();
        } else {
            known.push(part);
        }
    }
    Ok(known)
}

/// Writes the file that a path leads to: a link stays one.
///
/// # Errors
/// The file cannot be written.
pub fn write_behind_links(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    write(&target, content)
}

/// Adds to the end of a file, which is made where it is missing, all or nothing.
///
/// # Errors
/// The file cannot be written.
pub fn append(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let add = || {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(path)?;
        let earlier = file.metadata()?;
        file.write_all(content.as_ref()).inspect_err(|_| {
            if earlier.is_file() {
                let _ = file.set_len(earlier.len());
            }
        })
    };
    add().map_err(|error| Error::io(path, error))
}

/// Makes a folder and those around it, where they are missing.
///
/// # Errors
/// The folder cannot be made.
pub fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|error| Error::io(path, error))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};

    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a temporary folder")
    }

    fn read(path: &Path) -> String {
        fs::read_to_string(path).expect("a file")
    }

    #[test]
    fn a_file_is_replaced_and_keeps_its_mode() {
        let dir = folder();
        let (path, open) = (dir.path().join("a"), dir.path().join("b"));
        fs::write(&path, "old").expect("writable");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("ours");
        fs::hard_link(&path, &open).expect("a link");
        write(&path, "new").expect("written");
        assert_eq!(read(&path), "new");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o640);
        assert_eq!(read(&open), "old", "the earlier file is never truncated");
        let names = fs::read_dir(dir.path()).expect("a folder").count();
        assert_eq!(names, 2, "nothing is left beside it");
    }

    #[test]
    fn a_file_that_cannot_be_replaced_stays() {
        let dir = folder();
        let path = dir.path().join("a");
        fs::create_dir_all(path.join("b")).expect("a folder");
        write(&path, "new").expect_err("a folder is in the way");
        write(&dir.path().join("no/where"), "new").expect_err("there is no such folder");
        assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 1, "nothing is left behind");
    }

    #[test]
    fn a_link_is_replaced_and_a_stream_is_written_to() {
        let dir = folder();
        let (target, link) = (dir.path().join("target"), dir.path().join("link"));
        fs::write(&target, "kept").expect("writable");
        symlink(&target, &link).expect("a link");
        write(&link, "new").expect("written");
        assert_eq!((read(&target), read(&link)), ("kept".to_owned(), "new".to_owned()));
        let null = dir.path().join("null");
        symlink("/dev/null", &null).expect("a link");
        write(&null, "gone").expect("written through");
        assert!(fs::metadata("/dev/null").expect("there").file_type().is_char_device());
        assert!(fs::symlink_metadata(&null).expect("there").is_symlink());
    }

    #[test]
    fn what_cannot_be_added_whole_is_not_added() {
        let dir = folder();
        let path = dir.path().join("a");
        append(&path, "one").expect("written");
        append(&path, "two").expect("written");
        assert_eq!(read(&path), "onetwo");
        append(Path::new("/dev/full"), "gone").expect_err("no space");
    }

    #[test]
    fn one_file_has_many_paths() {
        let dir = folder();
        let at = |name: &str| dir.path().join(name);
        fs::write(at("a"), "").expect("writable");
        fs::write(at("b"), "").expect("writable");
        fs::create_dir(at("in")).expect("a folder");
        symlink(at("a"), at("soft")).expect("a link");
        fs::hard_link(at("a"), at("hard")).expect("a link");
        for same in ["./a", "in/../a", "soft", "hard"] {
            assert!(is_same(&at("a"), &at(same)), "{same}");
        }
        assert!(!is_same(&at("a"), &at("b")) && !is_same(&at("a"), &at("none")));
        let whole = fs::canonicalize(dir.path()).expect("there");
        assert_eq!(resolved(&at("in/new/../x")).ok(), Some(whole.join("in/x")));
        assert_eq!(resolved(&at("in/../in")).ok(), Some(whole.join("in")));
    }
}

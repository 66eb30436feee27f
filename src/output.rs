//! Output: the only place that makes file names and writes files.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

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

/// Writes a file, over one that is there.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    fs::write(path, content).map_err(|error| Error::io(path, error))
}

/// Writes a file in one step: whoever reads it finds the old content or the new one, and a disk that is full leaves the old.
/// A link stays one.
///
/// # Errors
/// The file cannot be written.
pub fn replace(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let beside = |error| Error::io(path, error);
    let (draft, mut file) = match draft(&target) {
        // The folder takes no other file.
        Err(error) if error.kind() == ErrorKind::PermissionDenied && target.exists() => return write(path, content),
        made => made.map_err(beside)?,
    };
    let done = file.write_all(content.as_ref()).and_then(|()| file.sync_all()).and_then(|()| {
        if let Ok(known) = fs::metadata(&target) {
            fs::set_permissions(&draft, known.permissions())?;
        }
        fs::rename(&draft, &target)
    });
    if done.is_err() {
        let _ = fs::remove_file(&draft);
    }
    done.map_err(beside)
}

/// A new file in the folder of another one.
fn draft(target: &Path) -> io::Result<(PathBuf, fs::File)> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let mut number = 0;
    loop {
        let path = target.with_file_name(format!(".{name}.{number}.new"));
        match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
            // Another run may be at work.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && number < 99 => number += 1,
            made => return made.map(|file| (path, file)),
        }
    }
}

/// Adds to the end of a file, which is made where it is missing.
///
/// # Errors
/// The file cannot be written.
pub fn append(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let file = fs::OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(content.as_ref())).map_err(|error| Error::io(path, error))
}

/// Makes a folder and those around it, where they are missing.
///
/// # Errors
/// The folder cannot be made.
pub fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|error| Error::io(path, error))
}

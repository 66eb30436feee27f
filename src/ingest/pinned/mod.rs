//! A release of botocore by its number: `botocore==1.44.8`, or as a Python lock file pins it, looked up among wheels.
//!
//! Nothing is downloaded. What is missing is an error with the command that brings it.

mod asked;
mod lock;

use std::fs;
use std::path::{Path, PathBuf};

pub use self::asked::named;
pub use self::lock::{Pin, in_folder, of_lock_file, of_other_file};
use crate::error::{Error, Result};

/// Folders with wheels, the first of which wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wheels(Vec<Folder>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Folder {
    path: PathBuf,
    /// What names it, such as an option.
    by: &'static str,
}

impl Wheels {
    /// Wheels in these folders, each with what names it, such as an option.
    pub fn in_folders(folders: impl IntoIterator<Item = (PathBuf, &'static str)>) -> Self {
        Self(folders.into_iter().map(|(path, by)| Folder { path, by }).collect())
    }

    /// The wheel of a release of botocore.
    ///
    /// # Errors
    /// No folder is named, a folder is none or cannot be read, which the error is about; or none has the wheel.
    pub fn of(&self, version: &str) -> Result<PathBuf> {
        let Some(first) = self.0.first() else {
            return Err(Error::new(format!("no folder of wheels is named that botocore {version} could be in"))
                .remedy(format!("`{}`, then --wheels wheels.", command(Path::new("wheels"), version))));
        };
        for folder in self.0.iter().filter(|folder| folder.path.exists()) {
            let mut wheels = folder.wheels()?;
            wheels.retain(|path| wheel_version(path) == Some(version));
            if let Some(wheel) = wheels.into_iter().min() {
                return Ok(wheel);
            }
        }
        let downloads = command(&first.path, version);
        if !self.0.iter().any(|folder| folder.path.exists()) {
            let told = format!("there is no such folder, which {} names for wheels", first.by);
            return Err(Error::new(told)
                .at(&first.path)
                .remedy(format!("`{downloads}` makes it, with the wheel of botocore {version}.")));
        }
        let folders: Vec<String> = self.0.iter().map(|folder| folder.path.display().to_string()).collect();
        Err(Error::new(format!("no wheel of botocore {version} in {}", folders.join(" or ")))
            .remedy(format!("`{downloads}` downloads it.")))
    }
}

impl Folder {
    /// What is in it.
    fn wheels(&self) -> Result<Vec<PathBuf>> {
        let Self { path, by } = self;
        if !path.is_dir() {
            let mut remedy = format!("{by} takes the folder that holds wheels");
            if wheel_version(path).is_some() {
                remedy.push_str("; the wheel itself is a source as well");
            }
            return Err(Error::new(format!("a file, and {by} names a folder")).at(path).remedy(remedy + "."));
        }
        let entries = fs::read_dir(path).map_err(|error| Error::io(path, error))?;
        Ok(entries.flatten().map(|entry| entry.path()).collect())
    }
}

/// The command that downloads a wheel.
fn command(folder: &Path, version: &str) -> String {
    let folder = folder.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:\\".contains(c);
    let folder = if folder.chars().all(is_plain) { folder } else { format!("'{}'", folder.replace('\'', r"'\''")) };
    format!("pip download --no-deps -d {folder} botocore=={version}")
}

/// The release that a wheel of botocore holds, by its name: `botocore-1.44.8-py3-none-any.whl`. `None` for another file.
pub fn wheel_version(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?.strip_prefix("botocore-")?.strip_suffix(".whl")?;
    name.split_once('-').map(|(version, _)| version).filter(|version| is_version(version))
}

/// Wheels of botocore in a folder, the oldest release first.
///
/// # Errors
/// The folder cannot be listed.
pub fn wheels_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| Error::io(folder, error))?;
    let mut wheels: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    wheels.retain(|path| wheel_version(path).is_some());
    wheels.sort_by_cached_key(|path| wheel_version(path).map(numbers));
    Ok(wheels)
}

/// The numbers of a version, as they are compared.
pub fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or_default()).collect()
}

/// Whether a text may be a version, and no path.
fn is_version(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '!' | '_');
    text.len() <= 40 && text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_found_among_wheels_and_what_is_missing_comes_with_its_command() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["botocore-1.44.80-py3-none-any.whl", "botocore-1.44.8-py3-none-any.whl", "boto3-1.44.8.whl"] {
            fs::write(folder.path().join(name), "").expect("writable");
        }
        let wheels = Wheels::in_folders(
            [folder.path().join("nowhere"), folder.path().to_owned()].map(|path| (path, "--wheels")),
        );
        assert!(wheels.of("1.44.8").expect("there").ends_with("botocore-1.44.8-py3-none-any.whl"));
        let missing = wheels.of("1.44.9").expect_err("not there").to_string();
        assert!(missing.contains("pip download --no-deps -d ") && missing.contains(" botocore==1.44.9`"), "{missing}");
        let none = Wheels::default().of("1.44.9").expect_err("no folder").to_string();
        assert!(none.contains("`pip download --no-deps -d wheels botocore==1.44.9`, then --wheels wheels"), "{none}");
        let spaced = Wheels::in_folders([("my wheels".into(), "--wheels")]).of("1").expect_err("not there").to_string();
        assert!(spaced.starts_with("my wheels: there is no such folder, which --wheels names"), "{spaced}");
        assert!(spaced.contains("-d 'my wheels' botocore==1` makes it"), "{spaced}");
        let file = folder.path().join("botocore-1.44.8-py3-none-any.whl");
        let file = Wheels::in_folders([(file, "--wheels")]).of("1").expect_err("a file").to_string();
        assert!(
            file.contains("any.whl: a file, and --wheels names a folder") && file.contains("the wheel itself"),
            "{file}"
        );
    }
}

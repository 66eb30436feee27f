//! A release of botocore by its number: `botocore==1.44.8`, or as a Python lock file pins it, looked up among wheels.
//!
//! Nothing is downloaded. What is missing is an error with the command that brings it.

mod lock;

use std::fs;
use std::path::{Path, PathBuf};

pub use self::lock::{Pin, of_lock_file};
use crate::error::{Error, Result};

/// Begins a release's name.
const BEFORE: &str = "botocore==";

/// Folders with wheels, the first of which wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wheels(Vec<PathBuf>);

impl Wheels {
    /// Wheels in these folders.
    pub fn in_folders(folders: impl IntoIterator<Item = PathBuf>) -> Self {
        Self(folders.into_iter().collect())
    }

    /// The wheel of a release of botocore.
    ///
    /// # Errors
    /// No folder is named, a folder cannot be read, or none has the wheel.
    pub fn of(&self, version: &str) -> Result<PathBuf> {
        let Some(first) = self.0.first() else {
            return Err(Error::new(format!("no folder of wheels is named that botocore {version} could be in"))
                .remedy(format!("`{}`, then --wheels wheels.", command(Path::new("wheels"), version))));
        };
        for folder in self.0.iter().filter(|folder| folder.exists()) {
            let entries = fs::read_dir(folder).map_err(|error| Error::io(folder, error))?;
            let mut wheels: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            wheels.retain(|path| is_wheel_of(path, version));
            if let Some(wheel) = wheels.into_iter().min() {
                return Ok(wheel);
            }
        }
        let folders: Vec<String> = self.0.iter().map(|folder| folder.display().to_string()).collect();
        Err(Error::new(format!("no wheel of botocore {version} in {}", folders.join(" or ")))
            .remedy(format!("`{}` downloads it.", command(first, version))))
    }
}

/// The command that downloads a wheel.
fn command(folder: &Path, version: &str) -> String {
    let folder = folder.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:\\".contains(c);
    let folder = if folder.chars().all(is_plain) { folder } else { format!("'{}'", folder.replace('\'', r"'\''")) };
    format!("pip download --no-deps -d {folder} {BEFORE}{version}")
}

/// `botocore-1.44.8-py3-none-any.whl`
fn is_wheel_of(path: &Path, version: &str) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let rest = name.strip_prefix("botocore-").and_then(|rest| rest.strip_prefix(version));
    rest.is_some_and(|rest| rest.starts_with('-')) && path.extension().is_some_and(|ending| ending == "whl")
}

/// The version that `botocore==1.44.8` names; `None` for another text.
pub fn named(text: &str) -> Option<&str> {
    text.strip_prefix(BEFORE).filter(|version| is_version(version))
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
        let wheels = Wheels::in_folders([folder.path().join("nowhere"), folder.path().to_owned()]);
        assert!(wheels.of("1.44.8").expect("there").ends_with("botocore-1.44.8-py3-none-any.whl"));
        let missing = wheels.of("1.44.9").expect_err("not there").to_string();
        assert!(missing.contains("pip download --no-deps -d ") && missing.contains(" botocore==1.44.9`"), "{missing}");
        let none = Wheels::default().of("1.44.9").expect_err("no folder").to_string();
        assert!(none.contains("`pip download --no-deps -d wheels botocore==1.44.9`, then --wheels wheels"), "{none}");
        let spaced = Wheels::in_folders(["my wheels".into()]).of("1").expect_err("not there").to_string();
        assert!(spaced.contains("-d 'my wheels' botocore==1"), "{spaced}");
    }

    #[test]
    fn a_release_is_named_by_its_version_alone() {
        assert_eq!(named("botocore==1.44.8"), Some("1.44.8"));
        for other in ["botocore", "botocore==", "botocore==../a", "botocore>=1.44.8", "boto3==1.44.8"] {
            assert_eq!(named(other), None, "{other}");
        }
    }
}

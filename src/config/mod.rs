//! `shapegate.toml`: how a team checks its traffic, as values for the jobs.
//!
//! The command and the harness's runner alone look for the file; jobs take values and read none. Every value knows the line
//! that sets it.

mod draft;
mod file;
mod misplaced;
mod read;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use self::draft::{Seen, draft, slashed};
use crate::check::ServiceOfPaths;
use crate::error::{Error, Result};
use crate::finding::{Profile, Severity};
use crate::gate::{APPROVALS, Edition, Levels, Override};
use crate::ingest::pinned::Wheels;
use crate::limits::{self, Limit, Limits, WRITTEN_BYTES};
pub use crate::mistake::Set;
use crate::mistake::Text;
use crate::paths::Paths;
use crate::recording::Filter;

/// Name of the file.
pub const FILE: &str = "shapegate.toml";

/// The JSON Schema of the file.
pub const SCHEMA: &str = include_str!("../../schemas/formats/configuration.v1.schema.json");

/// A source of models.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Model {
    /// Path of the source, `botocore==VERSION`, or `botocore` for the installed one.
    pub source: PathBuf,
    /// The version that it must have.
    pub pin: Option<Set<String>>,
}

impl Model {
    /// A source in any version.
    pub fn of(source: PathBuf) -> Self {
        Self { source, pin: None }
    }
}

/// What a file of configuration says; without one, nothing.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Config {
    /// The file.
    pub file: Option<PathBuf>,
    /// Files and folders with recordings.
    pub recordings: Vec<Set<PathBuf>>,
    /// Contracts within shapegate.
    pub contracts: Vec<Set<String>>,
    /// Sources of models.
    pub models: Vec<Set<Model>>,
    /// Folders with wheels of botocore.
    pub wheels: Vec<Set<PathBuf>>,
    /// Whether an installed botocore is looked for.
    pub installed_models: Option<Set<bool>>,
    /// Services by path.
    pub services: Vec<Set<ServiceOfPaths>>,
    /// Globs for files that are not read.
    pub exclude: Vec<Set<String>>,
    /// The same files.
    pub excluded: Option<Paths>,
    /// Whether `.gitignore` files count.
    pub gitignore: Option<Set<bool>>,
    /// Folders with presence expectations.
    pub expectations: Vec<Set<PathBuf>>,
    /// Files and folders of errata.
    pub errata: Vec<Set<PathBuf>>,
    /// Whether the errata within shapegate are applied.
    pub shipped_errata: Option<Set<bool>>,
    /// The file of approvals.
    pub approvals: Option<Set<PathBuf>>,
    /// Severity from which findings fail; `None` within: never.
    pub fail_on: Option<Set<Option<Severity>>>,
    /// Whether stale approvals fail.
    pub fail_on_stale: Option<Set<bool>>,
    /// How many findings are listed.
    pub max_findings: Option<Set<usize>>,
    /// Services whose exchanges fail where there is no contract; an empty list are all, `None` within: none.
    pub fail_on_unchecked: Option<Set<Option<Vec<String>>>>,
    /// For whom differences are weighed.
    pub profile: Option<Set<Profile>>,
    /// Whether `redact` masks account ids and the like as well.
    pub redacts_strictly: Option<Set<bool>>,
    /// The edition of the rules.
    pub edition: Option<Set<Edition>>,
    /// Limits on what is read, by their names.
    pub limits: Vec<Set<(Limit, u64)>>,
    /// Thresholds of coverage: `MEASURE` or `SERVICE:MEASURE`, and how much is enough.
    pub coverage: Vec<Set<(String, String)>>,
    /// Levels, those by rule first.
    pub overrides: Vec<Set<Override>>,
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or as [`Config::parse`].
    pub fn read(path: &Path) -> Result<Self> {
        let text = limits::read_text(path, WRITTEN_BYTES)
            .map_err(|error| error.remedy("`shapegate init` writes a file of configuration."))?;
        Self::parse(&text, path)
    }

    /// Reads the text of a file; `path` is where it stands.
    ///
    /// # Errors
    /// It is not TOML, has an unknown key or value, names a rule that does not exist, or switches off what cannot be.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        read::config(&Text { text, path })
    }

    /// Refuses a source of models that has another version than is pinned.
    ///
    /// # Errors
    /// It has, or its version is not known.
    pub fn check_pin(&self, model: &Model, version: Option<&str>) -> Result<()> {
        let Some(pin) = model.pin.as_ref().filter(|pin| version != Some(&pin.value)) else { return Ok(()) };
        let found = version.map_or_else(|| "nothing says its version".to_owned(), |found| format!("it is {found}"));
        let source = model.source.display();
        let error = Error::new(format!("{source} is pinned to {}, and {found}", pin.value)).position(pin.line, 1);
        Err(error.at(self.file.clone().unwrap_or_default()).remedy("Install that version, or change `pin`."))
    }

    /// An error about what a line of the file names.
    #[must_use]
    pub fn mistake(&self, line: usize, error: Error) -> Error {
        error.named_by(self.file.clone().unwrap_or_default(), line)
    }

    /// Where releases of botocore are looked up.
    pub fn wheels(&self) -> Wheels {
        Wheels::in_folders(self.wheels.iter().map(|folder| (folder.value.clone(), "`wheels` of the configuration")))
    }

    /// What is not read below folders. An option may say whether `.gitignore` files count.
    pub fn filter(&self, gitignore: Option<bool>) -> Filter {
        let own = || self.gitignore.as_ref().is_none_or(|set| set.value);
        let filter = if gitignore.unwrap_or_else(own) { Filter::USUAL } else { Filter::NOTHING };
        match &self.excluded {
            Some(paths) => filter.excluding(paths.clone()),
            None => filter,
        }
    }

    /// The file of approvals where nothing names one: beside the file of configuration, else in the working directory.
    pub fn default_approvals(&self) -> PathBuf {
        self.file.as_deref().unwrap_or(Path::new("")).with_file_name(APPROVALS)
    }

    /// The limits on what is read.
    pub fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        for Set { value: (limit, value), .. } in &self.limits {
            // It was tried when the file was read.
            let _ = limits.set(limit.name(), *value);
        }
        limits
    }

    /// What is made of findings.
    pub fn levels(&self) -> Levels {
        let overrides = self.overrides.iter().map(|one| one.value.clone()).collect();
        Levels::new(self.edition.as_ref().map(|edition| edition.value), overrides)
    }
}

/// The file that a working directory is configured by: the nearest one in it or above, up to the root of its repository
/// (the first folder that holds `.git`) or the user's home. Where neither is above it, in the directory alone: the others
/// may be anybody's. The path is relative where the file is in the directory itself.
pub fn find(directory: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let found = folders(directory, home).into_iter().find(|folder| folder.join(FILE).is_file())?;
    Some(if found == directory { PathBuf::from(FILE) } else { found.join(FILE) })
}

/// A file above a working directory that it is not configured by, for neither a repository nor the user's home is around both.
pub fn beyond(directory: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let mut above = directory.ancestors().skip(1);
    let is_bounded = directory.ancestors().any(|folder| is_end(folder, home));
    above.find(|folder| !is_bounded && folder.join(FILE).is_file()).map(|folder| folder.join(FILE))
}

/// The file that a working directory would be configured by if there were none in it.
pub fn find_above(directory: &Path, home: Option<&Path>) -> Option<PathBuf> {
    folders(directory, home).into_iter().skip(1).map(|folder| folder.join(FILE)).find(|file| file.is_file())
}

/// Folders in which the file of a working directory is looked for.
fn folders<'d>(directory: &'d Path, home: Option<&Path>) -> Vec<&'d Path> {
    let mut above: Vec<&Path> = directory.ancestors().collect();
    above.truncate(above.iter().position(|folder| is_end(folder, home)).unwrap_or(0) + 1);
    above
}

/// Whether nothing above a folder is looked into: it is the root of a repository, or the user's home.
fn is_end(folder: &Path, home: Option<&Path>) -> bool {
    Some(folder) == home || folder.join(".git").exists()
}

//! [`Harness`]: which recordings to judge, and by what.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::check::Catalog;
use crate::config::{Config, Model};
use crate::contract::Contract;
use crate::error::{Error, ErrorKind, Result};
use crate::expectation::Expectations;
use crate::finding::Severity;
use crate::gate::{Approvals, Day, FailOnUnchecked};
use crate::ingest::errata::Errata;
use crate::ingest::source::Source;
use crate::session::Session;

/// A directory of recordings as tests: one for each file.
///
/// Paths are relative to where the test runs, which under `cargo test` and `cargo nextest` is the package's folder.
/// Contracts are those that are named, here or in the configuration, and no other: an installed botocore is not looked for
/// unless a configuration names it.
#[derive(Debug, Clone)]
#[must_use = "nothing is judged before `run`"]
pub struct Harness {
    directory: PathBuf,
    contracts: Vec<String>,
    models: Vec<PathBuf>,
    given: Vec<Arc<Contract>>,
    expectations: Vec<PathBuf>,
    service: Option<String>,
    fail_on: Option<Severity>,
    allows_unchecked: bool,
    approvals: Option<PathBuf>,
    /// `None`: [`Harness::run`] looks for a file.
    pub(super) config: Option<Result<Config, String>>,
    pub(super) today: Option<Day>,
}

impl Harness {
    /// Recordings below `directory`, which fail from an error on and where there is no contract for an exchange.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            contracts: Vec::new(),
            models: Vec::new(),
            given: Vec::new(),
            expectations: Vec::new(),
            service: None,
            fail_on: None,
            allows_unchecked: false,
            approvals: None,
            config: None,
            today: None,
        }
    }

    /// Judges by a contract within shapegate: `cleanrooms` (the newest), `cleanrooms@2023-08-30` or `cleanrooms@recorded`.
    /// May be repeated; see [`Catalog::add_named`].
    pub fn contract(mut self, name: impl Into<String>) -> Self {
        self.contracts.push(name.into());
        self
    }

    /// Judges by a model: a `service-2.json`, a botocore folder or wheel, a saved page of the API change log. May be
    /// repeated; contracts by name come first.
    pub fn model(mut self, source: impl Into<PathBuf>) -> Self {
        self.models.push(source.into());
        self
    }

    /// Judges by a contract that the program made, such as one of [`Contract::from_bytes`]. May be repeated; it comes before
    /// those that are named.
    pub fn with_contract(mut self, contract: impl Into<Arc<Contract>>) -> Self {
        self.given.push(contract.into());
        self
    }

    /// Adds presence expectations of your own (`*.schema.json` in a folder) to the shipped ones. May be repeated.
    pub fn expectations(mut self, folder: impl Into<PathBuf>) -> Self {
        self.expectations.push(folder.into());
        self
    }

    /// The service of recordings that do not name theirs.
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = Some(name.into());
        self
    }

    /// The severity from which on findings fail; [`Severity::Error`] where nothing is said.
    pub fn fail_on(mut self, least: Severity) -> Self {
        self.fail_on = Some(least);
        self
    }

    /// Lets exchanges pass that there is no contract for, as long as a recording has others.
    pub fn allow_unchecked(mut self) -> Self {
        self.allows_unchecked = true;
        self
    }

    /// Reads approvals from a file; without it, from `shapegate-approvals.toml` beside the configuration, else in the working
    /// directory, where that exists. A case sees one recording: `at_most` counts the findings in each, and approvals that nothing needs any more are the command's to
    /// report.
    pub fn approvals(mut self, file: impl Into<PathBuf>) -> Self {
        self.approvals = Some(file.into());
        self
    }

    /// Takes from a configuration what is not said here; without it, [`Harness::run`] takes the nearest `shapegate.toml`, as
    /// the command does. `Config::default()` says nothing.
    pub fn config(mut self, config: Config) -> Self {
        self.config = Some(Ok(config));
        self
    }

    /// The day on which approvals are judged; [`Harness::run`] asks the clock, and without a day none expires.
    pub fn today(mut self, day: Day) -> Self {
        self.today = Some(day);
        self
    }

    /// The cases, for a test runner of your own; [`Harness::run`] hands them to libtest's.
    ///
    /// What keeps the work from being done at all (a directory that is missing or without recordings, a contract that
    /// is not there) is a case of its own, which fails and is named like the directory.
    pub fn cases(&self) -> Cases {
        self.collect(&self.directory).unwrap_or_else(|error| Cases {
            cases: vec![Case { name: slashed(&self.directory), work: Work::Impossible(error.to_string()) }],
            others: Vec::new(),
        })
    }

    /// The one case of that name, without a look at other files; `None` where it takes all of them to say what the name
    /// stands for.
    pub(super) fn case(&self, name: &str) -> Option<Cases> {
        let path = self.directory.join(name);
        // A name leads to no other file than the one that has it.
        let is_own =
            self.name(&path) == name && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        let cases = (is_own && path.is_file()).then(|| self.collect(&path).ok())??;
        (cases.cases.len() == 1).then_some(cases)
    }

    fn collect(&self, path: &Path) -> Result<Cases> {
        let session = Arc::new(self.session()?);
        let seen = session.survey(path)?;
        if seen.recordings.is_empty() {
            let files = seen.others.len();
            let cause = format!("no recordings in this directory, among {files} files");
            let remedy = "shapegate's README lists the formats; `shapegate list DIRECTORY` says what is in it.";
            return Err(Error::new(cause).kinded(ErrorKind::NothingToJudge).at(&self.directory).remedy(remedy));
        }
        let case =
            |path: PathBuf| Case { name: self.name(&path), work: Work::Judge { path, session: session.clone() } };
        Ok(Cases { cases: seen.recordings.into_iter().map(case).collect(), others: seen.others })
    }

    fn session(&self) -> Result<Session> {
        let config = match &self.config {
            Some(Ok(config)) => config.clone(),
            Some(Err(error)) => return Err(Error::new(error.clone())),
            None => Config::default(),
        };
        let shipped = config.shipped_errata.as_ref().is_none_or(|set| set.value);
        let mut errata = if shipped { Errata::shipped()? } else { Errata::default() };
        config.errata.iter().try_for_each(|file| errata.add(&file.value))?;
        let mut session = Session::with(self.catalog(&config, &errata)?, errata, self.expected(&config)?);
        let approvals = self.approvals.as_deref().or(config.approvals.as_ref().map(|set| &*set.value));
        session.approvals = match approvals {
            Some(named) => Approvals::read(named)?,
            None => Approvals::read_if_there(&config.default_approvals())?.unwrap_or_default(),
        };
        session.service.clone_from(&self.service);
        session.services = config.services.iter().map(|set| set.value.clone()).collect();
        if let Some(least) = self.fail_on.map(Some).or(config.fail_on.as_ref().map(|set| set.value)) {
            session.settings.fail_on = least;
        }
        if self.allows_unchecked {
            session.settings.fail_on_unchecked = FailOnUnchecked::Never;
        }
        session.settings.levels = config.levels();
        session.filter = config.filter(None);
        session.limits = config.limits();
        // Cases run side by side already.
        session.threads = 1;
        Ok(self.today.into_iter().fold(session, Session::today))
    }

    fn expected(&self, config: &Config) -> Result<Expectations> {
        let mut expectations = Expectations::shipped()?;
        let of_config = || config.expectations.iter().map(|set| set.value.clone()).collect();
        let folders: Vec<PathBuf> = if self.expectations.is_empty() { of_config() } else { self.expectations.clone() };
        folders.iter().try_for_each(|folder| expectations.add_folder(folder))?;
        Ok(expectations)
    }

    fn catalog(&self, config: &Config, errata: &Errata) -> Result<Catalog> {
        let of_config = || config.contracts.iter().map(|set| set.value.clone()).collect();
        let contracts: Vec<String> = if self.contracts.is_empty() { of_config() } else { self.contracts.clone() };
        let own: Vec<Model> = self.models.iter().cloned().map(Model::of).collect();
        let of_config = || config.models.iter().map(|set| set.value.clone()).collect();
        let models = if own.is_empty() { of_config() } else { own };
        let mut catalog = Catalog::default();
        self.given.iter().for_each(|contract| catalog.add_contract(contract.clone()));
        contracts.iter().try_for_each(|name| catalog.add_named(name))?;
        for model in &models {
            let source = Source::open_named(&model.source, errata, &config.wheels())?;
            config.check_pin(model, source.version().as_deref())?;
            catalog.add_source(source);
        }
        Ok(catalog)
    }

    /// A file's path relative to the directory, the same on every system.
    fn name(&self, path: &Path) -> String {
        match path.strip_prefix(&self.directory) {
            Ok(below) if !below.as_os_str().is_empty() => slashed(below),
            // The directory may be a single file.
            _ => slashed(path),
        }
    }
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    // A root is a separator already.
    parts.join("/").replacen("//", "/", 1)
}

/// What a harness has to judge.
#[derive(Debug)]
#[non_exhaustive]
pub struct Cases {
    /// One for each recording, in the order of their paths.
    pub cases: Vec<Case>,
    /// Files that are no recordings, with the reason.
    pub others: Vec<(PathBuf, String)>,
}

/// One recording to judge.
#[derive(Debug)]
pub struct Case {
    name: String,
    work: Work,
}

#[derive(Debug)]
enum Work {
    Judge { path: PathBuf, session: Arc<Session> },
    Impossible(String),
}

impl Case {
    /// Path of the recording relative to the directory, with `/` between its parts.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Judges the recording.
    ///
    /// # Errors
    /// It does not pass; the report as text.
    pub fn judge(&self) -> Result<(), String> {
        match &self.work {
            Work::Judge { path, session } => judge(path, session).map_err(|error| error.to_string())?,
            Work::Impossible(reason) => Err(reason.clone()),
        }
    }
}

fn judge(path: &Path, session: &Session) -> Result<Result<(), String>> {
    let mut verdict = session.check(path)?;
    if verdict.passed {
        return Ok(Ok(()));
    }
    // Another recording may need them.
    verdict.stale.clear();
    Ok(Err(verdict.to_string()))
}

//! [`Harness`]: which recordings to judge, by what, and how many in one case.

use std::collections::{BTreeMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::case::{Case, Cases};
use super::groups::{Group, groups};
use crate::check::Catalog;
use crate::config::{Config, Model};
use crate::contract::Contract;
use crate::error::{Error, ErrorKind, Result};
use crate::expectation::Expectations;
use crate::finding::Severity;
use crate::gate::{Approvals, Day, FailOnUnchecked};
use crate::ingest::errata::Errata;
use crate::ingest::names::canonical;
use crate::ingest::source::Source;
use crate::recording::{Found, walk};
use crate::session::Session;

/// Trials under a runner that starts a process for each: starting one takes longer than judging many recordings.
const NEXTEST_TRIALS: usize = 4;

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
    pub(super) nextest_trials: usize,
    /// `None`: [`Harness::run`] looks for a file.
    pub(super) config: Option<Result<Config, String>>,
    pub(super) today: Option<Day>,
}

impl Harness {
    /// Recordings below `directory`, which fail from an error on and, unless a configuration says otherwise, where there is
    /// no contract for an exchange.
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
            nextest_trials: NEXTEST_TRIALS,
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

    /// The highest number of trials that [`Harness::run`] has under `cargo nextest`, which starts a process for each; 4
    /// without it. Where there are more recordings, a trial judges several, and is named by a pattern of their paths, such
    /// as `memberships/Get*`. `usize::MAX` keeps one for each recording, as `cargo test` always has.
    pub fn nextest_trials(mut self, most: usize) -> Self {
        self.nextest_trials = most;
        self
    }

    /// The cases, one for each recording, for a test runner of your own; [`Harness::run`] hands them to libtest's.
    ///
    /// What keeps the work from being done at all (a directory that is missing or without recordings, a contract that
    /// is not there) is a case of its own, which fails and is named like the directory.
    pub fn cases(&self) -> Cases {
        self.grouped_cases(usize::MAX)
    }

    /// The same in at most `most` cases, of which each judges several recordings where there are more. The same files have
    /// the same cases.
    pub fn grouped_cases(&self, most: usize) -> Cases {
        self.collect(&self.directory, most).unwrap_or_else(|error| Cases {
            cases: vec![Case::impossible(slashed(&self.directory), error.to_string())],
            others: Vec::new(),
        })
    }

    /// The one of the grouped cases of that name, without a look into other files; `None` where it takes all of them to
    /// say what the name stands for.
    pub(super) fn case(&self, name: &str, most: usize) -> Option<Case> {
        let path = self.directory.join(name);
        // A name leads to no other file than the one that has it.
        let is_own =
            self.name(&path) == name && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        let mut cases = if is_own && path.is_file() {
            self.collect(&path, 1).ok()?.cases
        } else if most < usize::MAX {
            let session = Arc::new(self.session().ok()?);
            let (_, files) = self.files(&session, most).into_iter().find(|(group, _)| group == name)?;
            let recordings = session.survey(files).ok()?.recordings;
            // What was a recording when the case was listed may be none any more.
            let is_there = !recordings.is_empty();
            is_there.then(|| self.of_several(name.to_owned(), recordings, session)).into_iter().collect()
        } else {
            return None;
        };
        if cases.len() == 1 { cases.pop() } else { None }
    }

    fn collect(&self, path: &Path, most: usize) -> Result<Cases> {
        let session = Arc::new(self.session()?);
        let seen = session.survey(vec![path.to_owned()])?;
        if seen.recordings.is_empty() {
            let files = seen.others.len();
            let cause = format!("no recordings in this directory, among {files} files");
            let remedy = "`shapegate check --help` lists the formats; `shapegate list DIRECTORY` says what is in it.";
            return Err(Error::new(cause).kinded(ErrorKind::NothingToJudge).at(&self.directory).remedy(remedy));
        }
        let one = |path: PathBuf| (self.name(&path), vec![path]);
        let parts: Vec<(String, Vec<PathBuf>)> = if seen.recordings.len() <= most {
            seen.recordings.into_iter().map(one).collect()
        } else {
            let recordings: HashSet<PathBuf> = seen.recordings.into_iter().collect();
            let mut parts = self.files(&session, most);
            for (_, files) in &mut parts {
                files.retain(|file| recordings.contains(file));
            }
            parts.retain(|(_, files)| !files.is_empty());
            parts
        };
        let case = |(name, files)| self.of_several(name, files, session.clone());
        Ok(Cases { cases: parts.into_iter().map(case).collect(), others: seen.others })
    }

    /// The files below the directory in at most `most` groups, recordings or not: a process that has to judge one group
    /// finds it without a look into the files of another.
    fn files(&self, session: &Session, most: usize) -> Vec<(String, Vec<PathBuf>)> {
        // Names that are no UTF-8 may look the same.
        let mut files: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for found in walk(&self.directory, &session.filter) {
            match found {
                Found::File { path, .. } | Found::Unreadable { path, .. } => {
                    files.entry(self.name(&path)).or_default().push(path);
                }
                Found::Special { .. } | Found::Loop { .. } | Found::Omitted { .. } => {}
            }
        }
        let (names, paths): (Vec<String>, Vec<Vec<PathBuf>>) = files.into_iter().unzip();
        let group = |group: Group| (group.name, paths[group.members].concat());
        groups(&names, most).into_iter().map(group).collect()
    }

    fn of_several(&self, name: String, recordings: Vec<PathBuf>, session: Arc<Session>) -> Case {
        Case::of(name, recordings.into_iter().map(|path| (self.name(&path), path)).collect(), session)
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
        let catalog = self.catalog(&config, &errata)?;
        let fail_on_unchecked = self.unchecked(&config, &catalog)?;
        let mut session = Session::with(catalog, errata, self.expected(&config)?);
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
        session.settings.fail_on_unchecked = fail_on_unchecked;
        session.settings.levels = config.levels();
        session.filter = config.filter(None);
        session.limits = config.limits();
        // Cases run side by side already.
        session.threads = 1;
        Ok(self.today.into_iter().fold(session, Session::today))
    }

    /// Which exchanges without a contract fail: those that are named, else any. What is named need not be in each recording.
    fn unchecked(&self, config: &Config, catalog: &Catalog) -> Result<FailOnUnchecked> {
        let services = match config.fail_on_unchecked.as_ref().map(|set| &set.value) {
            _ if self.allows_unchecked => return Ok(FailOnUnchecked::Never),
            None => return Ok(FailOnUnchecked::Any),
            Some(None) => return Ok(FailOnUnchecked::Never),
            Some(Some(services)) => services,
        };
        let mut meant = services.clone();
        for name in services {
            meant.push(canonical(name));
            meant.extend(catalog.called_anywhere(name)?.map(str::to_owned));
        }
        Ok(FailOnUnchecked::of(meant))
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

/// A path, the same on every system.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    // A root is a separator already.
    parts.join("/").replacen("//", "/", 1)
}

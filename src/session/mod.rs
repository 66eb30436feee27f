//! [`Session`]: contracts and settings once, traffic and verdicts as often as you like.
//!
//! A thin face over the jobs: it finds the contracts, runs a check and has the gate judge it. It reads what it is given and
//! nothing else: no configuration, no environment, no clock.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::check::{self, Catalog, Checked, Input, Options, ServiceOfPaths};
use crate::contract::{Contract, Paths};
use crate::coverage;
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::finding::Severity;
use crate::gate::{self, Approvals, Day, FailOnUnchecked, Minimums, Settings, Verdict};
use crate::ingest::embedded;
use crate::ingest::errata::Errata;
use crate::ingest::source::Source;
use crate::limits::Limits;
use crate::outcome::Outcome;
use crate::recording::{Filter, Messages, Request, Response};

/// Contracts and settings that traffic is judged by.
///
/// ```
/// use shapegate::Session;
///
/// # fn main() -> shapegate::Result<()> {
/// let session = Session::new().contract("cleanrooms@2023-08-30")?;
/// let verdict = session.check("fixtures/recordings/cleanrooms")?;
/// assert!(verdict.passed, "{verdict}");
///
/// let verdict = session.check("fixtures/faulty/cleanrooms/payloads/response-enum-unknown-value.ndjson")?;
/// assert!(!verdict.passed);
/// assert_eq!(verdict.findings[0].rule.id, "unknown-enum-value");
/// assert_eq!(verdict.findings[0].pointer, "/protectedQuery/status");
/// # Ok(())
/// # }
/// ```
///
/// Without any contract or model it is the newest of Clean Rooms, as for the command. Errors fail, and exchanges that there
/// is no contract for. The errata and expectations within shapegate apply, as they do for the command.
#[derive(Debug)]
#[must_use = "nothing is judged before `check`"]
pub struct Session {
    catalog: Catalog,
    /// What stands in for a catalog without any contract, made when first needed.
    fallback: OnceLock<Result<Catalog>>,
    errata: Errata,
    pub(crate) expectations: Expectations,
    pub(crate) service: Option<String>,
    pub(crate) services: Vec<ServiceOfPaths>,
    /// All but the thresholds of coverage.
    pub(crate) settings: Settings,
    /// Thresholds of coverage, with services by the names that the program uses.
    minimums: Minimums,
    pub(crate) approvals: Approvals,
    pub(crate) today: Day,
    pub(crate) filter: Filter,
    pub(crate) limits: Limits,
    pub(crate) threads: usize,
    paths: Paths,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// A session with what is within shapegate, and no contract yet.
    ///
    /// # Panics
    /// Never: the errata and expectations within shapegate are sound, to which tests hold them.
    pub fn new() -> Self {
        let errata = Errata::shipped().expect("the errata within shapegate are sound");
        let expectations = Expectations::shipped().expect("the expectations within shapegate are sound");
        Self::with(Catalog::default(), errata, expectations)
    }

    /// A session with a catalog that is put together already.
    pub(crate) fn with(mut catalog: Catalog, errata: Errata, expectations: Expectations) -> Self {
        catalog.correct(errata.clone());
        catalog.for_program();
        Self {
            catalog,
            fallback: OnceLock::new(),
            errata,
            expectations,
            service: None,
            services: Vec::new(),
            settings: Settings { fail_on_unchecked: FailOnUnchecked::Any, ..Settings::default() },
            minimums: Minimums::default(),
            approvals: Approvals::default(),
            today: Day::of_unix_time(0),
            filter: Filter::USUAL,
            limits: Limits::default(),
            threads: 0,
            paths: Paths::Both,
        }
    }

    /// Judges by a contract within shapegate: `cleanrooms` (the newest), `cleanrooms@2023-08-30` (the one in force on that
    /// day) or `cleanrooms@recorded` (for each exchange the one in force when it was recorded). May be repeated; of several
    /// for a service the first counts.
    ///
    /// # Errors
    /// There is none of that name; the error lists what there is.
    pub fn contract(mut self, name: &str) -> Result<Self> {
        self.catalog.add_named(name)?;
        Ok(self)
    }

    /// Judges by a model: a `service-2.json` (or `.json.gz`), a botocore folder or wheel, a Smithy model (JSON AST) or a
    /// folder or zip of such, a saved page of the API change log. May be repeated.
    ///
    /// # Errors
    /// It cannot be read, or there is no model in it.
    pub fn model(mut self, source: impl AsRef<Path>) -> Result<Self> {
        self.catalog.add_source(Source::open_corrected(source.as_ref(), &self.errata)?);
        Ok(self)
    }

    /// Judges by a contract that the program made, such as one of [`Contract::from_bytes`]. May be repeated.
    pub fn with_contract(mut self, contract: impl Into<Arc<Contract>>) -> Self {
        self.catalog.add_contract(contract);
        self
    }

    /// Adds presence expectations of your own (`*.schema.json` in a folder) to those within shapegate. May be repeated.
    ///
    /// # Errors
    /// There are none in the folder, or one is not sound.
    pub fn expectations(mut self, folder: impl AsRef<Path>) -> Result<Self> {
        self.expectations.add_folder(folder.as_ref())?;
        Ok(self)
    }

    /// The service of recordings that do not name theirs, and of messages with an address of one's own, such as
    /// `http://127.0.0.1:8080`.
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = Some(name.into());
        self
    }

    /// The severity from which findings fail; without it [`Severity::Error`].
    pub fn fail_on(mut self, least: Severity) -> Self {
        self.settings.fail_on = Some(least);
        self
    }

    /// Lets exchanges pass that there is no contract for, as long as others were judged.
    pub fn allow_unchecked(mut self) -> Self {
        self.settings.fail_on_unchecked = FailOnUnchecked::Never;
        self
    }

    /// Accepts the findings that a file of approvals names. None of them expires unless [`Session::today`] says which day it
    /// is.
    ///
    /// # Errors
    /// The file cannot be read, or a line of it makes no sense.
    pub fn approvals(mut self, file: impl AsRef<Path>) -> Result<Self> {
        self.approvals = Approvals::read(file.as_ref())?;
        Ok(self)
    }

    /// Judges every payload by the full path, also those of which the fast path is sure. That is slower, and finds the same.
    pub fn without_fast_path(mut self) -> Self {
        self.paths = Paths::FullAlone;
        self
    }

    /// The day on which approvals are judged.
    pub fn today(mut self, day: Day) -> Self {
        self.today = day;
        self
    }

    /// Sets how much of the contracts traffic has to touch: `operations=6,members=80%`, for one service alone
    /// `s3:operations=6`. May be repeated, of those for the same the last counts. Recordings are held to it and their
    /// coverage is counted for that; messages at hand are not.
    ///
    /// # Errors
    /// It is no threshold.
    pub fn minimum(mut self, thresholds: &str) -> Result<Self> {
        self.minimums.add(thresholds)?;
        Ok(self)
    }

    /// Checks a recording, or every recording below a folder.
    ///
    /// # Errors
    /// The path is not there, a contract cannot be read, or there was nothing to judge, which is never a pass. What is wrong
    /// with traffic or with single files is a finding.
    pub fn check(&self, path: impl AsRef<Path>) -> Result<Verdict> {
        let path = path.as_ref();
        self.recordings(path, Input::Path(path.to_owned()), !self.minimums.is_empty())
    }

    /// Checks as [`Session::check`] does, and counts what of the contracts is touched: [`Verdict::coverage`].
    ///
    /// ```
    /// use shapegate::Session;
    ///
    /// # fn main() -> shapegate::Result<()> {
    /// let session = Session::new().contract("cleanrooms@2023-08-30")?.minimum("operations=6")?;
    /// let verdict = session.check_with_coverage("fixtures/recordings/cleanrooms")?;
    /// let covered = &verdict.coverage.as_ref().expect("it was counted").services["cleanrooms"];
    /// assert!(verdict.passed && covered.called().count() >= 6, "{verdict}");
    /// assert!(covered.never_called().any(|operation| operation == "DeleteMembership"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Session::check`].
    pub fn check_with_coverage(&self, path: impl AsRef<Path>) -> Result<Verdict> {
        let path = path.as_ref();
        self.recordings(path, Input::Path(path.to_owned()), true)
    }

    /// Checks the bytes of a recording of any format, packed or not: what an SDK's recorder holds, or a test embeds.
    /// Findings are in the file `-`.
    ///
    /// # Errors
    /// As [`Session::check`].
    pub fn check_bytes(&self, recording: impl Into<Vec<u8>>) -> Result<Verdict> {
        let stream = Input::Stream(Box::new(std::io::Cursor::new(recording.into())));
        self.recordings(Path::new("-"), stream, !self.minimums.is_empty())
    }

    /// Checks an HTTP request and what came back: what an HTTP client or a mock of one holds. Which service and operation it
    /// is follows from the messages, as in a recording.
    ///
    /// ```
    /// use shapegate::{Request, Response, Session};
    ///
    /// # fn main() -> shapegate::Result<()> {
    /// let request = Request::new("GET", "https://cleanrooms.us-east-1.amazonaws.com/memberships/3e3be000");
    /// let response = Response::new(404)
    ///     .header("x-amzn-errortype", "ResourceNotFoundException")
    ///     .header("content-type", "application/json")
    ///     .body(r#"{"message": "no membership", "resourceId": "3e3be000", "resourceType": "MEMBERSHIP"}"#);
    /// let verdict = Session::new().contract("cleanrooms@2023-08-30")?.check_http(&request, &response)?;
    /// assert_eq!(verdict.findings[0].pointer, "/membershipIdentifier", "{verdict}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A contract cannot be read, or the exchange is with no API that there is a contract for. An address of one's own needs
    /// [`Session::service`].
    pub fn check_http(&self, request: &Request, response: &Response) -> Result<Verdict> {
        let messages = Messages::new(request, Some(response));
        self.judged(Path::new("-"), |options| check::messages(&messages, options))
    }

    /// Checks an HTTP request alone.
    ///
    /// # Errors
    /// As [`Session::check_http`].
    pub fn check_request(&self, request: &Request) -> Result<Verdict> {
        let messages = Messages::new(request, None);
        self.judged(Path::new("-"), |options| check::messages(&messages, options))
    }

    fn recordings(&self, place: &Path, input: Input, counts: bool) -> Result<Verdict> {
        if !counts {
            return self.judged(place, |options| check::run(vec![input], options));
        }
        self.judged_as(place, |options| {
            let (checked, coverage) = coverage::run_counting(vec![input], options)?;
            Ok(Outcome { coverage: Some(coverage), ..checked.into_outcome() })
        })
    }

    fn judged(&self, place: &Path, check: impl FnOnce(&Options<'_>) -> Result<Checked>) -> Result<Verdict> {
        self.judged_as(place, |options| check(options).map(Checked::into_outcome))
    }

    fn judged_as(&self, place: &Path, check: impl FnOnce(&Options<'_>) -> Result<Outcome>) -> Result<Verdict> {
        let catalog = self.catalog()?;
        let service = self.service.as_deref().map(|name| catalog.only_service(Some(name))).transpose()?;
        let outcome = check(&Options { service, ..self.options(catalog) })?;
        let settings = Settings { minimums: self.minimums_for(catalog)?, ..self.settings.clone() };
        // The gate's own remedies are options of the command.
        gate::judge(outcome, &settings, &self.approvals, self.today).map_err(|error| {
            Error::new(error.cause()).kinded(error.kind()).at(place).remedy(
                "`contract(NAME)` and `model(PATH)` give contracts; `service(NAME)` says whose API an address of \
                     one's own serves.",
            )
        })
    }

    /// The thresholds with services by the names that reports use.
    fn minimums_for(&self, catalog: &Catalog) -> Result<Minimums> {
        self.minimums.clone().named(|name| Ok(catalog.called_anywhere(name)?.unwrap_or(name).to_owned()))
    }

    /// The contracts that are named, or those of a session that names none. Compiled once, whichever they are.
    fn catalog(&self) -> Result<&Catalog> {
        if self.catalog.services().next().is_some() {
            return Ok(&self.catalog);
        }
        self.fallback.get_or_init(|| self.default_catalog()).as_ref().map_err(Clone::clone)
    }

    fn default_catalog(&self) -> Result<Catalog> {
        let mut catalog = Catalog::default();
        catalog.correct(self.errata.clone());
        catalog.for_program();
        catalog.add_embedded(embedded::find(embedded::DEFAULT)?);
        Ok(catalog)
    }

    fn options<'s>(&'s self, catalog: &'s Catalog) -> Options<'s> {
        Options {
            service: self.service.as_deref(),
            services: &self.services,
            filter: &self.filter,
            limits: self.limits,
            threads: self.threads,
            paths: self.paths,
            ..Options::new(catalog, &self.expectations)
        }
    }

    /// The files below paths, told apart as [`Session::check`] does.
    #[cfg(feature = "harness")]
    pub(crate) fn survey(&self, paths: Vec<std::path::PathBuf>) -> Result<check::Survey> {
        check::survey(paths, &self.options(self.catalog()?))
    }
}

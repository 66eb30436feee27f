//! The main job: recordings → contract → rules → findings.
//!
//! Files are read side by side, large ones by pieces; findings come in the order of the input, whatever the number of
//! threads. Judgement is elsewhere: facts come from [`crate::contract`], severities from [`crate::rules`], the verdict
//! from [`crate::gate`].

mod bounds;
mod calls;
mod catalog;
mod choice;
mod clean;
mod content;
mod excerpt;
mod finder;
mod hidden;
mod identities;
mod judge;
mod mask;
mod merged;
mod named;
mod naming;
mod passes;
mod place;
mod printed;
mod reading;
mod resolve;
mod scan;
mod secrets;
mod slot;
mod streamed;
mod sure;
mod survey;
mod tokens;
mod units;
mod unnamed;
mod url;
mod words;

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rayon::ThreadPoolBuilder;
use rayon::iter::{ParallelBridge as _, ParallelIterator as _};

pub use self::catalog::Catalog;
pub use self::clean::{Cleaned, clean, clean_strictly};
pub use self::identities::Identities;
use self::merged::Merged;
use self::named::Named;
pub use self::naming::{Naming, ServiceOfPaths};
pub use self::survey::{Survey, is_recording, survey};
use self::units::Units;
use crate::contract::{Contract, Paths};
use crate::error::{Error, Result};
use crate::expectation::Expectations;
use crate::finding::{Finding, Location};
use crate::limits::Limits;
use crate::outcome::{Outcome, Particulars, Scope, Seen, Tally};
use crate::paths::text_of;
use crate::recording::{Exchange, Filter, Format, HttpExchange, Messages};

/// A stream to read as if it were a file.
pub type Stream = Box<dyn Read + Send>;

/// Something to check.
pub enum Input {
    /// A file, or every file below a folder.
    Path(PathBuf),
    /// A stream, shown as `-`.
    Stream(Stream),
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.debug_tuple("Path").field(path).finish(),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

/// How to check.
pub struct Options<'a> {
    /// Contracts by service.
    pub catalog: &'a Catalog,
    /// Presence expectations.
    pub expectations: &'a Expectations,
    /// Reads every file in this format instead of recognising it.
    pub format: Option<&'static dyn Format>,
    /// The service of recordings that do not name theirs.
    pub service: Option<&'a str>,
    /// Their services by path, where that is not said for all; the first that has a file counts.
    pub services: &'a [ServiceOfPaths],
    /// Operations of single responses that nothing names: JSON objects that are of no other format.
    pub operations: &'a [Naming],
    /// Threads; 0 is one for each processor.
    pub threads: usize,
    /// The paths to a verdict, which make no difference to it.
    pub paths: Paths,
    /// Whether to say of each exchange what it is.
    pub list: bool,
    /// Whether to say where streams are, and what is passed over.
    pub places: bool,
    /// How large, deep and numerous what is read may be.
    pub limits: Limits,
    /// What is left out below folders.
    pub filter: &'a Filter,
    /// Called with the bytes of each piece that was read.
    pub progress: &'a (dyn Fn(u64) + Sync),
    /// Called with each exchange that was judged, from several threads and in no order.
    pub onlooker: Option<&'a Onlooker<'a>>,
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("catalog", self.catalog)
            .field("format", &self.format.map(Format::id))
            .field("service", &self.service)
            .field("services", &self.services)
            .field("operations", &self.operations)
            .field("threads", &self.threads)
            .field("paths", &self.paths)
            .field("list", &self.list)
            .field("places", &self.places)
            .field("limits", &self.limits)
            .field("filter", self.filter)
            .finish_non_exhaustive()
    }
}

impl<'a> Options<'a> {
    /// The service that the user says a file is of.
    pub(crate) fn service_of(&self, file: &Path) -> Option<&'a str> {
        let by_path = || {
            let file = text_of(file);
            self.services.iter().find(|one| one.paths.has(&file)).map(|one| one.service.as_str())
        };
        self.service.or_else(by_path)
    }

    /// Checks everything that is found, as it is recognised.
    pub fn new(catalog: &'a Catalog, expectations: &'a Expectations) -> Self {
        Self {
            catalog,
            expectations,
            format: None,
            service: None,
            services: &[],
            operations: &[],
            threads: 0,
            paths: Paths::Both,
            list: false,
            places: false,
            limits: Limits::default(),
            filter: &Filter::USUAL,
            progress: &|_| {},
            onlooker: None,
        }
    }
}

/// What else is done with exchanges that are judged.
pub type Onlooker<'a> = dyn Fn(&Judged<'_>) -> Result<()> + Sync + 'a;

/// An exchange with what was found in it.
#[derive(Debug)]
pub struct Judged<'j> {
    /// The exchange, decoded.
    pub exchange: &'j Exchange<'j>,
    /// The messages that it was decoded from, where the recording keeps them.
    pub http: Option<&'j HttpExchange<'j>>,
    /// The catalog that it was judged by, of several.
    pub catalog: &'j Catalog,
    /// What it was held against.
    pub contract: &'j Contract,
    /// Where it stands.
    pub location: Location,
    /// What is wrong with it.
    pub findings: &'j [Finding],
}

/// What a run read and found.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// What was read.
    pub tally: Tally,
    /// What was found, in the order of the input.
    pub findings: Vec<Finding>,
    /// What was looked at.
    pub scope: Scope,
    /// What was read, in the order of the input, where [`Options::list`] asks for it.
    pub seen: Vec<Seen>,
}

impl Checked {
    /// Findings about parts that could not be read, whose values nobody saw.
    pub fn unread(self) -> Vec<Finding> {
        self.findings.into_iter().filter(Finding::is_unread).collect()
    }

    /// Adds what was found in what follows.
    fn add(&mut self, part: Self) {
        self.tally.add(part.tally);
        self.scope.add(part.scope);
        self.findings.extend(part.findings);
        self.seen.extend(part.seen);
    }

    /// What a check found, for the gate.
    pub fn into_outcome(self) -> Outcome {
        let particulars = Particulars::Traffic;
        Outcome { tally: self.tally, scope: self.scope, findings: self.findings, coverage: None, particulars }
    }
}

/// Checks everything in `inputs`.
///
/// # Errors
/// A path is not there, a contract cannot be read, or the threads cannot be started. What is wrong with single files is
/// a finding.
pub fn run(inputs: Vec<Input>, options: &Options<'_>) -> Result<Checked> {
    Ok(run_each(inputs, options, &[options.catalog])?.pop().unwrap_or_default())
}

/// Checks everything in `inputs` against each of several catalogs, in place of the one of the options, and reads it once.
/// There is one outcome for each catalog.
///
/// # Errors
/// As [`run`].
pub fn run_each(inputs: Vec<Input>, options: &Options<'_>, catalogs: &[&Catalog]) -> Result<Vec<Checked>> {
    for input in &inputs {
        if let Input::Path(path) = input {
            // A link that leads nowhere is there, and a finding.
            std::fs::symlink_metadata(path).map_err(|error| Error::io(path, error))?;
        }
    }
    let named = Named::of(&inputs);
    let pool = ThreadPoolBuilder::new().num_threads(options.threads).build();
    let pool = pool.map_err(|error| Error::new(format!("cannot start threads: {error}")))?;
    let units = Units::new(inputs, options);
    let merged = Mutex::new(Merged::new(catalogs.len(), &named));
    pool.install(|| {
        units.enumerate().par_bridge().for_each(|(number, unit)| {
            let part = judge::unit(unit, options, catalogs);
            merged.lock().unwrap_or_else(PoisonError::into_inner).add(number, part);
        });
    });
    let mut all = merged.into_inner().unwrap_or_else(PoisonError::into_inner).finish()?;
    for (all, catalog) in all.iter_mut().zip(catalogs) {
        let without = named.without_recording(all);
        all.findings.extend(without);
        all.tally.empty = named.empty(all);
        let meant = |name: &String| Some((name.clone(), catalog.meant_by(name)?));
        all.tally.meant = all.tally.unchecked.keys().filter_map(meant).collect();
        all.tally.more_models = catalog.more_models();
    }
    Ok(all)
}

/// Checks an exchange that a program has at hand. Findings are in the file `-`, by line and column of its text.
///
/// # Errors
/// A contract cannot be read.
pub fn messages(messages: &Messages, options: &Options<'_>) -> Result<Checked> {
    let mut checked = judge::bytes(Path::new("-"), messages.text(), messages, options)?;
    checked.tally.more_models = options.catalog.more_models();
    Ok(checked)
}

//! `shapegate merge`

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use clap::Args;

use super::configuring::Configuring;
use super::covering::Covering;
use super::judging::{Judging, fail_on, settings};
use super::names::{Names, with_services};
use super::reporting::Reporting;
use super::tell_unread;
use super::unchecked::Unchecked;
use crate::error::{Error, Result};
use crate::finding::Severity;
use crate::gate::Settings;
use crate::ingest::names::canonical;
use crate::limits::{self, OUTPUT_BYTES};
use crate::merge::{Part, merge, parse, read};
use crate::outcome::{Outcome, Particulars};

#[derive(Args)]
/// Add up what several runs found, as if one run had read it all
#[command(after_help = "\
Examples:
  shapegate check --coverage --report part=1.json traffic/1    on one machine
  shapegate check --coverage --report part=2.json traffic/2    on another
  shapegate merge --min operations=6 1.json 2.json             the verdict on both
  shapegate merge --report html=report.html parts/             every file of a folder
  shapegate merge --report part 1.json 2.json > 1-2.json       a part again

A part is what `check`, `coverage` or `scorecard` writes with `--report part`: a line of JSON with counts, findings and \
coverage. A file may hold several. The order of the parts makes no difference, nor how the traffic was divided into them. \
Parts that name the same recording are refused, but for standard input, which has no name. Approvals and thresholds of the runs do not count: the sum alone is judged, by those \
that are given here.

Exit codes: those of the job that the parts are of.")]
pub(super) struct Merge {
    /// Files with parts, and folders of such; `-` is standard input
    #[arg(required = true, value_name = "PART.json")]
    parts: Vec<PathBuf>,

    /// Severity from which findings fail [default: error]
    #[arg(long, value_parser = ["error", "warning", "note", "never"], help_heading = "Verdict")]
    fail_on: Option<String>,

    #[command(flatten)]
    covering: Covering,

    #[command(flatten)]
    unchecked: Unchecked,

    #[command(flatten)]
    reporting: Reporting,

    #[command(flatten)]
    judging: Judging,
}

impl Merge {
    pub(super) fn run(self, configuring: &Configuring) -> Result<u8> {
        // Its parts say of which job it is, so that the report is looked at behind the configuration.
        self.reporting.hush();
        let config = configuring.read()?;
        let approvals = self.judging.read(&config)?;
        let files = self.files()?;
        let outcome = merge(read_all(&files)?)?;
        self.reporting.check(outcome.particulars.job())?;
        self.reporting.keep(&files)?;
        if self.covering.is_given() && outcome.coverage.is_none() {
            return Err(Error::new("--min is a threshold of coverage, which the parts do not have")
                .remedy("`check --coverage` counts it."));
        }
        let seen = Seen::of(&outcome);
        let judges = matches!(outcome.particulars, Particulars::Traffic);
        if !judges {
            tell_unread(&outcome.findings);
        }
        let least = fail_on(self.fail_on.as_deref(), &config, Severity::Error).value.filter(|_| judges);
        let fail_on_unchecked = self.unchecked.settings(&config, &seen, &outcome.tally)?;
        let minimums = self.covering.minimums(&config, &seen)?;
        let own = settings(&with_services(&config, &seen, &outcome.tally)?);
        let settings = Settings { fail_on: least, fail_on_unchecked, minimums, ..own };
        self.reporting.finish(&self.judging.judge(&config, outcome, settings, &approvals, &seen)?)
    }

    /// The files of all parts, and `-` for standard input.
    fn files(&self) -> Result<Vec<PathBuf>> {
        let is_folder = |path: &Path| path.as_os_str() != "-" && path.is_dir();
        let files = |path: &PathBuf| if is_folder(path) { in_folder(path) } else { Ok(vec![path.clone()]) };
        Ok(self.parts.iter().map(files).collect::<Result<Vec<_>>>()?.concat())
    }
}

/// The parts in these files.
fn read_all(files: &[PathBuf]) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    // Parts of standard input do not say what was read for them, so that a file of them must not be given twice.
    let mut given = HashSet::new();
    for file in files {
        if file.as_os_str() == "-" {
            parts.extend(parse(&limits::read_all_text(std::io::stdin(), file, OUTPUT_BYTES)?, file)?);
            continue;
        }
        if file.canonicalize().is_ok_and(|whole| !given.insert(whole)) {
            return Err(Error::new("it is given twice").at(file).remedy("Name each file of parts once."));
        }
        parts.extend(read(file)?);
    }
    Ok(parts)
}

/// The files of a folder, but for hidden ones.
fn in_folder(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error| Error::io(folder, error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        // What writes many files leaves marks such as `_SUCCESS`, which are empty, and sums beside them.
        let is_mark = |name: &str| name.starts_with(['.', '_']);
        let is_left_out = path.file_name().is_none_or(|name| is_mark(&name.to_string_lossy()));
        if !is_left_out && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(Error::new("there are no parts in the folder").at(folder));
    }
    Ok(files)
}

/// What the parts know by name.
struct Seen {
    services: BTreeSet<String>,
    operations: BTreeSet<(String, String)>,
}

impl Seen {
    fn of(outcome: &Outcome) -> Self {
        let covered = outcome.coverage.iter().flat_map(|coverage| &coverage.services);
        let covered =
            covered.flat_map(|(service, own)| own.operations.keys().map(|name| (service.clone(), name.clone())));
        let judged =
            outcome.scope.operations().map(|(_, service, operation, _)| (service.to_owned(), operation.to_owned()));
        let operations: BTreeSet<_> = covered.chain(judged).collect();
        Self { services: operations.iter().map(|(service, _)| service.clone()).collect(), operations }
    }
}

impl Names for Seen {
    fn called(&self, name: &str) -> Result<Option<String>> {
        let name = canonical(name);
        Ok(self.services.get(&name).cloned())
    }

    fn services(&self) -> Vec<String> {
        self.services.iter().cloned().collect()
    }

    fn operations(&self, service: &str) -> Result<Vec<String>> {
        Ok(self.operations.iter().filter(|(own, _)| own == service).map(|(_, name)| name.clone()).collect())
    }

    fn has_operation(&self, name: &str, service: Option<&str>) -> Result<bool> {
        Ok(self.operations.iter().any(|(of, own)| own == name && service.is_none_or(|service| service == of)))
    }

    fn all_operations(&self) -> Result<BTreeSet<String>> {
        Ok(self.operations.iter().map(|(_, name)| name.clone()).collect())
    }

    fn are_complete(&self) -> bool {
        false
    }

    fn remedy(&self) -> &'static str {
        "none of the parts has it"
    }
}

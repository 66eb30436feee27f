//! Adding up what several runs found of parts of some traffic, as if one run had read it all.
//!
//! A [`Part`] is what a run leaves behind for that: counts, places, findings before any approval, coverage. Sums do not
//! depend on the order of the parts, nor on how traffic was divided into them. No recording may be in two of them: what a
//! part keeps of a recording is its name ([`Scope::files`]), which is what it is known by.

mod finding;
mod part;
mod twice;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

pub use self::part::Part;
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::limits::{self, OUTPUT_BYTES};
use crate::outcome::{Coverage, Outcome, Particulars, Scope, Tally};

/// Reads the parts of a file: one or several JSON values, one behind the other.
///
/// # Errors
/// It cannot be read, or something in it is no part of this version.
pub fn read(path: &Path) -> Result<Vec<Part>> {
    parse(&limits::read_text(path, OUTPUT_BYTES)?, path)
}

/// What says which kind of file it is.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    part: Value,
    #[serde(default)]
    report: Value,
}

/// Reads the parts that a text holds; `path` is where it stands.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str, path: &Path) -> Result<Vec<Part>> {
    let wrong = |cause: String| Error::new(cause).at(path).remedy("`shapegate check --report part=FILE` writes one.");
    let mut parts = Vec::new();
    for whole in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        let whole = whole.map_err(|error| wrong(format!("it is no part of a run: {error}")))?.get();
        let head: Head = serde_json::from_str(whole).map_err(|_| wrong("it is no part of a run".to_owned()))?;
        match head.part.as_u64() {
            Some(part::VERSION) => {}
            Some(other) => {
                let told = format!("it is a part of version {other}, and merge reads version {}", part::VERSION);
                return Err(wrong(told));
            }
            None if head.report.is_u64() => {
                return Err(wrong("it is a report for people and tools, which lacks what adding up needs".to_owned()));
            }
            None => return Err(wrong("it is no part of a run".to_owned())),
        }
        let part: Part = serde_json::from_str(whole).map_err(|error| wrong(format!("it is no sound part: {error}")))?;
        parts.push(part);
    }
    let is_alone = parts.len() == 1;
    for (number, part) in parts.iter_mut().enumerate() {
        let line = if is_alone { String::new() } else { format!(" (part {})", number + 1) };
        part.read_from = Some(format!("{}{line}", path.display()));
    }
    if parts.is_empty() {
        return Err(wrong("it holds no part".to_owned()));
    }
    Ok(parts)
}

/// What one run over all of the traffic would have found, with the rules whose findings were off in the parts and how many
/// there were.
///
/// # Errors
/// There is no part, parts are of different jobs, coverage was counted in some of them alone, two of them name the same
/// recording, or a finding is of a rule that this version does not have.
pub fn merge(parts: Vec<Part>) -> Result<Outcome> {
    let first = parts.first().ok_or_else(|| Error::new("there are no parts to merge"))?;
    let particulars = particulars(&first.job)?;
    parts.iter().try_for_each(|part| are_of_one_kind(first, part))?;
    twice::refuse(&parts)?;
    let mut all = Outcome {
        tally: Tally::default(),
        scope: Scope::default(),
        findings: Vec::new(),
        coverage: first.coverage.is_some().then(Coverage::default),
        particulars,
    };
    for part in parts {
        all.findings.extend(part.findings()?);
        let more_models = all.tally.more_models.max(part.tally.more_models);
        all.tally.add(part.tally);
        all.tally.more_models = more_models;
        all.scope.add(part.scope);
        if let (Some(all), Some(part)) = (&mut all.coverage, part.coverage) {
            all.add(part);
        }
    }
    all.tally.skipped.sort();
    all.tally.omitted.sort();
    all.tally.not_judged.sort();
    all.findings.sort_by_cached_key(place);
    let mut told = HashSet::new();
    all.findings.retain(|finding| finding.once().is_none_or(|what| told.insert(what)));
    Ok(all)
}

fn are_of_one_kind(first: &Part, part: &Part) -> Result<()> {
    if part.job != first.job {
        return Err(Error::new(format!("parts of `{}` and of `{}` make no whole", first.job, part.job))
            .remedy("Merge parts of one job."));
    }
    if part.coverage.is_some() != first.coverage.is_some() {
        return Err(Error::new("coverage was counted in some parts and not in others")
            .remedy("Give --coverage for each of them."));
    }
    Ok(())
}

/// Whether what a job finds can be added up.
pub(crate) fn adds_up(job: &str) -> bool {
    particulars(job).is_ok()
}

fn particulars(job: &str) -> Result<Particulars> {
    [Particulars::Traffic, Particulars::Coverage, Particulars::Scorecard(None)]
        .into_iter()
        .find(|one| one.job() == job)
        .ok_or_else(|| Error::new(format!("there is no adding up what `{job}` finds")))
}

/// The order of one run over a folder: by files, then by their place in the file.
fn place(finding: &Finding) -> impl Ord + use<> {
    let location = &finding.location;
    let file: Vec<PathBuf> = Path::new(&location.file).iter().map(PathBuf::from).collect();
    (file, location.entry, location.position, finding.rule.id, finding.pointer.clone(), finding.message())
}
